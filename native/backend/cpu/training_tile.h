// One tile of an exact integer product: out(m, n) = Σ_k left[k · kTileRows + m] · right[k · kTileCols + n], in wrapping 64-bit
// arithmetic (exact where the caller's bound is below 2^63) or in 128 bits.
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_TILE_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_TILE_H_

#include <cstddef>
#include <cstdint>

namespace trainproof {

// 2 × 4 sums stay in the 16 general registers. One 64-bit multiplication a cycle is what x86-64 gives, and SSE2 gives
// no more: it has 32-bit multiplications only.
constexpr std::size_t kTileRows = 2;
constexpr std::size_t kTileCols = 4;

void product_tile(const std::int64_t* left, const std::int64_t* right, std::size_t length, std::uint64_t* out);
void product_tile(const std::int64_t* left, const std::int64_t* right, std::size_t length, __int128* out);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_TILE_H_
