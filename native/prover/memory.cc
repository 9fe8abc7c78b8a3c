#include "prover/memory.h"

#include <algorithm>

namespace trainproof {

namespace {

constexpr std::uint64_t kScalar = 32;
constexpr std::uint64_t kPoint = 64;

// What committing keeps (commit/): of the column generators 1024 multiples, the sums of two neighbours' multiples, and the sums of the
// subsets of eight of them; 16 multiples of the pads' generators, and the blinding's tables.
std::uint64_t generator_tables(const Shape& s) {
  const std::uint64_t columns = std::uint64_t{1} << s.kappa;
  return (columns * 1024 + columns * 544 + columns * 32 + s.hidden_values * 16 + 32 * 255 + 12289 * 2) * kPoint;
}

std::uint64_t trace_bytes(const Shape& s) {
  const std::uint64_t features = s.n[0], outputs = s.n[s.L];
  return s.TB * ((features + outputs) * 4 + s.digit_rows * 2 + s.phi + (s.phi - outputs) * 8 +
                 s.phi * 8) +
         s.weight_size * 8 * 2;
}

// Both trees' levels once they are made: p and q of each level, half as many each time. The three lowest of tree 1 stay integers
// (backend/cpu/digit_leaves.h), the data's a copy of 16 bits, except in small trees, where all are stored. The third of them is made, and
// the two lowest bound, when the levels above are done with: half an element a leaf at most.
std::uint64_t lookup_bytes(const Shape& s) {
  const std::uint64_t digits = s.digit_rows * s.TB, data = (s.n[0] + s.n[s.L]) * s.TB, leaves = digits + data;
  const bool integers = digits >= 16384 && digits % 256 == 0 && data % 256 == 0;
  return (integers ? leaves * kScalar / 2 : leaves * kScalar * 3) + data * 2 + (std::uint64_t{1} << s.b) * kScalar * 4;
}

// Forward and backward: a vector over (t, k) for each layer, for data and weights.
std::uint64_t products_bytes(const Shape& s) {
  std::uint64_t entries = 0;
  for (unsigned l = 1; l <= s.L; ++l) entries += 2 * s.T * (s.n[l - 1] + 1 + s.n[l]);
  return entries * kScalar;
}

// Update: Â_c and Ĝ_c over (t, i) for each of the 3L − 1 weight claims.
std::uint64_t update_bytes(const Shape& s) { return (3 * s.L - 1) * 2 * s.TB * kScalar; }

// zkReLU. All the time: weights over the features, and their copies. While the first three rounds run: the mask's parts
// on 27 points for each eight times. Until the times are bound: for each eighth time, m and the parts over the features.
// Then the columns' and weights' tables over the features: fourteen, eq of up to twice their length.
std::uint64_t zkrelu_bytes(const Shape& s) {
  const std::uint64_t parts = s.L > 1 ? 4 : 1, blocks = std::max<std::uint64_t>(s.TB / 8, 1), features = s.phi + 8;
  const std::uint64_t weights = 20 * features, times = (parts + 4) * 2 * s.TB;
  const std::uint64_t grid = parts * 27 * blocks, columns = (parts + 1) * features * blocks, tables = 16 * features;
  return (weights + times + grid + std::max(columns, tables)) * kScalar;
}

// Opening: no matrix becomes field elements, only sums over its rows or its columns. For each claim a weight over the rows and one over
// the columns with the sums beside it: two on D, three on a layer's weights, 3L + 2 at most on X; then a weight and a value for each
// row. All of them twice, for copies and for what a fold reads while it writes.
std::uint64_t opening_bytes(const Shape& s) {
  const std::uint64_t data = s.n[0] + s.n[s.L], digits = s.digit_rows + data;
  std::uint64_t weights = 0;
  for (unsigned l = 1; l <= s.L; ++l) weights += s.n[l - 1] + 1 + s.n[l];
  const std::uint64_t rows = 4 * digits + 3 * s.phi + 2 * 5 * weights + 2 * data;
  const std::uint64_t columns = 6 * s.TB + (std::uint64_t{2} << s.b) + 2 * 6 * weights + (3 * s.L + 2) * (s.TB + 2 * data);
  return 2 * (rows + columns) * kScalar;
}

}  // namespace

std::uint64_t proving_bytes(const Shape& s) {
  const std::uint64_t rows = s.rows_D + s.rows_M + s.rows_mu + 2 * s.rows_W + s.rows_X;
  const std::uint64_t commitments = rows * (kPoint + kScalar) * 2;
  const std::uint64_t most =
      std::max({lookup_bytes(s), products_bytes(s), update_bytes(s), zkrelu_bytes(s), opening_bytes(s)});
  // The program and its stacks; a sixteenth for what the arena rounds up and keeps. bench_prover prints both figures: 3072-1024x8-10 at
  // T = 1 and 16 959 and 1759 MiB of 1019 and 1814 predicted, at width 128 682 of 718, MNIST at T = 64 407 of 440.
  constexpr std::uint64_t kProgram = std::uint64_t{64} << 20;
  return (trace_bytes(s) + generator_tables(s) + commitments + most + kProgram) / 16 * 17;
}

// A GPU has a copy of the trace's integers beside the field elements; its folds are out of place, half as much again. Blocks are
// rounded up by an eighth (backend/cuda/device_memory.h).
std::uint64_t device_proving_bytes(const Shape& s) {
  constexpr std::uint64_t kMultiples = 255, kTableScratch = 1024 * 255 * 160;
  std::uint64_t pads = 8;
  while (pads < s.hidden_values) pads *= 2;
  const std::uint64_t tables = ((std::uint64_t{1} << s.kappa) + pads + 32) * kMultiples * kPoint + kTableScratch;
  const std::uint64_t leaves = (s.digit_rows + s.n[0] + s.n[s.L]) * s.TB;
  const std::uint64_t lookup = leaves * kScalar * 3 + (std::uint64_t{1} << s.b) * kScalar * 4;
  const std::uint64_t zkrelu = (s.L > 1 ? 3 : 2) * s.phi * s.TB * kScalar / 2 * 3 + (3 * s.L + 4) * s.TB * kScalar;
  const std::uint64_t next_batch = (s.n[0] + s.n[s.L]) * s.TB * 4;
  return (trace_bytes(s) + next_batch + tables + std::max({lookup, products_bytes(s), update_bytes(s), zkrelu, opening_bytes(s)})) / 8 * 9;
}

// The trace, the weights, the sums of one layer's update, and a step's matrices.
std::uint64_t device_training_bytes(const Shape& s) {
  std::uint64_t widest = 0;
  for (unsigned l = 1; l <= s.L; ++l) widest = std::max<std::uint64_t>(widest, (s.n[l - 1] + 1) * s.n[l]);
  return (trace_bytes(s) + 8 * s.weight_size + 16 * widest + 8 * s.B * (s.n[0] + s.n[s.L] + 8 * s.phi)) / 8 * 9;
}

// The batch and the next one, as they came and by feature, weights as they come and go, commitments, and vectors over rows, features and times; pieces
// of pinned memory (backend/cuda/staging.h).
std::uint64_t host_bytes_beside_device(const Shape& s) {
  constexpr std::uint64_t kPinned = std::uint64_t{8} << 20;
  const std::uint64_t rows = s.rows_D + s.rows_M + s.rows_mu + 2 * s.rows_W + s.rows_X;
  const std::uint64_t vectors = 16 * (s.phi + s.TB + rows + (std::uint64_t{1} << s.kappa) + (std::uint64_t{1} << s.b));
  return kPinned + 16 * (s.n[0] + s.n[s.L]) * s.TB + 24 * s.weight_size + rows * (kPoint + kScalar) * 2 + vectors * kScalar;
}

}  // namespace trainproof
