// s(0), s(2) and, for degree 3, s(3) of Σ_terms coefficient · Σ_y outer · a · b on the pairs (2y, 2y+1). A block of the grid's y is
// a term; a term's products are added up unreduced, eight at a time. Lines through a pair need additions only.
#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

// A table on a pair: its value at X = 0 and its slope.
struct Line {
  FrD at0, slope;

  TRAINPROOF_DEVICE static Line of(const Table& table, std::size_t y) {
    if (!table.present) return {FrD::one(), FrD::zero()};
    const FrD even = table.data[2 * y];
    const FrD odd = 2 * y + 1 < table.size ? FrD(table.data[2 * y + 1]) : FrD::zero();
    return {even, odd - even};
  }
  TRAINPROOF_DEVICE Line times(const FrD& x) const { return {at0 * x, slope * x}; }
};

// The line u times w at X = 0, 2 and 3.
template <int kCount>
TRAINPROOF_DEVICE void add_products(const Line& u, const Line& w, FrProductSum (&sums)[kCount]) {
  sums[0].add(u.at0, w.at0);
  FrD a = u.at0 + u.slope.doubled(), b = w.at0 + w.slope.doubled();
  sums[1].add(a, b);
  if constexpr (kCount == 3) sums[2].add(a + u.slope, b + w.slope);
}

// The same with outer as a third factor that is no constant on the pair.
template <int kCount>
TRAINPROOF_DEVICE void add_triples(const Line& o, const Line& u, const Line& w, FrProductSum (&sums)[kCount]) {
  sums[0].add(o.at0 * u.at0, w.at0);
  FrD x = o.at0 + o.slope.doubled(), a = u.at0 + u.slope.doubled(), b = w.at0 + w.slope.doubled();
  sums[1].add(x * a, b);
  if constexpr (kCount == 3) sums[2].add((x + o.slope) * (a + u.slope), b + w.slope);
}

template <int kCount>
__global__ void __launch_bounds__(kThreads)
    product_round(const __grid_constant__ TermBatch batch, const __grid_constant__ Reduction reduction) {
  const TermJob& term = batch.term[blockIdx.y];
  Totals<kCount> total = Totals<kCount>::zero();
  const std::size_t step = std::size_t{gridDim.x} * kThreads;
  std::size_t y = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  while (y < term.count) {
    FrProductSum sums[kCount];
#pragma unroll 1
    for (int i = 0; i < FrProductSum::kMost && y < term.count; ++i, y += step) {
      const Line a = Line::of(term.a, y), b = Line::of(term.b, y);
      if (!term.outer.present) {
        add_products(a, b, sums);
      } else if (term.outer_shift > 0) {
        add_products(a.times(FrD(term.outer.data[(2 * y) >> term.outer_shift])), b, sums);
      } else {
        add_triples(Line::of(term.outer, y), a, b, sums);
      }
    }
#pragma unroll
    for (int i = 0; i < kCount; ++i) total.at[i] += sums[i].reduce();
  }
  reduce_grid<kThreads>(total, reduction, [&](const Totals<kCount>& block) {
    Totals<kCount> scaled;
#pragma unroll
    for (int i = 0; i < kCount; ++i) scaled.at[i] = block.at[i] * FrD(term.coefficient);
    return scaled;
  });
}

}  // namespace

void launch_product_round(const TermBatch& batch, unsigned degree, const Reduction& reduction, cudaStream_t stream) {
  std::size_t largest = 0;
  for (unsigned i = 0; i < batch.count; ++i) largest = std::max(largest, batch.term[i].count);
  const dim3 grid(blocks_for(largest, kThreads, Reduction::kBlocks / TermBatch::kMost), batch.count);
  if (degree == 3) {
    product_round<3><<<grid, kThreads, 0, stream>>>(batch, reduction);
  } else {
    product_round<2><<<grid, kThreads, 0, stream>>>(batch, reduction);
  }
  check_launch("product_round's kernel");
}

}  // namespace trainproof::cuda
