// Arithmetic on little-endian arrays of 64-bit limbs, and Montgomery's constants at compile time.
#ifndef TRAINPROOF_FIELD_LIMBS_H_
#define TRAINPROOF_FIELD_LIMBS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#define TRAINPROOF_INLINE [[gnu::always_inline]] inline

namespace trainproof::limbs {

using u64 = std::uint64_t;
__extension__ using u128 = unsigned __int128;
__extension__ using i128 = __int128;
using U256 = std::array<u64, 4>;

// low half of a + b·c + carry; carry becomes the high half. Never overflows.
TRAINPROOF_INLINE constexpr u64 multiply_add(u64 a, u64 b, u64 c, u64& carry) {
  const u128 t = static_cast<u128>(b) * c + a + carry;
  carry = static_cast<u64>(t >> 64);
  return static_cast<u64>(t);
}

TRAINPROOF_INLINE constexpr u64 add_carry(u64 a, u64 b, u64& carry) {
  const u128 t = static_cast<u128>(a) + b + carry;
  carry = static_cast<u64>(t >> 64);
  return static_cast<u64>(t);
}

// borrow is 0 or 1.
TRAINPROOF_INLINE constexpr u64 subtract_borrow(u64 a, u64 b, u64& borrow) {
  const u128 t = static_cast<u128>(a) - b - borrow;
  borrow = static_cast<u64>(t >> 64) & 1;
  return static_cast<u64>(t);
}

constexpr bool less(const U256& a, const U256& b) {
  for (std::size_t i = 4; i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i];
  }
  return false;
}

// x < 2p to x mod p.
TRAINPROOF_INLINE constexpr U256 reduce_once(const U256& x, const U256& p) {
  u64 borrow = 0;
  U256 d{};
  for (std::size_t i = 0; i < 4; ++i) d[i] = subtract_borrow(x[i], p[i], borrow);
  const u64 keep = 0 - borrow;
  for (std::size_t i = 0; i < 4; ++i) d[i] = (x[i] & keep) | (d[i] & ~keep);
  return d;
}

// x + y mod p for x, y < p < 2^255.
TRAINPROOF_INLINE constexpr U256 add_mod(const U256& x, const U256& y, const U256& p) {
  u64 carry = 0;
  U256 s{};
  for (std::size_t i = 0; i < 4; ++i) s[i] = add_carry(x[i], y[i], carry);
  return reduce_once(s, p);
}

// 2^k mod p
constexpr U256 power_of_two_mod(unsigned k, const U256& p) {
  U256 x = {1, 0, 0, 0};
  for (unsigned i = 0; i < k; ++i) x = add_mod(x, x, p);
  return x;
}

// −p^{-1} mod 2^64 for odd p, by Newton's iteration.
constexpr u64 negative_inverse(u64 p) {
  u64 x = 1;
  for (int i = 0; i < 6; ++i) x *= 2 - p * x;
  return 0 - x;
}

}  // namespace trainproof::limbs

#endif  // TRAINPROOF_FIELD_LIMBS_H_
