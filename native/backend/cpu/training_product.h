// Exact integer matrix products in packed tiles, over all threads.
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCT_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCT_H_

#include <algorithm>

#include "backend/cpu/training_tile.h"
#include "util/parallel.h"
#include "util/secret.h"

namespace trainproof {

// store(m, n, Σ_k left(k, m) · right(k, n)) for all m < rows, n < cols; left and right give int64, `store` is called once for each
// entry, from several threads, entries of one row m from one thread. Sum is uint64_t (wrapping) or __int128.
template <class Sum, class Left, class Right, class Store>
void exact_product(std::size_t rows, std::size_t cols, std::size_t length, Left&& left, Right&& right,
                   Store&& store) {
  // right is packed once, in panels of kTileCols columns; each thread packs the rows of left it works on.
  const std::size_t panels = (cols + kTileCols - 1) / kTileCols;
  SecretVector<std::int64_t> packed(panels * length * kTileCols);
  const std::size_t panel_grain = 4096 / length + 1;
  parallel_for(0, panels, panel_grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t panel = begin; panel < end; ++panel) {
      std::int64_t* to = packed.data() + panel * length * kTileCols;
      const std::size_t first = panel * kTileCols, count = std::min(kTileCols, cols - first);
      for (std::size_t k = 0; k < length; ++k) {
        for (std::size_t n = 0; n < count; ++n) to[k * kTileCols + n] = right(k, first + n);
      }
    }
  });

  const std::size_t strips = (rows + kTileRows - 1) / kTileRows;
  const std::size_t strip_grain = 65536 / (cols * length * kTileRows) + 1;
  parallel_for(0, strips, strip_grain, [&](std::size_t begin, std::size_t end) {
    SecretVector<std::int64_t> strip(length * kTileRows);
    for (std::size_t s = begin; s < end; ++s) {
      const std::size_t first = s * kTileRows, count = std::min(kTileRows, rows - first);
      for (std::size_t k = 0; k < length; ++k) {
        for (std::size_t m = 0; m < kTileRows; ++m) {
          strip[k * kTileRows + m] = m < count ? left(k, first + m) : 0;
        }
      }
      for (std::size_t panel = 0; panel < panels; ++panel) {
        Sum sums[kTileRows * kTileCols];
        product_tile(strip.data(), packed.data() + panel * length * kTileCols, length, sums);
        const std::size_t first_col = panel * kTileCols;
        const std::size_t col_count = std::min(kTileCols, cols - first_col);
        for (std::size_t m = 0; m < count; ++m) {
          for (std::size_t n = 0; n < col_count; ++n) {
            store(first + m, first_col + n, sums[m * kTileCols + n]);
          }
        }
      }
    }
  });
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCT_H_
