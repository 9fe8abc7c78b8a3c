// Test-only: a small segment from random data to its proof, with everything that a verifier is given. A cheat may
// change what is proven at each stage.
#ifndef TRAINPROOF_PROVER_TESTING_SEGMENT_H_
#define TRAINPROOF_PROVER_TESTING_SEGMENT_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/training.h"
#include "commit/generators.h"
#include "prover/prover.h"
#include "statement/statement.h"
#include "trace/testing/host_trace.h"
#include "util/random.h"

namespace trainproof::testing {

// The package's generators, and the CPU backend on them.
const Generators& generators();
Backend& cpu_backend();

struct SegmentSpec {
  std::vector<std::uint32_t> widths = {5, 4, 3};
  unsigned tau = 1, beta = 1;
  unsigned b = 8;             // 8 or 16
  unsigned kappa = 0;         // 0: the least that the widths allow, but 3
  StartKind start = StartKind::kSeed;
  std::uint64_t samples = 0;  // 0: a few more than two batches
  std::uint64_t seed = 1;
  // What trains and proves; null: the CPU.
  Backend* backend = nullptr;
  TrainingBackend* training = nullptr;
  Job* job = nullptr;  // what is told of progress and may cancel
};

// What a cheating prover does differently; null members are honest.
struct Cheat {
  // What the segment must start from, where the cheat is on that.
  std::optional<StartKind> start;
  // On the weights that it starts from, before they are committed.
  std::function<void(const Statement&, const Shape&, std::vector<std::int64_t>&)> weights;
  // On the batch before training: TB rows of n_0 + n_L.
  std::function<void(const Shape&, SecretVector<std::int32_t>&)> data;
  // On the statement that training follows; proving follows the honest one.
  std::function<void(Statement&)> training;
  // On the trace before W^out is committed and anything is proven.
  std::function<void(const Statement&, const Shape&, HostTrace&)> trace;
};

struct ProvenSegment {
  Statement statement;
  std::vector<AffinePoint> samples;  // all S
  std::vector<AffinePoint> weights_in, weights_out;
  std::vector<std::uint8_t> proof;
};

// A statement whose digests are still zero.
Statement make_statement(const SegmentSpec& spec);

// `random` is what the prover draws from; the data depend on spec.seed only.
ProvenSegment prove_test_segment(const SegmentSpec& spec, const Cheat& cheat, RandomSource& random,
                                 Transcript& transcript);

}  // namespace trainproof::testing

#endif  // TRAINPROOF_PROVER_TESTING_SEGMENT_H_
