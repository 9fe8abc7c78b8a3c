// out[row · cols + col] = Σ_i scale_i · views[i](row, col), scale_i = 2^(bits·i)
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

// All views have one type, as digits do.
template <class T>
__global__ void __launch_bounds__(kThreads) combine_digits(const __grid_constant__ DigitViews digits, Element* out) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  const View& shape = digits.view[0];
  if (i >= shape.rows * shape.cols) return;
  const std::size_t row = i / shape.cols, col = i % shape.cols;
  IntegerSum sum;
  for (unsigned k = 0; k < digits.count; ++k) {
    const View& view = digits.view[k];
    const std::size_t at = view.offset + row * view.stride + col;
    sum.add(FrD(digits.scale[k]), at < view.size ? static_cast<const T*>(view.data)[at] : T{0});
  }
  out[i] = sum.reduce();
}

}  // namespace

void launch_combine_digits(const DigitViews& digits, Element* out, cudaStream_t stream) {
  const std::size_t size = digits.view[0].rows * digits.view[0].cols;
  if (size == 0) return;
  with_type(digits.view[0], [&]<class T>(const Entries<T>&) {
    combine_digits<T><<<blocks_for(size, kThreads, ~0u), kThreads, 0, stream>>>(digits, out);
  });
  check_launch("combine_digits' kernel");
}

}  // namespace trainproof::cuda
