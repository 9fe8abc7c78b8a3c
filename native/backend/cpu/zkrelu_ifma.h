// zkReLU's summand on eight pairs at once: entered after ifma::supported() only.
#ifndef TRAINPROOF_BACKEND_CPU_ZKRELU_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_ZKRELU_IFMA_H_

#include <cstddef>

#include "field/field.h"

namespace trainproof::ifma {

// A weight of one kind at a feature: Σ factor · time(c) over `count` parts.
struct ZkReluPart {
  Fr factor;
  const Fr* time;
};
struct ZkReluWeight {
  const ZkReluPart* parts = nullptr;
  std::size_t count = 0;
};
constexpr std::size_t kZkReluMaxParts = 16;
constexpr std::size_t kZkReluMaxBlocks = 16;

// One feature's row; eq's factors include θ, gl's 2^(fG−fA). Columns whose weights are empty may be null.
struct ZkReluRow {
  const Fr *m, *v, *r, *g, *h;
  ZkReluWeight z, ga, a, g_weight, gl, eq;
};
struct ZkReluConstants {
  Fr one, two_v, two_r, two_rv;           // 2^R, 2^(R + b·dv)
  Fr minus_two_v, minus_z, minus_ga;      // −2^(b·dv), −2^(R + b·dv) − 2^(R−1), −2^R·g_offset − 2^(R−1)
  Fr g_offset;
};

// At X = 0, 2, 3, lane by lane: sums[8i + lane]; pairs [first, first + 8·blocks) of the row, blocks ≤ kZkReluMaxBlocks.
void zkrelu_pairs(const ZkReluRow& row, const ZkReluConstants& constants, std::size_t first, std::size_t blocks,
                  Fr* sums, const Fr& two_to_8);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_ZKRELU_IFMA_H_
