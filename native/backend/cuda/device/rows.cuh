// Rows of products: four limbs at every second position times one limb, low and high halves in one carry chain.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_ROWS_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_ROWS_CUH_

#include "backend/cuda/device/carry.cuh"

namespace trainproof::cuda::rows {

using u32 = std::uint32_t;

TRAINPROOF_DEVICE void set(u32* to, u32 a0, u32 a2, u32 a4, u32 a6, u32 b) {
  to[0] = carry::mul_low(a0, b), to[1] = carry::mul_high(a0, b);
  to[2] = carry::mul_low(a2, b), to[3] = carry::mul_high(a2, b);
  to[4] = carry::mul_low(a4, b), to[5] = carry::mul_high(a4, b);
  to[6] = carry::mul_low(a6, b), to[7] = carry::mul_high(a6, b);
}

// to += a · b; the carry is left in the flag.
TRAINPROOF_DEVICE void add_begin(u32* to, u32 a0, u32 a2, u32 a4, u32 a6, u32 b) {
  to[0] = carry::mad_low_begin(a0, b, to[0]), to[1] = carry::mad_high_next(a0, b, to[1]);
  to[2] = carry::mad_low_next(a2, b, to[2]), to[3] = carry::mad_high_next(a2, b, to[3]);
  to[4] = carry::mad_low_next(a4, b, to[4]), to[5] = carry::mad_high_next(a4, b, to[5]);
  to[6] = carry::mad_low_next(a6, b, to[6]), to[7] = carry::mad_high_next(a6, b, to[7]);
}

// to = to / 2^64 + a · b + the flag
TRAINPROOF_DEVICE void add_next_shifted(u32* to, u32 a0, u32 a2, u32 a4, u32 a6, u32 b) {
  to[0] = carry::mad_low_next(a0, b, to[2]), to[1] = carry::mad_high_next(a0, b, to[3]);
  to[2] = carry::mad_low_next(a2, b, to[4]), to[3] = carry::mad_high_next(a2, b, to[5]);
  to[4] = carry::mad_low_next(a4, b, to[6]), to[5] = carry::mad_high_next(a4, b, to[7]);
  to[6] = carry::mad_low_next(a6, b, 0), to[7] = carry::mad_high_end(a6, b, 0);
}

// t[0 … kLimbs] += a · b, with the carry into t[kLimbs + 1]; even and odd limbs of a in chains of their own.
template <int kLimbs>
TRAINPROOF_DEVICE void add_multiple(u32* t, const u32* a, u32 b) {
  static_assert(kLimbs % 2 == 0);
  t[0] = carry::mad_low_begin(a[0], b, t[0]);
  t[1] = carry::mad_high_next(a[0], b, t[1]);
#pragma unroll
  for (int i = 2; i < kLimbs; i += 2) {
    t[i] = carry::mad_low_next(a[i], b, t[i]);
    t[i + 1] = carry::mad_high_next(a[i], b, t[i + 1]);
  }
  t[kLimbs] = carry::add_next(t[kLimbs], 0);
  t[kLimbs + 1] = carry::add_end(t[kLimbs + 1], 0);
  t[1] = carry::mad_low_begin(a[1], b, t[1]);
  t[2] = carry::mad_high_next(a[1], b, t[2]);
#pragma unroll
  for (int i = 3; i < kLimbs; i += 2) {
    t[i] = carry::mad_low_next(a[i], b, t[i]);
    t[i + 1] = carry::mad_high_next(a[i], b, t[i + 1]);
  }
  t[kLimbs + 1] = carry::add_end(t[kLimbs + 1], 0);
}

}  // namespace trainproof::cuda::rows

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_ROWS_CUH_
