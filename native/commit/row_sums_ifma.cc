#include "commit/row_sums_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

// Shifts that bring memory's x·2^256 and y·2^256 to x/4 · 2^260 and y/8 · 2^260.
constexpr unsigned kShiftX = 2, kShiftY = 1;

TRAINPROOF_INLINE void keep(std::uint64_t* to, const Lanes<Fq>& x) {
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_store_si512(to + 8 * i, x.at[i]);
}
TRAINPROOF_INLINE void keep(std::uint64_t* to, const Lanes<Fq>& x, __mmask8 lanes) {
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_mask_store_epi64(to + 8 * i, lanes, x.at[i]);
}
TRAINPROOF_INLINE Lanes<Fq> kept(const std::uint64_t* from) {
  Lanes<Fq> out;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_load_si512(from + 8 * i);
  return out;
}

// The table points of eight digits; lanes of digit 0 take any.
struct Picked {
  __mmask8 used, negative;
  alignas(16) std::uint16_t index[8];
};
TRAINPROOF_INLINE Picked pick(const std::int16_t* digits) {
  const __m128i d = _mm_load_si128(reinterpret_cast<const __m128i*>(digits));
  Picked out;
  out.used = _mm_test_epi16_mask(d, d);
  out.negative = _mm_movepi16_mask(d);
  _mm_store_si128(reinterpret_cast<__m128i*>(out.index),
                  _mm_subs_epu16(_mm_abs_epi16(d), _mm_set1_epi16(1)));
  // Read again from memory; taking them out of the vector would cost the multiplications' units two operations each.
  asm("" : "+m"(out.index));
  return out;
}

// Into the second-level cache: all that a batch needs has no room in the first.
TRAINPROOF_INLINE void fetch(const SumAddition& addition) {
  const Picked picked = pick(addition.digits);
  TRAINPROOF_UNROLL for (int i = 0; i < 8; ++i) {
    _mm_prefetch(reinterpret_cast<const char*>(addition.multiples + picked.index[i]), _MM_HINT_T1);
  }
}

// Into the first-level cache, a tile ahead of use: its arithmetic is longer than the processor looks ahead.
TRAINPROOF_INLINE void fetch_points(const SumAddition& addition) {
  const Picked picked = pick(addition.digits);
  TRAINPROOF_UNROLL for (int i = 0; i < 8; ++i) __builtin_prefetch(addition.multiples + picked.index[i]);
}
template <std::size_t kVectors>
TRAINPROOF_INLINE void fetch_vectors(const std::uint64_t* from) {
  TRAINPROOF_UNROLL for (std::size_t i = 0; i < kVectors; ++i) __builtin_prefetch(from + 8 * i);
}

TRAINPROOF_INLINE Lanes<Fq> one() {
  Lanes<Fq> out;
  out.at[0] = all(1);
  TRAINPROOF_UNROLL for (int i = 1; i < 5; ++i) out.at[i] = _mm512_setzero_si512();
  return out;
}

}  // namespace

void fill_sums(std::uint64_t* sums, const CompactPoint& point) {
  Lanes<Fq> x = broadcast<kShiftX>(point.x), y = broadcast<kShiftY>(point.y);
  reduce_fully(x);
  reduce_fully(y);
  keep(sums, x);
  keep(sums + 40, y);
}

void read_sums(const std::uint64_t* sums, CompactPoint* out) {
  // Products with 2^258 and 2^259, divided by 2^260.
  constexpr Fq quarter = Fq::pow2(2), eighth = Fq::pow2(3);
  store(&out->x, 2, multiply(kept(sums), broadcast(quarter)));
  store(&out->y, 2, multiply(kept(sums + 40), broadcast(eighth)));
}

