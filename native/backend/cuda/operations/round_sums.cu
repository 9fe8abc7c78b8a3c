// sum + 2^(shift−1) = 2^shift · quotient + remainder: rounding half up. Of the quotients outside their range the first by column,
// then row, is reported; and the largest magnitude of all.
#include <cub/block/block_reduce.cuh>
#include <cuda/functional>

#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 256;

template <class Sum>
__global__ void __launch_bounds__(kThreads)
    round_sums(const Sum* sums, std::size_t rows, std::size_t cols, unsigned shift, std::int64_t limit, std::int64_t* quotient,
               std::int64_t* remainder, RoundingReport* report) {
  using Reduce = cub::BlockReduce<unsigned long long, kThreads>;
  __shared__ typename Reduce::TempStorage storage;
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  unsigned long long magnitude = 0;
  if (i < rows * cols) {
    const Sum shifted = sums[i] + (std::int64_t{1} << (shift - 1)), rounded = shifted >> shift;
    if (rounded < -limit || rounded >= limit) {
      atomicMin(&report->violation, static_cast<unsigned long long>(i % cols * rows + i / cols));
    } else {
      quotient[i] = static_cast<std::int64_t>(rounded);
      remainder[i] = static_cast<std::int64_t>(shifted) & ((std::int64_t{1} << shift) - 1);
      magnitude = static_cast<unsigned long long>(rounded < 0 ? -rounded : rounded);
    }
  }
  const unsigned long long largest = Reduce(storage).Reduce(magnitude, ::cuda::maximum<>());
  if (threadIdx.x == 0) atomicMin(&report->least_complement, ~largest);
}

}  // namespace

void launch_round_sums(const void* sums, bool wide, std::size_t rows, std::size_t cols, unsigned shift, std::int64_t limit,
                       std::int64_t* quotient, std::int64_t* remainder, RoundingReport* report, cudaStream_t stream) {
  if (rows * cols == 0) return;
  const unsigned blocks = blocks_for(rows * cols, kThreads, ~0u);
  if (wide) {
    round_sums<<<blocks, kThreads, 0, stream>>>(static_cast<const __int128*>(sums), rows, cols, shift, limit, quotient, remainder,
                                                report);
  } else {
    round_sums<<<blocks, kThreads, 0, stream>>>(static_cast<const std::int64_t*>(sums), rows, cols, shift, limit, quotient,
                                                remainder, report);
  }
  check_launch("the rounding's kernel");
}

}  // namespace trainproof::cuda
