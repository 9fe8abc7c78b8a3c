// zkReLU's loops, eight blocks of times or eight features at once: entered after ifma::supported() only.
#ifndef TRAINPROOF_BACKEND_CPU_ZKRELU_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_ZKRELU_IFMA_H_

#include <span>

#include "backend/cpu/zkrelu_tile.h"

namespace trainproof::ifma {

constexpr std::size_t kGridColumns = 8 * kGridBlock;
constexpr std::size_t kGridRows = 256;
// Integers have this power of two added on the grid.
constexpr unsigned kGridBias = 46;
constexpr std::size_t kPairVectors = 256;

// out[(part · kGrid + x) · 8 + block] = Σ_φ Σ_factors factor(φ) · (m · value + 2^kGridBias) at grid point x of the blocks from
// first_col on, over the features [8·first, 8·first + rows), rows ≤ kGridRows. to_memory is 2^264.
void zkrelu_grid(const ZkReluIntegers& integers, std::size_t first, std::size_t rows, std::size_t first_col,
                 std::span<const ZkReluFactor> factors, std::size_t parts, const Fr& to_memory, Fr* out);

// Columns of these features and blocks, block b's values being Σ_j chi[j] · value(8b + j); chi has a factor 2^260.
void zkrelu_bind(const ZkReluIntegers& integers, std::size_t first, std::size_t rows, std::size_t first_col,
                 std::span<const ZkReluFactor> factors, const Fr (&chi)[kGridBlock], const ZkReluColumns& columns);

// lanes[(3 · part + i) · 8 + lane]: Σ m · column on the pair of times (2c, 2c + 1) at 0, 1 and ∞ over the features from `first` on,
// vectors ≤ kPairVectors. With fold_by, entries 2c and 2c + 1 are first bound from those at 4c … 4c + 3.
void zkrelu_pair(const ZkReluColumns& columns, std::size_t c, std::size_t first, std::size_t vectors, const Fr* fold_by,
                 const Fr& two_to_8, Fr* lanes);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_ZKRELU_IFMA_H_
