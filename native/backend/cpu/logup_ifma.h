// LogUp-GKR's levels eight nodes at once (field/ifma.h): whole blocks only, the rest is logup.cc's.
#ifndef TRAINPROOF_BACKEND_CPU_LOGUP_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_LOGUP_IFMA_H_

#include <cstdint>

#include "field/field.h"

namespace trainproof::ifma {

// Nodes that sums may run over at once: more would overflow their columns.
constexpr std::size_t kLevelChunk = 1024;

// For X = 0 and the coefficient of X² of each lane's nodes, divided by 2^8 (products' missing factors):
//   fractions = Σ eq·(p0·q1 + p1·q0), denominators = Σ eq·q0·q1.
// Where p is all ones, fractions are zero and denominators Σ eq·(q0 + λ)(q1 + λ).
struct LevelSums {
  Fr fractions[2][8], denominators[2][8];
};

// Nodes y in [begin, begin + count), eq(y) = low[y − begin]; count a multiple of 8, at most kLevelChunk. Entry 2x + i of a
// level is child i of x = 2y + X. A null p is all ones.
void level_sums(const Fr* p, const Fr* q, const Fr& lambda, const Fr* low, std::size_t begin, std::size_t count,
                LevelSums& sums);
// The same after binding the former bit to r, in place: entries 8y … 8y + 7 of the old level become 4y … 4y + 3. What is written goes
// past the caches with `stream`; p and q then begin with a cache line.
void fold_level_sums(Fr* p, Fr* q, const Fr& r, const Fr& lambda, const Fr* low, std::size_t begin, std::size_t count,
                     bool stream, LevelSums& sums);

// Parents [begin, begin + count), count a multiple of 8. A null p is all ones.
void fraction_parents(const Fr* p, const Fr* q, Fr* parent_p, Fr* parent_q, std::size_t begin, std::size_t count, bool stream);

// out[i] = alpha − values[i], count a multiple of 8.
void lookup_leaves(const std::uint16_t* values, const Fr& alpha, std::size_t count, Fr* out);
void lookup_leaves(const std::int32_t* values, const Fr& alpha, std::size_t count, Fr* out);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_LOGUP_IFMA_H_
