// Prime fields of 254 bits in Montgomery form: x is stored as x·2^256 mod p, reduced, in four 64-bit limbs.
// Portable C++, with assembly where there is some (field/x86_64.h).
//
// Multiplication is Koç, Acar and Kaliski's coarsely integrated operand scanning without its last carries, which stay
// zero since p < 2^255. Not constant in time: the prover runs on its owner's machine.
#ifndef TRAINPROOF_FIELD_PRIME_FIELD_H_
#define TRAINPROOF_FIELD_PRIME_FIELD_H_

#include <algorithm>
#include <compare>
#include <span>
#include <type_traits>
#include <vector>

#include "field/inverse.h"
#include "field/limbs.h"
#include "field/x86_64.h"

namespace trainproof {

class FrAccumulator;

// Params::kModulus: an odd prime between 2^253 and 2^254, least significant limb first. A default-constructed
// element is zero.
template <class Params>
class PrimeField {
  using u64 = limbs::u64;
  using U256 = limbs::U256;

 public:
  static constexpr U256 kModulus = Params::kModulus;
  static_assert(kModulus[3] >> 61 == 1 && (kModulus[0] & 1) == 1);

  constexpr PrimeField() = default;

  static constexpr PrimeField zero() { return PrimeField(); }
  static constexpr PrimeField one() { return PrimeField(kR1); }

  // x·2^320 / 2^64
  static constexpr PrimeField from_u64(u64 x) { return PrimeField(word_product(x, kR1Shifted)); }
  static constexpr PrimeField from_i64(std::int64_t x) {
    return x < 0 ? -from_u64(0 - static_cast<u64>(x)) : from_u64(static_cast<u64>(x));
  }
  static constexpr PrimeField from_u128(limbs::u128 x) {
    return from_u64(static_cast<u64>(x)) +
           PrimeField(word_product(static_cast<u64>(x >> 64), kR1ShiftedTwice));
  }
  static constexpr PrimeField from_i128(limbs::i128 x) {
    return x < 0 ? -from_u128(-static_cast<limbs::u128>(x)) : from_u128(static_cast<limbs::u128>(x));
  }
  static constexpr PrimeField pow2(unsigned k) { return PrimeField(limbs::power_of_two_mod(k + 256, kModulus)); }

  // 32 bytes, big-endian. False, and out unchanged, when the integer is not below p.
  [[nodiscard]] static constexpr bool read(std::span<const std::uint8_t, 32> bytes, PrimeField& out) {
    const U256 x = load(bytes);
    if (!limbs::less(x, kModulus)) return false;
    out.limbs_ = montgomery(x, kR2);
    return true;
  }
  // 64 bytes, a big-endian integer, mod p.
  static constexpr PrimeField from_hash512(std::span<const std::uint8_t, 64> bytes) {
    // The first operand of montgomery may be any 256-bit integer.
    return PrimeField(montgomery(load(bytes.template last<32>()), kR2)) +
           PrimeField(montgomery(load(bytes.template first<32>()), kR3));
  }
  constexpr void write(std::span<std::uint8_t, 32> out) const {
    const U256 x = integer();
    for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<std::uint8_t>(x[3 - i / 8] >> (56 - i % 8 * 8));
  }
  constexpr std::array<std::uint8_t, 32> bytes() const {
    std::array<std::uint8_t, 32> out{};
    write(out);
    return out;
  }
  // The integer in [0, p), least significant limb first.
  constexpr U256 integer() const { return montgomery(limbs_, {1, 0, 0, 0}); }

  constexpr bool operator==(const PrimeField&) const = default;
  constexpr bool is_zero() const { return (limbs_[0] | limbs_[1] | limbs_[2] | limbs_[3]) == 0; }
  constexpr bool is_odd() const { return integer()[0] & 1; }

