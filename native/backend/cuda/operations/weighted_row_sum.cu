// out[col] = Σ_row weights[row] · view(row, col). A thread goes down a column of a slice of the rows, neighbours in neighbouring
// columns; sums stay 352 bits wide until the slice's end.
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;
// Enough threads for a large GPU, and rows enough that a reduction (two products) is little beside them.
constexpr std::size_t kEnoughThreads = std::size_t{1} << 17;
constexpr std::size_t kFewestRows = 16;

template <class T>
__global__ void __launch_bounds__(kThreads)
    weighted_row_sum(Entries<T> view, const Element* weights, std::size_t rows_of_slice, Element* out) {
  const std::size_t col = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (col >= view.cols) return;
  const std::size_t begin = blockIdx.y * rows_of_slice, end = min(begin + rows_of_slice, view.rows);
  IntegerSum sum;
  for (std::size_t row = begin; row < end; ++row) sum.add(FrD(weights[row]), view.at(row, col));
  out[blockIdx.y * view.cols + col] = sum.reduce();
}

// out[col] = Σ_slice partials[slice · cols + col]
__global__ void __launch_bounds__(kThreads) add_slices(const Element* partials, unsigned slices, std::size_t cols, Element* out) {
  const std::size_t col = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (col >= cols) return;
  FrD sum = partials[col];
  for (unsigned s = 1; s < slices; ++s) sum += FrD(partials[s * cols + col]);
  out[col] = sum;
}

}  // namespace

unsigned row_sum_slices(const View& view) {
  if (view.cols == 0) return 1;
  const std::size_t wanted = (kEnoughThreads + view.cols - 1) / view.cols, most = (view.rows + kFewestRows - 1) / kFewestRows;
  return static_cast<unsigned>(std::clamp<std::size_t>(std::min(wanted, most), 1, 256));
}

void launch_weighted_row_sum(const View& view, const Element* weights, Element* partials, Element* out, cudaStream_t stream) {
  if (view.cols == 0) return;
  const unsigned slices = row_sum_slices(view), blocks = blocks_for(view.cols, kThreads, ~0u);
  const std::size_t rows_of_slice = (view.rows + slices - 1) / slices;
  Element* to = slices == 1 ? out : partials;
  with_type(view, [&](const auto& entries) {
    weighted_row_sum<<<dim3(blocks, slices), kThreads, 0, stream>>>(entries, weights, rows_of_slice, to);
  });
  check_launch("weighted_row_sum's kernel");
  if (slices == 1) return;
  add_slices<<<blocks, kThreads, 0, stream>>>(partials, slices, view.cols, out);
  check_launch("weighted_row_sum's second kernel");
}

}  // namespace trainproof::cuda
