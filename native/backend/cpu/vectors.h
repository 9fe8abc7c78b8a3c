// Parallel loops over field vectors.
#ifndef TRAINPROOF_BACKEND_CPU_VECTORS_H_
#define TRAINPROOF_BACKEND_CPU_VECTORS_H_

#include <mutex>

#include "backend/cpu/buffers.h"
#include "util/parallel.h"

namespace trainproof {

// run(begin, end) over [0, count) for loops that read entries 2y and above and write entry y of one array: in
// the order [0, 1), [1, 2), [2, 4), [4, 8), …, since such a block writes below what it and later blocks read, and may
// itself be cut among threads.
template <class Run>
void in_place_halving(std::size_t count, std::size_t grain, Run&& run) {
  std::size_t begin = 0;
  while (begin < count) {
    // What one thread does in order anyway needs no cut.
    const std::size_t end = std::min(count, std::max(2 * begin, grain));
    if (begin == 0) {
      run(begin, end);
    } else {
      parallel_for(begin, end, grain, run);
    }
    begin = end;
  }
}

// Σ over chunks of partial(begin, end), an array of field elements.
template <std::size_t N, class Partial>
std::array<Fr, N> parallel_sums(std::size_t begin, std::size_t end, std::size_t grain, Partial&& partial) {
  std::array<Fr, N> total{};
  total.fill(Fr::zero());
  std::mutex mutex;
  parallel_for(begin, end, grain, [&](std::size_t first, std::size_t last) {
    const std::array<Fr, N> part = partial(first, last);
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < N; ++i) total[i] += part[i];
  });
  return total;
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_VECTORS_H_
