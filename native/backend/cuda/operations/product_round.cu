// s(0), s(2) and, for degree 3, s(3) of Σ_terms coefficient · Σ_y outer · a · b on the pairs (2y, 2y+1). Tables that wait for the
// former round's fold are folded on the way: four of their entries make a pair, which one of a table's terms writes to the new
// table, out of place; others fold it again, which costs what reading it from memory would. A block of the grid's y is a
// term; a term's products are added up unreduced, eight at a time. Lines through a pair need additions only.
#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

// A table on a pair: its value at X = 0 and its slope.
struct Line {
  FrD at0, slope;

  TRAINPROOF_DEVICE static Line through(const FrD& even, const FrD& odd) { return {even, odd - even}; }
  TRAINPROOF_DEVICE Line times(const FrD& x) const { return {at0 * x, slope * x}; }
};

TRAINPROOF_DEVICE FrD entry(const Table& table, std::size_t i) { return i < table.size ? FrD(table.data[i]) : FrD::zero(); }

TRAINPROOF_DEVICE FrD folded_entry(const Table& table, std::size_t i, const Element& r) {
  const FrD even = entry(table, 2 * i);
  return even + FrD(r) * (entry(table, 2 * i + 1) - even);
}

template <bool kFold>
TRAINPROOF_DEVICE Line line(const Table& table, std::size_t y, const Element& r) {
  if (!table.present) return {FrD::one(), FrD::zero()};
  if constexpr (kFold) {
    if (table.fold) {
      const FrD even = folded_entry(table, 2 * y, r), odd = folded_entry(table, 2 * y + 1, r);
      if (table.folded != nullptr) {
        if (4 * y < table.size) table.folded[2 * y] = even;
        if (4 * y + 2 < table.size) table.folded[2 * y + 1] = odd;
      }
      return Line::through(even, odd);
    }
  }
  return Line::through(kFold ? entry(table, 2 * y) : FrD(table.data[2 * y]), entry(table, 2 * y + 1));
}

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

template <int kCount, bool kFold>
__global__ void __launch_bounds__(kThreads, 3)
    product_round(const __grid_constant__ TermBatch batch, const __grid_constant__ Reduction reduction) {
  const TermJob& term = batch.term[blockIdx.y];
  Totals<kCount> total = Totals<kCount>::zero();
  const std::size_t step = std::size_t{gridDim.x} * kThreads;
  std::size_t y = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  while (y < term.pairs) {
    FrProductSum sums[kCount];
#pragma unroll 1
    for (int i = 0; i < FrProductSum::kMost && y < term.pairs; ++i, y += step) {
      Line a = line<kFold>(term.a, y, batch.r);
      const Line b = line<kFold>(term.b, y, batch.r);
      if (term.outer.present && term.outer.shift == 0) {
        const Line outer = line<kFold>(term.outer, y, batch.r);
        if (!kFold || y < term.count) add_triples(outer, a, b, sums);
      } else if (!kFold || y < term.count) {
        if (term.outer.present) a = a.times(FrD(term.outer.data[(2 * y) >> term.outer.shift]));
        add_products(a, b, sums);
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

template <int kCount>
void launch(const dim3& grid, const TermBatch& batch, const Reduction& reduction, cudaStream_t stream) {
  const auto folds = [](const Table& table) { return table.fold; };
  const bool fold = std::any_of(batch.term, batch.term + batch.count, [&](const TermJob& term) {
    return folds(term.outer) || folds(term.a) || folds(term.b);
  });
  if (fold) {
    product_round<kCount, true><<<grid, kThreads, 0, stream>>>(batch, reduction);
  } else {
    product_round<kCount, false><<<grid, kThreads, 0, stream>>>(batch, reduction);
  }
}

}  // namespace

void launch_product_round(const TermBatch& batch, unsigned degree, const Reduction& reduction, cudaStream_t stream) {
  static_assert(sizeof(TermBatch) + sizeof(Reduction) <= 4096, "a kernel's parameters are 4 KiB at most");
  std::size_t largest = 0;
  for (unsigned i = 0; i < batch.count; ++i) largest = std::max(largest, batch.term[i].pairs);
  const dim3 grid(blocks_for(largest, kThreads, Reduction::kBlocks / TermBatch::kMost), batch.count);
  if (degree == 3) {
    launch<3>(grid, batch, reduction, stream);
  } else {
    launch<2>(grid, batch, reduction, stream);
  }
  check_launch("product_round's kernel");
}

}  // namespace trainproof::cuda
