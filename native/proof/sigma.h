// The final Σ-protocol (PROTOCOL §16): all affine constraints as one linear form, all product constraints as one
// quadratic form, opened behind masks.
#ifndef TRAINPROOF_PROOF_SIGMA_H_
#define TRAINPROOF_PROOF_SIGMA_H_

#include "backend/backend.h"
#include "ledger/ledger.h"
#include "proof/combined_row.h"
#include "proof/proof.h"
#include "util/random.h"

namespace trainproof {

struct SigmaInput {
  const CombinedRow& row;         // u, ρ_u
  Fr pads_blinding;               // ρ_K
  std::span<const Fr> y;          // the opening's column point, κ coordinates
  std::span<const Affine> values; // opening values of the matrices present, in order
  Fr lambda, nu, gamma;           // λ_O, ν, γ
};

// A_n of the linear form ℓ(u, k) = Σ_n A_n k_n + last · ⟨u, χ(y)⟩, with last = ν^{Q+1}.
struct LinearForm {
  std::vector<Fr> coefficients;
  Fr last;
};
LinearForm batch_affine_constraints(const Ledger& ledger, const SigmaInput& input);

SigmaProof prove_sigma(Backend& backend, Ledger& ledger, RandomSource& random,
                       const SigmaInput& input);

}  // namespace trainproof

#endif  // TRAINPROOF_PROOF_SIGMA_H_
