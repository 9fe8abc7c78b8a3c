// out[i] = high[i >> low_bits] · low[i mod 2^low_bits]: one product an entry. The two tables, of about the square root's size, are
// made on the host.
#include "backend/cuda/device/field.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

__global__ void __launch_bounds__(kThreads) eq_table(const Element* high, const Element* low, unsigned low_bits,
                                                     std::size_t size, Element* out) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i >= size) return;
  out[i] = FrD(high[i >> low_bits]) * FrD(low[i & ((std::size_t{1} << low_bits) - 1)]);
}

}  // namespace

void launch_eq_table(const Element* high, const Element* low, unsigned low_bits, std::size_t size, Element* out,
                     cudaStream_t stream) {
  if (size == 0) return;
  eq_table<<<blocks_for(size, kThreads, ~0u), kThreads, 0, stream>>>(high, low, low_bits, size, out);
  check_launch("the equality table's kernel");
}

}  // namespace trainproof::cuda
