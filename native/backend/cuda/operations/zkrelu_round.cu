// s(0), s(2), s(3) of zkReLU's summand (PROTOCOL §14) on pairs of times, over all features:
//   m·Σ_parts time(c)·(v(φ)·V + g(φ)·(G − g_offset) + m(φ)·(m − 1)).
// Columns that wait for the former round's fold are folded on the way, out of place: four entries make a pair. A thread a
// pair, neighbours in time. A part's factors are zero on the features of other layers: all of a warp skip them where a
// feature has 32 pairs.
#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

// A line on a pair: its values at X = 0 and 1.
struct Ends {
  FrD at0, at1;
};

TRAINPROOF_DEVICE FrD entry(const Element* data, std::size_t at) { return data ? FrD(data[at]) : FrD::zero(); }
TRAINPROOF_DEVICE Ends column(const Element* data, std::size_t at) { return {entry(data, at), entry(data, at + 1)}; }

// Entries at and at + 1 of a column from the four that they are folded from.
TRAINPROOF_DEVICE void fold_pair(const ZkReluColumn& column, std::size_t at, const FrD& r) {
  if (column.entries == nullptr) return;
#pragma unroll 1
  for (std::size_t i = at; i < at + 2; ++i) {
    const FrD even = column.unfolded[2 * i];
    column.entries[i] = even + r * (FrD(column.unfolded[2 * i + 1]) - even);
  }
}

// Whether a part has factors other than zero for a feature.
TRAINPROOF_DEVICE bool has_factor(const Element* factors, std::uint32_t feature) { return factors && !FrD(factors[feature]).is_zero(); }

// Σ factor · value at one end of a pair. One end at a time, and its columns read again for each part: registers are what limits
// how many warps hide each other's waiting.
TRAINPROOF_DEVICE FrD combination(const ZkReluJob& job, const ZkReluPart& part, std::uint32_t feature, std::size_t at) {
  FrProductSum sum;
  if (part.v) sum.add(FrD(part.v[feature]), entry(job.v.entries, at));
  if (part.g) sum.add(FrD(part.g[feature]), entry(job.g.entries, at) - FrD(job.g_offset));
  if (part.m) sum.add(FrD(part.m[feature]), entry(job.m.entries, at) - FrD::one());
  return sum.reduce();
}

// The product of two lines at X = 0, 2 and 3, one after another.
TRAINPROOF_DEVICE void add_products(const Ends& u, const Ends& w, FrProductSum (&sums)[3]) {
  const FrD u_slope = u.at1 - u.at0, w_slope = w.at1 - w.at0;
  FrD x = u.at0, y = w.at0;
  sums[0].add(x, y);
  x += u_slope.doubled(), y += w_slope.doubled();
  sums[1].add(x, y);
  x += u_slope, y += w_slope;
  sums[2].add(x, y);
}

template <bool kFold>
__global__ void __launch_bounds__(kThreads, 3)
    zkrelu_round(const __grid_constant__ ZkReluJob job, const __grid_constant__ Reduction reduction) {
  Totals<3> total = Totals<3>::zero();
  const std::size_t count = job.features * job.pairs, step = std::size_t{gridDim.x} * kThreads;
#pragma unroll 1
  for (std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step) {
    const auto feature = static_cast<std::uint32_t>(i / job.pairs), c = static_cast<std::uint32_t>(i % job.pairs);
    const std::size_t at = 2 * i;
    if constexpr (kFold) {
      // Read again below, from the cache.
      fold_pair(job.m, at, job.r);
      fold_pair(job.v, at, job.r);
      fold_pair(job.g, at, job.r);
    }
    FrProductSum sums[3];
#pragma unroll 1
    for (unsigned p = 0; p < job.part_count; ++p) {
      const ZkReluPart& part = job.parts[p];
      if (!has_factor(part.v, feature) && !has_factor(part.g, feature) && !has_factor(part.m, feature)) continue;
      const Ends ends{combination(job, part, feature, at), combination(job, part, feature, at + 1)};
      add_products(column(part.time, 2 * c), ends, sums);
    }
    // m at X = 0, 2, 3
    FrD mask = entry(job.m.entries, at);
    const FrD slope = entry(job.m.entries, at + 1) - mask;
#pragma unroll
    for (int k = 0; k < 3; ++k) {
      total.at[k] += mask * sums[k].reduce();
      mask += k == 0 ? slope.doubled() : slope;
    }
  }
  reduce_grid<kThreads>(total, reduction);
}

}  // namespace

void launch_zkrelu_round(const ZkReluJob& job, const Reduction& reduction, cudaStream_t stream) {
  static_assert(ZkReluJob::kMostParts <= FrProductSum::kMost);
  const unsigned blocks = blocks_for(job.features * job.pairs, kThreads, Reduction::kBlocks);
  if (job.m.unfolded != nullptr) {
    zkrelu_round<true><<<blocks, kThreads, 0, stream>>>(job, reduction);
  } else {
    zkrelu_round<false><<<blocks, kThreads, 0, stream>>>(job, reduction);
  }
  check_launch("zkrelu_round's kernel");
}

}  // namespace trainproof::cuda
