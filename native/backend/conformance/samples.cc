#include "backend/conformance/samples.h"

#include "util/test.h"

namespace trainproof::conformance {

std::mt19937_64& generator() {
  static std::mt19937_64 g(20261124);
  return g;
}

Fr random_fr() {
  auto& g = generator();
  Fr x = Fr::zero();
  for (int i = 0; i < 4; ++i) x = x * Fr::pow2(64) + Fr::from_u64(g());
  return x;
}

std::vector<Fr> random_vector(std::size_t size) {
  std::vector<Fr> out(size);
  for (Fr& x : out) x = random_fr();
  return out;
}

void expect_equal(Backend& backend, const FrBuffer& got, const std::vector<Fr>& want) {
  EXPECT_EQ(got.size, want.size());
  EXPECT(backend.download(got) == want);
}

Fr at(const std::vector<Fr>& v, std::size_t i) { return i < v.size() ? v[i] : Fr::zero(); }

Fr chi(std::size_t i, std::span<const Fr> point) {
  Fr out = Fr::one();
  for (std::size_t k = 0; k < point.size(); ++k) {
    const Fr& c = point[point.size() - 1 - k];
    out *= (i >> k & 1) ? c : Fr::one() - c;
  }
  return out;
}

std::vector<Fr> folded(const std::vector<Fr>& v, const Fr& r) {
  std::vector<Fr> out;
  for (std::size_t y = 0; 2 * y < v.size(); ++y) out.push_back(v[2 * y] + r * (at(v, 2 * y + 1) - v[2 * y]));
  return out;
}

Fr line(const std::vector<Fr>& v, std::size_t y, const Fr& X) {
  return at(v, 2 * y) + X * (at(v, 2 * y + 1) - at(v, 2 * y));
}

}  // namespace trainproof::conformance
