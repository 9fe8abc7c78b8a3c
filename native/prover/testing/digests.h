// Test-only: the digests of PROTOCOL §7 that bind commitments into a statement.
#ifndef TRAINPROOF_PROVER_TESTING_DIGESTS_H_
#define TRAINPROOF_PROVER_TESTING_DIGESTS_H_

#include <span>

#include "curve/point.h"
#include "statement/statement.h"

namespace trainproof::testing {

Bytes32 weight_digest(const Statement& statement, std::span<const AffinePoint> rows);
// points: C_0 … C_{S−1}
Bytes32 data_root(const Statement& statement, std::span<const AffinePoint> points);

}  // namespace trainproof::testing

#endif  // TRAINPROOF_PROVER_TESTING_DIGESTS_H_