  TRAINPROOF_INLINE friend constexpr PrimeField operator+(const PrimeField& x, const PrimeField& y) {
    return PrimeField(sum(x.limbs_, y.limbs_));
  }
  TRAINPROOF_INLINE friend constexpr PrimeField operator-(const PrimeField& x, const PrimeField& y) {
    return PrimeField(difference(x.limbs_, y.limbs_));
  }
  TRAINPROOF_INLINE friend constexpr PrimeField operator*(const PrimeField& x, const PrimeField& y) {
    return PrimeField(montgomery(x.limbs_, y.limbs_));
  }
  TRAINPROOF_INLINE constexpr PrimeField operator-() const { return PrimeField(difference({}, limbs_)); }
  TRAINPROOF_INLINE constexpr PrimeField& operator+=(const PrimeField& y) { return *this = *this + y; }
  TRAINPROOF_INLINE constexpr PrimeField& operator-=(const PrimeField& y) { return *this = *this - y; }
  TRAINPROOF_INLINE constexpr PrimeField& operator*=(const PrimeField& y) { return *this = *this * y; }
  TRAINPROOF_INLINE constexpr PrimeField square() const { return *this * *this; }
  TRAINPROOF_INLINE constexpr PrimeField doubled() const { return *this + *this; }

  // x^exponent
  constexpr PrimeField power(u64 exponent) const { return power(U256{exponent, 0, 0, 0}); }
  constexpr PrimeField power(const U256& exponent) const {
    // Windows of four bits.
    std::array<PrimeField, 16> powers = {one()};
    for (std::size_t i = 1; i < 16; ++i) powers[i] = powers[i - 1] * *this;
    PrimeField out = one();
    for (std::size_t window = 64; window-- > 0;) {
      for (int i = 0; i < 4; ++i) out = out.square();
      const u64 digit = exponent[window / 16] >> 4 * (window % 16) & 15;
      if (digit != 0) out *= powers[digit];
    }
    return out;
  }
  // Zero for zero.
  constexpr PrimeField inverse() const { return PrimeField(montgomery(limbs::inverse(limbs_, kModulus), kR3)); }

 private:
  friend class FrAccumulator;
  friend struct FieldTesting;  // compares the portable code with the assembly

  static constexpr U256 kR1 = limbs::power_of_two_mod(256, kModulus);
  static constexpr U256 kR2 = limbs::power_of_two_mod(512, kModulus);
  static constexpr U256 kR3 = limbs::power_of_two_mod(768, kModulus);
  static constexpr U256 kR1Shifted = limbs::power_of_two_mod(320, kModulus);
  static constexpr U256 kR1ShiftedTwice = limbs::power_of_two_mod(384, kModulus);
  static constexpr u64 kInverse = limbs::negative_inverse(kModulus[0]);

  explicit constexpr PrimeField(const U256& montgomery_form) : limbs_(montgomery_form) {}

  // x·y / 2^256 mod p, reduced; x any 256-bit integer, y < p.
  TRAINPROOF_INLINE static constexpr U256 montgomery(const U256& x, const U256& y) {
#ifdef TRAINPROOF_X86_64
    if (!std::is_constant_evaluated()) {
      if (x86_64::kHasAdx) [[likely]] return x86_64::montgomery(x, y, kModulus, kInverse);
      return portable_montgomery_call(x, y);
    }
#endif
    return portable_montgomery(x, y);
  }
  [[gnu::noinline]] static U256 portable_montgomery_call(const U256& x, const U256& y) {
    return portable_montgomery(x, y);
  }
  TRAINPROOF_INLINE static constexpr U256 portable_montgomery(const U256& x, const U256& y) {
    u64 t0 = 0, t1 = 0, t2 = 0, t3 = 0;
    // t = (t + x_i·y + m·p) / 2^64; t < y + p < 2^255 throughout.
    const auto step = [&](u64 word) __attribute__((always_inline)) {
      u64 a = 0, c = 0;
      t0 = limbs::multiply_add(t0, word, y[0], a);
      const u64 m = t0 * kInverse;
      limbs::multiply_add(t0, m, kModulus[0], c);
      t1 = limbs::multiply_add(t1, word, y[1], a);
      t0 = limbs::multiply_add(t1, m, kModulus[1], c);
      t2 = limbs::multiply_add(t2, word, y[2], a);
      t1 = limbs::multiply_add(t2, m, kModulus[2], c);
      t3 = limbs::multiply_add(t3, word, y[3], a);
      t2 = limbs::multiply_add(t3, m, kModulus[3], c);
      t3 = a + c;
    };
    step(x[0]);
    step(x[1]);
    step(x[2]);
    step(x[3]);
    return limbs::reduce_once({t0, t1, t2, t3}, kModulus);
  }

