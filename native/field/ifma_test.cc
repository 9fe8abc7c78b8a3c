#include "field/ifma.h"

#include <vector>

#include "field/ifma_supported.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

template <class F>
std::vector<F> samples(SeededRandom& random) {
  std::vector<F> out = {F::zero(), F::one(), -F::one(), F::from_u64(2), F::pow2(200), -F::pow2(253), F::zero(), F::one()};
  while (out.size() < 64) out.push_back(random.field<F>());
  return out;
}

template <class F>
void agrees_with_scalars() {
  if (!ifma::supported()) return;
  SeededRandom random(7);
  const std::vector<F> x = samples<F>(random);
  std::vector<F> y = samples<F>(random), out(64);
  std::swap(y[1], y[9]);
  for (std::size_t i = 0; i + 8 <= x.size(); i += 8) {
    const ifma::Lanes<F> a = ifma::load(&x[i]), b = ifma::load(&y[i]);
    ifma::store(&out[i], 1, ifma::multiply(ifma::load<4>(&x[i]), b));
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == x[k] * y[k]);
    ifma::store(&out[i], 1, ifma::add(a, b));
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == x[k] + y[k]);
    ifma::store(&out[i], 1, ifma::subtract<1>(a, b));
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == x[k] - y[k]);
    ifma::store(&out[i], 1, ifma::subtract<4>(ifma::multiply(ifma::broadcast<4>(x[i]), ifma::subtract<4>(b, a)), a));
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == x[i] * (y[k] - x[k]) - x[k]);
    ifma::store(&out[i], 1, ifma::multiply(ifma::square(a), ifma::broadcast<4>(F::from_u64(16))));
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == x[k] * x[k]);
    ifma::ShortColumns<F> two;
    two.add_product(ifma::load<4>(&x[i]), b);
    two.add_product(ifma::load<4>(&x[i]), a);
    ifma::store(&out[i], 1, two.reduce());
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == x[k] * (x[k] + y[k]));
    ifma::Columns<F> sum;
    for (int k = 0; k < 5; ++k) sum.add_product(ifma::load<4>(&x[i]), b);
    ifma::store(&out[i], 1, sum.reduce());
    for (std::size_t k = i; k < i + 8; ++k) EXPECT(out[k] == F::from_u64(5) * x[k] * y[k]);
  }
  // Strides, in and out.
  ifma::store(&out[0], 8, ifma::load(&x[1], 7));
  for (std::size_t k = 0; k < 8; ++k) EXPECT(out[8 * k] == x[1 + 7 * k]);
}

TEST(eight_elements_at_once_agree_with_scalars_in_Fr) { agrees_with_scalars<Fr>(); }
TEST(eight_elements_at_once_agree_with_scalars_in_Fq) { agrees_with_scalars<Fq>(); }

// Multiples of p and their neighbours, up to 8p, where a quotient is easily one off.
TEST(values_up_to_8p_are_reduced_fully) {
  if (!ifma::supported()) return;
  for (unsigned k = 0; k < 8; ++k) {
    for (unsigned delta = 0; delta < 3; ++delta) {
      ifma::Lanes<Fr> x;
      for (int i = 0; i < 5; ++i) x.at[i] = ifma::all(ifma::Constants<Fr>::multiples.at[i][k]);
      // Borrows and carries between limbs are the function's to resolve.
      x.at[0] = _mm512_add_epi64(x.at[0], ifma::all(delta + (std::uint64_t{1} << 52)));
      x.at[1] = _mm512_sub_epi64(x.at[1], ifma::all(1));
      std::vector<Fr> out(8);
      ifma::store(out.data(), 1, x);
      // Memory's form of delta · 2^(−256) is the integer delta.
      const Fr expected = Fr::from_u64(delta) * Fr::pow2(256).inverse();
      for (const Fr& value : out) EXPECT(value == expected);
    }
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
