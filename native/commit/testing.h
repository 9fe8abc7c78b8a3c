// Test-only: the packaged generators, and sums computed plainly.
#ifndef TRAINPROOF_COMMIT_TESTING_H_
#define TRAINPROOF_COMMIT_TESTING_H_

#ifndef TRAINPROOF_TEST_HOOKS
#error "commit/testing.h is for tests only"
#endif

#include <fstream>
#include <iterator>

#include "commit/generators.h"

namespace trainproof::testing {

inline std::vector<std::uint8_t> packaged_table() {
  std::ifstream file(TRAINPROOF_DATA "/generators.bin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline const Generators& packaged_generators() {
  static const Generators generators = Generators::load(packaged_table());
  return generators;
}

// k·P for k ≥ 0, bit by bit.
inline Point multiply(const AffinePoint& point, std::uint64_t k) {
  Point out;
  for (unsigned bit = 64; bit-- > 0;) {
    out = out.doubled();
    if (k >> bit & 1) out = out.add_mixed(point);
  }
  return out;
}
inline Point multiply_signed(const AffinePoint& point, std::int64_t k) {
  if (k >= 0) return multiply(point, static_cast<std::uint64_t>(k));
  return multiply(point, 0 - static_cast<std::uint64_t>(k)).negate();
}

}  // namespace trainproof::testing

#endif  // TRAINPROOF_COMMIT_TESTING_H_
