// The sumcheck's conversation (PROTOCOL §9), the same for every relation: what is said and drawn in a
// round and how the claim moves on. Who sums the rounds' polynomials up is the relation's business.
#ifndef TRAINPROOF_SUMCHECK_SUMCHECK_H_
#define TRAINPROOF_SUMCHECK_SUMCHECK_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "field/field.h"
#include "ledger/ledger.h"

namespace trainproof {

// Lagrange's weights at r of the nodes 0 … degree (2 or 3).
std::vector<Fr> interpolation_weights(const Fr& r, unsigned degree);

// The degree-2 polynomial through values at 0, 1, 2, at 3.
Fr extrapolate_to_three(const Fr& at0, const Fr& at1, const Fr& at2);

class Sumcheck {
 public:
  // Messages are "name.round", challenges "name.r". Rounds bind index bits from bit 0 up.
  Sumcheck(Ledger& ledger, std::string_view name, Affine claim);

  // Says evaluations s(0), s(2) (degree 2) or s(0), s(2), s(3) (degree 3), draws r, moves the claim to s(r)
  // with s(1) = claim − s(0).
  Fr round(std::span<const Fr> evaluations);

  const Affine& claim() const { return claim_; }
  // The challenges so far as a point, most significant coordinate first (r_n, …, r_1).
  std::vector<Fr> point() const;
  std::size_t rounds() const { return challenges_.size(); }

 private:
  Ledger& ledger_;
  std::string round_label_, challenge_label_;
  Affine claim_;
  std::vector<Fr> challenges_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_SUMCHECK_SUMCHECK_H_
