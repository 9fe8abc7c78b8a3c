// Sums of products that are reduced once, at the end. Included by field/field.h.
#ifndef TRAINPROOF_FIELD_ACCUMULATOR_H_
#define TRAINPROOF_FIELD_ACCUMULATOR_H_

#include "field/field.h"

namespace trainproof {

// Σ x·y of field elements and Σ x·n with 64-bit integers n, together up to 2^60 terms: products of two elements
// are below 2^508 (nine limbs), of an element and an integer below 2^318 (six limbs).
class FrAccumulator {
  using u64 = limbs::u64;

 public:
  TRAINPROOF_INLINE void add_product(const Fr& x, const Fr& y) {
#ifdef TRAINPROOF_X86_64
    if (x86_64::kHasAdx) [[likely]] return x86_64::add_product(products_, x.limbs_, y.limbs_);
#endif
    add_product_portably(x, y);
  }

  // n as unsigned is n + 2^64 where n < 0: this is taken back from `negative_`.
  TRAINPROOF_INLINE void add_product(const Fr& x, std::int64_t n) {
#ifdef TRAINPROOF_X86_64
    if (x86_64::kHasAdx) [[likely]] {
      x86_64::add_multiple(multiples_, x.limbs_, static_cast<u64>(n));
      // Types without a sign are known to need no more when this is compiled.
      if (!(__builtin_constant_p(n >= 0) && n >= 0)) {
        x86_64::add_masked(negative_, x.limbs_, static_cast<u64>(n >> 63));
      }
      return;
    }
#endif
    add_product_portably(x, n);
  }

 private:
  friend struct FieldTesting;

  void add_product_portably(const Fr& x, const Fr& y) {
    const limbs::U256 &a = x.limbs_, &b = y.limbs_;
    std::array<u64, 8> t{};
    for (std::size_t i = 0; i < 4; ++i) {
      u64 carry = 0;
      for (std::size_t j = 0; j < 4; ++j) t[i + j] = limbs::multiply_add(t[i + j], a[i], b[j], carry);
      t[i + 4] = carry;
    }
    u64 carry = 0;
    for (std::size_t i = 0; i < 8; ++i) products_[i] = limbs::add_carry(products_[i], t[i], carry);
    products_[8] += carry;
  }

  void add_product_portably(const Fr& x, std::int64_t n) {
    const u64 word = static_cast<u64>(n), sign = static_cast<u64>(n >> 63);
    u64 high = 0, carry = 0, negative_carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const u64 low = limbs::multiply_add(0, x.limbs_[i], word, high);
      multiples_[i] = limbs::add_carry(multiples_[i], low, carry);
      negative_[i] = limbs::add_carry(negative_[i], x.limbs_[i] & sign, negative_carry);
    }
    multiples_[4] = limbs::add_carry(multiples_[4], high, carry);
    multiples_[5] += carry;
    negative_[4] += negative_carry;
  }

 public:
  // Adds what another has accumulated.
  void add(const FrAccumulator& other) {
    add_limbs(products_, other.products_);
    add_limbs(multiples_, other.multiples_);
    add_limbs(negative_, other.negative_);
  }

  Fr reduce() const {
    Fr out;
    // Products of Montgomery forms carry 2^512: one factor 2^256 is divided out.
    if (any(products_)) {
      out = Fr(Fr::montgomery({products_[0], products_[1], products_[2], products_[3]}, {1, 0, 0, 0})) +
            Fr(Fr::montgomery({products_[4], products_[5], products_[6], products_[7]}, Fr::kR1)) +
            Fr(Fr::montgomery({products_[8], 0, 0, 0}, Fr::kR2));
    }
    if (any(multiples_)) {
      out += Fr(Fr::montgomery({multiples_[0], multiples_[1], multiples_[2], multiples_[3]}, Fr::kR1)) +
             Fr(Fr::montgomery({multiples_[4], multiples_[5], 0, 0}, Fr::kR2));
    }
    if (any(negative_)) {
      out -= Fr(Fr::montgomery({0, negative_[0], negative_[1], negative_[2]}, Fr::kR1)) +
             Fr(Fr::montgomery({negative_[3], negative_[4], 0, 0}, Fr::kR2));
    }
    return out;
  }

 private:
  template <std::size_t N>
  static bool any(const std::array<u64, N>& x) {
    u64 bits = 0;
    for (u64 limb : x) bits |= limb;
    return bits != 0;
  }
  template <std::size_t N>
  static void add_limbs(std::array<u64, N>& x, const std::array<u64, N>& y) {
    u64 carry = 0;
    for (std::size_t i = 0; i < N; ++i) x[i] = limbs::add_carry(x[i], y[i], carry);
  }

  std::array<u64, 9> products_{};
  std::array<u64, 6> multiples_{};
  std::array<u64, 5> negative_{};
};

}  // namespace trainproof

#endif  // TRAINPROOF_FIELD_ACCUMULATOR_H_
