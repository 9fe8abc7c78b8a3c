// Exact integer matrix products in packed tiles, over all threads.
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCT_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCT_H_

#include <algorithm>
#include <vector>

#include "backend/cpu/training_tile.h"
#include "backend/cpu/training_tile_ifma.h"
#include "util/parallel.h"
#include "util/secret.h"

namespace trainproof {

// Σ_k left(k, m) · right(k, n) for all m < rows, n < cols. left and right give int64. store(m, n, count, sums) takes the sums of
// n, …, n + count − 1; it is called once for each entry, from several threads, for one row m from one thread. Sum is
// uint64_t (wrapping) or __int128.
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
          store(first + m, first_col, col_count, sums + m * kTileCols);
        }
      }
    }
  });
}

// The blocks of an IFMA product end at these k, ascending, the last at the length.
using BlockEnds = std::vector<std::size_t>;

// The same in wrapping 64-bit arithmetic by IFMA, where there is ifma::supported(). Every block's sums must be in [−2^51, 2^51).
// If left_rows is not null, left(k, m) is left_rows[m · left_stride + k].
template <class Left, class Right, class Store>
void exact_product_ifma(std::size_t rows, std::size_t cols, const BlockEnds& blocks, Left&& left,
                        const std::int64_t* left_rows, std::size_t left_stride, Right&& right, Store&& store) {
  const std::size_t length = blocks.back();
  const std::size_t panels = (cols + kIfmaCols - 1) / kIfmaCols, panel_size = length * kIfmaCols;
  SecretVector<std::int64_t> packed(panels * panel_size);
  parallel_for(0, panels, 4096 / length + 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t panel = begin; panel < end; ++panel) {
      std::int64_t* to = packed.data() + panel * panel_size;
      const std::size_t first = panel * kIfmaCols, count = std::min(kIfmaCols, cols - first);
      for (std::size_t k = 0; k < length; ++k) {
        for (std::size_t n = 0; n < count; ++n) to[k * kIfmaCols + n] = right(k, first + n);
      }
    }
  });

  // Some strips are packed together: neighbours in memory are then read at once.
  constexpr std::size_t kGroup = 4;
  const std::size_t strips = (rows + kIfmaRows - 1) / kIfmaRows, strip_size = length * kIfmaRows;
  const std::size_t groups = (strips + kGroup - 1) / kGroup;
  const std::size_t group_grain = (1 << 19) / (cols * strip_size * kGroup) + 1;
  parallel_for(0, groups, group_grain, [&](std::size_t begin, std::size_t end) {
    SecretVector<std::int64_t> packed_left(kGroup * strip_size);
    for (std::size_t group = begin; group < end; ++group) {
      const std::size_t first_strip = group * kGroup, last_strip = std::min(first_strip + kGroup, strips);
      // Whole strips of rows in place need no packing.
      const auto in_place = [&](std::size_t s) { return left_rows != nullptr && (s + 1) * kIfmaRows <= rows; };
      for (std::size_t k = 0; k < length; ++k) {
        for (std::size_t s = first_strip; s < last_strip; ++s) {
          if (in_place(s)) continue;
          std::int64_t* to = packed_left.data() + (s - first_strip) * strip_size + k * kIfmaRows;
          const std::size_t first = s * kIfmaRows;
          if (first + kIfmaRows <= rows) {
            for (std::size_t m = 0; m < kIfmaRows; ++m) to[m] = left(k, first + m);
          } else {
            for (std::size_t m = 0; m < kIfmaRows; ++m) to[m] = first + m < rows ? left(k, first + m) : 0;
          }
        }
      }
      for (std::size_t s = first_strip; s < last_strip; ++s) {
        const std::size_t first = s * kIfmaRows, count = std::min(kIfmaRows, rows - first);
        for (std::size_t panel = 0; panel < panels; ++panel) {
          alignas(64) std::int64_t sums[kIfmaRows * kIfmaCols];
          const std::int64_t* panel_data = packed.data() + panel * panel_size;
          if (in_place(s)) {
            ifma_tile_rows(left_rows + first * left_stride, left_stride, panel_data, blocks.data(), blocks.size(), sums);
          } else {
            ifma_tile_packed(packed_left.data() + (s - first_strip) * strip_size, panel_data, blocks.data(),
                             blocks.size(), sums);
          }
          const std::size_t first_col = panel * kIfmaCols, col_count = std::min(kIfmaCols, cols - first_col);
          for (std::size_t m = 0; m < count; ++m) {
            std::uint64_t row[kIfmaCols];
            std::copy_n(sums + m * kIfmaCols, kIfmaCols, row);
            store(first + m, first_col, col_count, row);
          }
        }
      }
    }
  });
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCT_H_
