#include "commit/fixed_base.h"

#include "util/secret.h"

namespace trainproof {

FixedBase::FixedBase(const AffinePoint& base) {
  std::vector<Point> multiples;
  multiples.reserve(32 * 255);
  Point unit(base);
  for (std::size_t w = 0; w < 32; ++w) {
    Point sum = unit;
    for (std::size_t d = 1; d <= 255; ++d) {
      multiples.push_back(sum);
      sum += unit;
    }
    unit = sum;  // 256·unit
  }
  table_ = batch_to_affine(multiples);
}

Point FixedBase::multiple(const Fr& k) const {
  limbs::U256 integer = k.integer();
  Point out;
  for (std::size_t w = 0; w < 32; ++w) {
    const std::size_t digit = integer[w / 8] >> (8 * (w % 8)) & 255;
    if (digit != 0) out += table_[w * 255 + digit - 1];
  }
  wipe(integer);
  return out;
}

}  // namespace trainproof
