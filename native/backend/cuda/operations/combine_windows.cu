// out[row] = Σ_w 2^(8w) · sums[row][w] + blindings[row] · H, affine. A warp a row: lane w doubles window w's sum 8w times and adds
// digit w of the blinding from the tables of 2^(8w) · H; CUB adds the lanes. Then a thread a row inverts: in the warp 31 lanes
// would wait for the 380 products of an inversion.
#include <cub/warp/warp_reduce.cuh>

#include "backend/cuda/device/sum_points.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kWarp = 32, kThreads = 64;
static_assert(kScalarWindows == kWarp);

__global__ void __launch_bounds__(kThreads)
    combine_windows(DevicePoint* sums, std::size_t rows, unsigned windows, const Element* blindings,
                    const PackedPoint* blinding_multiples) {
  using Reduce = cub::WarpReduce<DevicePoint>;
  __shared__ typename Reduce::TempStorage storage[kThreads / kWarp];
  const unsigned warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
  const std::size_t row = std::size_t{blockIdx.x} * (kThreads / kWarp) + warp;
  if (row >= rows) return;
  DevicePoint sum = DevicePoint::identity();
  if (lane < windows) {
    sum = sums[row * windows + lane];
#pragma unroll 1
    for (unsigned i = sum.is_identity() ? 8 * lane : 0; i < 8 * lane; ++i) sum = sum.doubled();
  }
  const FrD blinding = FrD(blindings[row]).integer();
  std::uint32_t word = 0;
#pragma unroll
  for (unsigned i = 0; i < 8; ++i) word = i == lane / 4 ? blinding.limb[i] : word;
  const unsigned digit = word >> (8 * (lane % 4)) & 255;
  if (digit != 0) sum.add(blinding_multiples[lane * kMultiples + digit - 1], false);

  const DevicePoint total = Reduce(storage[warp]).Reduce(sum, AddPoints());
  // The row's own windows are read.
  if (lane == 0) sums[row * windows] = total;
}

__global__ void __launch_bounds__(kThreads) to_affine(const DevicePoint* sums, std::size_t rows, unsigned windows, PackedPoint* out) {
  const std::size_t row = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (row >= rows) return;
  const DevicePoint total = sums[row * windows];
  out[row] = total.is_identity() ? PackedPoint{FqD::zero(), FqD::zero()} : total.affine(total.ZZZ.inverse());
}

}  // namespace

void launch_combine_windows(void* sums, std::size_t rows, unsigned windows, const Element* blindings,
                            const PackedPoint* blinding_multiples, PackedPoint* out, cudaStream_t stream) {
  if (rows == 0) return;
  combine_windows<<<blocks_for(rows, kThreads / kWarp, ~0u), kThreads, 0, stream>>>(
      static_cast<DevicePoint*>(sums), rows, windows, blindings, blinding_multiples);
  check_launch("the kernel that combines commitments' windows");
  to_affine<<<blocks_for(rows, kThreads, ~0u), kThreads, 0, stream>>>(static_cast<const DevicePoint*>(sums), rows, windows, out);
  check_launch("the kernel that makes commitments affine");
}

}  // namespace trainproof::cuda
