// Digits to lanes, for units that include field/ifma.h.
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_LANES_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_LANES_H_

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

// An integer times this, divided by 2^260, is in memory's form.
constexpr Fr kUnit = Fr::pow2(260);

// x·n for n below 2^52.
template <class F>
TRAINPROOF_INLINE void add_multiple(Columns<F>& c, const Lanes<F>& x, Vector n) {
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    c.lo[i] = low(c.lo[i], x.at[i], n);
    c.hi[i + 1] = high(c.hi[i + 1], x.at[i], n);
  }
}

// Lane y of digits[k] is the k-th of the kCount digits from `from` + kCount·y on; kCount is 4, 8, or a multiple of 16.
template <int kCount>
TRAINPROOF_INLINE void load_digits(const std::uint16_t* from, Vector* digits) {
  constexpr int kWords = kCount / 4;
  Vector fours[kWords];
  if constexpr (kWords == 1) {
    fours[0] = _mm512_loadu_si512(from);
  } else if constexpr (kWords == 2) {
    const Vector a = _mm512_loadu_si512(from), b = _mm512_loadu_si512(from + 32);
    fours[0] = _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), b);
    fours[1] = _mm512_permutex2var_epi64(a, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), b);
  } else {
    TRAINPROOF_UNROLL for (int part = 0; part < kCount / 16; ++part) {
      const Words w = transpose_in([=](int lane) __attribute__((always_inline)) { return from + kCount * lane + 16 * part; });
      TRAINPROOF_UNROLL for (int i = 0; i < 4; ++i) fours[4 * part + i] = w.at[i];
    }
  }
  const Vector mask = all(0xffff);
  TRAINPROOF_UNROLL for (int k = 0; k < kWords; ++k) {
    digits[4 * k] = _mm512_and_si512(fours[k], mask);
    digits[4 * k + 1] = _mm512_and_si512(_mm512_srli_epi64(fours[k], 16), mask);
    digits[4 * k + 2] = _mm512_and_si512(_mm512_srli_epi64(fours[k], 32), mask);
    digits[4 * k + 3] = _mm512_srli_epi64(fours[k], 48);
  }
}

}  // namespace

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_LANES_H_
