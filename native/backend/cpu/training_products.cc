#include "backend/cpu/training_products.h"

#include <atomic>
#include <mutex>

#include "backend/cpu/limb_operands.h"
#include "backend/cpu/limb_tiles.h"
#include "backend/cpu/wide_product.h"
#include "field/ifma_supported.h"

namespace trainproof {
namespace {

constexpr Magnitude k63 = Magnitude{1} << 63;

// The first violation by column, then row, of many threads.
class FirstViolation {
 public:
  void report(std::size_t row, std::size_t col, double value) {
    const std::lock_guard lock(mutex_);
    if (!first_ || col < first_->col || (col == first_->col && row < first_->row)) {
      first_ = RangeViolation{row, col, value};
    }
  }
  const std::optional<RangeViolation>& first() const { return first_; }

 private:
  std::mutex mutex_;
  std::optional<RangeViolation> first_;
};

// sum + 2^(shift−1) = 2^shift · quotient + remainder
class RoundedStore {
 public:
  RoundedStore(std::size_t rows, std::size_t cols, const Rounding& rounding)
      : quotient_(std::make_shared<CpuTrainingMatrix>(rows, cols)),
        remainder_(std::make_shared<CpuTrainingMatrix>(rows, cols)),
        rounding_(rounding) {}

  // Row m, from column `first` on: sums[i · stride] for i < count.
  template <class Sum>
  void operator()(std::size_t m, std::size_t first, std::size_t count, const Sum* sums, std::size_t stride) {
    const unsigned shift = rounding_.shift;
    const std::int64_t half = std::int64_t{1} << (shift - 1), mask = (std::int64_t{1} << shift) - 1;
    const std::int64_t limit = rounding_.limit;
    std::int64_t *quotient = quotient_->row(m) + first, *remainder = remainder_->row(m) + first;
    std::uint64_t outside = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Sum shifted = sums[i * stride] + half, rounded = shifted >> shift;
      outside |= static_cast<std::uint64_t>(rounded < -limit) | static_cast<std::uint64_t>(rounded >= limit);
      quotient[i] = static_cast<std::int64_t>(rounded);
      remainder[i] = static_cast<std::int64_t>(shifted & mask);
    }
    if (outside == 0) return;
    for (std::size_t i = 0; i < count; ++i) {
      const Sum rounded = (sums[i * stride] + half) >> shift;
      if (rounded < -limit || rounded >= limit) violations_.report(m, first + i, static_cast<double>(rounded));
    }
  }

  RoundedProduct result() const {
    if (violations_.first()) return {nullptr, nullptr, violations_.first()};
    return {quotient_, remainder_, std::nullopt};
  }

