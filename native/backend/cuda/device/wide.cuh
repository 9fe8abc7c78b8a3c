// Lazy reduction: sums that are reduced once, at the end.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_WIDE_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_WIDE_CUH_

#include "backend/cuda/device/field.cuh"
#include "backend/cuda/view.h"

namespace trainproof::cuda {

// Σ x·y of at most kMost products, in 512 bits: 64 multiplier instructions each and 72 for the sum, against 136 each.
template <class F, class Params>
struct ProductSum {
  static constexpr int kMost = 8;  // 8p² < 2^512, and the reduced sum is below 3p
  std::uint32_t t[16] = {};

  TRAINPROOF_DEVICE void add(const F& x, const F& y) {
    std::uint32_t even[16] = {}, odd[16] = {};
    const std::uint32_t* a = x.limb;
#pragma unroll
    for (int i = 0; i < 8; i += 2) {
      // Limbs beyond those that a row has reached are zero: no carry leaves it but into the next one.
      rows::add_begin(even + i, a[0], a[2], a[4], a[6], y.limb[i]);
      even[i + 8] = carry::add_end(even[i + 8], 0);
      rows::add_begin(odd + i, a[1], a[3], a[5], a[7], y.limb[i]);
      rows::add_begin(odd + i, a[0], a[2], a[4], a[6], y.limb[i + 1]);
      odd[i + 8] = carry::add_end(odd[i + 8], 0);
      rows::add_begin(even + i + 2, a[1], a[3], a[5], a[7], y.limb[i + 1]);
    }
    t[0] = carry::add_begin(t[0], even[0]);
#pragma unroll
    for (int i = 1; i < 15; ++i) t[i] = carry::add_next(t[i], even[i]);
    t[15] = carry::add_end(t[15], even[15]);
    t[1] = carry::add_begin(t[1], odd[0]);
#pragma unroll
    for (int i = 2; i < 15; ++i) t[i] = carry::add_next(t[i], odd[i - 1]);
    t[15] = carry::add_end(t[15], odd[14]);
  }

  // The sum / 2^256 mod p.
  TRAINPROOF_DEVICE F reduce() const {
    std::uint32_t even[8], odd[8] = {};
#pragma unroll
    for (int i = 0; i < 8; ++i) even[i] = t[i];
    F::reduce_limb(even, odd);
#pragma unroll
    for (int i = 1; i < 8; ++i) {
      if (i % 2 == 1) {
        shift(odd, even);
        F::reduce_limb(odd, even);
      } else {
        shift(even, odd);
        F::reduce_limb(even, odd);
      }
    }
    F out = F::join(even, odd);  // at most p
    out.limb[0] = carry::add_begin(out.limb[0], t[8]);
#pragma unroll
    for (int i = 1; i < 7; ++i) out.limb[i] = carry::add_next(out.limb[i], t[8 + i]);
    out.limb[7] = carry::add_end(out.limb[7], t[15]);
    return out.reduced_by(Params::twice()).reduced_once();
  }

 private:
  // As Field::step without an operand: low becomes the accumulator of the lowest limb, high loses its two lowest.
  TRAINPROOF_DEVICE static void shift(std::uint32_t (&low)[8], std::uint32_t (&high)[8]) {
    low[0] = carry::add_begin(low[0], high[1]);
#pragma unroll
    for (int i = 0; i < 6; ++i) high[i] = carry::add_next(high[i + 2], 0);
    high[6] = carry::add_end(0, 0);
    high[7] = 0;
  }
};
using FrProductSum = ProductSum<FrD, FrDeviceParams>;

// Σ x·n with 64-bit integers n, up to 2^32 terms: a signed number of 352 bits.
struct IntegerSum {
  std::uint32_t t[11] = {};

  template <class T>
  TRAINPROOF_DEVICE void add(const FrD& x, T n) {
    constexpr int kWords = sizeof(T) > 4 ? 2 : 1;
    const bool negative = is_negative(n);
    const std::uint64_t magnitude =
        negative ? 0 - static_cast<std::uint64_t>(static_cast<std::int64_t>(n)) : static_cast<std::uint64_t>(n);
    std::uint32_t p[12] = {};
#pragma unroll
    for (int i = 0; i < kWords; ++i) {
      rows::add_multiple<8>(p + i, x.limb, static_cast<std::uint32_t>(magnitude >> (32 * i)));
    }
    const std::uint32_t mask = negative ? 0xffffffff : 0;
    carry::add_begin(mask, mask);  // −p is ~p + 1
#pragma unroll
    for (int i = 0; i < 10; ++i) t[i] = carry::add_next(t[i], p[i] ^ mask);
    t[10] = carry::add_end(t[10], mask);
  }

  // mod p, in the form of the x
  TRAINPROOF_DEVICE FrD reduce() const {
    const std::uint32_t mask = static_cast<std::int32_t>(t[10]) < 0 ? 0xffffffff : 0;
    FrD low, high = FrD::zero();
    carry::add_begin(mask, mask);
#pragma unroll
    for (int i = 0; i < 8; ++i) low.limb[i] = carry::add_next(t[i] ^ mask, 0);
    high.limb[0] = carry::add_next(t[8] ^ mask, 0);
    high.limb[1] = carry::add_next(t[9] ^ mask, 0);
    high.limb[2] = carry::add_end(t[10] ^ mask, 0);
    const FrD out = low * FrD::one() + high * FrD::constant(FrDeviceParams::square());
    return mask != 0 ? -out : out;
  }
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_WIDE_CUH_
