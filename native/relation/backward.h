// GA_l = G_{l+1} · (W_{l+1}^t without its bias row)ᵀ for all layers and steps in one sumcheck (PROTOCOL §12).
#ifndef TRAINPROOF_RELATION_BACKWARD_H_
#define TRAINPROOF_RELATION_BACKWARD_H_

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

// For L > 1.
BackwardClaims prove_backward(Context& context);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_BACKWARD_H_
