// out[s · out_stride + out_offset + row] = Σ_{col in segment s} view(row, col) · v[col]. A group of threads for each row and segment,
// one warp where segments are short, a block where they are long.
#include <cub/block/block_reduce.cuh>
#include <cub/warp/warp_reduce.cuh>

#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;
constexpr unsigned kWarp = 32;
// Segments up to here are a warp's.
constexpr std::size_t kLongSegment = 1024;

template <class T>
TRAINPROOF_DEVICE FrD part_of_dot(const Entries<T>& view, const Element* v, std::size_t row, std::size_t first, std::size_t end,
                                  unsigned step) {
  IntegerSum sum;
  for (std::size_t col = first; col < end; col += step) sum.add(FrD(v[col]), view.at(row, col));
  return sum.reduce();
}

template <class T>
__global__ void __launch_bounds__(kThreads) row_dot_warps(Entries<T> view, const Element* v, std::size_t segments, Element* out,
                                                          std::size_t out_offset, std::size_t out_stride) {
  using Reduce = cub::WarpReduce<FrD>;
  __shared__ typename Reduce::TempStorage storage[kThreads / kWarp];
  const unsigned warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
  const std::size_t task = std::size_t{blockIdx.x} * (kThreads / kWarp) + warp;
  if (task >= view.rows * segments) return;
  const std::size_t row = task / segments, segment = task % segments, length = view.cols / segments;
  const FrD mine = part_of_dot(view, v, row, segment * length + lane, (segment + 1) * length, kWarp);
  const FrD total = Reduce(storage[warp]).Reduce(mine, Plus());
  if (lane == 0) out[segment * out_stride + out_offset + row] = total;
}

template <class T>
__global__ void __launch_bounds__(kThreads) row_dot_blocks(Entries<T> view, const Element* v, std::size_t segments, Element* out,
                                                           std::size_t out_offset, std::size_t out_stride) {
  using Reduce = cub::BlockReduce<FrD, kThreads, cub::BLOCK_REDUCE_WARP_REDUCTIONS>;
  __shared__ typename Reduce::TempStorage storage;
  const std::size_t row = blockIdx.x / segments, segment = blockIdx.x % segments, length = view.cols / segments;
  const FrD mine = part_of_dot(view, v, row, segment * length + threadIdx.x, (segment + 1) * length, kThreads);
  const FrD total = Reduce(storage).Reduce(mine, Plus());
  if (threadIdx.x == 0) out[segment * out_stride + out_offset + row] = total;
}

}  // namespace

void launch_row_dot(const View& view, const Element* v, std::size_t segments, Element* out, std::size_t out_offset,
                    std::size_t out_stride, cudaStream_t stream) {
  const std::size_t tasks = view.rows * segments;
  if (tasks == 0) return;
  with_type(view, [&](const auto& entries) {
    if (view.cols / segments <= kLongSegment) {
      const unsigned blocks = blocks_for(tasks, kThreads / kWarp, ~0u);
      row_dot_warps<<<blocks, kThreads, 0, stream>>>(entries, v, segments, out, out_offset, out_stride);
    } else {
      row_dot_blocks<<<blocks_for(tasks, 1, ~0u), kThreads, 0, stream>>>(entries, v, segments, out, out_offset, out_stride);
    }
  });
  check_launch("row_dot's kernel");
}

}  // namespace trainproof::cuda
