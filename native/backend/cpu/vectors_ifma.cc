#include "backend/cpu/vectors_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

void fold(Fr* v, const Fr& r, std::size_t begin, std::size_t blocks) {
  const Lanes<Fr> factor = broadcast<4>(r);
  for (std::size_t y = begin; blocks > 0; --blocks, y += 8) {
    const Lanes<Fr> even = load(v + 2 * y, 2), odd = load(v + 2 * y + 1, 2);
    Columns<Fr> product;
    product.add_product(subtract<1>(odd, even), factor);
    // Below 3p, and even.
    Lanes<Fr> out = product.reduce<true>();
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], even.at[i]);
    store(v + y, 1, out);
  }
}

void grow_eq(Fr* v, const Fr& c, std::size_t begin, std::size_t blocks) {
  const Lanes<Fr> factor = broadcast<4>(c);
  while (blocks > 0) {
    const std::size_t i = begin + 8 * --blocks;
    const Lanes<Fr> parent = load(v + i);
    const Lanes<Fr> odd = multiply(parent, factor);  // below 3p
    store(v + 2 * i + 1, 2, odd);
    store(v + 2 * i, 2, subtract<3>(parent, odd));
  }
}

void add_scaled(Fr* to, const Fr& scale, const Fr* from, std::size_t blocks) {
  const Lanes<Fr> factor = broadcast<4>(scale);
  for (std::size_t i = 0; blocks > 0; --blocks, i += 8) {
    Columns<Fr> product;
    product.add_product(load(from + i), factor);
    Lanes<Fr> out = product.reduce<true>();
    const Lanes<Fr> old = load(to + i);
    TRAINPROOF_UNROLL for (int k = 0; k < 5; ++k) out.at[k] = _mm512_add_epi64(out.at[k], old.at[k]);
    store(to + i, 1, out);
  }
}

}  // namespace trainproof::ifma
