#include "commit/generators.h"

#include <string>

#include "util/error.h"

namespace trainproof {

Generators Generators::load(std::span<const std::uint8_t> table) {
  if (table.size() != kBytes) {
    throw InvalidArgument("the generator table has " + std::to_string(table.size()) + " bytes, not " +
                          std::to_string(kBytes) + "; use the package's data/generators.bin");
  }
  const auto read = [&](std::size_t index) {
    AffinePoint point;
    if (!AffinePoint::read(table.subspan(index * 64).first<64>(), point)) {
      throw InvalidArgument("entry " + std::to_string(index) + " of the generator table is no point; use the package's " +
                            "data/generators.bin");
    }
    return point;
  };
  Generators out;
  out.columns_.reserve(kColumns);
  out.pads_.reserve(kPads);
  for (std::size_t i = 0; i < kColumns; ++i) out.columns_.push_back(read(i));
  for (std::size_t i = 0; i < kPads; ++i) out.pads_.push_back(read(kColumns + i));
  out.blinding_ = read(kColumns + kPads);
  return out;
}

}  // namespace trainproof
