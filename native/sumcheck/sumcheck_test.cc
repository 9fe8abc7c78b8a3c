#include "sumcheck/sumcheck.h"

#include "util/test.h"

namespace trainproof {
namespace {

// c_0 + c_1 X + … at x.
Fr horner(std::span<const Fr> coefficients, const Fr& x) {
  Fr sum = Fr::zero();
  for (std::size_t i = coefficients.size(); i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

std::vector<Fr> coefficients(unsigned degree) {
  std::vector<Fr> out;
  for (unsigned i = 0; i <= degree; ++i) out.push_back(Fr::from_i64(17 * i * i - 40));
  return out;
}

SecretVector<Fr> pads(std::size_t count) {
  SecretVector<Fr> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = Fr::from_u64(77 + i).inverse();
  return out;
}

TEST(interpolation_weights_reproduce_polynomials_of_their_degree) {
  const Fr r = Fr::from_u64(123456789).inverse();
  for (unsigned degree : {2u, 3u}) {
    const std::vector<Fr> c = coefficients(degree);
    const std::vector<Fr> weights = interpolation_weights(r, degree);
    Fr sum = Fr::zero();
    for (unsigned i = 0; i <= degree; ++i) sum += weights[i] * horner(c, Fr::from_u64(i));
    EXPECT(sum == horner(c, r));
  }
}

TEST(a_quadratic_is_extrapolated_to_three) {
  const std::vector<Fr> c = coefficients(2);
  EXPECT(extrapolate_to_three(horner(c, Fr::zero()), horner(c, Fr::one()),
                              horner(c, Fr::from_u64(2))) == horner(c, Fr::from_u64(3)));
}

TEST(a_round_moves_the_claim_to_the_polynomials_value_at_the_challenge) {
  for (unsigned degree : {2u, 3u}) {
    const std::vector<Fr> c = coefficients(degree);
    Transcript transcript;
    Ledger ledger(transcript, pads(4));
    const Affine claim = ledger.say("claim", c[0] + horner(c, Fr::one()));
    Sumcheck sumcheck(ledger, "test", claim);
    std::vector<Fr> evaluations = {c[0]};
    for (unsigned x = 2; x <= degree; ++x) evaluations.push_back(horner(c, Fr::from_u64(x)));
    const Fr r = sumcheck.round(evaluations);
    EXPECT(ledger.value(sumcheck.claim()) == horner(c, r));
  }
}

TEST(the_point_lists_the_last_challenge_first) {
  Transcript transcript;
  Ledger ledger(transcript, pads(4));
  Sumcheck sumcheck(ledger, "test", Affine(Fr::from_u64(9)));
  const std::vector<Fr> evaluations = {Fr::from_u64(1), Fr::from_u64(2)};
  const Fr first = sumcheck.round(evaluations);
  const Fr second = sumcheck.round(evaluations);
  EXPECT_EQ(sumcheck.point().size(), 2u);
  EXPECT(sumcheck.point()[0] == second);
  EXPECT(sumcheck.point()[1] == first);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
