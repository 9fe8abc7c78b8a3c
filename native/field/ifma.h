// Eight elements of a prime field at once with AVX-512 IFMA: five limbs of 52 bits, limb by limb. For translation units that are
// compiled for it and entered after ifma::supported() only; everything is forced inline, so that no code for it leaks
// into others. Callers handle whole blocks of eight and leave the ragged rest to portable code.
//
// Memory keeps PrimeField's form, x·2^256 reduced. A product divides by 2^260 = 16 · 2^256: where both factors come from
// memory, one is loaded times 16 (kShift = 4), and the product is again in memory's form.
// Values between loads and stores are not reduced: each function says what it takes and gives, in multiples of p.
#ifndef TRAINPROOF_FIELD_IFMA_H_
#define TRAINPROOF_FIELD_IFMA_H_

#include <immintrin.h>

#include "field/field.h"

namespace trainproof::ifma {

namespace {

using limbs::u64;
using limbs::U256;
using Vector = __m512i;

constexpr u64 kMask = (u64{1} << 52) - 1;

struct Limbs {
  u64 at[5];
};

constexpr Limbs split(const U256& x, unsigned multiple = 1) {
  // x · multiple, in limbs of 52 bits.
  Limbs out{};
  limbs::u128 carry = 0;
  for (unsigned i = 0; i < 5; ++i) {
    const unsigned bit = 52 * i, word = bit / 64, shift = bit % 64;
    u64 part = word < 4 ? x[word] >> shift : 0;
    if (shift > 12 && word + 1 < 4) part |= x[word + 1] << (64 - shift);
    carry += static_cast<limbs::u128>(part & kMask) * multiple;
    out.at[i] = i < 4 ? static_cast<u64>(carry) & kMask : static_cast<u64>(carry);
    carry >>= 52;
  }
  return out;
}

// 2^(−52) mod p
constexpr U256 inverse_of_2_to_52(const U256& p) {
  U256 x = {1, 0, 0, 0};
  for (int i = 0; i < 52; ++i) {
    u64 carry = 0;
    if (x[0] & 1) {
      for (std::size_t j = 0; j < 4; ++j) x[j] = limbs::add_carry(x[j], p[j], carry);
    }
    for (std::size_t j = 0; j < 4; ++j) x[j] = x[j] >> 1 | (j < 3 ? x[j + 1] << 63 : carry << 63);
  }
  return x;
}

template <class F>
struct Constants {
  static constexpr Limbs p = split(F::kModulus);
  static constexpr Limbs u = split(inverse_of_2_to_52(F::kModulus));
  static constexpr u64 n = limbs::negative_inverse(F::kModulus[0]) & kMask;
  // k·p for k < 8, limb by limb.
  struct Multiples {
    alignas(64) u64 at[5][8];
  };
  static constexpr Multiples multiples = [] {
    Multiples out{};
    for (unsigned k = 0; k < 8; ++k) {
      const Limbs m = split(F::kModulus, k);
      for (unsigned i = 0; i < 5; ++i) out.at[i][k] = m.at[i];
    }
    return out;
  }();
  // A little below 1 / (p >> 208).
  static constexpr double top_inverse = (1.0 - 0x1p-40) / static_cast<double>(p.at[4] + 1);
};

TRAINPROOF_INLINE Vector all(u64 x) { return _mm512_set1_epi64(static_cast<long long>(x)); }
TRAINPROOF_INLINE Vector low(Vector sum, Vector x, Vector y) { return _mm512_madd52lo_epu64(sum, x, y); }
TRAINPROOF_INLINE Vector high(Vector sum, Vector x, Vector y) { return _mm512_madd52hi_epu64(sum, x, y); }

// Eight elements; limbs below 2^52 unless said otherwise.
template <class F>
struct Lanes {
  Vector at[5];
};

#define TRAINPROOF_UNROLL _Pragma("GCC unroll 16")

// Carries of limbs that may be negative; the value is not.
template <class F>
TRAINPROOF_INLINE void carry(Lanes<F>& x) {
  TRAINPROOF_UNROLL for (int i = 0; i < 4; ++i) {
    x.at[i + 1] = _mm512_add_epi64(x.at[i + 1], _mm512_srai_epi64(x.at[i], 52));
    x.at[i] = _mm512_and_si512(x.at[i], all(kMask));
  }
}

// x + y, not reduced.
template <class F>
TRAINPROOF_INLINE Lanes<F> add(const Lanes<F>& x, const Lanes<F>& y) {
  Lanes<F> out;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(x.at[i], y.at[i]);
  carry(out);
  return out;
}
// x − y + kMultiple·p, not reduced; y ≤ kMultiple·p.
template <unsigned kMultiple, class F>
TRAINPROOF_INLINE Lanes<F> subtract(const Lanes<F>& x, const Lanes<F>& y) {
  constexpr Limbs m = split(F::kModulus, kMultiple);
  Lanes<F> out;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    out.at[i] = _mm512_add_epi64(_mm512_sub_epi64(x.at[i], y.at[i]), all(m.at[i]));
  }
  carry(out);
  return out;
}

// 16·x for x below 64p, carried.
template <class F>
TRAINPROOF_INLINE Lanes<F> times_16(const Lanes<F>& x) {
  Lanes<F> out;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_slli_epi64(x.at[i], 4);
  carry(out);
  return out;
}

// A sum of products, in columns; low and high halves apart, so that chains of additions are short.
template <class F>
struct Columns {
  Vector lo[10], hi[10];

