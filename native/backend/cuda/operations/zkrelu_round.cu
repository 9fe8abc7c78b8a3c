// s(0), s(2), s(3) of zkReLU's summand (PROTOCOL §14) on pairs of times, over all features:
//   m·Σ_parts time(c)·(v(φ)·V + g(φ)·(G − g_offset) + m(φ)·(m − 1)).
// A thread a pair, neighbours in time. A part's factors are zero on the features of other layers: all of a warp skip them where a
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
  TRAINPROOF_DEVICE Ends operator-(const FrD& x) const { return {at0 - x, at1 - x}; }
};

TRAINPROOF_DEVICE Ends column(const Element* data, std::size_t at) {
  if (!data) return {FrD::zero(), FrD::zero()};
  return {data[at], data[at + 1]};
}

// Σ factor · value at both ends; whether there was a factor.
struct Combination {
  FrProductSum at0, at1;
  bool any = false;
  TRAINPROOF_DEVICE void add(const Element* factors, std::size_t feature, const Ends& value) {
    if (!factors) return;
    const FrD factor = factors[feature];
    if (factor.is_zero()) return;
    at0.add(factor, value.at0);
    at1.add(factor, value.at1);
    any = true;
  }
};

// Values at X = 0, 2, 3.
struct Points {
  FrD at[3];
  TRAINPROOF_DEVICE static Points of(const Ends& e) {
    const FrD slope = e.at1 - e.at0, at2 = e.at1 + slope;
    return {{e.at0, at2, at2 + slope}};
  }
};

__global__ void __launch_bounds__(kThreads)
    zkrelu_round(const __grid_constant__ ZkReluJob job, const __grid_constant__ Reduction reduction) {
  Totals<3> total = Totals<3>::zero();
  const std::size_t count = job.features * job.pairs, step = std::size_t{gridDim.x} * kThreads;
#pragma unroll 1
  for (std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step) {
    const std::size_t feature = i / job.pairs, c = i % job.pairs, at = 2 * i;
    const Ends m = column(job.m, at), v = column(job.v, at), g = column(job.g, at) - FrD(job.g_offset);
    Totals<3> inner = Totals<3>::zero();
#pragma unroll 1
    for (unsigned first = 0; first < job.part_count; first += FrProductSum::kMost) {
      const unsigned last = min(first + FrProductSum::kMost, job.part_count);
      FrProductSum sums[3];
#pragma unroll 1
      for (unsigned p = first; p < last; ++p) {
        const ZkReluPart part = job.parts[p];
        Combination combined;
        combined.add(part.v, feature, v);
        combined.add(part.g, feature, g);
        combined.add(part.m, feature, m - FrD::one());
        if (!combined.any) continue;
        const Points value = Points::of({combined.at0.reduce(), combined.at1.reduce()});
        const Points time = Points::of(column(part.time, 2 * c));
#pragma unroll
        for (int k = 0; k < 3; ++k) sums[k].add(time.at[k], value.at[k]);
      }
#pragma unroll
      for (int k = 0; k < 3; ++k) inner.at[k] += sums[k].reduce();
    }
    const Points mask = Points::of(m);
#pragma unroll
    for (int k = 0; k < 3; ++k) total.at[k] += mask.at[k] * inner.at[k];
  }
  reduce_grid<kThreads>(total, reduction);
}

}  // namespace

void launch_zkrelu_round(const ZkReluJob& job, const Reduction& reduction, cudaStream_t stream) {
  zkrelu_round<<<blocks_for(job.features * job.pairs, kThreads, Reduction::kBlocks), kThreads, 0, stream>>>(job, reduction);
  check_launch("zkrelu_round's kernel");
}

}  // namespace trainproof::cuda
