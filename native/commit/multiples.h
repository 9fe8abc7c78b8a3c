// Tables of small multiples of fixed points.
#ifndef TRAINPROOF_COMMIT_MULTIPLES_H_
#define TRAINPROOF_COMMIT_MULTIPLES_H_

#include <span>

#include "commit/batch_addition.h"

namespace trainproof {

// Digits of scalars: 8 bits, of which 255 are not zero.
constexpr unsigned kWindowBits = 8;
constexpr std::size_t kMultiples = (std::size_t{1} << kWindowBits) - 1;

// out[i · count + d − 1] = d · bases[i] for 1 ≤ d ≤ count
void make_multiples(std::span<const AffinePoint> bases, std::size_t count, CompactPoint* out);

// 2^(8·w) · base for w < windows
std::vector<AffinePoint> window_bases(const AffinePoint& base, std::size_t windows);

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_MULTIPLES_H_
