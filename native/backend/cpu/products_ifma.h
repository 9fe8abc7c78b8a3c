// Sums of products of field vectors, eight at once: entered after ifma::supported() only.
#ifndef TRAINPROOF_BACKEND_CPU_PRODUCTS_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_PRODUCTS_IFMA_H_

#include <cstddef>

#include "field/field.h"

namespace trainproof::ifma {

constexpr std::size_t kProductBlocks = 128;

// lanes[8i + lane] = Σ (outer ·) a · b at X = 0, 2 and, if `cubic`, 3 over the pairs of entries (2y, 2y + 1) from `first` on, 8 · blocks
// of them, blocks ≤ kProductBlocks. A null table is all ones. scale is 2^12 with outer, 2^8 without.
void product_pairs(const Fr* outer, const Fr* a, const Fr* b, std::size_t first, std::size_t blocks, bool cubic, const Fr& scale,
                   Fr* lanes);
// lanes[lane] = Σ a · b over 8 · blocks entries, neither of them null; scale is 2^8.
void product_entries(const Fr* a, const Fr* b, std::size_t blocks, const Fr& scale, Fr* lanes);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_PRODUCTS_IFMA_H_
