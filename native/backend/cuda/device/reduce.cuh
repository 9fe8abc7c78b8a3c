// Sums over a whole grid in one launch: CUB within a block; the last block to come adds the blocks' sums.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_REDUCE_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_REDUCE_CUH_

#include <cub/block/block_reduce.cuh>

#include "backend/cuda/device/field.cuh"
#include "backend/cuda/launch.h"

namespace trainproof::cuda {

template <int kCount>
struct Totals {
  FrD at[kCount];

  TRAINPROOF_DEVICE static Totals zero() {
    Totals out;
#pragma unroll
    for (int i = 0; i < kCount; ++i) out.at[i] = FrD::zero();
    return out;
  }
  TRAINPROOF_DEVICE friend Totals operator+(const Totals& x, const Totals& y) {
    Totals out;
#pragma unroll
    for (int i = 0; i < kCount; ++i) out.at[i] = x.at[i] + y.at[i];
    return out;
  }
};

struct Plus {
  template <class T>
  TRAINPROOF_DEVICE T operator()(const T& x, const T& y) const {
    return x + y;
  }
};

// Every thread of the grid calls it once; `finish` is applied to a block's sum before it counts.
template <int kThreads, int kCount, class Finish>
TRAINPROOF_DEVICE void reduce_grid(const Totals<kCount>& mine, const Reduction& to, Finish finish) {
  using Reduce = cub::BlockReduce<Totals<kCount>, kThreads, cub::BLOCK_REDUCE_WARP_REDUCTIONS>;
  __shared__ typename Reduce::TempStorage storage;
  __shared__ bool is_last;
  const unsigned blocks = gridDim.x * gridDim.y, block = blockIdx.y * gridDim.x + blockIdx.x;
  const Totals<kCount> total = Reduce(storage).Reduce(mine, Plus());
  if (threadIdx.x == 0) {
    const Totals<kCount> finished = finish(total);
    Element* out = blocks == 1 ? to.results : to.partials + block * kCount;
#pragma unroll
    for (int i = 0; i < kCount; ++i) out[i] = finished.at[i];
    is_last = false;
    if (blocks > 1) {
      __threadfence();
      is_last = atomicInc(to.ticket, blocks - 1) == blocks - 1;  // wraps to zero
    }
  }
  __syncthreads();
  if (!is_last) return;
  __threadfence();
  Totals<kCount> sum = Totals<kCount>::zero();
  for (unsigned i = threadIdx.x; i < blocks; i += kThreads) {
    Totals<kCount> part;
#pragma unroll
    for (int k = 0; k < kCount; ++k) {
      // Not from this multiprocessor's cache: other blocks wrote it.
      const uint4* from = reinterpret_cast<const uint4*>(to.partials + i * kCount + k);
      const uint4 low = __ldcg(from), high = __ldcg(from + 1);
      part.at[k] = Element{{low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w}};
    }
    sum = sum + part;
  }
  sum = Reduce(storage).Reduce(sum, Plus());
  if (threadIdx.x == 0) {
#pragma unroll
    for (int i = 0; i < kCount; ++i) to.results[i] = sum.at[i];
  }
}

template <int kThreads, int kCount>
TRAINPROOF_DEVICE void reduce_grid(const Totals<kCount>& mine, const Reduction& to) {
  reduce_grid<kThreads>(mine, to, [](const Totals<kCount>& total) { return total; });
}

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_REDUCE_CUH_
