#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/integers_ifma.h"
#include "backend/cpu/vectors.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

// Terms integer × field element that make a chunk worth a thread.
constexpr std::size_t kTermGrain = 1 << 14;
#ifdef TRAINPROOF_IFMA
// What the kernels' sums are multiplied by (backend/cpu/integers_ifma.h).
const Fr& ifma_to_memory() {
  static const Fr factor = Fr::pow2(264);
  return factor;
}
// What the kernels add to each integer.
template <class T>
Fr ifma_bias() {
  static const Fr bias = std::is_signed_v<T> ? Fr::pow2(ifma::kBiasBits<T>) : Fr::zero();
  return bias;
}
#endif

// Accumulators of a block of columns stay in the first-level cache.
constexpr std::size_t kColumnBlock = 128;

// A block's sums at once where the processor has the instructions and the integers fit them.
template <class T>
class WeightedBlock {
 public:
  WeightedBlock(const TypedView<T>& view, const Fr* weights, std::size_t first_col, std::size_t count)
      : view_(view), weights_(weights), first_col_(first_col), count_(count) {}

  void add(std::size_t begin, std::size_t end) {
#ifdef TRAINPROOF_IFMA
    if (ifma::supported()) begin = add_vectors(begin, end);
#endif
    add_rows(begin, end, 0, count_);
  }
  void store(Fr* out) const {
    for (std::size_t i = 0; i < count_; ++i) out[i] = vector_sums_[i] + sums_[i].reduce();
  }

 private:
  void add_rows(std::size_t begin, std::size_t end, std::size_t first, std::size_t last) {
    for (std::size_t row = begin; row < end; ++row) {
      const std::span<const T> entries = view_.row(row);
      if (entries.size() <= first_col_) continue;
      const T* from = entries.data() + first_col_;
      const std::size_t stored = std::min(last, entries.size() - first_col_);
      const Fr weight = weights_[row];
      for (std::size_t i = first; i < stored; ++i) sums_[i].add_product(weight, static_cast<std::int64_t>(from[i]));
    }
  }

#ifdef TRAINPROOF_IFMA
  // Rows that are stored in full; returns where the others begin.
  std::size_t add_vectors(std::size_t begin, std::size_t end) {
    const std::size_t vectors = count_ / 8;
    std::size_t full = begin;
    while (full < end && view_.row(full).size() >= first_col_ + count_) ++full;
    std::array<Fr, kColumnBlock> part;
    Fr weight_sum = Fr::zero();
    for (std::size_t row = begin; row < full; row += ifma::kIntegerRows) {
      const std::size_t rows = std::min(ifma::kIntegerRows, full - row);
      if (!ifma::weighted_rows(view_.row(row).data() + first_col_, view_.stride, weights_ + row, rows, vectors,
                               ifma_to_memory(), part.data())) {
        add_rows(row, row + rows, 0, 8 * vectors);
        continue;
      }
      for (std::size_t i = 0; i < 8 * vectors; ++i) vector_sums_[i] += part[i];
      for (std::size_t i = 0; std::is_signed_v<T> && i < rows; ++i) weight_sum += weights_[row + i];
    }
    if constexpr (std::is_signed_v<T>) {
      const Fr added = weight_sum * ifma_bias<T>();
      for (std::size_t i = 0; i < 8 * vectors; ++i) vector_sums_[i] -= added;
    }
    add_rows(begin, full, 8 * vectors, count_);
    return full;
  }
#endif

  const TypedView<T>& view_;
  const Fr* weights_;
  std::size_t first_col_, count_;
  std::array<FrAccumulator, kColumnBlock> sums_{};
  std::array<Fr, kColumnBlock> vector_sums_{};
};

template <class T>
Fr dot(const T* integers, const Fr* v, std::size_t count) {
  FrAccumulator sum;
  for (std::size_t i = 0; i < count; ++i) sum.add_product(v[i], static_cast<std::int64_t>(integers[i]));
  return sum.reduce();
}

