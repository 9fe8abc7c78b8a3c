// All claims on committed matrices at one point (PROTOCOL §15).
#ifndef TRAINPROOF_RELATION_OPENING_H_
#define TRAINPROOF_RELATION_OPENING_H_

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

// values: the extensions at (x, y) of D, M, μ, W^in (startKind 1, 2), W^out, X. What remains to be shown is that
// the rows combined by λ_O and χ(x) have the value Σ_k λ_O^k·values_k at y (§15's last constraint).
struct OpeningResult {
  EvalPoint x, y;
  std::vector<Affine> values;
  Fr lambda, nu, gamma;
};

OpeningResult prove_opening(Context& context, const LookupClaims& lookup,
                            const ForwardClaims& forward, const UpdateClaims& update,
                            const ZkReluClaims& zkrelu);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_OPENING_H_
