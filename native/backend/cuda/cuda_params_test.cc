// The kernels' constants are the fields'.
#include <bit>

#include "backend/cuda/device/params.h"
#include "field/field.h"
#include "util/test.h"

namespace trainproof {
namespace {

using cuda::Limbs8;

template <class F>
bool equal(const Limbs8& limbs, const F& x) {
  return std::bit_cast<std::array<std::uint32_t, 8>>(x) == std::bit_cast<std::array<std::uint32_t, 8>>(limbs);
}

template <class F, class Params>
void check() {
  EXPECT(equal(Params::modulus(), F::kModulus));
  limbs::U256 twice{};
  limbs::u64 carry = 0;
  for (std::size_t i = 0; i < 4; ++i) twice[i] = limbs::add_carry(F::kModulus[i], F::kModulus[i], carry);
  EXPECT(equal(Params::twice(), twice));
  EXPECT(equal(Params::one(), F::one()));
  EXPECT(equal(Params::one_shifted(), F::pow2(64)));
  EXPECT(equal(Params::square(), F::pow2(256)));
  EXPECT_EQ(static_cast<std::uint32_t>(Params::kInverse * Params::modulus().at[0]), ~std::uint32_t{0});
}

TEST(scalars) { check<Fr, cuda::FrDeviceParams>(); }
TEST(coordinates) { check<Fq, cuda::FqDeviceParams>(); }

}  // namespace
}  // namespace trainproof

RUN_TESTS()
