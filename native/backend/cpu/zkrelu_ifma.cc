#include "backend/cpu/zkrelu_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

using Element = Lanes<Fr>;

struct Ends {
  Element at0, at1;
};
// Values at X = 0, 2, 3.
struct Points {
  Element at[3];
};

// Of ends up to (kMultiple)p: below p, 4p, 7p for 2, where ends are almost reduced; p, 3p, 5p for 1, where they are reduced.
template <unsigned kMultiple>
TRAINPROOF_INLINE Points points(const Ends& e) {
  const Element slope = subtract<kMultiple>(e.at1, e.at0);
  const Element at2 = add(e.at1, slope);
  return {{e.at0, at2, add(at2, slope)}};
}

TRAINPROOF_INLINE void add_to(Element& x, const Element& y) {
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) x.at[i] = _mm512_add_epi64(x.at[i], y.at[i]);
}

TRAINPROOF_INLINE Ends pair(const Fr* column, std::size_t c) { return {load(column + 2 * c, 2), load(column + 2 * c + 1, 2)}; }

// Almost reduced.
TRAINPROOF_INLINE Points weight_points(const ZkReluWeight& weight, std::size_t c) {
  Columns<Fr> even, odd;
  for (std::size_t i = 0; i < weight.count; ++i) {
    const Element factor = broadcast<4>(weight.parts[i].factor);
    even.add_product(load(weight.parts[i].time + 2 * c, 2), factor);
    odd.add_product(load(weight.parts[i].time + 2 * c + 1, 2), factor);
  }
  // Below 6p for 16 parts.
  Ends ends{even.reduce<true>(), odd.reduce<true>()};
  reduce_almost(ends.at0);
  reduce_almost(ends.at1);
  return points<2>(ends);
}

struct Sums {
  Columns<Fr> at[3];

  TRAINPROOF_INLINE void add(const Points& x, const Points& y) {
    TRAINPROOF_UNROLL for (int i = 0; i < 3; ++i) at[i].add_product(x.at[i], y.at[i]);
  }
};

// x + other + constant, almost reduced; x below 3p, the others below p.
TRAINPROOF_INLINE void finish(Element& x, const Element& other, const Element& constant) {
  add_to(x, other);
  add_to(x, constant);
  reduce_almost(x);
}

}  // namespace

// Sums are of products of two memory forms, divided by 2^260: 2^(−4) times a memory form, which two_to_8's product sets right.
// A block adds at most 5p · 16p for the mask's terms and 49p² for each of three others: below 60p for 16 blocks.
void zkrelu_pairs(const ZkReluRow& row, const ZkReluConstants& k, std::size_t first, std::size_t blocks, Fr* out,
                  const Fr& two_to_8) {
  Sums sums;
  for (std::size_t c = first; blocks > 0; --blocks, c += 8) {
    const Ends m = pair(row.m, c);
    const Points m_at = points<1>(m);
    Sums inner;
    if (row.a.count != 0) inner.add(weight_points(row.a, c), points<1>(pair(row.v, c)));
    if (row.eq.count != 0) {
      const Element one = broadcast(k.one);
      Points minus;
      TRAINPROOF_UNROLL for (int i = 0; i < 3; ++i) minus.at[i] = subtract<1>(m_at.at[i], one);
      inner.add(weight_points(row.eq, c), minus);
    }
    if (row.g_weight.count != 0) {
      Points g = points<1>(pair(row.g, c));
      const Element offset = broadcast(k.g_offset);
      TRAINPROOF_UNROLL for (int i = 0; i < 3; ++i) g.at[i] = subtract<1>(g.at[i], offset);
      inner.add(weight_points(row.g_weight, c), g);
    }
    if (row.a.count + row.eq.count + row.g_weight.count != 0) {
      TRAINPROOF_UNROLL for (int i = 0; i < 3; ++i) {
        Element x = inner.at[i].reduce<true>();  // below 4p
        reduce_almost(x);
        TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) x.at[j] = _mm512_slli_epi64(x.at[j], 4);
        carry(x);
        sums.at[i].add_product(m_at.at[i], x);
      }
    }
    if (row.z.count != 0) {
      const Ends v = pair(row.v, c), r = pair(row.r, c);
      const Element by_m = broadcast<4>(k.two_rv), by_v = broadcast<4>(k.two_r), constant = broadcast(k.minus_z);
      Columns<Fr> even, odd;
      even.add_product(m.at0, by_m);
      even.add_product(v.at0, by_v);
      odd.add_product(m.at1, by_m);
      odd.add_product(v.at1, by_v);
      Ends value{even.reduce<true>(), odd.reduce<true>()};
      finish(value.at0, r.at0, constant);
      finish(value.at1, r.at1, constant);
      sums.add(weight_points(row.z, c), points<2>(value));
    }
    if (row.gl.count != 0) {
      const Ends v = pair(row.v, c);
      const Element by_m = broadcast<4>(k.two_v), constant = broadcast(k.minus_two_v);
      Columns<Fr> even, odd;
      even.add_product(m.at0, by_m);
      odd.add_product(m.at1, by_m);
      Ends value{even.reduce<true>(), odd.reduce<true>()};
      finish(value.at0, v.at0, constant);
      finish(value.at1, v.at1, constant);
      sums.add(weight_points(row.gl, c), points<2>(value));
    }
    if (row.ga.count != 0) {
      const Ends g = pair(row.g, c), h = pair(row.h, c);
      const Element by_g = broadcast<4>(k.two_r), constant = broadcast(k.minus_ga);
      Columns<Fr> even, odd;
      even.add_product(g.at0, by_g);
      odd.add_product(g.at1, by_g);
      Ends value{even.reduce<true>(), odd.reduce<true>()};
      finish(value.at0, h.at0, constant);
      finish(value.at1, h.at1, constant);
      sums.add(weight_points(row.ga, c), points<2>(value));
    }
  }
  const Element scale = broadcast(two_to_8);
  TRAINPROOF_UNROLL for (int i = 0; i < 3; ++i) store(out + 8 * i, 1, multiply(sums.at[i].reduce(), scale));
}

}  // namespace trainproof::ifma
