// The prime fields on the device: x·2^256 mod p, reduced, in eight 32-bit limbs (memory's form, field/prime_field.h).
//
// A product is 64 + 64 + 8 multiplier instructions: operand and modulus rows go alternately into an accumulator of even and one
// of odd limb positions, so that in each row low and high halves form one carry chain (the scheme of sppark's mont_t).
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_FIELD_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_FIELD_CUH_

#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/device/params.h"
#include "backend/cuda/device/rows.cuh"
#include "backend/cuda/element.h"

namespace trainproof::cuda {

template <class Params>
struct Field {
  using u32 = std::uint32_t;
  u32 limb[8];

  Field() = default;
  TRAINPROOF_DEVICE Field(const Element& e) {
#pragma unroll
    for (int i = 0; i < 8; ++i) limb[i] = e.limb[i];
  }
  TRAINPROOF_DEVICE operator Element() const {
    Element e;
#pragma unroll
    for (int i = 0; i < 8; ++i) e.limb[i] = limb[i];
    return e;
  }

  TRAINPROOF_DEVICE static Field zero() { return {}; }
  TRAINPROOF_DEVICE static Field one() { return constant(Params::one()); }
  template <class Limbs>
  TRAINPROOF_DEVICE static Field constant(const Limbs& limbs) {
    Field out;
#pragma unroll
    for (int i = 0; i < 8; ++i) out.limb[i] = limbs.at[i];
    return out;
  }

  TRAINPROOF_DEVICE bool is_zero() const {
    u32 bits = 0;
#pragma unroll
    for (int i = 0; i < 8; ++i) bits |= limb[i];
    return bits == 0;
  }
  TRAINPROOF_DEVICE bool operator==(const Field& y) const {
    u32 bits = 0;
#pragma unroll
    for (int i = 0; i < 8; ++i) bits |= limb[i] ^ y.limb[i];
    return bits == 0;
  }

  TRAINPROOF_DEVICE friend Field operator+(const Field& x, const Field& y) {
    Field out;
    out.limb[0] = carry::add_begin(x.limb[0], y.limb[0]);
#pragma unroll
    for (int i = 1; i < 7; ++i) out.limb[i] = carry::add_next(x.limb[i], y.limb[i]);
    out.limb[7] = carry::add_end(x.limb[7], y.limb[7]);
    return out.reduced_once();
  }
  TRAINPROOF_DEVICE friend Field operator-(const Field& x, const Field& y) {
    Field out;
    out.limb[0] = carry::sub_begin(x.limb[0], y.limb[0]);
#pragma unroll
    for (int i = 1; i < 8; ++i) out.limb[i] = carry::sub_next(x.limb[i], y.limb[i]);
    const u32 borrow = carry::sub_end(0, 0);
    constexpr Limbs8 p = Params::modulus();
    out.limb[0] = carry::add_begin(out.limb[0], p.at[0] & borrow);
#pragma unroll
    for (int i = 1; i < 7; ++i) out.limb[i] = carry::add_next(out.limb[i], p.at[i] & borrow);
    out.limb[7] = carry::add_end(out.limb[7], p.at[7] & borrow);
    return out;
  }
  TRAINPROOF_DEVICE Field operator-() const { return zero() - *this; }
  TRAINPROOF_DEVICE Field& operator+=(const Field& y) { return *this = *this + y; }
  TRAINPROOF_DEVICE Field& operator-=(const Field& y) { return *this = *this - y; }
  TRAINPROOF_DEVICE Field doubled() const { return *this + *this; }

  // x·y / 2^256; x any 256-bit integer, y < p.
  TRAINPROOF_DEVICE friend Field operator*(const Field& x, const Field& y) {
    u32 even[8], odd[8];
#pragma unroll
    for (int i = 0; i < 8; i += 2) {
      step(even, odd, y.limb, x.limb[i], i == 0);
      step(odd, even, y.limb, x.limb[i + 1], false);
    }
    return join(even, odd).reduced_once();
  }
  TRAINPROOF_DEVICE Field& operator*=(const Field& y) { return *this = *this * y; }
  TRAINPROOF_DEVICE Field square() const { return *this * *this; }

  // x < 2p to x mod p.
  TRAINPROOF_DEVICE Field reduced_once() const { return reduced_by(Params::modulus()); }

