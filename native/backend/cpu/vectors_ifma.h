// Loops over field vectors, eight entries at once: entered after ifma::supported() only, for whole blocks of eight.
#ifndef TRAINPROOF_BACKEND_CPU_VECTORS_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_VECTORS_IFMA_H_

#include <cstddef>

#include "field/field.h"

namespace trainproof::ifma {

// v[y] = v[2y] + r·(v[2y+1] − v[2y]) for y in [begin, begin + 8·blocks), in this order.
void fold(Fr* v, const Fr& r, std::size_t begin, std::size_t blocks);
// v[2i+1] = c·v[i], v[2i] = v[i] − v[2i+1] for i in [begin, begin + 8·blocks), from the top.
void grow_eq(Fr* v, const Fr& c, std::size_t begin, std::size_t blocks);
// to[i] += scale·from[i]
void add_scaled(Fr* to, const Fr& scale, const Fr* from, std::size_t blocks);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_VECTORS_IFMA_H_
