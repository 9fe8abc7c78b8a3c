#include "backend/cpu/logup_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

using FrLanes = Lanes<Fr>;
using FrColumns = Columns<Fr>;

// An integer times this, reduced, is in memory's form.
constexpr Fr kUnit = Fr::pow2(260);
constexpr Fr kMinusUnit = -kUnit;
constexpr Fr kMaxDigit = Fr::pow2(16);
constexpr Fr kHalfRange = Fr::pow2(31);

// even + r·(odd − even), reduced; r times 16, even and odd below kBound·p ≤ 4p.
template <unsigned kBound = 1>
TRAINPROOF_INLINE FrLanes folded(const FrLanes& even, const FrLanes& odd, const FrLanes& r) {
  FrColumns c;
  c.add_product(subtract<kBound>(odd, even), r);
  FrLanes out = c.reduce<true>();
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], even.at[i]);
  reduce_fully(out);
  return out;
}

TRAINPROOF_INLINE void put(Fr* to, std::size_t stride, const FrLanes& x) {
  transpose_out(pack(x), [=](int lane) __attribute__((always_inline)) { return to + static_cast<std::size_t>(lane) * stride; });
}

// What nodes add to the sums: products are divided by 2^4 each.
struct Accumulators {
  FrColumns fractions[2], denominators[2];

  template <int kAt>
  TRAINPROOF_INLINE void add(const FrLanes& weight, const FrLanes* p, const FrLanes* q) {
    if (p != nullptr) {
      FrColumns c;
      c.add_product(p[0], q[1]);
      c.add_product(p[1], q[0]);
      fractions[kAt].add_product(c.reduce(), weight);
    }
    denominators[kAt].add_product(multiply(q[0], q[1]), weight);
  }

  // p[X][i], q[X][i]: child i of the nodes 2y + X, below kBound·p.
  template <bool kOnes, unsigned kBound = 2>
  TRAINPROOF_INLINE void add_nodes(const FrLanes& weight, const FrLanes (*p)[2], const FrLanes (*q)[2]) {
    add<0>(weight, kOnes ? nullptr : p[0], q[0]);
    FrLanes dp[2], dq[2];
    TRAINPROOF_UNROLL for (int i = 0; i < 2; ++i) {
      if constexpr (!kOnes) dp[i] = subtract<kBound>(p[1][i], p[0][i]);
      dq[i] = subtract<kBound>(q[1][i], q[0][i]);
    }
    add<1>(weight, kOnes ? nullptr : dp, dq);
  }

  template <bool kOnes>
  TRAINPROOF_INLINE void write(LevelSums& sums) {
    for (int at = 0; at < 2; ++at) {
      if constexpr (!kOnes) {
        store(sums.fractions[at], 1, fractions[at].reduce());
      } else {
        for (Fr& lane : sums.fractions[at]) lane = Fr::zero();
      }
      store(sums.denominators[at], 1, denominators[at].reduce());
    }
  }
};

template <bool kOnes>
TRAINPROOF_INLINE void sums_of(const Fr* p, const Fr* q, const Fr& lambda, const Fr* low, std::size_t begin,
                               std::size_t count, LevelSums& sums) {
  Accumulators total;
  const FrLanes shift = broadcast(lambda);
  for (std::size_t y = begin; y < begin + count; y += 8) {
    FrLanes a[2][2], b[2][2];
    TRAINPROOF_UNROLL for (std::size_t k = 0; k < 4; ++k) {
      b[k / 2][k % 2] = load(q + 4 * y + k, 4);
      if constexpr (kOnes) {
        b[k / 2][k % 2] = add(b[k / 2][k % 2], shift);
      } else {
        a[k / 2][k % 2] = load(p + 4 * y + k, 4);
      }
    }
    total.add_nodes<kOnes>(load(low + (y - begin)), a, b);
  }
  total.write<kOnes>(sums);
}

