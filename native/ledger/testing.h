// Test-only: whether everything that a ledger requires holds for the hidden values that were said.
#ifndef TRAINPROOF_LEDGER_TESTING_H_
#define TRAINPROOF_LEDGER_TESTING_H_

#include <string>

#include "ledger/ledger.h"

namespace trainproof {

// The empty string when every affine and product constraint holds, otherwise which one fails first.
inline std::string check_constraints(const Ledger& ledger) {
  for (std::size_t i = 0; i < ledger.zeros().size(); ++i) {
    if (!ledger.value(ledger.zeros()[i]).is_zero()) {
      return "affine constraint " + std::to_string(i) + " of " +
             std::to_string(ledger.zeros().size()) + " is not zero";
    }
  }
  for (std::size_t i = 0; i < ledger.products().size(); ++i) {
    const ProductConstraint& c = ledger.products()[i];
    if (ledger.value(c.x) * ledger.value(c.y) != ledger.value(c.z)) {
      return "product constraint " + std::to_string(i) + " of " +
             std::to_string(ledger.products().size()) + " does not hold";
    }
  }
  return "";
}

}  // namespace trainproof

#endif  // TRAINPROOF_LEDGER_TESTING_H_
