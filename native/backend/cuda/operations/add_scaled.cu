// y += scale · x
#include "backend/cuda/device/field.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

__global__ void __launch_bounds__(kThreads) add_scaled(Element* y, Element scale, const Element* x, std::size_t size) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i < size) y[i] = FrD(y[i]) + FrD(scale) * FrD(x[i]);
}

}  // namespace

void launch_add_scaled(Element* y, const Element& scale, const Element* x, std::size_t size, cudaStream_t stream) {
  if (size == 0) return;
  add_scaled<<<blocks_for(size, kThreads, ~0u), kThreads, 0, stream>>>(y, scale, x, size);
  check_launch("add_scaled's kernel");
}

}  // namespace trainproof::cuda
