// Levels that are made from 16-bit digits (digit_leaves.h), eight nodes at once (field/ifma.h).
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_IFMA_H_

#include "backend/cpu/logup_ifma.h"

namespace trainproof::ifma {

// The leaves with their first two bits bound go to q[0], …, and what level_sums says of them to `sums`: entry 4y + 2X + i is
// α − Σ_j at[j]·d_j over the digits i of the nodes 8y + 4X + j. Nodes y < count as in level_sums; `stream` as in fold_level_sums.
void bind_leaves(const std::uint16_t* digits, const Fr& alpha, const std::array<Fr, 4>& at, const Fr& lambda, const Fr* low,
                 std::size_t count, Fr* q, bool stream, LevelSums& sums);
// The same for the leaves' parents.
void bind_parents(const std::uint16_t* digits, const Fr& alpha, const std::array<Fr, 4>& at, const Fr* low, std::size_t count,
                  Fr* p, Fr* q, bool stream, LevelSums& sums);
// Parents of the leaves' parents, count a multiple of 8, from 4 · count digits.
void digit_grandparents(const std::uint16_t* digits, const Fr& alpha, std::size_t count, Fr* p, Fr* q, bool stream);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_IFMA_H_