// As in batch_addition.cc, all numbers as sums are kept; coordinates of sums are below (1 + 2^-39)p.
bool add_to_sums(SumAddition* additions, std::size_t count, const SumAddition* next, std::size_t next_count,
                 std::uint64_t* space, void (*invert)(Fq* values, std::size_t count)) {
  constexpr std::size_t kChains = kSumTile;
  alignas(64) std::uint64_t unused[kSumWords] = {};
  alignas(16) const std::int16_t no_digits[8] = {};
  const CompactPoint any;
  while (count % kChains != 0) additions[count++] = {unused, &any, no_digits};

  Lanes<Fq> product[kChains];
  for (std::size_t c = 0; c < kChains; ++c) product[c] = one();
  for (std::size_t a = 0; a < count; a += kChains) {
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kChains; ++c) {
      if (a + kChains < count) {
        fetch_points(additions[a + kChains + c]);
        fetch_vectors<5>(additions[a + kChains + c].sums);
      }
      const SumAddition& addition = additions[a + c];
      std::uint64_t* const place = space + kSumSpace * (a + c);
      const Picked picked = pick(addition.digits);
      const Lanes<Fq> x1 = kept(addition.sums);
      const Lanes<Fq> x2 = unpack<kShiftX, Fq>(transpose_in([&](int lane) __attribute__((always_inline)) {
        return &addition.multiples[picked.index[lane]].x;
      }));
      Lanes<Fq> denominator = subtract<2>(x2, x1);  // below 6p
      if (picked.used != 0xff) {
        const Lanes<Fq> neutral = one();
        TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
          denominator.at[i] = _mm512_mask_mov_epi64(neutral.at[i], picked.used, denominator.at[i]);
        }
      }
      keep(place, denominator);
      keep(place + 40, product[c]);
      product[c] = multiply(product[c], denominator);  // below 3p
    }
  }

  // The chains share the inversion, too.
  Lanes<Fq> before[kChains];
  Lanes<Fq> all_chains = product[0];
  for (std::size_t c = 1; c < kChains; ++c) {
    before[c] = all_chains;
    all_chains = multiply(all_chains, product[c]);
  }
  alignas(64) Fq ends[8];
  // x·2^260 is memory's for 16·x.
  store(ends, 1, all_chains);
  const Words w = transpose_in([&](int lane) __attribute__((always_inline)) { return ends + lane; });
  const Vector any_bit =
      _mm512_or_si512(_mm512_or_si512(w.at[0], w.at[1]), _mm512_or_si512(w.at[2], w.at[3]));
  if (_mm512_testn_epi64_mask(any_bit, any_bit) != 0) [[unlikely]] return false;
  invert(ends, 8);
  constexpr Fq sixteen_twice = Fq::pow2(8);
  Lanes<Fq> inverse[kChains];
  Lanes<Fq> rest = multiply(load<4>(ends), broadcast(sixteen_twice));
  for (std::size_t c = kChains - 1; c > 0; --c) {
    inverse[c] = multiply(rest, before[c]);
    rest = multiply(rest, product[c]);
  }
  inverse[0] = rest;

  for (std::size_t a = count; a > 0;) {
    a -= kChains;
    for (std::size_t c = 0; c < kChains && a + c < next_count; ++c) fetch(next[a + c]);
    for (std::size_t c = 0; c < kChains && a > 0; ++c) {
      const SumAddition& before = additions[a - kChains + c];
      fetch_vectors<10>(space + kSumSpace * (a - kChains + c));
      fetch_vectors<10>(before.sums);
      fetch_points(before);
    }
    Lanes<Fq> slope[kChains], x3[kChains];
    Picked picked[kChains];
    // In stages, so that neighbouring multiplications do not wait for each other.
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kChains; ++c) {
      const std::uint64_t* const place = space + kSumSpace * (a + c);
      slope[c] = multiply(inverse[c], kept(place + 40));
      inverse[c] = multiply(inverse[c], kept(place));
    }
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kChains; ++c) {
      const SumAddition& addition = additions[a + c];
      picked[c] = pick(addition.digits);
      const Lanes<Fq> y1 = kept(addition.sums + 40);
      const Lanes<Fq> y2 = unpack<kShiftY, Fq>(transpose_in([&](int lane) __attribute__((always_inline)) {
        return &addition.multiples[picked[c].index[lane]].y;
      }));
      constexpr Limbs two_p = split(Fq::kModulus, 2);
      Lanes<Fq> rise;  // ±y2 − y1 + 2p, below 4p
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
        const Vector p2 = all(two_p.at[i]);
        const Vector up = _mm512_sub_epi64(_mm512_mask_sub_epi64(y2.at[i], picked[c].negative, p2, y2.at[i]), y1.at[i]);
        rise.at[i] = _mm512_add_epi64(up, p2);
      }
      carry(rise);
      slope[c] = multiply(rise, slope[c]);  // below 3p
    }
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kChains; ++c) {
      const Lanes<Fq> s = square<true>(slope[c]);  // below 2.2p
      const Lanes<Fq> x1 = kept(additions[a + c].sums), denominator = kept(space + kSumSpace * (a + c));
      // λ² − x1 − x2 + 5p: x2, below 4p, is denominator + x1 − 2p. Below 7.3p, and not negative: x1 is below 1.1p.
      constexpr Limbs p7 = split(Fq::kModulus, 7);
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
        const Vector twice = _mm512_add_epi64(x1.at[i], x1.at[i]);
        x3[c].at[i] =
            _mm512_sub_epi64(_mm512_add_epi64(s.at[i], all(p7.at[i])), _mm512_add_epi64(twice, denominator.at[i]));
      }
      reduce_almost(x3[c]);
    }
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kChains; ++c) {
      std::uint64_t* const sums = additions[a + c].sums;
      Lanes<Fq> y3 = multiply<true>(slope[c], subtract<2>(kept(sums), x3[c]));  // below 2.2p
      const Lanes<Fq> y1 = kept(sums + 40);
      constexpr Limbs two_p = split(Fq::kModulus, 2);
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
        y3.at[i] = _mm512_add_epi64(_mm512_sub_epi64(y3.at[i], y1.at[i]), all(two_p.at[i]));
      }
      reduce_almost(y3);
      keep(sums, x3[c], picked[c].used);
      keep(sums + 40, y3, picked[c].used);
    }
  }
  return true;
}

}  // namespace trainproof::ifma
