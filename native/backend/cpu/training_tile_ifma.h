// One tile of an exact integer product with AVX-512's 52-bit multiply-add, for processors that have it:
// sums[m · kIfmaCols + n] = Σ_k left(k, m) · right[k · kIfmaCols + n], in wrapping 64-bit arithmetic. The operands are taken
// mod 2^52, so that the sum of a block of consecutive k is known mod 2^52 only: it is exact where every block's sum
// lies in [−2^51, 2^51). A block's operands themselves may be of any size.
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_TILE_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_TILE_IFMA_H_

#include <cstddef>
#include <cstdint>

namespace trainproof {

// 8 × 2 vectors of sums, two of right and the broadcast entries of left stay in the 32 registers.
constexpr std::size_t kIfmaRows = 8;
constexpr std::size_t kIfmaCols = 16;

// Both only where ifma::supported() (field/ifma_supported.h).
// Blocks end at block_ends[0] < … < block_ends[block_count − 1] = the length.
// left(k, m) = left[k · kIfmaRows + m]
void ifma_tile_packed(const std::int64_t* left, const std::int64_t* right, const std::size_t* block_ends,
                      std::size_t block_count, std::int64_t* sums);
// left(k, m) = left[m · stride + k]
void ifma_tile_rows(const std::int64_t* left, std::size_t stride, const std::int64_t* right,
                    const std::size_t* block_ends, std::size_t block_count, std::int64_t* sums);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_TILE_IFMA_H_
