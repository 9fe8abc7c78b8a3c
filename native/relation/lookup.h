// Every digit is in [0, 2^b): one LogUp-GKR lookup over all digits and the batch data (PROTOCOL §10; Papini and
// Haböck, ePrint 2023/1284).
#ifndef TRAINPROOF_RELATION_LOOKUP_H_
#define TRAINPROOF_RELATION_LOOKUP_H_

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

// μ: how often each value of [0, 2^b) is looked up by the witness's digits and offset batch data.
SecretVector<std::uint32_t> count_multiplicities(Backend& backend, const Statement& statement,
                                                 const Shape& shape, const Witness& witness);

// Says and proves both trees; leaves the claims DX and MU.
LookupClaims prove_lookup(Context& context);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_LOOKUP_H_
