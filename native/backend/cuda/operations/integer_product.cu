// sums(m, n) = Σ_k left(k, m) · right(k, n), exactly: in 64 bits wrapping (three multiplier instructions a product), or in 128. Tiles of 64 × 64,
// sixteen sums a thread, operands through shared memory. Where the tiles are few, as for a batch of 64 samples, k is cut, too, and
// the parts are added by atomics: integer sums do not depend on their order.
#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 256, kTile = 64, kDepth = 16, kSide = 4;
static_assert(kTile / kSide * (kTile / kSide) == kThreads);
// Blocks that fill a large GPU.
constexpr std::size_t kEnoughBlocks = 264;

TRAINPROOF_DEVICE std::int64_t entry(const Operand& operand, std::size_t k, std::size_t i) {
  if (k == operand.constant_k || i == operand.constant_i) return operand.constant;
  return operand.data[k * operand.k_stride + i * operand.i_stride];
}

// tile[k][i]; neighbouring threads read along memory.
TRAINPROOF_DEVICE void load(const Operand& operand, std::size_t first_k, std::size_t end_k, std::size_t first, std::size_t end,
                            std::int64_t (&tile)[kDepth][kTile + 1]) {
  for (unsigned at = threadIdx.x; at < kDepth * kTile; at += kThreads) {
    const bool along_k = operand.k_stride == 1;
    const unsigned k = along_k ? at % kDepth : at / kTile, i = along_k ? at / kDepth : at % kTile;
    tile[k][i] = first_k + k < end_k && first + i < end ? entry(operand, first_k + k, first + i) : 0;
  }
}

template <class Sum, class Factor>
__global__ void __launch_bounds__(kThreads)
    integer_product(Operand left, Operand right, std::size_t rows, std::size_t cols, std::size_t length, std::size_t slice, Sum* out) {
  __shared__ std::int64_t left_tile[kDepth][kTile + 1], right_tile[kDepth][kTile + 1];
  const std::size_t first_row = std::size_t{blockIdx.x} * kTile, first_col = std::size_t{blockIdx.y} * kTile;
  const std::size_t begin = blockIdx.z * slice, end = min(begin + slice, length);
  const unsigned row = threadIdx.x / (kTile / kSide), col = threadIdx.x % (kTile / kSide);
  Sum sums[kSide][kSide] = {};
  for (std::size_t k0 = begin; k0 < end; k0 += kDepth) {
    load(left, k0, end, first_row, rows, left_tile);
    load(right, k0, end, first_col, cols, right_tile);
    __syncthreads();
#pragma unroll 4
    for (unsigned k = 0; k < kDepth; ++k) {
      Factor a[kSide], b[kSide];
#pragma unroll
      for (unsigned i = 0; i < kSide; ++i) {
        a[i] = static_cast<Factor>(left_tile[k][row + i * (kTile / kSide)]);
        b[i] = static_cast<Factor>(right_tile[k][col + i * (kTile / kSide)]);
      }
#pragma unroll
      for (unsigned i = 0; i < kSide; ++i) {
#pragma unroll
        for (unsigned j = 0; j < kSide; ++j) sums[i][j] += static_cast<Sum>(a[i]) * b[j];
      }
    }
    __syncthreads();
  }
#pragma unroll
  for (unsigned i = 0; i < kSide; ++i) {
#pragma unroll
    for (unsigned j = 0; j < kSide; ++j) {
      const std::size_t m = first_row + row + i * (kTile / kSide), n = first_col + col + j * (kTile / kSide);
      if (m >= rows || n >= cols) continue;
      if constexpr (sizeof(Sum) == 8) {
        if (gridDim.z > 1) {
          atomicAdd(out + m * cols + n, sums[i][j]);
          continue;
        }
      }
      out[m * cols + n] = sums[i][j];
    }
  }
}

}  // namespace

void launch_integer_product(const Operand& left, const Operand& right, std::size_t rows, std::size_t cols, std::size_t length,
                            bool wide, void* sums, cudaStream_t stream) {
  if (rows == 0 || cols == 0) return;
  dim3 grid(blocks_for(rows, kTile), blocks_for(cols, kTile));
  if (wide) {
    integer_product<__int128, std::int64_t>
        <<<grid, kThreads, 0, stream>>>(left, right, rows, cols, length, length, static_cast<__int128*>(sums));
  } else {
    const std::size_t tiles = std::size_t{grid.x} * grid.y, most = (length + 4 * kDepth - 1) / (4 * kDepth);
    const std::size_t slices = std::clamp<std::size_t>(kEnoughBlocks / tiles, 1, std::max<std::size_t>(most, 1));
    const std::size_t slice = ((length + slices - 1) / slices + kDepth - 1) / kDepth * kDepth;
    grid.z = static_cast<unsigned>(slice == 0 ? 1 : (length + slice - 1) / slice);
    if (grid.z > 1) check(cudaMemsetAsync(sums, 0, rows * cols * 8, stream), "an integer product");
    integer_product<unsigned long long, unsigned long long>
        <<<grid, kThreads, 0, stream>>>(left, right, rows, cols, length, slice, static_cast<unsigned long long*>(sums));
  }
  check_launch("the integer products' kernel");
}

}  // namespace trainproof::cuda