 private:
  std::shared_ptr<CpuTrainingMatrix> quotient_, remainder_;
  Rounding rounding_;
  FirstViolation violations_;
};

// Sums of 128 bits, in plain loops: what no useful statement needs.
template <class Left, class Right>
RoundedProduct wide_rounded_product(std::size_t rows, std::size_t cols, std::size_t length, const Rounding& rounding,
                                    Left&& left, Right&& right) {
  RoundedStore store(rows, cols, rounding);
  wide_product(rows, cols, length, left, right,
               [&](std::size_t m, std::size_t first, std::size_t count, const __int128* sums) {
                 store(m, first, count, sums, 1);
               });
  return store.result();
}

std::optional<RangeViolation> wide_update(CpuTrainingWeights& weights, const CpuTrainingMatrix& inputs, std::int64_t constant,
                                          const CpuTrainingMatrix& gradients, std::uint64_t eta) {
  CpuTrainingMatrix w = weights.unpacked();
  const std::size_t bias = inputs.rows;
  const auto left = [&](std::size_t c, std::size_t k) { return k == bias ? constant : inputs.row(k)[c]; };
  const auto right = [&](std::size_t c, std::size_t j) { return gradients.row(j)[c]; };
  FirstViolation violations;
  wide_product(w.rows, w.cols, inputs.cols, left, right,
               [&](std::size_t k, std::size_t first, std::size_t count, const __int128* sums) {
                 std::int64_t* row = w.row(k) + first;
                 for (std::size_t i = 0; i < count; ++i) {
                   __int128 step = 0, next = 0;
                   if (__builtin_mul_overflow(sums[i], static_cast<__int128>(eta), &step) ||
                       __builtin_sub_overflow(static_cast<__int128>(row[i]), step, &next) ||
                       next >= static_cast<__int128>(k63) || next <= -static_cast<__int128>(k63)) {
                     violations.report(k, first + i,
                                       static_cast<double>(row[i]) - static_cast<double>(eta) * static_cast<double>(sums[i]));
                     continue;
                   }
                   row[i] = static_cast<std::int64_t>(next);
                 }
               });
  if (!violations.first()) weights.assign(w);
  return violations.first();
}

// max over rows of Σ_cols |entry|
Magnitude largest_row_sum(const CpuTrainingMatrix& m) {
  Magnitude largest = 0;
  if (Magnitude{m.largest()} * m.cols < k63) {
    std::atomic<std::uint64_t> result = 0;
    parallel_for(0, m.rows, kTrainingGrain / std::max<std::size_t>(m.cols, 1) + 1, [&](std::size_t begin, std::size_t end) {
      std::uint64_t part = 0;
      for (std::size_t r = begin; r < end; ++r) {
        std::uint64_t sum = 0;
        for (std::size_t c = 0; c < m.cols; ++c) sum += absolute(m.row(r)[c]);
        part = std::max(part, sum);
      }
      raise(result, part);
    });
    largest = result;
  } else {
    largest = Magnitude{m.largest()} * m.cols;
  }
  return largest;
}

}  // namespace

RoundedProduct cpu_forward_product(const CpuTrainingWeights& weights, const CpuTrainingMatrix& inputs,
                                   std::int64_t constant, const Rounding& rounding) {
  if (rounding.bound >= k63) {
    const CpuTrainingMatrix w = weights.unpacked();
    return wide_rounded_product(
        weights.cols, inputs.cols, weights.rows, rounding, [&](std::size_t k, std::size_t j) { return w.row(k)[j]; },
        [&](std::size_t k, std::size_t c) { return k == inputs.rows ? constant : inputs.row(k)[c]; });
  }
  const LimbPanels right = forward_inputs(inputs, constant);
  RoundedStore store(weights.cols, inputs.cols, rounding);
  const auto tile_of = ifma::supported() ? ifma::forward_tile : forward_tile;
  // A strip of weights stays in the cache for its tiles.
  const std::size_t tiles = weights.strips() * right.panels;
  parallel_for(0, tiles, kTrainingGrain * 16 / (kStrip * kForwardCols * weights.rows) + 1,
               [&](std::size_t begin, std::size_t end) {
                 alignas(64) std::int64_t sums[kForwardCols * kStrip];
                 for (std::size_t i = begin; i < end; ++i) {
                   const std::size_t s = i / right.panels, panel = i % right.panels;
                   tile_of({weights.strip(s), weights.plane_stride(), weights.planes(), right.panel(panel),
                            right.limb_stride, right.limbs, right.pairs,
                            {right.block_ends.data(), right.block_ends.size()}},
                           sums);
                   const std::size_t c = panel * kForwardCols, count = std::min(kForwardCols, inputs.cols - c);
                   for (std::size_t j = 0; j < std::min(kStrip, weights.cols - s * kStrip); ++j) {
                     store(s * kStrip + j, c, count, sums + j, kStrip);
                   }
                 }
               });
  return store.result();
}

