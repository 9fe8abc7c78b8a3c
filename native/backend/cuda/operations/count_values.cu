// counts[view(row, col) + offset] += 1. Lanes of a warp with one value count as one: digits of small numbers are mostly zero,
// and atomics on one address are done one after the other.
#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

template <class T>
__global__ void __launch_bounds__(kThreads) count_values(Entries<T> view, std::int64_t offset, std::uint32_t* counts,
                                                         std::size_t size) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  bool counts_here = false;
  std::uint64_t bin = 0;
  if (i < view.rows * view.cols) {
    const std::int64_t value = static_cast<std::int64_t>(view.at(i / view.cols, i % view.cols));
    // 64 bits wrap: value + offset ≥ 0 is value ≥ −offset, without overflow since |offset| < 2^63.
    bin = static_cast<std::uint64_t>(value) + static_cast<std::uint64_t>(offset);
    counts_here = value >= -offset && bin < size;
  }
  const unsigned active = __ballot_sync(0xffffffff, counts_here);
  if (!counts_here) return;
  const unsigned same = __match_any_sync(active, static_cast<unsigned>(bin));
  if ((threadIdx.x & 31) == __ffs(same) - 1) atomicAdd(counts + bin, __popc(same));
}

}  // namespace

void launch_count_values(const View& view, std::int64_t offset, std::uint32_t* counts, std::size_t size, cudaStream_t stream) {
  if (view.rows * view.cols == 0) return;
  with_type(view, [&](const auto& entries) {
    count_values<<<blocks_for(view.rows * view.cols, kThreads, ~0u), kThreads, 0, stream>>>(entries, offset, counts, size);
  });
  check_launch("count_values' kernel");
}

}  // namespace trainproof::cuda
