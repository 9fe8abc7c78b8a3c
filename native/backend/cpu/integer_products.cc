#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/integers_ifma.h"
#include "backend/cpu/vectors.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

// Terms integer × field element that make a chunk worth a thread.
constexpr std::size_t kTermGrain = 1 << 14;
// Accumulators of a block of columns stay in the first-level cache.
constexpr std::size_t kColumnBlock = 128;

template <class T>
void weighted_block(const TypedView<T>& view, const Fr* weights, std::size_t first_row,
                    std::size_t last_row, std::size_t first_col, std::size_t count, Fr* out) {
  std::array<FrAccumulator, kColumnBlock> sums{};
  // Rows below full_rows are done in the columns below `done`.
  [[maybe_unused]] std::size_t done = 0, full_rows = first_row;
  std::fill_n(out, count, Fr::zero());
#ifdef TRAINPROOF_IFMA
  if constexpr (sizeof(T) < 8) {
    if (ifma::supported() && count >= 16) {
      done = count / 16 * 16;
      while (full_rows < last_row && view.row(full_rows).size() >= first_col + count) ++full_rows;
      const Fr to_memory = Fr::pow2(264);
      std::array<Fr, kColumnBlock> part;
      Fr weight_sum = Fr::zero();
      for (std::size_t row = first_row; row < full_rows; row += ifma::kIntegerRows) {
        const std::size_t rows = std::min(ifma::kIntegerRows, full_rows - row);
        ifma::weighted_rows(view.row(row).data() + first_col, view.stride, weights + row, rows, done / 16, to_memory,
                            part.data());
        for (std::size_t i = 0; i < done; ++i) out[i] += part[i];
        if constexpr (std::is_signed_v<T>) {
          for (std::size_t i = 0; i < rows; ++i) weight_sum += weights[row + i];
        }
      }
      if constexpr (std::is_signed_v<T>) {
        const Fr added = weight_sum * Fr::pow2(31);
        for (std::size_t i = 0; i < done; ++i) out[i] -= added;
      }
    }
  }
#endif
  for (std::size_t row = first_row; row < last_row; ++row) {
    const std::span<const T> entries = view.row(row);
    if (entries.size() <= first_col) continue;
    const T* from = entries.data() + first_col;
    const std::size_t stored = std::min(count, entries.size() - first_col);
    const Fr weight = weights[row];
    for (std::size_t i = row < full_rows ? done : 0; i < stored; ++i) {
      sums[i].add_product(weight, static_cast<std::int64_t>(from[i]));
    }
  }
  for (std::size_t i = 0; i < count; ++i) out[i] += sums[i].reduce();
}

template <class T>
Fr dot(const T* integers, const Fr* v, std::size_t count) {
  FrAccumulator sum;
  for (std::size_t i = 0; i < count; ++i) sum.add_product(v[i], static_cast<std::int64_t>(integers[i]));
  return sum.reduce();
}

}  // namespace

FrHandle CpuBackend::weighted_row_sum(const IntView& view, const FrBuffer& weights) {
  TRAINPROOF_INVARIANT(weights.size >= view.rows, "weighted_row_sum: a weight for each row");
  auto out = std::make_shared<CpuFrBuffer>(view.cols);
  const Fr* w = on_cpu(weights).data();
  const std::size_t blocks = (view.cols + kColumnBlock - 1) / kColumnBlock;
  if (blocks == 0 || view.rows == 0) return out;
  // Few columns: the rows are cut as well, each strip with a row of partial sums.
  const std::size_t rows_of_grain = kTermGrain / std::min(view.cols, kColumnBlock) + 1;
  const std::size_t strips =
      blocks >= 16 ? 1 : std::min<std::size_t>(16, (view.rows + rows_of_grain - 1) / rows_of_grain);
  SecretVector<Fr> partial(strips > 1 ? strips * view.cols : 0);
  Fr* sums = strips > 1 ? partial.data() : out->data();
  with_type(view, [&](const auto& typed) {
    const std::size_t grain = kTermGrain / (kColumnBlock * (view.rows / strips + 1)) + 1;
    parallel_for(0, blocks * strips, grain, [&](std::size_t begin, std::size_t end) {
      for (std::size_t task = begin; task < end; ++task) {
        const std::size_t strip = task / blocks, first_col = task % blocks * kColumnBlock;
        weighted_block(typed, w, view.rows * strip / strips, view.rows * (strip + 1) / strips, first_col,
                       std::min(kColumnBlock, view.cols - first_col), sums + strip * view.cols + first_col);
      }
    });
  });
  for (std::size_t strip = 0; strips > 1 && strip < strips; ++strip) {
    for (std::size_t col = 0; col < view.cols; ++col) out->data()[col] += sums[strip * view.cols + col];
  }
  return out;
}

