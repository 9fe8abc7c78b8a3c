// Inverses by the binary Euclidean algorithm: Pornin, "Optimized Binary GCD for Modular Inversion" (ePrint 2020/972).
#ifndef TRAINPROOF_FIELD_INVERSE_H_
#define TRAINPROOF_FIELD_INVERSE_H_

#include <bit>

#include "field/limbs.h"

namespace trainproof::limbs {

// Steps that are taken on approximations of 64 bits before they are applied to the numbers.
constexpr unsigned kInverseSteps = 31;

// (x·f + y·g) / 2^31 in five limbs, two's complement; |f| + |g| ≤ 2^31. With kReducing, a multiple of p is added that makes
// the division exact; otherwise it is exact without. n is −1/p mod 2^64.
struct Combination {
  U256 low;
  std::int64_t top;
};
template <bool kReducing>
constexpr Combination combine(const U256& x, std::int64_t f, const U256& y, std::int64_t g, const U256& p, u64 n) {
  const u64 first = x[0] * static_cast<u64>(f) + y[0] * static_cast<u64>(g);
  const u64 k = first * n & ((u64{1} << kInverseSteps) - 1);
  std::array<u64, 5> sum{};
  i128 carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    carry += static_cast<i128>(x[i]) * f + static_cast<i128>(y[i]) * g;
    if constexpr (kReducing) carry += static_cast<i128>(p[i]) * static_cast<i128>(k);
    sum[i] = static_cast<u64>(carry);
    carry >>= 64;
  }
  sum[4] = static_cast<u64>(carry);
  Combination out{};
  for (std::size_t i = 0; i < 4; ++i) out.low[i] = sum[i] >> kInverseSteps | sum[i + 1] << (64 - kInverseSteps);
  out.top = static_cast<std::int64_t>(sum[4]) >> kInverseSteps;
  return out;
}

constexpr U256 negate(const U256& x) {
  u64 borrow = 0;
  U256 out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = subtract_borrow(0, x[i], borrow);
  return out;
}

// x^{-1} mod p for x < p, an odd prime below 2^255; zero for zero.
constexpr U256 inverse(const U256& x, const U256& p) {
  const u64 n = negative_inverse(p[0]);
  // a ≡ x·u, b ≡ x·v (mod p); b is odd. Two numbers of 255 bits are down to 0 and 1 after 509 steps.
  U256 a = x, b = p, u = {1}, v{};
  for (unsigned done = 0; done < 509; done += kInverseSteps) {
    // The lowest 31 bits, and 33 from the longer number's first on; all where both have 64 at most.
    std::size_t top = 3;
    while (top > 0 && (a[top] | b[top]) == 0) --top;
    const auto shift = static_cast<unsigned>(std::countl_zero(a[top] | b[top]));
    const auto approximate = [&](const U256& y) {
      if (top == 0) return y[0];
      constexpr u64 kLow = (u64{1} << kInverseSteps) - 1;
      const u64 high = shift == 0 ? y[top] : y[top] << shift | y[top - 1] >> (64 - shift);
      return (high & ~kLow) | (y[0] & kLow);
    };
    u64 short_a = approximate(a), short_b = approximate(b);
    // f0 and g0 of a, f1 and g1 of b.
    std::int64_t f0 = 1, g0 = 0, f1 = 0, g1 = 1;
    for (unsigned i = 0; i < kInverseSteps; ++i) {
      // If a is odd: a, b ← |a − b|, min(a, b). Then a ← a / 2, where b's factors double instead.
      const u64 odd = 0 - (short_a & 1);
      const u64 swap = short_a < short_b ? odd : 0;
      const auto exchange = [swap](auto& y, auto& z) {
        const u64 difference = (static_cast<u64>(y) ^ static_cast<u64>(z)) & swap;
        y = static_cast<std::remove_reference_t<decltype(y)>>(static_cast<u64>(y) ^ difference);
        z = static_cast<std::remove_reference_t<decltype(z)>>(static_cast<u64>(z) ^ difference);
      };
      exchange(short_a, short_b);
      exchange(f0, f1);
      exchange(g0, g1);
      short_a -= short_b & odd;
      f0 -= f1 & static_cast<std::int64_t>(odd);
      g0 -= g1 & static_cast<std::int64_t>(odd);
      short_a >>= 1;
      f1 *= 2;
      g1 *= 2;
    }
    const auto apply = [&](std::int64_t& f, std::int64_t& g) {
      Combination c = combine<false>(a, f, b, g, p, n);
      if (c.top < 0) {
        c.low = negate(c.low);
        f = -f;
        g = -g;
      }
      return c.low;
    };
    const U256 next_a = apply(f0, g0), next_b = apply(f1, g1);
    const auto apply_mod = [&](std::int64_t f, std::int64_t g) {
      const Combination c = combine<true>(u, f, v, g, p, n);  // above −p, below 2p
      if (c.top >= 0) return reduce_once(c.low, p);
      u64 carry = 0;
      U256 out{};
      for (std::size_t i = 0; i < 4; ++i) out[i] = add_carry(c.low[i], p[i], carry);
      return out;
    };
    const U256 next_u = apply_mod(f0, g0), next_v = apply_mod(f1, g1);
    a = next_a;
    b = next_b;
    u = next_u;
    v = next_v;
  }
  return b == U256{1} ? v : U256{};
}

}  // namespace trainproof::limbs

#endif  // TRAINPROOF_FIELD_INVERSE_H_
