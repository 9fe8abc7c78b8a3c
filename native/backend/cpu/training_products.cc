#include "backend/cpu/training_products.h"

#include <atomic>
#include <mutex>

#include "backend/cpu/training_product.h"
#include "field/ifma_supported.h"

namespace trainproof {
namespace {

constexpr Magnitude k64 = Magnitude{1} << 63;

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

// The sum as a signed number.
std::int64_t as_signed(std::uint64_t sum) { return static_cast<std::int64_t>(sum); }
__int128 as_signed(__int128 sum) { return sum; }

constexpr std::uint64_t kBlockLimit = std::uint64_t{1} << 51;
// Blocks shorter than this are not worth their ends.
constexpr std::size_t kShortestBlock = 8;

// Blocks of k, as long as can be, for which largest_left · Σ_k |right(k, n)| < 2^51 for all n < cols; none if they were short.
template <class Right>
BlockEnds ifma_blocks(std::uint64_t largest_left, std::size_t length, std::size_t cols, Right&& right) {
  const std::uint64_t allowed = (kBlockLimit - 1) / std::max<std::uint64_t>(largest_left, 1);
  SecretVector<std::uint64_t> sums(cols);
  BlockEnds ends;
  for (std::size_t k = 0; k < length; ++k) {
    std::uint64_t largest = 0, largest_sum = 0;
    for (std::size_t n = 0; n < cols; ++n) {
      const std::uint64_t entry = absolute(right(k, n));
      sums[n] += entry;
      largest = std::max(largest, entry);
      largest_sum = std::max(largest_sum, sums[n]);
    }
    if (largest > allowed) return {};
    if (largest_sum <= allowed) continue;
    ends.push_back(k);
    if (ends.size() > length / kShortestBlock) return {};
    for (std::size_t n = 0; n < cols; ++n) sums[n] = absolute(right(k, n));
  }
  ends.push_back(length);
  return ends;
}

// The same with `bound` on all sums together, for which the weights need not be read.
template <class Right>
BlockEnds ifma_blocks(const Rounding& rounding, const CpuTrainingMatrix& weights, std::size_t length, std::size_t cols,
                      Right&& right) {
  if (!ifma::supported() || rounding.bound >= k64) return {};
  if (rounding.bound <= kBlockLimit) return {length};
  return ifma_blocks(weights.largest(), length, cols, right);
}

// Entries of left that lie row by row in memory: left(k, m) = data[m · stride + k]. Null if they do not.
struct LeftRows {
  const std::int64_t* data = nullptr;
  std::size_t stride = 0;
};

// sum + 2^(shift−1) = 2^shift · quotient + remainder
template <class Sum>
class RoundedStore {
 public:
  RoundedStore(std::size_t rows, std::size_t cols, const Rounding& rounding)
      : quotient_(std::make_shared<CpuTrainingMatrix>(rows, cols)),
        remainder_(std::make_shared<CpuTrainingMatrix>(rows, cols)),
        rounding_(rounding) {}

