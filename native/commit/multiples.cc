#include "commit/multiples.h"

namespace trainproof {

void make_multiples(std::span<const AffinePoint> bases, std::size_t count, CompactPoint* out) {
  for (std::size_t i = 0; i < bases.size(); ++i) out[i * count] = CompactPoint(bases[i]);
  BatchAdder adder;
  // (known + d)·B = known·B + d·B for 1 ≤ d ≤ known
  for (std::size_t known = 1; known < count; known = 2 * known) {
    for (std::size_t i = 0; i < bases.size(); ++i) {
      CompactPoint* multiples = out + i * count;  // d·B is at d − 1
      for (std::size_t d = 1; d <= known && known + d <= count; ++d) {
        multiples[known + d - 1] = multiples[known - 1];
        adder.add(&multiples[known + d - 1], &multiples[d - 1]);
      }
    }
    adder.flush();
  }
}

std::vector<AffinePoint> window_bases(const AffinePoint& base, std::size_t windows) {
  std::vector<Point> out = {Point(base)};
  while (out.size() < windows) {
    Point next = out.back();
    for (unsigned i = 0; i < kWindowBits; ++i) next = next.doubled();
    out.push_back(next);
  }
  return batch_to_affine(out);
}

}  // namespace trainproof
