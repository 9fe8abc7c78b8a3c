// The public expansion of a weight seed (PROTOCOL §6, start (a)): He's uniform initialisation.
#ifndef TRAINPROOF_STATEMENT_INITIAL_WEIGHTS_H_
#define TRAINPROOF_STATEMENT_INITIAL_WEIGHTS_H_

#include <cstdint>
#include <vector>

#include "statement/statement.h"

namespace trainproof {

// bound_l = ⌊√⌊6·2^(2R) / inputs⌋⌋ for a layer with `inputs` = n_{l−1} ≥ 1 features and R ≤ 56 fraction
// bits: the largest magnitude of an initial weight, below 2^58.
std::uint64_t initial_weight_bound(unsigned R, std::uint64_t inputs);

// |W| entries by linear address (PROTOCOL §7); biases and padding are zero. Uses all threads.
std::vector<std::int64_t> initial_weights(const Bytes32& seed, unsigned R, const Shape& shape);

}  // namespace trainproof

#endif  // TRAINPROOF_STATEMENT_INITIAL_WEIGHTS_H_
