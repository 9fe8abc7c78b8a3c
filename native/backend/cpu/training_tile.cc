#include "backend/cpu/training_tile.h"

#include "backend/cpu/training_tile_ifma.h"

// GCC would build 64-bit vector multiplications from three 32-bit ones, which is slower than one scalar each.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-tree-vectorize", "no-tree-slp-vectorize")
#endif

namespace trainproof {
namespace {

template <class Sum, class Factor>
inline void tile(const std::int64_t* left, const std::int64_t* right, std::size_t length, Sum* out) {
  Sum sums[kTileRows][kTileCols] = {};
  for (std::size_t k = 0; k < length; ++k) {
    for (std::size_t m = 0; m < kTileRows; ++m) {
      const auto factor = static_cast<Factor>(left[k * kTileRows + m]);
      for (std::size_t n = 0; n < kTileCols; ++n) {
        sums[m][n] += static_cast<Sum>(factor) * static_cast<Factor>(right[k * kTileCols + n]);
      }
    }
  }
  for (std::size_t m = 0; m < kTileRows; ++m) {
    for (std::size_t n = 0; n < kTileCols; ++n) out[m * kTileCols + n] = sums[m][n];
  }
}

}  // namespace

void product_tile(const std::int64_t* left, const std::int64_t* right, std::size_t length, std::uint64_t* out) {
  tile<std::uint64_t, std::uint64_t>(left, right, length, out);
}

void product_tile(const std::int64_t* left, const std::int64_t* right, std::size_t length, __int128* out) {
  tile<__int128, std::int64_t>(left, right, length, out);
}

#ifndef TRAINPROOF_IFMA
// Never called: ifma::supported() is false.
void ifma_tile_packed(const std::int64_t*, const std::int64_t*, const std::size_t*, std::size_t, std::int64_t*) {}
void ifma_tile_rows(const std::int64_t*, std::size_t, const std::int64_t*, const std::size_t*, std::size_t,
                    std::int64_t*) {}
#endif

}  // namespace trainproof
