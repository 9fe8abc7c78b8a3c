// Test-only: what a cheating prover could try, by name. Each runs the honest prover on something else than exact
// training on the scheduled samples; no verifier may accept it. Made for digits of 8 bits, at least two layers, two
// steps and two samples a batch. Those whose names begin with "start" are on undisclosed start weights.
#ifndef TRAINPROOF_PROVER_TESTING_CHEATS_H_
#define TRAINPROOF_PROVER_TESTING_CHEATS_H_

#include <map>
#include <string>

#include "prover/testing/segment.h"

namespace trainproof::testing {

const std::map<std::string, Cheat>& cheats();

}  // namespace trainproof::testing

#endif  // TRAINPROOF_PROVER_TESTING_CHEATS_H_
