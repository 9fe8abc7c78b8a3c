// Tables of small multiples of fixed points.
#ifndef TRAINPROOF_COMMIT_MULTIPLES_H_
#define TRAINPROOF_COMMIT_MULTIPLES_H_

#include <span>

#include "commit/batch_addition.h"

namespace trainproof {

// 1·B, 2·B, …, 255·B: the nonzero digits of 8 bits.
constexpr unsigned kWindowBits = 8;
constexpr std::size_t kMultiples = (std::size_t{1} << kWindowBits) - 1;

// out[i · 255 + d − 1] = d · bases[i]
void make_multiples(std::span<const AffinePoint> bases, CompactPoint* out);

// 2^(8·w) · base for w < windows
std::vector<AffinePoint> window_bases(const AffinePoint& base, std::size_t windows);

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_MULTIPLES_H_
