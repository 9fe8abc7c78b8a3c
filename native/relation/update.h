// U: what the weight claims say about W^in, W^out and the steps between (PROTOCOL §13).
#ifndef TRAINPROOF_RELATION_UPDATE_H_
#define TRAINPROOF_RELATION_UPDATE_H_

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

// `backward` is null for L = 1.
UpdateClaims prove_update(Context& context, const ForwardClaims& forward,
                          const BackwardClaims* backward);

// Rows of W that a claim weighs: the bias row is left out where it comes from B.
std::size_t claim_rows(const Shape& shape, const WeightClaim& claim);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_UPDATE_H_