  TRAINPROOF_INLINE Columns() {
    TRAINPROOF_UNROLL for (int i = 0; i < 10; ++i) lo[i] = hi[i] = _mm512_setzero_si512();
  }
  TRAINPROOF_INLINE void add_product(const Lanes<F>& x, const Lanes<F>& y) {
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) lo[i + j] = low(lo[i + j], x.at[j], y.at[i]);
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) hi[i + j + 1] = high(hi[i + j + 1], x.at[j], y.at[i]);
    }
  }
  // The sum divided by 2^260, below sum / 2^260 + 2p; limbs are carried unless kRaw. Four rounds fold the lowest limb with
  // 2^(−52) mod p, which needs no quotient digit; the last is Montgomery's.
  template <bool kRaw = false>
  TRAINPROOF_INLINE Lanes<F> reduce() {
    using K = Constants<F>;
    TRAINPROOF_UNROLL for (int i = 0; i < 4; ++i) {
      const Vector m = _mm512_add_epi64(lo[i], hi[i]);
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) lo[i + 1 + j] = low(lo[i + 1 + j], m, all(K::u.at[j]));
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) hi[i + 2 + j] = high(hi[i + 2 + j], m, all(K::u.at[j]));
      hi[i + 1] = _mm512_add_epi64(hi[i + 1], _mm512_srli_epi64(m, 52));
    }
    Vector t = _mm512_add_epi64(lo[4], hi[4]);
    const Vector m = low(_mm512_setzero_si512(), t, all(K::n));
    t = low(t, m, all(K::p.at[0]));
    TRAINPROOF_UNROLL for (int j = 1; j < 5; ++j) lo[4 + j] = low(lo[4 + j], m, all(K::p.at[j]));
    TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) hi[5 + j] = high(hi[5 + j], m, all(K::p.at[j]));
    hi[5] = _mm512_add_epi64(hi[5], _mm512_srli_epi64(t, 52));
    Lanes<F> out;
    TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) out.at[j] = _mm512_add_epi64(lo[5 + j], hi[5 + j]);
    if constexpr (!kRaw) carry(out);
    return out;
  }
};

// A sum of a few products. Low and high halves share columns: chains of additions are twice as long as in Columns, which many
// processors' reach of instructions covers, and there are eleven instructions fewer.
template <class F>
struct ShortColumns {
  Vector at[10];

  TRAINPROOF_INLINE ShortColumns() {
    TRAINPROOF_UNROLL for (int i = 0; i < 10; ++i) at[i] = _mm512_setzero_si512();
  }
  TRAINPROOF_INLINE void add_product(const Lanes<F>& x, const Lanes<F>& y) {
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) at[i + j] = low(at[i + j], x.at[j], y.at[i]);
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) at[i + j + 1] = high(at[i + j + 1], x.at[j], y.at[i]);
    }
  }
  // As Columns::reduce.
  template <bool kRaw = false>
  TRAINPROOF_INLINE Lanes<F> reduce() {
    using K = Constants<F>;
    TRAINPROOF_UNROLL for (int i = 0; i < 4; ++i) {
      const Vector m = at[i];
      at[i + 1] = _mm512_add_epi64(at[i + 1], _mm512_srli_epi64(m, 52));
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) at[i + 1 + j] = low(at[i + 1 + j], m, all(K::u.at[j]));
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) at[i + 2 + j] = high(at[i + 2 + j], m, all(K::u.at[j]));
    }
    const Vector m = low(_mm512_setzero_si512(), at[4], all(K::n));
    at[4] = low(at[4], m, all(K::p.at[0]));
    TRAINPROOF_UNROLL for (int j = 1; j < 5; ++j) at[4 + j] = low(at[4 + j], m, all(K::p.at[j]));
    TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) at[5 + j] = high(at[5 + j], m, all(K::p.at[j]));
    Lanes<F> out;
    out.at[0] = _mm512_add_epi64(at[5], _mm512_srli_epi64(at[4], 52));
    TRAINPROOF_UNROLL for (int j = 1; j < 5; ++j) out.at[j] = at[5 + j];
    if constexpr (!kRaw) carry(out);
    return out;
  }
};

