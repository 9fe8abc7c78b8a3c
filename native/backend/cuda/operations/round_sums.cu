// sum + 2^(shift−1) = 2^shift · quotient + remainder: rounding half up. Of the quotients outside their range the first by column,
// then row, is reported.
#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 256;

template <class Sum>
__global__ void __launch_bounds__(kThreads)
    round_sums(const Sum* sums, std::size_t rows, std::size_t cols, unsigned shift, std::int64_t limit, std::int64_t* quotient,
               std::int64_t* remainder, unsigned long long* violation) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i >= rows * cols) return;
  const Sum shifted = sums[i] + (std::int64_t{1} << (shift - 1)), rounded = shifted >> shift;
  if (rounded < -limit || rounded >= limit) {
    atomicMin(violation, static_cast<unsigned long long>(i % cols * rows + i / cols));
    return;
  }
  quotient[i] = static_cast<std::int64_t>(rounded);
  remainder[i] = static_cast<std::int64_t>(shifted) & ((std::int64_t{1} << shift) - 1);
}

}  // namespace

void launch_round_sums(const void* sums, bool wide, std::size_t rows, std::size_t cols, unsigned shift, std::int64_t limit,
                       std::int64_t* quotient, std::int64_t* remainder, unsigned long long* violation, cudaStream_t stream) {
  if (rows * cols == 0) return;
  const unsigned blocks = blocks_for(rows * cols, kThreads, ~0u);
  if (wide) {
    round_sums<<<blocks, kThreads, 0, stream>>>(static_cast<const __int128*>(sums), rows, cols, shift, limit, quotient, remainder,
                                                violation);
  } else {
    round_sums<<<blocks, kThreads, 0, stream>>>(static_cast<const std::int64_t*>(sums), rows, cols, shift, limit, quotient,
                                                remainder, violation);
  }
  check_launch("the rounding's kernel");
}

}  // namespace trainproof::cuda
