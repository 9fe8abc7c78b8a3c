// Test-only: every frame of a proof's transcript, in order, from the statement alone (PROTOCOL §20).
#ifndef TRAINPROOF_PROVER_TESTING_INVENTORY_H_
#define TRAINPROOF_PROVER_TESTING_INVENTORY_H_

#include <string>
#include <vector>

#include "statement/statement.h"

namespace trainproof::testing {

// "label type count" for each frame.
std::vector<std::string> expected_frames(const Statement& statement);

}  // namespace trainproof::testing

#endif  // TRAINPROOF_PROVER_TESTING_INVENTORY_H_
