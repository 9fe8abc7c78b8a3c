// Multilinear extensions (PROTOCOL §1): χ_i(p) = Π_k (bit k of i ? p_k : 1 − p_k). Points list the most significant
// coordinate first; a point of no coordinates belongs to the one index 0.
#ifndef TRAINPROOF_MLE_EQ_H_
#define TRAINPROOF_MLE_EQ_H_

#include <cstddef>
#include <span>
#include <vector>

#include "field/field.h"
#include "mle/split_eq.h"

namespace trainproof {

// Π_k (1 − a_k − b_k + 2 a_k b_k); as many coordinates in a as in b.
Fr eq(std::span<const Fr> a, std::span<const Fr> b);

// χ_index(point), index < 2^n.
Fr chi(std::size_t index, std::span<const Fr> point);

// χ_0(point), …, χ_{length−1}(point); length ≤ 2^n.
std::vector<Fr> eq_table(std::span<const Fr> point, std::size_t length);

// scale · χ_i(point), first ≤ i < first + count ≤ 2^n, with no more work or room than about count and the square root of 2^n.
std::vector<Fr> chi_between(std::span<const Fr> point, std::size_t first, std::size_t count, const Fr& scale);

// Σ_{i<count} χ_i(point), count ≤ 2^n.
Fr prefix_weight(std::span<const Fr> point, std::size_t count);

// Σ_t χ_t(a) Σ_{t'>t} χ_{t'}(b) (PROTOCOL §13).
Fr less_than(std::span<const Fr> a, std::span<const Fr> b);

// Σ_i χ_i(point)·values[i], at most 2^n values.
Fr evaluate(std::span<const Fr> values, std::span<const Fr> point);

}  // namespace trainproof

#endif  // TRAINPROOF_MLE_EQ_H_