  void operator()(std::size_t m, std::size_t first, std::size_t count, const Sum* sums) {
    const unsigned shift = rounding_.shift;
    const std::int64_t half = std::int64_t{1} << (shift - 1), mask = (std::int64_t{1} << shift) - 1;
    std::int64_t *quotient = quotient_->row(m) + first, *remainder = remainder_->row(m) + first;
    for (std::size_t i = 0; i < count; ++i) {
      const auto shifted = as_signed(sums[i]) + half;
      const auto rounded = shifted >> shift;
      if (rounded < -rounding_.limit || rounded >= rounding_.limit) {
        violations_.report(m, first + i, static_cast<double>(rounded));
        continue;
      }
      quotient[i] = static_cast<std::int64_t>(rounded);
      remainder[i] = static_cast<std::int64_t>(shifted & mask);
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

template <class Left, class Right>
RoundedProduct rounded_product(const CpuTrainingMatrix& weights, std::size_t rows, std::size_t cols, std::size_t length,
                               const Rounding& rounding, Left&& left, LeftRows left_rows, Right&& right) {
  if (rounding.bound >= k64) {
    RoundedStore<__int128> store(rows, cols, rounding);
    exact_product<__int128>(rows, cols, length, left, right, store);
    return store.result();
  }
  RoundedStore<std::uint64_t> store(rows, cols, rounding);
  const BlockEnds blocks = ifma_blocks(rounding, weights, length, cols, right);
  if (blocks.empty()) {
    exact_product<std::uint64_t>(rows, cols, length, left, right, store);
  } else {
    exact_product_ifma(rows, cols, blocks, left, left_rows.data, left_rows.stride, right, store);
  }
  return store.result();
}

}  // namespace

RoundedProduct cpu_forward_product(const CpuTrainingMatrix& weights, const CpuTrainingMatrix& inputs,
                                   std::int64_t constant, const Rounding& rounding) {
  const std::size_t bias = inputs.rows;
  const auto left = [&](std::size_t k, std::size_t j) { return weights.row(k)[j]; };
  const auto right = [&](std::size_t k, std::size_t c) { return k == bias ? constant : inputs.row(k)[c]; };
  return rounded_product(weights, weights.cols, inputs.cols, weights.rows, rounding, left, {}, right);
}

RoundedProduct cpu_backward_product(const CpuTrainingMatrix& weights, const CpuTrainingMatrix& gradients,
                                    const Rounding& rounding) {
  const auto left = [&](std::size_t j, std::size_t k) { return weights.row(k)[j]; };
  const auto right = [&](std::size_t j, std::size_t c) { return gradients.row(j)[c]; };
  return rounded_product(weights, weights.rows - 1, gradients.cols, weights.cols, rounding, left,
                         {weights.values.data(), weights.cols}, right);
}

std::optional<RangeViolation> cpu_update_weights(CpuTrainingMatrix& weights, const CpuTrainingMatrix& inputs,
                                                 std::int64_t constant, const CpuTrainingMatrix& gradients,
                                                 std::uint64_t eta, Magnitude bound) {
  const std::size_t bias = inputs.rows;
  const auto left = [&](std::size_t c, std::size_t k) { return k == bias ? constant : inputs.row(k)[c]; };
  const auto right = [&](std::size_t c, std::size_t j) { return gradients.row(j)[c]; };
  weights.forget_largest();
  if (bound < k64) {
    // The next step asks for it: another pass over all weights would take a quarter of the time of training.
    std::atomic<std::uint64_t> largest = 0;
    const auto store = [&](std::size_t k, std::size_t first, std::size_t count, const std::uint64_t* sums) {
      std::int64_t* w = weights.row(k) + first;
      std::uint64_t part = 0;
      for (std::size_t i = 0; i < count; ++i) {
        w[i] = as_signed(static_cast<std::uint64_t>(w[i]) - eta * sums[i]);
        part = std::max(part, absolute(w[i]));
      }
      std::uint64_t known = largest.load(std::memory_order_relaxed);
      while (part > known && !largest.compare_exchange_weak(known, part, std::memory_order_relaxed)) {
      }
    };
    BlockEnds blocks;
    if (ifma::supported()) {
      blocks = ifma_blocks(std::max(inputs.largest(), absolute(constant)), inputs.cols, weights.cols, right);
    }
    if (blocks.empty()) {
      exact_product<std::uint64_t>(weights.rows, weights.cols, inputs.cols, left, right, store);
    } else {
      exact_product_ifma(weights.rows, weights.cols, blocks, left, nullptr, 0, right, store);
    }
    weights.remember_largest(largest);
    return std::nullopt;
  }
  FirstViolation violations;
  const auto store = [&](std::size_t k, std::size_t first, std::size_t count, const __int128* sums) {
    std::int64_t* w = weights.row(k) + first;
    for (std::size_t i = 0; i < count; ++i) {
      __int128 step = 0, next = 0;
      if (__builtin_mul_overflow(sums[i], static_cast<__int128>(eta), &step) ||
          __builtin_sub_overflow(static_cast<__int128>(w[i]), step, &next) ||
          next >= static_cast<__int128>(k64) || next <= -static_cast<__int128>(k64)) {
        violations.report(k, first + i,
                          static_cast<double>(w[i]) - static_cast<double>(eta) * static_cast<double>(sums[i]));
        continue;
      }
      w[i] = static_cast<std::int64_t>(next);
    }
  };
  exact_product<__int128>(weights.rows, weights.cols, inputs.cols, left, right, store);
  return violations.first();
}

}  // namespace trainproof