void CpuBackend::row_dot(const IntView& view, const FrBuffer& v, std::size_t segments, FrBuffer& out,
                         std::size_t out_offset, std::size_t out_stride) {
  TRAINPROOF_INVARIANT(segments > 0 && view.cols % segments == 0, "row_dot: equal parts of the columns");
  TRAINPROOF_INVARIANT(v.size >= view.cols, "row_dot: a factor for each column");
  if (view.rows == 0) return;
  TRAINPROOF_INVARIANT((segments - 1) * out_stride + out_offset + view.rows <= out.size,
                       "row_dot: results end beyond the vector");
  Fr* to = on_cpu(out).data() + out_offset;
  const Fr* factors = on_cpu(v).data();
  const std::size_t length = view.cols / segments;
  with_type(view, [&](const auto& typed) {
    // Columns [begin, end) of segment s of a row.
    const auto part = [&](std::size_t row, std::size_t s, std::size_t begin, std::size_t end) {
      const auto entries = typed.row(row);
      const std::size_t first = s * length + begin;
      if (entries.size() <= first) return Fr::zero();
      return dot(entries.data() + first, factors + first, std::min(end - begin, entries.size() - first));
    };
    if (view.rows * segments < 8 && length > kTermGrain) {
      for (std::size_t row = 0; row < view.rows; ++row) {
        for (std::size_t s = 0; s < segments; ++s) {
          to[s * out_stride + row] =
              parallel_sums<1>(0, length, kTermGrain, [&](std::size_t begin, std::size_t end) {
                return std::array<Fr, 1>{part(row, s, begin, end)};
              })[0];
        }
      }
      return;
    }
    parallel_for(0, view.rows * segments, kTermGrain / (length + 8) + 1,
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t task = begin; task < end; ++task) {
                     const std::size_t row = task / segments, s = task % segments;
                     to[s * out_stride + row] = part(row, s, 0, length);
                   }
                 });
  });
}

FrHandle CpuBackend::combine_digits(std::span<const IntView> views, unsigned bits) {
  TRAINPROOF_INVARIANT(!views.empty(), "combine_digits: at least one view");
  const std::size_t rows = views[0].rows, cols = views[0].cols;
  for (const IntView& view : views) {
    TRAINPROOF_INVARIANT(view.rows == rows && view.cols == cols, "combine_digits: views of one shape");
  }
  auto out = std::make_shared<CpuFrBuffer>(rows * cols);
  // The sum's magnitude is below 2^(bits·(n−1) + 65).
  const bool fits = bits * (views.size() - 1) + 65 < 127;
  const Fr base = Fr::pow2(bits);
  parallel_for(0, rows, kFieldGrain / (cols + 1) + 1, [&](std::size_t begin, std::size_t end) {
    SecretVector<__int128> sums(fits ? cols : 0);
    for (std::size_t row = begin; row < end; ++row) {
      Fr* to = out->data() + row * cols;
      std::fill(sums.begin(), sums.end(), 0);
      for (std::size_t i = views.size(); i-- > 0;) {
        with_type(views[i], [&](const auto& typed) {
          const auto entries = typed.row(row);
          if (fits) {
            const __int128 weight = static_cast<__int128>(1) << (bits * i);
            for (std::size_t col = 0; col < entries.size(); ++col) sums[col] += weight * entries[col];
          } else {
            for (std::size_t col = 0; col < cols; ++col) {
              to[col] *= base;
              if (col < entries.size()) to[col] += Fr::from_i64(static_cast<std::int64_t>(entries[col]));
            }
          }
        });
      }
      for (std::size_t col = 0; fits && col < cols; ++col) {
        to[col] = static_cast<std::int64_t>(sums[col]) == sums[col]
                      ? Fr::from_i64(static_cast<std::int64_t>(sums[col]))
                      : Fr::from_i128(sums[col]);
      }
    }
  });
  return out;
}

void CpuBackend::count_values(const IntView& view, std::int64_t offset, std::span<std::uint32_t> counts) {
  std::mutex mutex;
  // A chunk counts for itself; it must be worth adding up its counts.
  const std::size_t grain = (counts.size() * 4 + kTermGrain) / (view.cols + 1) + 1;
  with_type(view, [&](const auto& typed) {
    parallel_for(0, view.rows, grain, [&](std::size_t begin, std::size_t end) {
      SecretVector<std::uint32_t> mine(counts.size());
      for (std::size_t row = begin; row < end; ++row) {
        const auto entries = typed.row(row);
        for (const auto entry : entries) {
          const __int128 value = static_cast<__int128>(entry) + offset;
          if (value >= 0 && value < static_cast<__int128>(mine.size())) {
            ++mine[static_cast<std::size_t>(value)];
          }
        }
        // Entries beyond the buffer are zero.
        const std::size_t missing = view.cols - entries.size();
        if (offset >= 0 && static_cast<std::uint64_t>(offset) < mine.size()) {
          mine[static_cast<std::size_t>(offset)] += static_cast<std::uint32_t>(missing);
        }
      }
      const std::lock_guard lock(mutex);
      for (std::size_t i = 0; i < mine.size(); ++i) counts[i] += mine[i];
    });
  });
}

}  // namespace trainproof
