// One segment's proof: the order of the protocol (PROTOCOL §9 … §17) and nothing else.
#ifndef TRAINPROOF_PROVER_PROVER_H_
#define TRAINPROOF_PROVER_PROVER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "backend/backend.h"
#include "prover/commitments.h"
#include "statement/statement.h"
#include "trace/trace.h"
#include "transcript/transcript.h"
#include "util/job.h"
#include "util/random.h"

namespace trainproof {

struct ProverInput {
  const Statement& statement;
  const Trace& trace;
  std::span<const AffinePoint> sample_points;  // TB: C_{idx(t,i)} for each row of X
  std::span<const Fr> sample_blindings;        // their blindings
  const CommittedRows* weights_in = nullptr;   // startKind 1 and 2 only
  const CommittedRows& weights_out;
};

// The proof's bytes (PROTOCOL §17). The trace is taken as it is: one that does not satisfy PROTOCOL §4 gives a
// proof that no verifier accepts. Throws InvalidArgument when a part has not the size that the statement implies,
// Cancelled when the job is cancelled. With a recorder in `transcript`, frames are listed there.
std::vector<std::uint8_t> prove_segment(const ProverInput& input, Backend& backend,
                                        RandomSource& random, Job& job, Transcript& transcript);
std::vector<std::uint8_t> prove_segment(const ProverInput& input, Backend& backend,
                                        RandomSource& random, Job& job);

}  // namespace trainproof

#endif  // TRAINPROOF_PROVER_PROVER_H_
