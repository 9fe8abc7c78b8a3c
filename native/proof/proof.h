// A proof's parts and its bytes (PROTOCOL §17).
#ifndef TRAINPROOF_PROOF_PROOF_H_
#define TRAINPROOF_PROOF_PROOF_H_

#include <cstdint>
#include <vector>

#include "curve/point.h"
#include "field/field.h"

namespace trainproof {

// The final Σ-protocol's messages (PROTOCOL §16).
struct SigmaProof {
  AffinePoint S_u, S_k;
  Fr form;  // ℓ'
  AffinePoint E0, E1;
  std::vector<Fr> z_u, z_k;
  Fr z_rho_u, z_rho_k, z_rho_E;
};

struct Proof {
  std::vector<AffinePoint> digits, bits, multiplicities;  // rows of D, M, μ
  AffinePoint pads;                                       // K
  std::vector<Fr> said;                                   // ĥ
  SigmaProof sigma;

  std::vector<std::uint8_t> encode() const;
};

}  // namespace trainproof

#endif  // TRAINPROOF_PROOF_PROOF_H_
