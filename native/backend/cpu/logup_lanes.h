// Eight nodes of a LogUp level in lanes, for units that include field/ifma.h.
#ifndef TRAINPROOF_BACKEND_CPU_LOGUP_LANES_H_
#define TRAINPROOF_BACKEND_CPU_LOGUP_LANES_H_

#include "backend/cpu/logup_ifma.h"
#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

using FrLanes = Lanes<Fr>;
using FrColumns = Columns<Fr>;

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

}  // namespace

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_LOGUP_LANES_H_