template <bool kOnes>
TRAINPROOF_INLINE void fold_sums_of(Fr* p, Fr* q, const Fr& r, const Fr& lambda, const Fr* low, std::size_t begin,
                                    std::size_t count, LevelSums& sums) {
  Accumulators total;
  const FrLanes shift = broadcast(lambda), challenge = broadcast<4>(r);
  for (std::size_t y = begin; y < begin + count; y += 8) {
    FrLanes a[2][2], b[2][2];
    // All of a block is read before any of it is written.
    TRAINPROOF_UNROLL for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t from = 8 * y + k / 2 * 4 + k % 2;
      b[k / 2][k % 2] = folded(load(q + from, 8), load(q + from + 2, 8), challenge);
      if constexpr (!kOnes) a[k / 2][k % 2] = folded(load(p + from, 8), load(p + from + 2, 8), challenge);
    }
    TRAINPROOF_UNROLL for (std::size_t k = 0; k < 4; ++k) {
      put(q + 4 * y + k, 4, b[k / 2][k % 2]);
      if constexpr (kOnes) {
        b[k / 2][k % 2] = add(b[k / 2][k % 2], shift);
      } else {
        put(p + 4 * y + k, 4, a[k / 2][k % 2]);
      }
    }
    total.add_nodes<kOnes>(load(low + (y - begin)), a, b);
  }
  total.write<kOnes>(sums);
}

template <bool kOnes>
TRAINPROOF_INLINE void parents_of(const Fr* p, const Fr* q, Fr* parent_p, Fr* parent_q, std::size_t begin,
                                  std::size_t end) {
  for (std::size_t y = begin; y < end; y += 8) {
    const FrLanes q0 = load(q + 2 * y, 2), q1 = load(q + 2 * y + 1, 2);
    if constexpr (kOnes) {
      store(parent_p + y, 1, add(q0, q1));
      store(parent_q + y, 1, multiply(load<4>(q + 2 * y, 2), q1));
    } else {
      const FrLanes q0_16 = load<4>(q + 2 * y, 2), p0_16 = load<4>(p + 2 * y, 2), p1 = load(p + 2 * y + 1, 2);
      FrColumns c;
      c.add_product(p0_16, q1);
      c.add_product(p1, q0_16);
      store(parent_p + y, 1, c.reduce());
      store(parent_q + y, 1, multiply(q0_16, q1));
    }
  }
}

// α, or what else a digit's multiples are added to, times what a product of a digit divides by.
struct DigitConstants {
  FrLanes one, minus_one, minus_alpha, twice_alpha, alpha_squared;
  TRAINPROOF_INLINE explicit DigitConstants(const Fr& alpha)
      : one(broadcast(kUnit)), minus_one(broadcast(kMinusUnit)), minus_alpha(broadcast(alpha * kMinusUnit)),
        twice_alpha(broadcast(alpha.doubled())), alpha_squared(broadcast(alpha.square())) {}
};

TRAINPROOF_INLINE void add_multiple(FrColumns& c, const FrLanes& x, Vector n) {
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    c.lo[i] = low(c.lo[i], x.at[i], n);
    c.hi[i + 1] = high(c.hi[i + 1], x.at[i], n);
  }
}

// Four digits in each lane.
template <int kIndex>
TRAINPROOF_INLINE Vector digit(Vector four) {
  return _mm512_and_si512(_mm512_srli_epi64(four, 16 * kIndex), all(0xffff));
}
// Lane k: the four digits at digits + 4 · (kStride · k).
template <int kStride>
TRAINPROOF_INLINE Vector four_digits(const std::uint16_t* digits) {
  if constexpr (kStride == 1) return _mm512_loadu_si512(digits);
  const Vector index = _mm512_setr_epi64(0, kStride, 2 * kStride, 3 * kStride, 4 * kStride, 5 * kStride, 6 * kStride, 7 * kStride);
  return _mm512_i64gather_epi64(index, digits, 8);
}

// p and q of the parents of the digits 2·kHalf and 2·kHalf + 1, below 4p.
template <int kHalf>
TRAINPROOF_INLINE void parent(const DigitConstants& k, Vector four, FrLanes& p, FrLanes& q) {
  const Vector d0 = digit<2 * kHalf>(four), d1 = digit<2 * kHalf + 1>(four);
  const Vector sum = _mm512_add_epi64(d0, d1), product = _mm512_mul_epu32(d0, d1);
  FrColumns cp, cq;
  add_multiple(cp, k.minus_one, sum);
  p = add(cp.reduce<true>(), k.twice_alpha);
  add_multiple(cq, k.minus_alpha, sum);
  add_multiple(cq, k.one, product);
  q = add(cq.reduce<true>(), k.alpha_squared);
}