  // this − m if that is not negative; m is p or 2p.
  template <class Limbs>
  TRAINPROOF_DEVICE Field reduced_by(const Limbs& m) const {
    Field less;
    less.limb[0] = carry::sub_begin(limb[0], m.at[0]);
#pragma unroll
    for (int i = 1; i < 8; ++i) less.limb[i] = carry::sub_next(limb[i], m.at[i]);
    const u32 borrow = carry::sub_end(0, 0);
    Field out;
#pragma unroll
    for (int i = 0; i < 8; ++i) out.limb[i] = borrow ? limb[i] : less.limb[i];
    return out;
  }

  // n in Montgomery form: n·2^320 / 2^64, two rounds of a reduction by one limb.
  TRAINPROOF_DEVICE static Field from_u64(std::uint64_t n) {
    u32 t[10] = {};
    constexpr Limbs8 scale = Params::one_shifted(), p = Params::modulus();
#pragma unroll
    for (int round = 0; round < 2; ++round) {
      const u32 word = static_cast<u32>(round == 0 ? n : n >> 32);
      // t += word · scale, then (t + m·p) / 2^32
      rows::add_multiple<8>(t, scale.at, word);
      const u32 m = t[0] * Params::kInverse;
      rows::add_multiple<8>(t, p.at, m);
#pragma unroll
      for (int i = 0; i < 9; ++i) t[i] = t[i + 1];
      t[9] = 0;
    }
    Field out;
#pragma unroll
    for (int i = 0; i < 8; ++i) out.limb[i] = t[i];
    return out.reduced_once();
  }
  TRAINPROOF_DEVICE static Field from_i64(std::int64_t n) {
    const Field out = from_u64(n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n));
    return n < 0 ? -out : out;
  }

  // The integer in [0, p).
  TRAINPROOF_DEVICE Field integer() const {
    Field one_limb = zero();
    one_limb.limb[0] = 1;
    return *this * one_limb;
  }

  // x^(p−2): not for many.
  TRAINPROOF_DEVICE Field inverse() const {
    Field out = one();
#pragma unroll 1
    for (int bit = 253; bit >= 0; --bit) {
      out = out.square();
      // p − 2 has p's limbs but the lowest.
      const u32 word = Params::modulus().at[bit >> 5] - (bit < 32 ? 2 : 0);
      if (word >> (bit & 31) & 1) out *= *this;
    }
    return out;
  }

  // One limb b of an operand and one reduction: even accumulates at positions 0, 2, …, odd at 1, 3, …; the roles swap
  // with each limb, since each reduction shifts by one.
  TRAINPROOF_DEVICE static void step(u32 (&even)[8], u32 (&odd)[8], const u32 (&a)[8], u32 b, bool first) {
    if (first) {
      rows::set(odd, a[1], a[3], a[5], a[7], b);
      rows::set(even, a[0], a[2], a[4], a[6], b);
    } else {
      even[0] = carry::add_begin(even[0], odd[1]);
      rows::add_next_shifted(odd, a[1], a[3], a[5], a[7], b);
      rows::add_begin(even, a[0], a[2], a[4], a[6], b);
      odd[7] = carry::add_end(odd[7], 0);
    }
    reduce_limb(even, odd);
  }
  TRAINPROOF_DEVICE static void reduce_limb(u32 (&even)[8], u32 (&odd)[8]) {
    constexpr Limbs8 p = Params::modulus();
    const u32 m = even[0] * Params::kInverse;
    rows::add_begin(odd, p.at[1], p.at[3], p.at[5], p.at[7], m);
    rows::add_begin(even, p.at[0], p.at[2], p.at[4], p.at[6], m);
    odd[7] = carry::add_end(odd[7], 0);
  }
  // even + odd / 2^32
  TRAINPROOF_DEVICE static Field join(const u32 (&even)[8], const u32 (&odd)[8]) {
    Field out;
    out.limb[0] = carry::add_begin(even[0], odd[1]);
#pragma unroll
    for (int i = 1; i < 7; ++i) out.limb[i] = carry::add_next(even[i], odd[i + 1]);
    out.limb[7] = carry::add_end(even[7], 0);
    return out;
  }
};

using FrD = Field<FrDeviceParams>;
using FqD = Field<FqDeviceParams>;

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_FIELD_CUH_
