// Eight nodes of a LogUp level in lanes, for units that include field/ifma.h.
#ifndef TRAINPROOF_BACKEND_CPU_LOGUP_LANES_H_
#define TRAINPROOF_BACKEND_CPU_LOGUP_LANES_H_

#include <type_traits>

#include "backend/cpu/logup_ifma.h"
#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

using FrLanes = Lanes<Fr>;
using FrColumns = Columns<Fr>;

// even + r·(odd − even), reduced; r times 16, even and odd below kBound·p ≤ 4p.
template <unsigned kBound = 1>
TRAINPROOF_INLINE FrLanes folded(const FrLanes& even, const FrLanes& odd, const FrLanes& r) {
  FrLanes out = multiply<true>(subtract<kBound>(odd, even), r);
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], even.at[i]);
  reduce_fully(out);
  return out;
}

// Past the caches with kStream, for what is read again only when it has left them: memory is not read before it is written.
template <bool kStream>
TRAINPROOF_INLINE void put_line(Fr* to, Vector x) {
  if constexpr (kStream) {
    _mm512_stream_si512(reinterpret_cast<Vector*>(to), x);
  } else {
    _mm512_storeu_si512(to, x);
  }
}
// Element k of the four vectors a … d, 128 bits each, goes to `line(k)`.
template <bool kStream, class Line>
TRAINPROOF_INLINE void put_lines(Vector a, Vector b, Vector c, Vector d, Line&& line) {
  const Vector ab = _mm512_shuffle_i64x2(a, b, 0x44), cd = _mm512_shuffle_i64x2(c, d, 0x44);
  const Vector ab_high = _mm512_shuffle_i64x2(a, b, 0xee), cd_high = _mm512_shuffle_i64x2(c, d, 0xee);
  put_line<kStream>(line(0), _mm512_shuffle_i64x2(ab, cd, 0x88));
  put_line<kStream>(line(1), _mm512_shuffle_i64x2(ab, cd, 0xdd));
  put_line<kStream>(line(2), _mm512_shuffle_i64x2(ab_high, cd_high, 0x88));
  put_line<kStream>(line(3), _mm512_shuffle_i64x2(ab_high, cd_high, 0xdd));
}
// Reduced elements to to[0 … 7].
template <bool kStream>
TRAINPROOF_INLINE void put_row(Fr* to, const FrLanes& x) {
  const Words w = pack(x);
  put_lines<kStream>(_mm512_unpacklo_epi64(w.at[0], w.at[1]), _mm512_unpacklo_epi64(w.at[2], w.at[3]),
                     _mm512_unpackhi_epi64(w.at[0], w.at[1]), _mm512_unpackhi_epi64(w.at[2], w.at[3]),
                     [=](int k) __attribute__((always_inline)) { return to + 2 * k; });
}
// Lane k's two go to to[4k] and to[4k + 1].
template <bool kStream>
TRAINPROOF_INLINE void put_pairs(Fr* to, const FrLanes (&x)[2]) {
  const Words v = pack(x[0]), w = pack(x[1]);
  put_lines<kStream>(_mm512_unpacklo_epi64(v.at[0], v.at[1]), _mm512_unpacklo_epi64(v.at[2], v.at[3]),
                     _mm512_unpacklo_epi64(w.at[0], w.at[1]), _mm512_unpacklo_epi64(w.at[2], w.at[3]),
                     [=](int k) __attribute__((always_inline)) { return to + 8 * k; });
  put_lines<kStream>(_mm512_unpackhi_epi64(v.at[0], v.at[1]), _mm512_unpackhi_epi64(v.at[2], v.at[3]),
                     _mm512_unpackhi_epi64(w.at[0], w.at[1]), _mm512_unpackhi_epi64(w.at[2], w.at[3]),
                     [=](int k) __attribute__((always_inline)) { return to + 8 * k + 4; });
}
// A few cache lines of what is to be read soon. Spread over a loop's body: a block's arithmetic is longer than the processor looks ahead,
// and what it waits for at once it does not wait for in parallel.
template <std::size_t kLines>
TRAINPROOF_INLINE void fetch(const Fr* from) {
  TRAINPROOF_UNROLL for (std::size_t line = 0; line < kLines; ++line) __builtin_prefetch(from + 2 * line);
}

// f(std::bool_constant) for whether to stream; streamed entries are in memory for all when it ends.
template <class F>
TRAINPROOF_INLINE void with_stream(bool stream, F&& f) {
  if (stream) {
    f(std::true_type());
    _mm_sfence();
  } else {
    f(std::false_type());
  }
}

// What nodes add to the sums: products are divided by 2^4 each.
struct Accumulators {
  FrColumns fractions[2], denominators[2];

  template <int kAt>
  TRAINPROOF_INLINE void add(const FrLanes& weight, const FrLanes* p, const FrLanes* q) {
    if (p != nullptr) {
      ShortColumns<Fr> c;
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

}  // namespace

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_LOGUP_LANES_H_