// alpha − x for eight integers 0 ≤ x < 2^52: x·2^516 / 2^260 is x in memory's form.
TRAINPROOF_INLINE void put_leaves(Fr* out, Vector values, const FrLanes& alpha, const FrLanes& scale) {
  FrColumns c;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    c.lo[i] = low(c.lo[i], scale.at[i], values);
    c.hi[i + 1] = high(c.hi[i + 1], scale.at[i], values);
  }
  store(out, 1, subtract<3>(alpha, c.reduce()));
}

}  // namespace

void level_sums(const Fr* p, const Fr* q, const Fr& lambda, const Fr* low, std::size_t begin, std::size_t count,
                LevelSums& sums) {
  if (p == nullptr) {
    sums_of<true>(p, q, lambda, low, begin, count, sums);
  } else {
    sums_of<false>(p, q, lambda, low, begin, count, sums);
  }
}

void fold_level_sums(Fr* p, Fr* q, const Fr& r, const Fr& lambda, const Fr* low, std::size_t begin, std::size_t count,
                     LevelSums& sums) {
  if (p == nullptr) {
    fold_sums_of<true>(p, q, r, lambda, low, begin, count, sums);
  } else {
    fold_sums_of<false>(p, q, r, lambda, low, begin, count, sums);
  }
}

void fraction_parents(const Fr* p, const Fr* q, Fr* parent_p, Fr* parent_q, std::size_t begin, std::size_t count) {
  if (p == nullptr) {
    parents_of<true>(p, q, parent_p, parent_q, begin, begin + count);
  } else {
    parents_of<false>(p, q, parent_p, parent_q, begin, begin + count);
  }
}

void digit_sums(const std::uint16_t* digits, const Fr* low, std::size_t count, DigitSums& sums) {
  FrColumns s, m, d;
  for (std::size_t y = 0; y < count; y += 8) {
    const FrLanes weight = load(low + y);
    const Vector four = four_digits<1>(digits + 4 * y);
    const Vector d0 = digit<0>(four), d1 = digit<1>(four), d2 = digit<2>(four), d3 = digit<3>(four);
    add_multiple(s, weight, _mm512_add_epi64(d0, d1));
    add_multiple(m, weight, _mm512_mul_epu32(d0, d1));
    const Vector slopes = _mm512_mul_epi32(_mm512_sub_epi64(d2, d0), _mm512_sub_epi64(d3, d1));
    add_multiple(d, weight, _mm512_add_epi64(slopes, all(u64{1} << 32)));
  }
  store(sums.sums, 1, s.reduce());
  store(sums.products, 1, m.reduce());
  store(sums.differences, 1, d.reduce());
}

void fold_digit_sums(const std::uint16_t* digits, const Fr& alpha, const Fr& r, const Fr& lambda, const Fr* low,
                     std::size_t count, Fr* q, LevelSums& sums) {
  Accumulators total;
  // α − d − r·δ = (α + 2^16·r) − d − r·(δ + 2^16)
  const FrLanes minus_one = broadcast(kMinusUnit), minus_r = broadcast(r * kMinusUnit);
  const FrLanes constant = broadcast(alpha + kMaxDigit * r), shift = broadcast(lambda);
  const auto fold = [&](Vector from, Vector to) __attribute__((always_inline)) {
    FrColumns c;
    add_multiple(c, minus_one, from);
    add_multiple(c, minus_r, _mm512_add_epi64(_mm512_sub_epi64(to, from), all(u64{1} << 16)));
    FrLanes out = c.reduce<true>();
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], constant.at[i]);
    reduce_fully(out);
    return out;
  };
  for (std::size_t y = 0; y < count; y += 8) {
    FrLanes b[2][2];
    TRAINPROOF_UNROLL for (std::size_t x = 0; x < 2; ++x) {
      const Vector four = four_digits<2>(digits + 8 * y + 4 * x);
      b[x][0] = fold(digit<0>(four), digit<2>(four));
      b[x][1] = fold(digit<1>(four), digit<3>(four));
      TRAINPROOF_UNROLL for (std::size_t i = 0; i < 2; ++i) {
        put(q + 4 * y + 2 * x + i, 4, b[x][i]);
        b[x][i] = add(b[x][i], shift);
      }
    }
    total.add_nodes<true>(load(low + y), nullptr, b);
  }
  total.write<true>(sums);
}