RoundedProduct cpu_backward_product(const CpuTrainingWeights& weights, const CpuTrainingMatrix& gradients,
                                    const Rounding& rounding) {
  const std::size_t rows = weights.rows - 1;
  if (rounding.bound >= k63) {
    const CpuTrainingMatrix w = weights.unpacked();
    return wide_rounded_product(
        rows, gradients.cols, weights.cols, rounding, [&](std::size_t j, std::size_t k) { return w.row(k)[j]; },
        [&](std::size_t j, std::size_t c) { return gradients.row(j)[c]; });
  }
  const LimbPanels right = backward_gradients(gradients);
  RoundedStore store(rows, gradients.cols, rounding);
  const auto tile_of = ifma::supported() ? ifma::backward_tile : backward_tile;
  const std::size_t tiles = (rows + kBackwardRows - 1) / kBackwardRows;
  parallel_for(0, tiles, kTrainingGrain * 16 / (kBackwardRows * gradients.cols * weights.cols) + 1,
               [&](std::size_t begin, std::size_t end) {
                 alignas(64) std::int64_t sums[kBackwardRows * kBackwardCols];
                 for (std::size_t i = begin; i < end; ++i) {
                   const std::size_t k = i * kBackwardRows;
                   for (std::size_t panel = 0; panel < right.panels; ++panel) {
                     tile_of({weights.strip(0) + k * kStrip, weights.plane_stride(), weights.strip_stride(),
                              weights.planes(), right.panel(panel), right.limb_stride, right.limbs, right.panel_cols,
                              {right.block_ends.data(), right.block_ends.size()}},
                             sums);
                     const std::size_t c = panel * right.panel_cols, count = std::min(right.panel_cols, gradients.cols - c);
                     for (std::size_t r = 0; r < std::min(kBackwardRows, rows - k); ++r) {
                       store(k + r, c, count, sums + r * right.panel_cols, 1);
                     }
                   }
                 }
               });
  return store.result();
}

std::optional<RangeViolation> cpu_update_weights(CpuTrainingWeights& weights, const CpuTrainingMatrix& inputs,
                                                 std::int64_t constant, const CpuTrainingMatrix& gradients,
                                                 std::uint64_t eta, Magnitude bound) {
  if (bound >= k63) return wide_update(weights, inputs, constant, gradients, eta);
  const std::uint64_t largest_input = std::max(inputs.largest(), absolute(constant));
  // None of the products overflows: |inputs · gradients| sums up to less than `bound`, or the batch times that.
  const Magnitude largest_sum = largest_input * largest_row_sum(gradients);
  weights.widen(static_cast<std::uint64_t>(std::min(bound, weights.largest() + eta * largest_sum)));
  const UpdateOperands operands =
      update_operands(inputs, constant, gradients, weights.planes() == kFewestPlanes, largest_sum);
  const auto tile_of = ifma::supported() ? ifma::update_tile : update_tile;
  std::atomic<std::uint64_t> largest = 0;
  const std::size_t row_tiles = (weights.rows + kUpdateRows - 1) / kUpdateRows;
  parallel_for(0, weights.strips() * row_tiles, kTrainingGrain * 16 / (kUpdateRows * kStrip * inputs.cols) + 1,
               [&](std::size_t begin, std::size_t end) {
                 std::uint64_t part = 0;
                 for (std::size_t i = begin; i < end; ++i) {
                   const std::size_t s = i / row_tiles, k = i % row_tiles * kUpdateRows;
                   part = std::max(part, tile_of({weights.strip(s) + k * kStrip, weights.plane_stride(), weights.planes(),
                                                  std::min(kUpdateRows, weights.rows - k),
                                                  operands.inputs.data() + k * 2 * operands.pairs, operands.input_stride,
                                                  operands.input_limbs,
                                                  operands.gradients.data() +
                                                      s * operands.gradient_limbs * operands.gradient_stride,
                                                  operands.gradient_stride, operands.gradient_limbs, operands.pairs, eta}));
                 }
                 raise(largest, part);
               });
  weights.remember_largest(largest);
  return std::nullopt;
}

}  // namespace trainproof
