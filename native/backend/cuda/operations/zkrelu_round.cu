// s(0), s(2), s(3) of zkReLU's summand (PROTOCOL §14) on pairs of times, over all features:
//   m·(w_A·v + w_G·g + θ·w_eq·(m − 1)) + w_Z·(2^R z + r − 2^(R−1)) + w_GA·(2^R g + h − 2^(R−1)) + w_GL·2^(fG−fA)·z.
// A thread a pair. A weight's factor is zero on the features of other layers: all of a warp skip it where a feature has 32 pairs.
#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

// A line on a pair: its values at X = 0 and 1.
struct Ends {
  FrD at0, at1;

  TRAINPROOF_DEVICE Ends operator+(const Ends& o) const { return {at0 + o.at0, at1 + o.at1}; }
  TRAINPROOF_DEVICE Ends operator-(const FrD& x) const { return {at0 - x, at1 - x}; }
  TRAINPROOF_DEVICE Ends operator*(const FrD& x) const { return {at0 * x, at1 * x}; }
};

// A line's values at X = 0, 2, 3.
struct Points {
  FrD at[3];

  TRAINPROOF_DEVICE static Points of(const Ends& e) {
    const FrD slope = e.at1 - e.at0, at2 = e.at1 + slope;
    return {{e.at0, at2, at2 + slope}};
  }
};

struct Sums {
  FrProductSum at[3];
  TRAINPROOF_DEVICE void add(const Points& a, const Points& b) {
#pragma unroll
    for (int i = 0; i < 3; ++i) at[i].add(a.at[i], b.at[i]);
  }
};

TRAINPROOF_DEVICE Ends column(const Element* data, std::size_t at) { return {data[at], data[at + 1]}; }

// w(c) = Σ factor · time(c); false where all factors are zero at the feature.
TRAINPROOF_DEVICE bool weight(const ZkReluJob& job, ZkReluJob::Kind kind, std::size_t feature, std::size_t c, Ends& out) {
  bool any = false;
  out = {FrD::zero(), FrD::zero()};
#pragma unroll 1
  for (unsigned i = job.begin[kind]; i < job.begin[kind + 1]; ++i) {
    const FrD factor = job.parts[i].features[feature];
    if (factor.is_zero()) continue;
    out = out + column(job.parts[i].time, 2 * c) * factor;
    any = true;
  }
  return any;
}

__global__ void __launch_bounds__(kThreads)
    zkrelu_round(const __grid_constant__ ZkReluJob job, const __grid_constant__ Reduction reduction) {
  const FrD one = FrD::one(), two_r = job.two_r, half_r = job.half_r, g_offset = job.g_offset;
  Totals<3> total = Totals<3>::zero();
  const std::size_t count = job.features * job.pairs, step = std::size_t{gridDim.x} * kThreads;
#pragma unroll 1
  for (std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step) {
    const std::size_t feature = i / job.pairs, c = i % job.pairs, at = 2 * i;
    const Ends m = column(job.m, at), v = column(job.v, at);
    Ends w;
    Sums sums;
    // What m is multiplied by, at X = 0, 2, 3: up to three products, then one.
    Sums inner;
    bool masked = false;
    if (weight(job, ZkReluJob::kA, feature, c, w)) inner.add(Points::of(w), Points::of(v)), masked = true;
    if (weight(job, ZkReluJob::kEq, feature, c, w)) {
      inner.add(Points::of(w * FrD(job.theta)), Points::of(m - one)), masked = true;
    }
    if (job.g && weight(job, ZkReluJob::kG, feature, c, w)) {
      inner.add(Points::of(w), Points::of(column(job.g, at) - g_offset)), masked = true;
    }
    if (masked) {
      Points reduced;
#pragma unroll
      for (int k = 0; k < 3; ++k) reduced.at[k] = inner.at[k].reduce();
      sums.add(reduced, Points::of(m));
    }
    const Ends z = (m - one) * FrD(job.two_v) + v;
    if (weight(job, ZkReluJob::kZ, feature, c, w)) {
      sums.add(Points::of(w), Points::of(z * two_r + column(job.r, at) - half_r));
    }
    if (weight(job, ZkReluJob::kGL, feature, c, w)) sums.add(Points::of(w), Points::of(z * FrD(job.gl_scale)));
    if (job.g && weight(job, ZkReluJob::kGA, feature, c, w)) {
      sums.add(Points::of(w), Points::of((column(job.g, at) - g_offset) * two_r + column(job.h, at) - half_r));
    }
#pragma unroll
    for (int k = 0; k < 3; ++k) total.at[k] += sums.at[k].reduce();
  }
  reduce_grid<kThreads>(total, reduction);
}

}  // namespace

void launch_zkrelu_round(const ZkReluJob& job, const Reduction& reduction, cudaStream_t stream) {
  zkrelu_round<<<blocks_for(job.features * job.pairs, kThreads, Reduction::kBlocks), kThreads, 0, stream>>>(job, reduction);
  check_launch("zkrelu_round's kernel");
}

}  // namespace trainproof::cuda