#ifdef TRAINPROOF_IFMA
// The factors of row_dot as its kernel reads them, and what biases add to results, chunk by chunk of a segment.
class DotFactors {
 public:
  DotFactors(const Fr* factors, std::size_t segments, std::size_t length, const Fr& bias)
      : vectors_(length / 8),
        chunks_((8 * vectors_ + ifma::kDotColumns - 1) / ifma::kDotColumns),
        limbs_(segments * vectors_ * 40),
        added_(segments * chunks_, Fr::zero()) {
    for (std::size_t s = 0; s < segments; ++s) {
      ifma::split_factors(factors + s * length, vectors_, limbs_.data() + s * vectors_ * 40);
      for (std::size_t i = 0; i < 8 * vectors_; ++i) added_[s * chunks_ + i / ifma::kDotColumns] += factors[s * length + i];
    }
    for (Fr& sum : added_) sum *= bias;
  }

  // Segment s of `rows` rows from `data` on, which are stored in full; what is left of them is fewer than eight columns.
  template <class T>
  void dot_rows(const T* data, std::size_t stride, std::size_t rows, const Fr* factors, std::size_t s,
                Fr (&out)[ifma::kDotRows]) const {
    std::fill(out, out + ifma::kDotRows, Fr::zero());
    for (std::size_t chunk = 0; chunk < chunks_; ++chunk) {
      const std::size_t first = chunk * ifma::kDotColumns, count = std::min(ifma::kDotColumns, 8 * vectors_ - first);
      Fr part[ifma::kDotRows];
      if (ifma::dot_rows(data + first, stride, rows, limbs_.data() + s * vectors_ * 40 + first * 5, count / 8,
                         ifma_to_memory(), part)) {
        for (std::size_t row = 0; row < rows; ++row) out[row] += part[row] - added_[s * chunks_ + chunk];
      } else {
        for (std::size_t row = 0; row < rows; ++row) out[row] += dot(data + row * stride + first, factors + first, count);
      }
    }
  }
  std::size_t columns() const { return 8 * vectors_; }

 private:
  std::size_t vectors_, chunks_;
  SecretVector<std::uint64_t> limbs_;
  std::vector<Fr> added_;
};
#endif

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
        WeightedBlock block(typed, w, first_col, std::min(kColumnBlock, view.cols - first_col));
        block.add(view.rows * strip / strips, view.rows * (strip + 1) / strips);
        block.store(sums + strip * view.cols + first_col);
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
  with_type(view, [&]<class T>(const TypedView<T>& typed) {
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
#ifdef TRAINPROOF_IFMA
    if (ifma::supported() && length >= 8) {
      const DotFactors vector_factors(factors, segments, length, ifma_bias<T>());
      std::size_t full = 0;
      while (full < view.rows && typed.row(full).size() == view.cols) ++full;
      const std::size_t groups = (view.rows + ifma::kDotRows - 1) / ifma::kDotRows;
      parallel_for(0, groups * segments, kTermGrain / (length + 8) / ifma::kDotRows + 1,
                   [&](std::size_t begin, std::size_t end) {
        for (std::size_t task = begin; task < end; ++task) {
          const std::size_t first = task / segments * ifma::kDotRows, s = task % segments;
          const std::size_t last = std::min(first + ifma::kDotRows, view.rows);
          if (last > full) {
            for (std::size_t row = first; row < last; ++row) to[s * out_stride + row] = part(row, s, 0, length);
            continue;
          }
          Fr sums[ifma::kDotRows];
          vector_factors.dot_rows(typed.row(first).data() + s * length, typed.stride, last - first, factors + s * length, s, sums);
          for (std::size_t row = first; row < last; ++row) {
            Fr& sum = to[s * out_stride + row] = sums[row - first];
            if (vector_factors.columns() < length) sum += part(row, s, vector_factors.columns(), length);
          }
        }
      });
      return;
    }
#endif
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
