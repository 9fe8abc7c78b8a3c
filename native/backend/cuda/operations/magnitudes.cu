// The largest |entry| of a matrix, and the sums of the |entries| of its columns, from which training derives bounds.
#include <cub/block/block_reduce.cuh>
#include <cub/device/device_reduce.cuh>
#include <thrust/iterator/transform_iterator.h>

#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

struct Absolute {
  __host__ __device__ std::uint64_t operator()(std::int64_t x) const {
    return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
  }
};

struct Sum128 {
  std::uint64_t low, high;
};
struct AddSums {
  TRAINPROOF_DEVICE Sum128 operator()(const Sum128& a, const Sum128& b) const {
    const std::uint64_t low = a.low + b.low;
    return {low, a.high + b.high + (low < a.low)};
  }
};

// A block a column: there are as many as samples in a batch.
__global__ void __launch_bounds__(kThreads)
    column_sums(const std::int64_t* from, std::size_t rows, std::size_t cols, std::uint64_t* sums) {
  using Reduce = cub::BlockReduce<Sum128, kThreads>;
  __shared__ typename Reduce::TempStorage storage;
  Sum128 sum{0, 0};
  for (std::size_t row = threadIdx.x; row < rows; row += kThreads) {
    sum = AddSums()(sum, {Absolute()(from[row * cols + blockIdx.x]), 0});
  }
  const Sum128 total = Reduce(storage).Reduce(sum, AddSums());
  if (threadIdx.x == 0) {
    sums[2 * blockIdx.x] = total.low;
    sums[2 * blockIdx.x + 1] = total.high;
  }
}

}  // namespace

void launch_largest(const std::int64_t* from, std::size_t size, void* scratch, std::size_t& scratch_bytes, std::uint64_t* largest,
                    cudaStream_t stream) {
  const auto magnitudes = thrust::make_transform_iterator(from, Absolute());
  check(cub::DeviceReduce::Max(scratch, scratch_bytes, magnitudes, largest, size, stream), "the largest entry's kernel");
}

void launch_column_sums(const std::int64_t* from, std::size_t rows, std::size_t cols, std::uint64_t* sums, cudaStream_t stream) {
  if (cols == 0) return;
  column_sums<<<blocks_for(cols, 1, ~0u), kThreads, 0, stream>>>(from, rows, cols, sums);
  check_launch("the column sums' kernel");
}

}  // namespace trainproof::cuda
