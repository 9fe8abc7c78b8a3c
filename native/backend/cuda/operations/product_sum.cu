// Σ_terms coefficient · Σ_x outer[x >> outer_shift] · a[x] · b[x]
#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

TRAINPROOF_DEVICE FrD entry(const Table& table, std::size_t x) { return table.present ? FrD(table.data[x]) : FrD::one(); }

__global__ void __launch_bounds__(kThreads)
    product_sum(const __grid_constant__ TermBatch batch, const __grid_constant__ Reduction reduction) {
  const TermJob& term = batch.term[blockIdx.y];
  Totals<1> total = Totals<1>::zero();
  const std::size_t step = std::size_t{gridDim.x} * kThreads;
  std::size_t x = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  while (x < term.count) {
    FrProductSum sum;
#pragma unroll 1
    for (int i = 0; i < FrProductSum::kMost && x < term.count; ++i, x += step) {
      FrD a = entry(term.a, x);
      if (term.outer.present) a *= FrD(term.outer.data[x >> term.outer.shift]);
      sum.add(a, entry(term.b, x));
    }
    total.at[0] += sum.reduce();
  }
  reduce_grid<kThreads>(total, reduction, [&](const Totals<1>& block) {
    return Totals<1>{{block.at[0] * FrD(term.coefficient)}};
  });
}

}  // namespace

void launch_product_sum(const TermBatch& batch, const Reduction& reduction, cudaStream_t stream) {
  std::size_t largest = 0;
  for (unsigned i = 0; i < batch.count; ++i) largest = std::max(largest, batch.term[i].count);
  const dim3 grid(blocks_for(largest, kThreads, Reduction::kBlocks / TermBatch::kMost), batch.count);
  product_sum<<<grid, kThreads, 0, stream>>>(batch, reduction);
  check_launch("product_sum's kernel");
}

}  // namespace trainproof::cuda
