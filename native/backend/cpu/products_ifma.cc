#include "backend/cpu/products_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

using Element = Lanes<Fr>;

// Values at X = 0, 2, 3: below p, 3p, 5p.
struct Points {
  Element at[3];
};

template <bool kCubic>
TRAINPROOF_INLINE Points points(const Fr* table, std::size_t y) {
  if (table == nullptr) {
    const Element one = broadcast(Fr::one());
    return {{one, one, one}};
  }
  const Element at0 = load(table + 2 * y, 2), at1 = load(table + 2 * y + 1, 2);
  const Element slope = subtract<1>(at1, at0), at2 = add(at1, slope);
  if constexpr (!kCubic) return {{at0, at2, at2}};
  return {{at0, at2, add(at2, slope)}};
}

template <bool kCubic>
TRAINPROOF_INLINE void pairs(const Fr* outer, const Fr* a, const Fr* b, std::size_t first, std::size_t blocks, const Fr& scale,
                             Fr* lanes) {
  constexpr int kPoints = kCubic ? 3 : 2;
  Columns<Fr> sums[kPoints];
  for (std::size_t y = first; blocks > 0; --blocks, y += 8) {
    Points x = points<kCubic>(a, y);
    if (outer != nullptr) {
      const Points o = points<kCubic>(outer, y);
      TRAINPROOF_UNROLL for (int i = 0; i < kPoints; ++i) x.at[i] = multiply(x.at[i], o.at[i]);
    }
    const Points w = points<kCubic>(b, y);
    TRAINPROOF_UNROLL for (int i = 0; i < kPoints; ++i) sums[i].add_product(x.at[i], w.at[i]);
  }
  const Element factor = broadcast(scale);
  TRAINPROOF_UNROLL for (int i = 0; i < kPoints; ++i) store(lanes + 8 * i, 1, multiply(sums[i].reduce(), factor));
}

}  // namespace

// 128 products below 25p² come to less than 2^6 p when they are divided by 2^260.
void product_pairs(const Fr* outer, const Fr* a, const Fr* b, std::size_t first, std::size_t blocks, bool cubic, const Fr& scale,
                   Fr* lanes) {
  if (cubic) {
    pairs<true>(outer, a, b, first, blocks, scale, lanes);
  } else {
    pairs<false>(outer, a, b, first, blocks, scale, lanes);
  }
}

void product_entries(const Fr* a, const Fr* b, std::size_t blocks, const Fr& scale, Fr* lanes) {
  Columns<Fr> sum;
  for (std::size_t i = 0; blocks > 0; --blocks, i += 8) sum.add_product(load(a + i), load(b + i));
  store(lanes, 1, multiply(sum.reduce(), broadcast(scale)));
}

}  // namespace trainproof::ifma
