#include "sumcheck/sumcheck.h"

#include "util/error.h"

namespace trainproof {

std::vector<Fr> interpolation_weights(const Fr& r, unsigned degree) {
  static const Fr half = Fr::from_u64(2).inverse();
  static const Fr sixth = Fr::from_u64(6).inverse();
  const Fr r1 = r - Fr::one();
  const Fr r2 = r1 - Fr::one();
  if (degree == 2) return {r1 * r2 * half, -(r * r2), r * r1 * half};
  TRAINPROOF_INVARIANT(degree == 3, "round polynomials have degree 2 or 3");
  const Fr r3 = r2 - Fr::one();
  const Fr low = r * r1, high = r2 * r3;
  return {-(r1 * high * sixth), r * high * half, -(low * r3 * half), low * r2 * sixth};
}

// The third difference of a polynomial of degree 2 is zero: f(3) = 3 f(2) − 3 f(1) + f(0).
Fr extrapolate_to_three(const Fr& at0, const Fr& at1, const Fr& at2) {
  const Fr difference = at2 - at1;
  return difference + difference + difference + at0;
}

Sumcheck::Sumcheck(Ledger& ledger, std::string_view name, Affine claim)
    : ledger_(ledger),
      round_label_(std::string(name) + ".round"),
      challenge_label_(std::string(name) + ".r"),
      claim_(std::move(claim)) {}

Fr Sumcheck::round(std::span<const Fr> evaluations) {
  const std::vector<Affine> said = ledger_.say(round_label_, evaluations);
  const Fr r = ledger_.challenge(challenge_label_);
  const std::vector<Fr> weights =
      interpolation_weights(r, static_cast<unsigned>(evaluations.size()));
  // w_0 s(0) + w_1 (C − s(0)) + w_2 s(2) [+ w_3 s(3)]
  claim_ *= weights[1];
  claim_ += said[0] * (weights[0] - weights[1]);
  for (std::size_t i = 1; i < said.size(); ++i) claim_ += said[i] * weights[i + 1];
  challenges_.push_back(r);
  return r;
}

std::vector<Fr> Sumcheck::point() const { return {challenges_.rbegin(), challenges_.rend()}; }

}  // namespace trainproof
