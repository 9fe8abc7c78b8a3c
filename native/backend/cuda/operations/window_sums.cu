// sums[row][w] = Σ_j digit_w(row, j) · G_j for the 8-bit digits of the row's integers (sign and magnitude) or field elements. A
// block a row and window: its threads read neighbouring entries and add multiples of their columns' generators from tables,
// ten products an addition; then CUB adds the threads' sums.
//
// 64 threads: with fewer the last sums of a row are less work, with more a multiprocessor is fuller. (No GPU has said which.)
#include <cub/block/block_reduce.cuh>

#include "backend/cuda/device/sum_points.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 64;

template <class T>
struct IntegerDigits {
  Entries<T> view;
  TRAINPROOF_DEVICE std::size_t cols() const { return view.cols; }
  TRAINPROOF_DEVICE unsigned digit(std::size_t row, std::size_t col, unsigned window, bool& negative) const {
    const T value = view.at(row, col);
    negative = is_negative(value);
    const auto wide = static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    return static_cast<unsigned>((negative ? 0 - wide : wide) >> (8 * window)) & 255;
  }
};

struct ScalarDigits {
  const Element* scalars;
  std::size_t size;
  TRAINPROOF_DEVICE std::size_t cols() const { return size; }
  TRAINPROOF_DEVICE unsigned digit(std::size_t, std::size_t col, unsigned window, bool& negative) const {
    negative = false;
    const FrD integer = FrD(scalars[col]).integer();
    // Not by index: limbs are registers.
    std::uint32_t word = 0;
#pragma unroll
    for (unsigned i = 0; i < 8; ++i) word = i == window / 4 ? integer.limb[i] : word;
    return word >> (8 * (window % 4)) & 255;
  }
};

template <class Digits>
__global__ void __launch_bounds__(kThreads) window_sums(Digits digits, const PackedPoint* multiples, DevicePoint* sums) {
  using Reduce = cub::BlockReduce<DevicePoint, kThreads, cub::BLOCK_REDUCE_WARP_REDUCTIONS>;
  __shared__ typename Reduce::TempStorage storage;
  const std::size_t row = blockIdx.x;
  const unsigned window = blockIdx.y, windows = gridDim.y;
  DevicePoint sum = DevicePoint::identity();
#pragma unroll 1
  for (std::size_t col = threadIdx.x; col < digits.cols(); col += kThreads) {
    bool negative;
    const unsigned digit = digits.digit(row, col, window, negative);
    if (digit != 0) sum.add(multiples[col * kMultiples + digit - 1], negative);
  }
  // The high windows of 64-bit integers are mostly empty.
  DevicePoint total = DevicePoint::identity();
  if (__syncthreads_or(!sum.is_identity())) total = Reduce(storage).Reduce(sum, AddPoints());
  if (threadIdx.x == 0) sums[row * windows + window] = total;
}

}  // namespace

std::size_t window_sums_bytes(std::size_t rows, unsigned windows) { return rows * windows * sizeof(DevicePoint); }

unsigned integer_windows(Integer type) {
  switch (type) {
    case Integer::kU8: return 1;
    case Integer::kU16: return 2;
    case Integer::kU32:
    case Integer::kI32: return 4;
    case Integer::kI64: break;
  }
  return 8;
}

void launch_row_window_sums(const View& view, const PackedPoint* multiples, void* sums, cudaStream_t stream) {
  if (view.rows == 0) return;
  const dim3 grid(static_cast<unsigned>(view.rows), integer_windows(view.type));
  with_type(view, [&]<class T>(const Entries<T>& entries) {
    window_sums<<<grid, kThreads, 0, stream>>>(IntegerDigits<T>{entries}, multiples, static_cast<DevicePoint*>(sums));
  });
  check_launch("the row commitments' kernel");
}

void launch_scalar_window_sums(const Element* scalars, std::size_t size, const PackedPoint* multiples, void* sums,
                               cudaStream_t stream) {
  const dim3 grid(1, kScalarWindows);
  window_sums<<<grid, kThreads, 0, stream>>>(ScalarDigits{scalars, size}, multiples, static_cast<DevicePoint*>(sums));
  check_launch("the commitment's kernel");
}

}  // namespace trainproof::cuda
