// E: zkReLU (PROTOCOL §14): everything said about Z, A, GA and G comes down to the digits at one point.
#ifndef TRAINPROOF_RELATION_ZKRELU_H_
#define TRAINPROOF_RELATION_ZKRELU_H_

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

// `backward` is null for L = 1.
ZkReluClaims prove_zkrelu(Context& context, const ForwardClaims& forward,
                          const BackwardClaims* backward, const UpdateClaims& update);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_ZKRELU_H_
