// p = p0·q1 + p1·q0, q = q0·q1; a missing sibling is (0, 1).
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

__global__ void __launch_bounds__(kThreads) fraction_parents(const Element* p, const Element* q, std::size_t size,
                                                             Element* parent_p, Element* parent_q) {
  const std::size_t y = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (2 * y >= size) return;
  const FrD q0 = q[2 * y], p0 = p ? FrD(p[2 * y]) : FrD::one();
  if (2 * y + 1 == size) {
    parent_p[y] = p0;
    parent_q[y] = q0;
    return;
  }
  const FrD q1 = q[2 * y + 1];
  parent_q[y] = q0 * q1;
  if (p) {
    FrProductSum sum;
    sum.add(p0, q1);
    sum.add(FrD(p[2 * y + 1]), q0);
    parent_p[y] = sum.reduce();
  } else {
    parent_p[y] = q0 + q1;
  }
}

}  // namespace

void launch_fraction_parents(const Element* p, const Element* q, std::size_t size, Element* parent_p, Element* parent_q,
                             cudaStream_t stream) {
  if (size == 0) return;
  fraction_parents<<<blocks_for((size + 1) / 2, kThreads, ~0u), kThreads, 0, stream>>>(p, q, size, parent_p, parent_q);
  check_launch("fraction_parents' kernel");
}

}  // namespace trainproof::cuda
