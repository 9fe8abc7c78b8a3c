// p0, p1, q0, q1 of a level's one node, after binding the last bit.
#include "backend/cuda/device/level.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

__global__ void logup_finish(DeviceLevel level, bool fold, Element r, Element* results) {
  const unsigned i = threadIdx.x;
  results[i] = fold ? level.folded_p(i, r) : level.p_at(i);
  results[2 + i] = fold ? level.folded_q(i, r) : level.q_at(i);
}

}  // namespace

void launch_logup_finish(const Element* p, const Element* q, std::size_t size, bool fold, const Element& r,
                         const Reduction& reduction, cudaStream_t stream) {
  logup_finish<<<1, 2, 0, stream>>>(DeviceLevel{p, q, size}, fold, r, reduction.results);
  check_launch("logup_finish's kernel");
}

}  // namespace trainproof::cuda
