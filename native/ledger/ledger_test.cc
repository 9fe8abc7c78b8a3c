#include "ledger/ledger.h"

#include "ledger/testing.h"
#include "util/test.h"

namespace trainproof {
namespace {

Fr fr(std::int64_t x) { return Fr::from_i64(x); }

SecretVector<Fr> pads(std::size_t count) {
  SecretVector<Fr> out(count);
  for (std::size_t i = 0; i < count; ++i) out[i] = fr(1000 + static_cast<std::int64_t>(i * i));
  return out;
}

TEST(affine_expressions_merge_by_index_and_drop_zero_terms) {
  Affine x = Affine::hidden(3) * fr(5) + Affine::hidden(1);
  x += fr(7);
  Affine y = Affine::hidden(1) + Affine::hidden(2) * fr(2);
  const Affine difference = x - y;
  EXPECT_EQ(difference.terms().size(), 2u);
  EXPECT_EQ(difference.terms()[0].first, 2u);
  EXPECT(difference.terms()[0].second == fr(-2));
  EXPECT_EQ(difference.terms()[1].first, 3u);
  EXPECT(difference.terms()[1].second == fr(5));
  EXPECT(difference.constant() == fr(7));
  EXPECT_EQ((x * Fr::zero()).terms().size(), 0u);
}

TEST(said_values_are_padded_and_expressions_evaluate_to_the_hidden_values) {
  Transcript transcript;
  Ledger ledger(transcript, pads(3));
  const std::vector<Fr> values = {fr(4), fr(-6)};
  const std::vector<Affine> said = ledger.say("two", values);
  const Affine third = ledger.say("one", fr(9));
  EXPECT_EQ(ledger.said_count(), 3u);
  EXPECT(ledger.said()[1] == fr(-6 + 1001));
  EXPECT(ledger.value(said[0] * fr(2) + said[1] - third) == fr(8 - 6 - 9));
}

TEST(the_first_broken_constraint_is_named) {
  Transcript transcript;
  Ledger ledger(transcript, pads(3));
  const std::vector<Fr> values = {fr(4), fr(-6), fr(-24)};
  const std::vector<Affine> said = ledger.say("three", values);
  ledger.require_product(said[0], said[1], said[2]);
  ledger.require_zero(said[0] + said[0] + said[0] + said[1] + said[1]);
  EXPECT_EQ(check_constraints(ledger), std::string());
  ledger.require_product(said[0], said[0], said[2]);
  EXPECT_EQ(check_constraints(ledger), std::string("product constraint 1 of 2 does not hold"));
  ledger.require_zero(said[0]);
  EXPECT_EQ(check_constraints(ledger), std::string("affine constraint 1 of 2 is not zero"));
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
