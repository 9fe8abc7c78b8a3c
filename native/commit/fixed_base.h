#ifndef TRAINPROOF_COMMIT_FIXED_BASE_H_
#define TRAINPROOF_COMMIT_FIXED_BASE_H_

#include <vector>

#include "curve/point.h"

namespace trainproof {

// Multiples of one point by scalars: 32 mixed additions each, from a table of d·2^(8w)·base, 1 ≤ d ≤ 255, w < 32.
class FixedBase {
 public:
  static constexpr std::uint64_t kMemoryBytes = 32 * 255 * sizeof(AffinePoint);

  explicit FixedBase(const AffinePoint& base);
  // k·base
  Point multiple(const Fr& k) const;

 private:
  std::vector<AffinePoint> table_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_FIXED_BASE_H_
