#include <algorithm>
#include <mutex>

#include "curve/point.h"
#include "util/error.h"
#include "util/parallel.h"
#include "util/secret.h"

namespace trainproof {

namespace {

// Signed digits of `bits` bits each, in (−2^(bits−1), 2^(bits−1)], least significant first.
struct Digits {
  Digits(std::span<const Fr> scalars, unsigned window_bits)
      : bits(window_bits), windows((254 + window_bits) / window_bits), values(scalars.size() * windows) {
    const std::int64_t half = std::int64_t{1} << (bits - 1), base = half * 2;
    for (std::size_t i = 0; i < scalars.size(); ++i) {
      limbs::U256 k = scalars[i].integer();
      std::int64_t carry = 0;
      for (std::size_t w = 0; w < windows; ++w) {
        std::int64_t digit = window(k, w) + carry;
        carry = digit > half;
        if (carry) digit -= base;
        values[w * scalars.size() + i] = static_cast<std::int32_t>(digit);
      }
      TRAINPROOF_INVARIANT(carry == 0, "msm: windows hold the scalar");
      wipe(k);
    }
  }

  std::int64_t window(const limbs::U256& k, std::size_t w) const {
    const std::size_t bit = w * bits, limb = bit / 64, shift = bit % 64;
    if (limb >= 4) return 0;
    std::uint64_t out = k[limb] >> shift;
    if (shift + bits > 64 && limb + 1 < 4) out |= k[limb + 1] << (64 - shift);
    return static_cast<std::int64_t>(out & ((std::uint64_t{1} << bits) - 1));
  }

  unsigned bits;
  std::size_t windows;
  SecretVector<std::int32_t> values;  // window by window
};

// Σ digits[i]·points[i]: Σ_d d·bucket_d by running sums from the largest digit down.
Point window_sum(std::span<const AffinePoint> points, const std::int32_t* digits, unsigned bits) {
  std::vector<Point> buckets(std::size_t{1} << (bits - 1));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::int32_t digit = digits[i];
    if (digit > 0) buckets[static_cast<std::size_t>(digit - 1)] += points[i];
    if (digit < 0) buckets[static_cast<std::size_t>(-digit - 1)] += -points[i];
  }
  Point running, sum;
  for (std::size_t d = buckets.size(); d-- > 0;) {
    running += buckets[d];
    sum += running;
  }
  return sum;
}

// About the window that makes points + 2^bits additions, for 254/bits windows, fewest.
unsigned window_bits(std::size_t count) {
  unsigned bits = 3;
  while (bits < 14 && (std::size_t{1} << (bits + 2)) < count) ++bits;
  return bits;
}

}  // namespace

Point msm(std::span<const AffinePoint> points, std::span<const Fr> scalars) {
  TRAINPROOF_INVARIANT(points.size() == scalars.size(), "msm: a scalar for each point");
  if (points.empty()) return {};
  const Digits digits(scalars, window_bits(points.size()));
  std::vector<Point> sums(digits.windows);
  parallel_for(0, digits.windows, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t w = begin; w < end; ++w) {
      sums[w] = window_sum(points, digits.values.data() + w * points.size(), digits.bits);
    }
  });
  Point out;
  for (std::size_t w = digits.windows; w-- > 0;) {
    for (unsigned i = 0; i < digits.bits; ++i) out = out.doubled();
    out += sums[w];
  }
  return out;
}

}  // namespace trainproof
