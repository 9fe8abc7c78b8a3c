#include "backend/cpu/digit_leaves_ifma.h"

#include "backend/cpu/digit_lanes.h"
#include "backend/cpu/logup_lanes.h"

namespace trainproof::ifma {

namespace {

// What sums of small multiples are added to and reduced: below p each.
TRAINPROOF_INLINE FrLanes with_constant(FrColumns& multiples, const FrLanes& constant) {
  FrLanes out = multiples.reduce<true>();
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], constant.at[i]);
  reduce_fully(out);
  return out;
}

template <bool kStream>
TRAINPROOF_INLINE void leaves_of(const std::uint16_t* digits, const Fr& alpha, const std::array<Fr, 4>& at, const Fr& lambda, const Fr* low,
                 std::size_t count, Fr* q, LevelSums& sums) {
  Accumulators total;
  const FrLanes constant = broadcast(alpha), shift = broadcast(lambda);
  FrLanes minus[4];
  for (std::size_t j = 0; j < 4; ++j) minus[j] = broadcast(-(at[j] * kUnit));
  for (std::size_t y = 0; y < count; y += 8) {
    Vector d[16];
    load_digits<16>(digits + 16 * y, d);
    FrLanes b[2][2];
    TRAINPROOF_UNROLL for (std::size_t x = 0; x < 2; ++x) {
      TRAINPROOF_UNROLL for (std::size_t i = 0; i < 2; ++i) {
        FrColumns c;
        TRAINPROOF_UNROLL for (std::size_t j = 0; j < 4; ++j) add_multiple(c, minus[j], d[8 * x + 2 * j + i]);
        b[x][i] = with_constant(c, constant);
      }
      put_pairs<kStream>(q + 4 * y + 2 * x, b[x]);
      TRAINPROOF_UNROLL for (std::size_t i = 0; i < 2; ++i) b[x][i] = add(b[x][i], shift);
    }
    total.add_nodes<true>(load(low + y), nullptr, b);
  }
  total.write<true>(sums);
}

// p = 2α − s, q = α² − α·s + m
template <bool kStream>
TRAINPROOF_INLINE void parents_of(const std::uint16_t* digits, const Fr& alpha, const std::array<Fr, 4>& at, const Fr* low, std::size_t count,
                  Fr* p, Fr* q, LevelSums& sums) {
  Accumulators total;
  const FrLanes twice = broadcast(alpha.doubled()), squared = broadcast(alpha.square());
  FrLanes plus[4], minus[4], minus_alpha[4];
  for (std::size_t j = 0; j < 4; ++j) {
    plus[j] = broadcast(at[j] * kUnit);
    minus[j] = broadcast(-(at[j] * kUnit));
    minus_alpha[j] = broadcast(-(alpha * at[j] * kUnit));
  }
  for (std::size_t y = 0; y < count; y += 8) {
    Vector d[32];
    load_digits<32>(digits + 32 * y, d);
    FrLanes a[2][2], b[2][2];
    TRAINPROOF_UNROLL for (std::size_t x = 0; x < 2; ++x) {
      TRAINPROOF_UNROLL for (std::size_t i = 0; i < 2; ++i) {
        FrColumns cp, cq;
        TRAINPROOF_UNROLL for (std::size_t j = 0; j < 4; ++j) {
          const Vector d0 = d[16 * x + 4 * j + 2 * i], d1 = d[16 * x + 4 * j + 2 * i + 1];
          const Vector sum = _mm512_add_epi64(d0, d1);
          add_multiple(cp, minus[j], sum);
          add_multiple(cq, minus_alpha[j], sum);
          add_multiple(cq, plus[j], _mm512_mul_epu32(d0, d1));
        }
        a[x][i] = with_constant(cp, twice);
        b[x][i] = with_constant(cq, squared);
      }
      put_pairs<kStream>(p + 4 * y + 2 * x, a[x]);
      put_pairs<kStream>(q + 4 * y + 2 * x, b[x]);
    }
    total.add_nodes<false>(load(low + y), a, b);
  }
  total.write<false>(sums);
}

// Q(α) = Π (α − d_i) = α⁴ − e1·α³ + e2·α² − e3·α + e4 and its derivative, from the digits' elementary symmetric polynomials.
template <bool kStream>
TRAINPROOF_INLINE void grandparents_of(const std::uint16_t* digits, const Fr& alpha, std::size_t count, Fr* p, Fr* q) {
  const Fr square = alpha.square(), cube = square * alpha, three = Fr::from_u64(3);
  const FrLanes q4 = broadcast(square.square()), q3 = broadcast(-cube * kUnit), q2 = broadcast(square * kUnit),
                q1 = broadcast(-alpha * kUnit), one = broadcast(kUnit), upper = broadcast(Fr::pow2(52) * kUnit);
  const FrLanes p3 = broadcast(cube.doubled().doubled()), p2 = broadcast(-square * three * kUnit),
                p1 = broadcast(alpha.doubled() * kUnit), minus_one = broadcast(-kUnit);
  for (std::size_t y = 0; y < count; y += 8) {
    Vector d[4];
    load_digits<4>(digits + 4 * y, d);
    const Vector s0 = _mm512_add_epi64(d[0], d[1]), s1 = _mm512_add_epi64(d[2], d[3]);
    const Vector m0 = _mm512_mul_epu32(d[0], d[1]), m1 = _mm512_mul_epu32(d[2], d[3]);
    const Vector e1 = _mm512_add_epi64(s0, s1);
    const Vector e2 = _mm512_add_epi64(_mm512_add_epi64(m0, m1), _mm512_mul_epu32(s0, s1));
    const Vector e3 = _mm512_add_epi64(_mm512_mul_epu32(s0, m1), _mm512_mul_epu32(s1, m0));
    const Vector zero = _mm512_setzero_si512();
    FrColumns cp, cq;
    add_multiple(cp, p2, e1);
    add_multiple(cp, p1, e2);
    add_multiple(cp, minus_one, e3);
    put_row<kStream>(p + y, with_constant(cp, p3));
    add_multiple(cq, q3, e1);
    add_multiple(cq, q2, e2);
    add_multiple(cq, q1, e3);
    add_multiple(cq, one, ifma::low(zero, m0, m1));
    add_multiple(cq, upper, ifma::high(zero, m0, m1));
    put_row<kStream>(q + y, with_constant(cq, q4));
  }
}

}  // namespace

void bind_leaves(const std::uint16_t* digits, const Fr& alpha, const std::array<Fr, 4>& at, const Fr& lambda, const Fr* low,
                 std::size_t count, Fr* q, bool stream, LevelSums& sums) {
  with_stream(stream, [&](auto streamed) __attribute__((always_inline)) {
    leaves_of<streamed()>(digits, alpha, at, lambda, low, count, q, sums);
  });
}

void bind_parents(const std::uint16_t* digits, const Fr& alpha, const std::array<Fr, 4>& at, const Fr* low, std::size_t count,
                  Fr* p, Fr* q, bool stream, LevelSums& sums) {
  with_stream(stream, [&](auto streamed) __attribute__((always_inline)) {
    parents_of<streamed()>(digits, alpha, at, low, count, p, q, sums);
  });
}

void digit_grandparents(const std::uint16_t* digits, const Fr& alpha, std::size_t count, Fr* p, Fr* q, bool stream) {
  with_stream(stream, [&](auto streamed) __attribute__((always_inline)) {
    grandparents_of<streamed()>(digits, alpha, count, p, q);
  });
}

}  // namespace trainproof::ifma
