#include "commit/generators.h"

#include <string>

#include "util/error.h"

namespace trainproof {

Generators Generators::load(std::span<const std::uint8_t> table) {
  if (table.size() != kTableBytes) {
    throw InvalidArgument("the generator table has " + std::to_string(table.size()) + " bytes, not " +
                          std::to_string(kTableBytes) + "; use the package's data/generators.bin");
  }
  Generators out;
  out.points_.resize(kTableBytes / 64);
  for (std::size_t i = 0; i < out.points_.size(); ++i) {
    if (!AffinePoint::read(table.subspan(64 * i).first<64>(), out.points_[i])) {
      throw InvalidArgument("point " + std::to_string(i) +
                            " of the generator table is not on the curve; use the package's data/generators.bin");
    }
  }
  return out;
}

std::span<const AffinePoint> Generators::part(std::size_t first, std::size_t count) const {
  TRAINPROOF_INVARIANT(!points_.empty(), "generators are loaded before they are used");
  return std::span(points_).subspan(first, count);
}

}  // namespace trainproof