void parent_sums(const std::uint16_t* digits, const Fr& alpha, const Fr* low, std::size_t count, LevelSums& sums) {
  Accumulators total;
  const DigitConstants k(alpha);
  for (std::size_t y = 0; y < count; y += 8) {
    FrLanes a[2][2], b[2][2];
    TRAINPROOF_UNROLL for (std::size_t x = 0; x < 2; ++x) {
      const Vector four = four_digits<2>(digits + 8 * y + 4 * x);
      parent<0>(k, four, a[x][0], b[x][0]);
      parent<1>(k, four, a[x][1], b[x][1]);
    }
    total.add_nodes<false, 4>(load(low + y), a, b);
  }
  total.write<false>(sums);
}

void fold_parent_sums(const std::uint16_t* digits, const Fr& alpha, const Fr& r, const Fr* low, std::size_t count,
                      Fr* p, Fr* q, LevelSums& sums) {
  Accumulators total;
  const DigitConstants k(alpha);
  const FrLanes challenge = broadcast<4>(r);
  for (std::size_t y = 0; y < count; y += 8) {
    FrLanes a[2][2], b[2][2];
    TRAINPROOF_UNROLL for (std::size_t x = 0; x < 2; ++x) {
      const Vector even = four_digits<4>(digits + 16 * y + 8 * x), odd = four_digits<4>(digits + 16 * y + 8 * x + 4);
      FrLanes p0, q0, p1, q1;
      parent<0>(k, even, p0, q0);
      parent<0>(k, odd, p1, q1);
      a[x][0] = folded<4>(p0, p1, challenge);
      b[x][0] = folded<4>(q0, q1, challenge);
      parent<1>(k, even, p0, q0);
      parent<1>(k, odd, p1, q1);
      a[x][1] = folded<4>(p0, p1, challenge);
      b[x][1] = folded<4>(q0, q1, challenge);
      TRAINPROOF_UNROLL for (std::size_t i = 0; i < 2; ++i) {
        put(p + 4 * y + 2 * x + i, 4, a[x][i]);
        put(q + 4 * y + 2 * x + i, 4, b[x][i]);
      }
    }
    total.add_nodes<false>(load(low + y), a, b);
  }
  total.write<false>(sums);
}

void digit_grandparents(const std::uint16_t* digits, const Fr& alpha, std::size_t count, Fr* p, Fr* q) {
  const DigitConstants k(alpha);
  for (std::size_t y = 0; y < count; y += 8) {
    const Vector four = four_digits<1>(digits + 4 * y);
    FrLanes p0, q0, p1, q1;
    parent<0>(k, four, p0, q0);
    parent<1>(k, four, p1, q1);
    const FrLanes q0_16 = times_16(q0);
    FrColumns c;
    c.add_product(times_16(p0), q1);
    c.add_product(p1, q0_16);
    store(p + y, 1, c.reduce());
    store(q + y, 1, multiply(q0_16, q1));
  }
}

void lookup_leaves(const std::uint16_t* values, const Fr& alpha, std::size_t count, Fr* out) {
  const FrLanes shifted = broadcast(alpha), scale = broadcast(kUnit);
  for (std::size_t i = 0; i < count; i += 8) {
    put_leaves(out + i, _mm512_cvtepu16_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values + i))), shifted, scale);
  }
}

void lookup_leaves(const std::int32_t* values, const Fr& alpha, std::size_t count, Fr* out) {
  // x + 2^31 is not negative.
  const FrLanes shifted = broadcast(alpha + kHalfRange), scale = broadcast(kUnit);
  for (std::size_t i = 0; i < count; i += 8) {
    const Vector x = _mm512_cvtepi32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + i)));
    put_leaves(out + i, _mm512_add_epi64(x, all(u64{1} << 31)), shifted, scale);
  }
}

}  // namespace trainproof::ifma
