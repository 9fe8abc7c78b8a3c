#ifndef TRAINPROOF_MLE_SPLIT_EQ_H_
#define TRAINPROOF_MLE_SPLIT_EQ_H_

#include <span>
#include <vector>

#include "field/field.h"

namespace trainproof {

// eq(e, y) = high[y >> low_bits] · low[y mod 2^low_bits], host tables of about the square root's size.
struct SplitEq {
  std::vector<Fr> high;
  std::vector<Fr> low;
  unsigned low_bits = 0;
};

SplitEq split_eq(std::span<const Fr> point);

}  // namespace trainproof

#endif  // TRAINPROOF_MLE_SPLIT_EQ_H_
