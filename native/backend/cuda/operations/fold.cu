// to[y] = from[2y] + r · (from[2y+1] − from[2y]) for all tables of a round at once. Not in place: blocks would write what others
// have yet to read.
#include "backend/cuda/device/field.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

__global__ void __launch_bounds__(kThreads) fold(const __grid_constant__ FoldBatch batch) {
  const FoldJob& job = batch.job[blockIdx.y];
  const std::size_t pairs = (job.size + 1) / 2;
  for (std::size_t y = std::size_t{blockIdx.x} * kThreads + threadIdx.x; y < pairs; y += std::size_t{gridDim.x} * kThreads) {
    const FrD even = job.from[2 * y];
    const FrD odd = 2 * y + 1 < job.size ? FrD(job.from[2 * y + 1]) : FrD::zero();
    job.to[y] = even + FrD(job.r) * (odd - even);
  }
}

}  // namespace

void launch_folds(const FoldBatch& batch, cudaStream_t stream) {
  std::size_t largest = 0;
  for (unsigned i = 0; i < batch.count; ++i) largest = std::max(largest, (batch.job[i].size + 1) / 2);
  if (largest == 0) return;
  fold<<<dim3(blocks_for(largest, kThreads), batch.count), kThreads, 0, stream>>>(batch);
  check_launch("the folds' kernel");
}

}  // namespace trainproof::cuda
