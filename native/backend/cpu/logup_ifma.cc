#include "backend/cpu/logup_ifma.h"

#include "backend/cpu/digit_lanes.h"
#include "backend/cpu/logup_lanes.h"

namespace trainproof::ifma {

namespace {

// Nodes ahead of which their entries are fetched.
constexpr std::size_t kAhead = 16;
constexpr Fr kHalfRange = Fr::pow2(31);

template <bool kOnes>
TRAINPROOF_INLINE void sums_of(const Fr* p, const Fr* q, const Fr& lambda, const Fr* low, std::size_t begin,
                               std::size_t count, LevelSums& sums) {
  Accumulators total;
  const FrLanes shift = broadcast(lambda);
  for (std::size_t y = begin; y < begin + count; y += 8) {
    FrLanes a[2][2], b[2][2];
    TRAINPROOF_UNROLL for (std::size_t k = 0; k < 4; ++k) {
      fetch<4>(q + 4 * (y + kAhead) + 8 * k);
      if constexpr (!kOnes) fetch<4>(p + 4 * (y + kAhead) + 8 * k);
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

template <bool kOnes, bool kStream>
TRAINPROOF_INLINE void fold_sums_of(Fr* p, Fr* q, const Fr& r, const Fr& lambda, const Fr* low, std::size_t begin,
                                    std::size_t count, LevelSums& sums) {
  Accumulators total;
  const FrLanes shift = broadcast(lambda), challenge = broadcast<4>(r);
  for (std::size_t y = begin; y < begin + count; y += 8) {
    FrLanes a[2][2], b[2][2];
    // All of a block is read before any of it is written.
    TRAINPROOF_UNROLL for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t from = 8 * y + k / 2 * 4 + k % 2, ahead = 8 * (y + kAhead) + 16 * k;
      fetch<8>(q + ahead);
      if constexpr (!kOnes) fetch<8>(p + ahead);
      b[k / 2][k % 2] = folded(load(q + from, 8), load(q + from + 2, 8), challenge);
      if constexpr (!kOnes) a[k / 2][k % 2] = folded(load(p + from, 8), load(p + from + 2, 8), challenge);
    }
    TRAINPROOF_UNROLL for (std::size_t x = 0; x < 2; ++x) {
      put_pairs<kStream>(q + 4 * y + 2 * x, b[x]);
      if constexpr (!kOnes) put_pairs<kStream>(p + 4 * y + 2 * x, a[x]);
      if constexpr (kOnes) {
        TRAINPROOF_UNROLL for (std::size_t i = 0; i < 2; ++i) b[x][i] = add(b[x][i], shift);
      }
    }
    total.add_nodes<kOnes>(load(low + (y - begin)), a, b);
  }
  total.write<kOnes>(sums);
}

TRAINPROOF_INLINE FrLanes reduced(FrLanes x) {
  reduce_fully(x);
  return x;
}

template <bool kOnes, bool kStream>
TRAINPROOF_INLINE void parents_of(const Fr* p, const Fr* q, Fr* parent_p, Fr* parent_q, std::size_t begin,
                                  std::size_t end) {
  for (std::size_t y = begin; y < end; y += 8) {
    fetch<8>(q + 2 * (y + kAhead));
    if constexpr (!kOnes) fetch<8>(p + 2 * (y + kAhead));
    const FrLanes q0 = load(q + 2 * y, 2), q1 = load(q + 2 * y + 1, 2);
    if constexpr (kOnes) {
      put_row<kStream>(parent_p + y, reduced(add(q0, q1)));
      put_row<kStream>(parent_q + y, reduced(multiply(load<4>(q + 2 * y, 2), q1)));
    } else {
      const FrLanes q0_16 = load<4>(q + 2 * y, 2), p0_16 = load<4>(p + 2 * y, 2), p1 = load(p + 2 * y + 1, 2);
      ShortColumns<Fr> c;
      c.add_product(p0_16, q1);
      c.add_product(p1, q0_16);
      put_row<kStream>(parent_p + y, reduced(c.reduce()));
      put_row<kStream>(parent_q + y, reduced(multiply(q0_16, q1)));
    }
  }
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
                     bool stream, LevelSums& sums) {
  with_stream(stream, [&](auto streamed) __attribute__((always_inline)) {
    if (p == nullptr) {
      fold_sums_of<true, streamed()>(p, q, r, lambda, low, begin, count, sums);
    } else {
      fold_sums_of<false, streamed()>(p, q, r, lambda, low, begin, count, sums);
    }
  });
}

void fraction_parents(const Fr* p, const Fr* q, Fr* parent_p, Fr* parent_q, std::size_t begin, std::size_t count, bool stream) {
  with_stream(stream, [&](auto streamed) __attribute__((always_inline)) {
    if (p == nullptr) {
      parents_of<true, streamed()>(p, q, parent_p, parent_q, begin, begin + count);
    } else {
      parents_of<false, streamed()>(p, q, parent_p, parent_q, begin, begin + count);
    }
  });
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
