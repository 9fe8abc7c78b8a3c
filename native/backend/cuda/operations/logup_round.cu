// The value at X = 0 and the coefficient of X² of Σ_y eq(y) · (q1·(λ·p0 + q0) + λ·p1·q0 − 1)(X, y), y over the stored nodes; with a
// fold, first binds the former round's bit to r and writes the new level, out of place, in the same pass.
#include "backend/cuda/device/level.cuh"
#include "backend/cuda/device/reduce.cuh"
#include "backend/cuda/device/wide.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

// λ·(p0·q1 + p1·q0) + q0·q1
TRAINPROOF_DEVICE FrD fraction(const FrD& p0, const FrD& p1, const FrD& q0, const FrD& q1, const FrD& lambda) {
  FrProductSum numerator;
  numerator.add(p0, q1);
  numerator.add(p1, q0);
  FrProductSum sum;
  sum.add(lambda, numerator.reduce());
  sum.add(q0, q1);
  return sum.reduce();
}

template <bool kFold>
__global__ void __launch_bounds__(kThreads)
    logup_round(const __grid_constant__ LevelRound round, std::size_t nodes, std::size_t new_size,
                const __grid_constant__ Reduction reduction) {
  const DeviceLevel level{round.p, round.q, round.size};
  const FrD lambda = round.lambda, r = round.r;
  const FrD constant = lambda.square() + FrD::one();
  // What the level is once folded.
  const bool ones = kFold ? round.new_p == nullptr : round.p == nullptr;
  const std::size_t size = kFold ? new_size : round.size;
  const std::size_t low_mask = (std::size_t{1} << round.low_bits) - 1;
  Totals<2> total = Totals<2>::zero();
  const std::size_t step = std::size_t{gridDim.x} * kThreads;
  for (std::size_t y = std::size_t{blockIdx.x} * kThreads + threadIdx.x; y < nodes; y += step) {
    FrD p[4], q[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const std::size_t index = 4 * y + i;
      if constexpr (kFold) {
        q[i] = level.folded_q(index, r);
        if (index < size) round.new_q[index] = q[i];
        if (!ones) {
          p[i] = level.folded_p(index, r);
          if (index < size) round.new_p[index] = p[i];
        }
      } else {
        q[i] = level.q_at(index);
        if (!ones) p[i] = level.p_at(index);
      }
    }
    const FrD weight = FrD(round.eq_high[y >> round.low_bits]) * FrD(round.eq_low[y & low_mask]);
    // The coefficient of X² is the same form of the differences in X.
    if (ones && 4 * y + 4 <= size) {
      // p0 = p1 = 1: (q0 + λ)(q1 + λ) − (λ² + 1), and no difference in p.
      total.at[0] += weight * ((q[0] + lambda) * (q[1] + lambda) - constant);
      total.at[1] += weight * ((q[2] - q[0]) * (q[3] - q[1]));
      continue;
    }
    if (ones) {
#pragma unroll
      for (int i = 0; i < 4; ++i) p[i] = 4 * y + i < size ? FrD::one() : FrD::zero();
    }
    total.at[0] += weight * (fraction(p[0], p[1], q[0], q[1], lambda) - FrD::one());
    total.at[1] += weight * fraction(p[2] - p[0], p[3] - p[1], q[2] - q[0], q[3] - q[1], lambda);
  }
  reduce_grid<kThreads>(total, reduction);
}

}  // namespace

std::size_t folded_level_size(std::size_t size) { return size / 4 * 2 + std::min<std::size_t>(size % 4, 2); }

void launch_logup_round(const LevelRound& round, const Reduction& reduction, cudaStream_t stream) {
  const std::size_t new_size = round.fold ? folded_level_size(round.size) : round.size;
  const std::size_t nodes = (new_size + 3) / 4;
  const unsigned blocks = blocks_for(nodes, kThreads, Reduction::kBlocks);
  if (round.fold) {
    logup_round<true><<<blocks, kThreads, 0, stream>>>(round, nodes, new_size, reduction);
  } else {
    logup_round<false><<<blocks, kThreads, 0, stream>>>(round, nodes, new_size, reduction);
  }
  check_launch("logup_round's kernel");
}

}  // namespace trainproof::cuda
