#include "mle/eq.h"

#include "util/error.h"

namespace trainproof {

namespace {

// Whether x ≤ 2^bits.
bool at_most_power(std::size_t x, std::size_t bits) { return bits >= 64 || x <= std::size_t{1} << bits; }

// Bit of the index that coordinate k of n belongs to; bits above an index's width are 0.
bool bit_of(std::size_t index, std::size_t k, std::size_t n) {
  const std::size_t bit = n - 1 - k;
  return bit < 64 && (index >> bit & 1) != 0;
}

Fr eq_factor(const Fr& a, const Fr& b) { return Fr::one() - a - b + (a * b).doubled(); }

}  // namespace

Fr eq(std::span<const Fr> a, std::span<const Fr> b) {
  TRAINPROOF_INVARIANT(a.size() == b.size(), "eq: points of equal length");
  Fr out = Fr::one();
  for (std::size_t k = 0; k < a.size(); ++k) out *= eq_factor(a[k], b[k]);
  return out;
}

Fr chi(std::size_t index, std::span<const Fr> point) {
  TRAINPROOF_INVARIANT(point.size() >= 64 || index >> point.size() == 0, "chi: the index fits the point");
  Fr out = Fr::one();
  for (std::size_t k = 0; k < point.size(); ++k) {
    out *= bit_of(index, k, point.size()) ? point[k] : Fr::one() - point[k];
  }
  return out;
}

std::vector<Fr> eq_table(std::span<const Fr> point, std::size_t length) {
  TRAINPROOF_INVARIANT(at_most_power(length, point.size()), "eq_table: at most 2^n entries");
  std::vector<Fr> out(length);
  if (length == 0) return out;
  out[0] = Fr::one();
  for (std::size_t k = 0; k < point.size(); ++k) {
    // The table of k + 1 coordinates, as far as entries below `length` descend from it, from that of k, in place.
    const std::size_t rest = point.size() - 1 - k;
    const std::size_t size = rest >= 64 ? 1 : ((length - 1) >> rest) + 1;
    for (std::size_t i = (size + 1) / 2; i-- > 0;) {
      const Fr parent = out[i], odd = parent * point[k];
      if (2 * i + 1 < size) out[2 * i + 1] = odd;
      out[2 * i] = parent - odd;
    }
  }
  return out;
}

SplitEq split_eq(std::span<const Fr> point) {
  const std::size_t low = point.size() / 2;
  TRAINPROOF_INVARIANT(point.size() < 64, "split_eq: tables fit in memory");
  return {eq_table(point.first(point.size() - low), std::size_t{1} << (point.size() - low)),
          eq_table(point.last(low), std::size_t{1} << low), static_cast<unsigned>(low)};
}

std::vector<Fr> chi_between(std::span<const Fr> point, std::size_t first, std::size_t count, const Fr& scale) {
  TRAINPROOF_INVARIANT(at_most_power(first + count, point.size()), "chi_between: at most 2^n indices");
  SplitEq split = split_eq(point);
  const std::size_t mask = split.low.size() - 1;
  for (Fr& x : split.low) x *= scale;
  std::vector<Fr> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = split.high[(first + i) >> split.low_bits] * split.low[(first + i) & mask];
  return out;
}

Fr prefix_weight(std::span<const Fr> point, std::size_t count) {
  TRAINPROOF_INVARIANT(at_most_power(count, point.size()), "prefix_weight: at most 2^n indices");
  if (point.size() < 64 && count == std::size_t{1} << point.size()) return Fr::one();
  // The indices below `count` that agree with it above bit k and are 0 where it is 1 there.
  Fr sum = Fr::zero(), agree = Fr::one();
  for (std::size_t k = 0; k < point.size(); ++k) {
    const Fr zero = agree * (Fr::one() - point[k]);
    if (bit_of(count, k, point.size())) {
      sum += zero;
      agree *= point[k];
    } else {
      agree = zero;
    }
  }
  return sum;
}

Fr less_than(std::span<const Fr> a, std::span<const Fr> b) {
  TRAINPROOF_INVARIANT(a.size() == b.size(), "less_than: points of equal length");
  Fr sum = Fr::zero(), agree = Fr::one();
  for (std::size_t k = 0; k < a.size(); ++k) {
    sum += agree * (Fr::one() - a[k]) * b[k];
    agree *= eq_factor(a[k], b[k]);
  }
  return sum;
}

Fr evaluate(std::span<const Fr> values, std::span<const Fr> point) {
  const std::vector<Fr> weights = eq_table(point, values.size());
  FrAccumulator sum;
  for (std::size_t i = 0; i < values.size(); ++i) sum.add_product(values[i], weights[i]);
  return sum.reduce();
}

}  // namespace trainproof