// x·y / 2^260, below x·y / 2^260 + 2p; limbs are carried unless kRaw.
template <bool kRaw = false, class F>
TRAINPROOF_INLINE Lanes<F> multiply(const Lanes<F>& x, const Lanes<F>& y) {
  ShortColumns<F> c;
  c.add_product(x, y);
  return c.template reduce<kRaw>();
}
// x² / 2^260: products of two different limbs once, doubled.
template <bool kRaw = false, class F>
TRAINPROOF_INLINE Lanes<F> square(const Lanes<F>& x) {
  ShortColumns<F> c;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    TRAINPROOF_UNROLL for (int j = i + 1; j < 5; ++j) c.at[i + j] = low(c.at[i + j], x.at[i], x.at[j]);
    TRAINPROOF_UNROLL for (int j = i + 1; j < 5; ++j) c.at[i + j + 1] = high(c.at[i + j + 1], x.at[i], x.at[j]);
  }
  TRAINPROOF_UNROLL for (int k = 1; k < 9; ++k) c.at[k] = _mm512_add_epi64(c.at[k], c.at[k]);
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    c.at[2 * i] = low(c.at[2 * i], x.at[i], x.at[i]);
    c.at[2 * i + 1] = high(c.at[2 * i + 1], x.at[i], x.at[i]);
  }
  return c.template reduce<kRaw>();
}

// A value below 8p with limbs of any sign to below (1 + 2^-39)p, carried.
template <class F>
TRAINPROOF_INLINE void reduce_almost(Lanes<F>& x) {
  using K = Constants<F>;
  const Vector top = _mm512_add_epi64(x.at[4], _mm512_srai_epi64(x.at[3], 52));
  const __m512d quotient = _mm512_mul_pd(_mm512_cvtepi64_pd(top), _mm512_set1_pd(K::top_inverse));
  const Vector k = _mm512_cvttpd_epi64(quotient);
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    x.at[i] = _mm512_sub_epi64(x.at[i], _mm512_permutexvar_epi64(k, _mm512_load_si512(K::multiples.at[i])));
  }
  carry(x);
}
// The same to below p.
template <class F>
TRAINPROOF_INLINE void reduce_fully(Lanes<F>& x) {
  using K = Constants<F>;
  reduce_almost(x);
  if (_mm512_cmpge_epu64_mask(x.at[4], all(K::p.at[4])) != 0) [[unlikely]] {
    Lanes<F> d;
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) d.at[i] = _mm512_sub_epi64(x.at[i], all(K::p.at[i]));
    carry(d);
    const __mmask8 keep = _mm512_movepi64_mask(d.at[4]);
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) x.at[i] = _mm512_mask_mov_epi64(d.at[i], keep, x.at[i]);
  }
}

struct Words {
  Vector at[4];
};

