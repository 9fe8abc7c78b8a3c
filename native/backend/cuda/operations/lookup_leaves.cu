// q of tree 1's leaves: out[row · cols + col] = shifted − view(row, col), shifted = α − offset.
#include "backend/cuda/device/field.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

template <class T>
__global__ void __launch_bounds__(kThreads) lookup_leaves(Entries<T> view, Element shifted, Element* out) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i >= view.rows * view.cols) return;
  out[i] = FrD(shifted) - FrD::from_i64(static_cast<std::int64_t>(view.at(i / view.cols, i % view.cols)));
}

}  // namespace

void launch_lookup_leaves(const View& view, const Element& shifted, Element* out, cudaStream_t stream) {
  const std::size_t size = view.rows * view.cols;
  if (size == 0) return;
  with_type(view, [&](const auto& entries) {
    lookup_leaves<<<blocks_for(size, kThreads, ~0u), kThreads, 0, stream>>>(entries, shifted, out);
  });
  check_launch("lookup_leaves' kernel");
}

}  // namespace trainproof::cuda
