// From sums over vector lanes to what a LogUp round says (backend/cpu/logup_ifma.h).
#ifndef TRAINPROOF_BACKEND_CPU_VECTOR_SUMS_H_
#define TRAINPROOF_BACKEND_CPU_VECTOR_SUMS_H_

#include "backend/cpu/logup_ifma.h"
#include "backend/cpu/vectors.h"

namespace trainproof {

// The low bits of eq that blocks of eight need.
constexpr unsigned kVectorBits = 3;
// Blocks of eight nodes that make a chunk worth a thread.
constexpr std::size_t kVectorBlockGrain = kFieldGrain / 32;

// Whether a level's entries, `size` of them from `data` on, are worth writing past the caches.
inline bool streams(const Fr* data, std::size_t size) {
  constexpr std::size_t kLeast = (std::size_t{1} << 20) / sizeof(Fr), kLine = 64;
  return size >= kLeast && reinterpret_cast<std::uintptr_t>(data) % kLine == 0;
}

inline Fr lane_sum(const Fr (&lanes)[8]) {
  Fr sum = Fr::zero();
  for (const Fr& lane : lanes) sum += lane;
  return sum;
}

// Of a quadratic h(X): h(0) and the coefficient of X².
using Values = std::array<Fr, 2>;

// Of the brackets less their default (backend.h): Σ_y eq(y)·(q1·(λ·p0 + q0) + λ·p1·q0 − 1), `weights` being Σ_y eq(y).
inline Values bracket_sums(const ifma::LevelSums& sums, const Fr& lambda, bool ones, const Fr& weights) {
  // Two products' missing factors.
  static const Fr scale = Fr::from_u64(256);
  const Fr constant = (ones ? lambda.square() + Fr::one() : Fr::one()) * weights;
  Values h;
  for (std::size_t at = 0; at < 2; ++at) {
    h[at] = lane_sum(sums.denominators[at]);
    if (!ones) h[at] += lambda * lane_sum(sums.fractions[at]);
    h[at] *= scale;
  }
  h[0] -= constant;
  return h;
}

// Σ over the nodes [8 · begin, 8 · end) of eq times the brackets: sums(low, y, count, weights) gives the Values for `count` nodes from y on, whose low factors are low[0], …; it is called for each stretch with one high factor.
template <class Sums>
Values vector_round(const SplitEq& eq, std::size_t begin, std::size_t end, Sums&& sums) {
  Values total = {Fr::zero(), Fr::zero()};
  for (std::size_t y = 8 * begin; y < 8 * end;) {
    const std::size_t high = y >> eq.low_bits, low = y - (high << eq.low_bits);
    const std::size_t count = std::min({8 * end - y, (std::size_t{1} << eq.low_bits) - low, ifma::kLevelChunk});
    Fr weights = Fr::zero();
    for (std::size_t i = 0; i < count; ++i) weights += eq.low[low + i];
    const Values h = sums(eq.low.data() + low, y, count, weights);
    for (std::size_t at = 0; at < 2; ++at) total[at] += eq.high[high] * h[at];
    y += count;
  }
  return total;
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_VECTOR_SUMS_H_