// Eight elements of four words at `row(0) … row(7)`, word by word.
template <class Row>
TRAINPROOF_INLINE Words transpose_in(Row&& row) {
  const auto pair = [&](int a, int b) __attribute__((always_inline)) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row(a)))),
                              _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row(b))), 1);
  };
  const Vector r0 = pair(0, 4), r1 = pair(1, 5), r2 = pair(2, 6), r3 = pair(3, 7);
  const Vector t0 = _mm512_unpacklo_epi64(r0, r1), t1 = _mm512_unpackhi_epi64(r0, r1);
  const Vector t2 = _mm512_unpacklo_epi64(r2, r3), t3 = _mm512_unpackhi_epi64(r2, r3);
  const Vector a = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), b = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  return {{_mm512_permutex2var_epi64(t0, a, t2), _mm512_permutex2var_epi64(t1, a, t3),
           _mm512_permutex2var_epi64(t0, b, t2), _mm512_permutex2var_epi64(t1, b, t3)}};
}
template <class Row>
TRAINPROOF_INLINE void transpose_out(const Words& w, Row&& row) {
  const Vector t0 = _mm512_unpacklo_epi64(w.at[0], w.at[1]), t1 = _mm512_unpackhi_epi64(w.at[0], w.at[1]);
  const Vector t2 = _mm512_unpacklo_epi64(w.at[2], w.at[3]), t3 = _mm512_unpackhi_epi64(w.at[2], w.at[3]);
  // t0: words 0, 1 of rows 0, 2, 4, 6; t1: of rows 1, 3, 5, 7; t2, t3: words 2, 3.
  const Vector a = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), b = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  const Vector even_a = _mm512_permutex2var_epi64(t0, a, t2), even_b = _mm512_permutex2var_epi64(t0, b, t2);
  const Vector odd_a = _mm512_permutex2var_epi64(t1, a, t3), odd_b = _mm512_permutex2var_epi64(t1, b, t3);
  const auto put = [&](int lane, Vector x, bool upper) __attribute__((always_inline)) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(row(lane)),
                        upper ? _mm512_extracti64x4_epi64(x, 1) : _mm512_castsi512_si256(x));
  };
  put(0, even_a, false);
  put(1, odd_a, false);
  put(2, even_b, false);
  put(3, odd_b, false);
  put(4, even_a, true);
  put(5, odd_a, true);
  put(6, even_b, true);
  put(7, odd_b, true);
}

// kShift = 4: times 16, still below 2^260.
template <unsigned kShift, class F>
TRAINPROOF_INLINE Lanes<F> unpack(const Words& w) {
  const Vector mask = all(kMask);
  Lanes<F> out;
  if constexpr (kShift == 0) {
    out.at[0] = _mm512_and_si512(w.at[0], mask);
  } else {
    out.at[0] = _mm512_and_si512(_mm512_slli_epi64(w.at[0], kShift), mask);
  }
  out.at[1] = _mm512_and_si512(_mm512_shrdi_epi64(w.at[0], w.at[1], 52 - kShift), mask);
  out.at[2] = _mm512_and_si512(_mm512_shrdi_epi64(w.at[1], w.at[2], 40 - kShift), mask);
  out.at[3] = _mm512_and_si512(_mm512_shrdi_epi64(w.at[2], w.at[3], 28 - kShift), mask);
  out.at[4] = _mm512_srli_epi64(w.at[3], 16 - kShift);
  return out;
}
template <class F>
TRAINPROOF_INLINE Words pack(const Lanes<F>& x) {
  return {{_mm512_or_si512(x.at[0], _mm512_slli_epi64(x.at[1], 52)),
           _mm512_or_si512(_mm512_srli_epi64(x.at[1], 12), _mm512_slli_epi64(x.at[2], 40)),
           _mm512_or_si512(_mm512_srli_epi64(x.at[2], 24), _mm512_slli_epi64(x.at[3], 28)),
           _mm512_or_si512(_mm512_srli_epi64(x.at[3], 36), _mm512_slli_epi64(x.at[4], 16))}};
}

// Lane k from from[k · stride].
template <unsigned kShift = 0, class F>
TRAINPROOF_INLINE Lanes<F> load(const F* from, std::size_t stride = 1) {
  return unpack<kShift, F>(transpose_in([=](int lane) __attribute__((always_inline)) {
    return from + static_cast<std::size_t>(lane) * stride;
  }));
}
// The same element in all lanes.
template <unsigned kShift = 0, class F>
TRAINPROOF_INLINE Lanes<F> broadcast(const F& x) {
  const u64* words = reinterpret_cast<const u64*>(&x);
  return unpack<kShift, F>({{all(words[0]), all(words[1]), all(words[2]), all(words[3])}});
}
// x below 8p, limbs of any sign; reduced in memory.
template <class F>
TRAINPROOF_INLINE void store(F* to, std::size_t stride, Lanes<F> x) {
  reduce_fully(x);
  transpose_out(pack(x), [=](int lane) __attribute__((always_inline)) {
    return to + static_cast<std::size_t>(lane) * stride;
  });
}

}  // namespace

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_FIELD_IFMA_H_
