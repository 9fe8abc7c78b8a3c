// weights −= eta · sums. In 64 bits it cannot leave its range (the caller's bound); in 128 what would is reported, the first by
// column, then row, as range violations are everywhere.
#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 256;
using Unsigned128 = unsigned __int128;

__global__ void __launch_bounds__(kThreads)
    update_weights(std::int64_t* weights, const std::uint64_t* sums, std::size_t size, std::uint64_t eta) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i < size) weights[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(weights[i]) - eta * sums[i]);
}

__global__ void __launch_bounds__(kThreads)
    update_weights_wide(std::int64_t* weights, const __int128* sums, std::size_t rows, std::size_t cols, std::uint64_t eta,
                        unsigned long long* violation) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i >= rows * cols) return;
  const __int128 sum = sums[i], limit = static_cast<__int128>(1) << 63;
  const Unsigned128 magnitude = sum < 0 ? -static_cast<Unsigned128>(sum) : static_cast<Unsigned128>(sum);
  const Unsigned128 low = static_cast<Unsigned128>(static_cast<std::uint64_t>(magnitude)) * eta;
  const Unsigned128 high = static_cast<Unsigned128>(static_cast<std::uint64_t>(magnitude >> 64)) * eta + (low >> 64);
  // A step of 2^64 or more takes any weight out of its range.
  const __int128 step = static_cast<__int128>(static_cast<std::uint64_t>(low));
  const __int128 next = sum < 0 ? weights[i] + step : weights[i] - step;
  if (high != 0 || next >= limit || next <= -limit) {
    atomicMin(violation, static_cast<unsigned long long>(i % cols * rows + i / cols));
    return;
  }
  weights[i] = static_cast<std::int64_t>(next);
}

}  // namespace

void launch_update_weights(std::int64_t* weights, const void* sums, bool wide, std::size_t rows, std::size_t cols,
                           std::uint64_t eta, unsigned long long* violation, cudaStream_t stream) {
  if (rows * cols == 0) return;
  const unsigned blocks = blocks_for(rows * cols, kThreads, ~0u);
  if (wide) {
    update_weights_wide<<<blocks, kThreads, 0, stream>>>(weights, static_cast<const __int128*>(sums), rows, cols, eta, violation);
  } else {
    update_weights<<<blocks, kThreads, 0, stream>>>(weights, static_cast<const std::uint64_t*>(sums), rows * cols, eta);
  }
  check_launch("the update's kernel");
}

}  // namespace trainproof::cuda
