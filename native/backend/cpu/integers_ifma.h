// Integers times field elements, eight columns at once: entered after ifma::supported() only.
#ifndef TRAINPROOF_BACKEND_CPU_INTEGERS_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_INTEGERS_IFMA_H_

#include <cstddef>
#include <cstdint>

#include "field/field.h"

namespace trainproof::ifma {

// Kernels multiply by integer + kBias, which is not negative; callers take Σ factors · kBias off. An int64 beyond the 52 bits of
// a factor is found by the kernel, which then returns false: its results mean nothing.
template <class T>
constexpr unsigned kBiasBits = 0;  // no bias
template <>
inline constexpr unsigned kBiasBits<std::int32_t> = 31;
template <>
inline constexpr unsigned kBiasBits<std::int64_t> = 51;

constexpr std::size_t kIntegerRows = 256;
constexpr std::size_t kDotColumns = 1024;
constexpr std::size_t kDotRows = 8;

// out[col] = Σ_row weights[row] · data[row · stride + col] for rows ≤ kIntegerRows and col < 8·vectors. to_memory is 2^264.
template <class T>
bool weighted_rows(const T* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t vectors,
                   const Fr& to_memory, Fr* out);

// Limb i of factors[8v + lane] at limbs[8 · (5v + i) + lane], v < vectors.
void split_factors(const Fr* factors, std::size_t vectors, std::uint64_t* limbs);
// out[row] = Σ_col data[row · stride + col] · factors[col] for rows ≤ kDotRows and col < 8·vectors ≤ kDotColumns.
template <class T>
bool dot_rows(const T* data, std::size_t stride, std::size_t rows, const std::uint64_t* limbs, std::size_t vectors,
              const Fr& to_memory, Fr (&out)[kDotRows]);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_INTEGERS_IFMA_H_
