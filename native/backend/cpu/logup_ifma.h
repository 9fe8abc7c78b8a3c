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
// The same after binding the former bit to r, in place: entries 8y … 8y + 7 of the old level become 4y … 4y + 3.
void fold_level_sums(Fr* p, Fr* q, const Fr& r, const Fr& lambda, const Fr* low, std::size_t begin, std::size_t count,
                     LevelSums& sums);

// Parents [begin, begin + count), count a multiple of 8. A null p is all ones.
void fraction_parents(const Fr* p, const Fr* q, Fr* parent_p, Fr* parent_q, std::size_t begin, std::size_t count);

// --- The leaves α − d of 16-bit digits d, and their parents, from the digits: neither is stored. Parent y of leaves 2y, 2y + 1 is
// p = 2α − (d0 + d1), q = α² − α·(d0 + d1) + d0·d1.

// What the leaves' first round adds up, divided by 2^260: over d0, d1 of the nodes 2y (X = 0)
//   sums = Σ eq·(d0 + d1), products = Σ eq·d0·d1; differences = Σ eq·(δ0·δ1 + 2^32), δ from X = 0 to 1.
struct DigitSums {
  Fr sums[8], products[8], differences[8];
};
// Counts of nodes as in level_sums; `digits` are those of the first node's children.
void digit_sums(const std::uint16_t* digits, const Fr* low, std::size_t count, DigitSums& sums);
// fold_level_sums for leaves: their fold goes to q[0], q[1], ….
void fold_digit_sums(const std::uint16_t* digits, const Fr& alpha, const Fr& r, const Fr& lambda, const Fr* low,
                     std::size_t count, Fr* q, LevelSums& sums);
// level_sums and fold_level_sums for the leaves' parents; the fold goes to p[0], … and q[0], ….
void parent_sums(const std::uint16_t* digits, const Fr& alpha, const Fr* low, std::size_t count, LevelSums& sums);
void fold_parent_sums(const std::uint16_t* digits, const Fr& alpha, const Fr& r, const Fr* low, std::size_t count,
                      Fr* p, Fr* q, LevelSums& sums);
// Parents of the leaves' parents, count a multiple of 8, from 4 · count digits.
void digit_grandparents(const std::uint16_t* digits, const Fr& alpha, std::size_t count, Fr* p, Fr* q);

// out[i] = alpha − values[i], count a multiple of 8.
void lookup_leaves(const std::uint16_t* values, const Fr& alpha, std::size_t count, Fr* out);
void lookup_leaves(const std::int32_t* values, const Fr& alpha, std::size_t count, Fr* out);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_LOGUP_IFMA_H_
