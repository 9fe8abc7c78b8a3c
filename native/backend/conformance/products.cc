#include "backend/conformance.h"
#include "backend/conformance/samples.h"
#include "util/test.h"

namespace trainproof::conformance {

namespace {

Fr naive_product(std::size_t pairs, const Fr& coefficient, const std::vector<Fr>* outer, unsigned shift,
                 const std::vector<Fr>* a, const std::vector<Fr>* b, const Fr& X) {
  Fr sum = Fr::zero();
  for (std::size_t y = 0; y < pairs; ++y) {
    Fr value = coefficient;
    if (outer) value *= shift > 0 ? at(*outer, (2 * y) >> shift) : line(*outer, y, X);
    if (a) value *= line(*a, y, X);
    if (b) value *= line(*b, y, X);
    sum += value;
  }
  return sum;
}

}  // namespace

void check_product_rounds(Backend& backend) {
  for (const unsigned bits : {1u, 2u, 5u, 13u}) {
    const std::size_t full = std::size_t{1} << bits;
    for (const unsigned shift : {0u, 1u, 2u, 4u}) {
      if (shift > bits) continue;
      for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, full / 2, full / 2 + 1}) {
        std::vector<Fr> outer = random_vector(((full - 1) >> shift) + 1), a = random_vector(full - cut),
                        b = random_vector(full - cut / 2);
        if (cut == 1 && outer.size() > 1) outer.pop_back();
        const FrHandle o = backend.upload(outer), u = backend.upload(a), w = backend.upload(b);
        const Fr k1 = random_fr(), k2 = random_fr(), k3 = random_fr();
        std::vector<ProductTerm> terms = {{k1, o, shift, u, w}, {k2, nullptr, 0, u, w}, {k3, o, shift, nullptr, w}};
        for (unsigned left = bits; left > 0; --left) {
          const unsigned degree = terms[0].outer_shift > 0 ? 2 : 3;
          const std::size_t pairs = std::size_t{1} << (left - 1);
          const std::vector<Fr> got = backend.product_round(terms, degree);
          EXPECT_EQ(got.size(), static_cast<std::size_t>(degree));
          Fr total = Fr::zero();
          for (const Fr& X : {Fr::zero(), Fr::one()}) {
            total += naive_product(pairs, k1, &outer, terms[0].outer_shift, &a, &b, X) +
                     naive_product(pairs, k2, nullptr, 0, &a, &b, X) +
                     naive_product(pairs, k3, &outer, terms[0].outer_shift, nullptr, &b, X);
          }
          EXPECT(backend.product_sum(terms) == total);
          for (unsigned i = 0; i < degree; ++i) {
            const Fr X = Fr::from_u64(i == 0 ? 0 : i + 1);
            EXPECT(got[i] == naive_product(pairs, k1, &outer, terms[0].outer_shift, &a, &b, X) +
                                 naive_product(pairs, k2, nullptr, 0, &a, &b, X) +
                                 naive_product(pairs, k3, &outer, terms[0].outer_shift, nullptr, &b, X));
          }
          const Fr r = random_fr();
          a = folded(a, r), b = folded(b, r);
          backend.fold(*u, r), backend.fold(*w, r);
          for (const std::size_t i : {0, 2}) {
            if (terms[i].outer_shift > 0) {
              --terms[i].outer_shift;
            } else if (i == 0) {
              outer = folded(outer, r);
              backend.fold(*o, r);
            }
          }
        }
      }
    }
  }
}

}  // namespace trainproof::conformance
