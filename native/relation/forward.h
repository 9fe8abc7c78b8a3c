// Z_l = [A_{l−1}, 2^f_A] · W_l^t for all layers and steps in one sumcheck (PROTOCOL §11).
#ifndef TRAINPROOF_RELATION_FORWARD_H_
#define TRAINPROOF_RELATION_FORWARD_H_

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

ForwardClaims prove_forward(Context& context);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_FORWARD_H_
