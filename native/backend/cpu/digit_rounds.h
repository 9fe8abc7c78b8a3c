// The first rounds of the sumchecks over the levels that are kept as digits (digit_leaves.h). The first two need only sums of
// eq times small integers (digit_words.h), and nothing is stored; the third binds two bits at once.
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_ROUNDS_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_ROUNDS_H_

#include <array>
#include <optional>

#include "backend/cpu/digit_leaves.h"

namespace trainproof {

// As Backend::logup_round for a q (and p) of digits. Nothing where it only has replaced them by their entries, bound to fold_by, too:
// what remains is a level's round without a fold.
std::optional<std::array<Fr, 2>> digit_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                             const Fr& lambda);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_ROUNDS_H_