  // word·y / 2^64 mod p, reduced; y < p.
  TRAINPROOF_INLINE static constexpr U256 word_product(u64 word, const U256& y) {
#ifdef TRAINPROOF_X86_64
    if (!std::is_constant_evaluated() && x86_64::kHasAdx) {
      return x86_64::word_product(word, y, kModulus, kInverse);
    }
#endif
    return portable_word_product(word, y);
  }
  static constexpr U256 portable_word_product(u64 word, const U256& y) {
    U256 t{};
    u64 a = 0, c = 0;
    t[0] = limbs::multiply_add(0, word, y[0], a);
    const u64 m = t[0] * kInverse;
    limbs::multiply_add(t[0], m, kModulus[0], c);
    for (std::size_t i = 1; i < 4; ++i) {
      t[i] = limbs::multiply_add(0, word, y[i], a);
      t[i - 1] = limbs::multiply_add(t[i], m, kModulus[i], c);
    }
    t[3] = a + c;
    return limbs::reduce_once(t, kModulus);
  }

  TRAINPROOF_INLINE static constexpr U256 sum(const U256& x, const U256& y) {
#ifdef TRAINPROOF_X86_64
    if (!std::is_constant_evaluated()) return x86_64::add_mod(x, y, kModulus);
#endif
    return limbs::add_mod(x, y, kModulus);
  }

  TRAINPROOF_INLINE static constexpr U256 difference(const U256& x, const U256& y) {
#ifdef TRAINPROOF_X86_64
    if (!std::is_constant_evaluated()) return x86_64::subtract_mod(x, y, kModulus);
#endif
    return portable_difference(x, y);
  }
  TRAINPROOF_INLINE static constexpr U256 portable_difference(const U256& x, const U256& y) {
    u64 borrow = 0;
    U256 d{};
    for (std::size_t i = 0; i < 4; ++i) d[i] = limbs::subtract_borrow(x[i], y[i], borrow);
    const u64 mask = 0 - borrow;
    u64 carry = 0;
    for (std::size_t i = 0; i < 4; ++i) d[i] = limbs::add_carry(d[i], kModulus[i] & mask, carry);
    return d;
  }

  static constexpr U256 load(std::span<const std::uint8_t, 32> bytes) {
    U256 x{};
    for (std::size_t i = 0; i < 32; ++i) x[3 - i / 8] = x[3 - i / 8] << 8 | bytes[i];
    return x;
  }

  U256 limbs_{};
};

// Inverts all in place with one inversion and three multiplications each; zeros stay zero. `prefix` is working
// space of at least as many elements.
template <class F>
void batch_inverse(std::span<F> values, std::span<F> prefix) {
  F product = F::one();
  for (std::size_t i = 0; i < values.size(); ++i) {
    prefix[i] = product;
    if (!values[i].is_zero()) product *= values[i];
  }
  F inverse = product.inverse();
  for (std::size_t i = values.size(); i-- > 0;) {
    if (values[i].is_zero()) continue;
    const F value = values[i];
    values[i] = inverse * prefix[i];
    inverse *= value;
  }
}

template <class F>
void batch_inverse(std::span<F> values) {
  std::vector<F> prefix(values.size());
  batch_inverse(values, std::span<F>(prefix));
}

}  // namespace trainproof

#endif  // TRAINPROOF_FIELD_PRIME_FIELD_H_
