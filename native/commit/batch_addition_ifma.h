// Additions of affine points, eight at once (field/ifma.h).
#ifndef TRAINPROOF_COMMIT_BATCH_ADDITION_IFMA_H_
#define TRAINPROOF_COMMIT_BATCH_ADDITION_IFMA_H_

#include "commit/batch_addition.h"

namespace trainproof::ifma {

// Two blocks of eight, each with its chain of prefix products.
constexpr std::size_t kAdditionLanes = 16;
// Working space of an addition, in words: a denominator and a prefix product of five limbs each.
constexpr std::size_t kAdditionWords = 10;

// target ± addend for points of different x, none the identity; count a multiple of kAdditionLanes. `space` holds
// count · kAdditionWords words and seven more. invert inverts kAdditionLanes elements in place, none of them zero.
void add_distinct(const Addition* additions, std::size_t count, std::uint64_t* space,
                  void (*invert)(Fq* values, std::size_t count));

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_COMMIT_BATCH_ADDITION_IFMA_H_
