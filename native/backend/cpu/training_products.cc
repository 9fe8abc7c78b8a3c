#include "backend/cpu/training_products.h"

#include <mutex>

#include "backend/cpu/training_product.h"

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

// sum + 2^(shift−1) = 2^shift · quotient + remainder
template <class Sum, class Left, class Right>
RoundedProduct rounded_product(std::size_t rows, std::size_t cols, std::size_t length, const Rounding& rounding,
                               Left&& left, Right&& right) {
  auto quotient = std::make_shared<CpuTrainingMatrix>(rows, cols);
  auto remainder = std::make_shared<CpuTrainingMatrix>(rows, cols);
  FirstViolation violations;
  const unsigned shift = rounding.shift;
  const std::int64_t half = std::int64_t{1} << (shift - 1), mask = (std::int64_t{1} << shift) - 1;
  exact_product<Sum>(rows, cols, length, left, right, [&](std::size_t m, std::size_t n, Sum sum) {
    const auto shifted = as_signed(sum) + half;
    const auto rounded = shifted >> shift;
    if (rounded < -rounding.limit || rounded >= rounding.limit) {
      violations.report(m, n, static_cast<double>(rounded));
      return;
    }
    quotient->row(m)[n] = static_cast<std::int64_t>(rounded);
    remainder->row(m)[n] = static_cast<std::int64_t>(shifted & mask);
  });
  if (violations.first()) return {nullptr, nullptr, violations.first()};
  return {quotient, remainder, std::nullopt};
}

}  // namespace

RoundedProduct cpu_forward_product(const CpuTrainingMatrix& weights, const CpuTrainingMatrix& inputs,
                                   std::int64_t constant, const Rounding& rounding) {
  const std::size_t bias = inputs.rows;
  const auto left = [&](std::size_t k, std::size_t j) { return weights.row(k)[j]; };
  const auto right = [&](std::size_t k, std::size_t c) { return k == bias ? constant : inputs.row(k)[c]; };
  const std::size_t rows = weights.cols, cols = inputs.cols, length = weights.rows;
  return rounding.bound < k64
             ? rounded_product<std::uint64_t>(rows, cols, length, rounding, left, right)
             : rounded_product<__int128>(rows, cols, length, rounding, left, right);
}

RoundedProduct cpu_backward_product(const CpuTrainingMatrix& weights, const CpuTrainingMatrix& gradients,
                                    const Rounding& rounding) {
  const auto left = [&](std::size_t j, std::size_t k) { return weights.row(k)[j]; };
  const auto right = [&](std::size_t j, std::size_t c) { return gradients.row(j)[c]; };
  const std::size_t rows = weights.rows - 1, cols = gradients.cols, length = weights.cols;
  return rounding.bound < k64
             ? rounded_product<std::uint64_t>(rows, cols, length, rounding, left, right)
             : rounded_product<__int128>(rows, cols, length, rounding, left, right);
}

std::optional<RangeViolation> cpu_update_weights(CpuTrainingMatrix& weights, const CpuTrainingMatrix& inputs,
                                                 std::int64_t constant, const CpuTrainingMatrix& gradients,
                                                 std::uint64_t eta, Magnitude bound) {
  const std::size_t bias = inputs.rows;
  const auto left = [&](std::size_t c, std::size_t k) { return k == bias ? constant : inputs.row(k)[c]; };
  const auto right = [&](std::size_t c, std::size_t j) { return gradients.row(j)[c]; };
  if (bound < k64) {
    exact_product<std::uint64_t>(weights.rows, weights.cols, inputs.cols, left, right,
                                 [&](std::size_t k, std::size_t j, std::uint64_t sum) {
                                   std::int64_t& w = weights.row(k)[j];
                                   w = as_signed(static_cast<std::uint64_t>(w) - eta * sum);
                                 });
    return std::nullopt;
  }
  FirstViolation violations;
  exact_product<__int128>(weights.rows, weights.cols, inputs.cols, left, right,
                          [&](std::size_t k, std::size_t j, __int128 sum) {
                            std::int64_t& w = weights.row(k)[j];
                            __int128 step = 0, next = 0;
                            if (__builtin_mul_overflow(sum, static_cast<__int128>(eta), &step) ||
                                __builtin_sub_overflow(static_cast<__int128>(w), step, &next) ||
                                next >= static_cast<__int128>(k64) || next <= -static_cast<__int128>(k64)) {
                              violations.report(k, j, static_cast<double>(w) -
                                                          static_cast<double>(eta) * static_cast<double>(sum));
                              return;
                            }
                            w = static_cast<std::int64_t>(next);
                          });
  return violations.first();
}

}  // namespace trainproof
