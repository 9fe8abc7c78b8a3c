#include "prover/prover.h"

#include <optional>
#include <string>

#include "proof/combined_row.h"
#include "proof/proof.h"
#include "proof/sigma.h"
#include "relation/backward.h"
#include "relation/context.h"
#include "relation/forward.h"
#include "relation/lookup.h"
#include "relation/opening.h"
#include "relation/update.h"
#include "relation/zkrelu.h"
#include "prover/generator_digest.h"
#include "util/error.h"

namespace trainproof {

namespace {

void require_size(std::size_t size, std::size_t expected, const char* what) {
  if (size == expected) return;
  throw InvalidArgument(std::string(what) + " has " + std::to_string(size) +
                        " entries, the statement implies " + std::to_string(expected));
}

void validate(const ProverInput& input, const Shape& shape) {
  require_size(input.sample_points.size(), shape.TB, "samplePoints");
  require_size(input.sample_blindings.size(), shape.TB, "the samples' blindings");
  require_size(input.weights_out.rows.size(), shape.rows_W, "weightsOut.rows");
  require_size(input.weights_out.blindings.size(), shape.rows_W, "weightsOut.blindings");
  const bool committed = input.statement.committed_start();
  if (committed != (input.weights_in != nullptr)) {
    throw InvalidArgument(committed ? "weightsIn is missing: the statement starts from a commitment"
                                    : "weightsIn given, but the statement starts from a seed");
  }
  if (committed) {
    require_size(input.weights_in->rows.size(), shape.rows_W, "weightsIn.rows");
    require_size(input.weights_in->blindings.size(), shape.rows_W, "weightsIn.blindings");
  }
}

void absorb_statement(Transcript& transcript, const ProverInput& input) {
  constexpr std::string_view kVersion = "trainproof/1";
  const std::vector<std::uint8_t> version(kVersion.begin(), kVersion.end());
  transcript.absorb_bytes("version", version);
  transcript.absorb_bytes("statement", input.statement.bytes);
  transcript.absorb_bytes("generators", kGeneratorDigest);
  transcript.absorb_points("samples", input.sample_points);
  if (input.weights_in != nullptr) transcript.absorb_points("weights.in", input.weights_in->rows);
  transcript.absorb_points("weights.out", input.weights_out.rows);
}

SecretVector<Fr> draw(RandomSource& random, std::size_t count) {
  SecretVector<Fr> out(count);
  for (Fr& x : out) x = random.field();
  return out;
}

}  // namespace

std::vector<std::uint8_t> prove_segment(const ProverInput& input, Backend& backend,
                                        RandomSource& random, Job& job, Transcript& transcript) {
  const Statement& statement = input.statement;
  const Shape shape(statement);
  validate(input, shape);
  absorb_statement(transcript, input);

  job.phase("prepare", 0);
  Witness witness(backend, shape, input.trace);
  const SecretVector<std::uint32_t> mu = count_multiplicities(backend, statement, shape, witness);
  witness.set_multiplicities(backend, shape, mu);

  const auto commit = [&](const IntHandle& data, const char* label, std::string_view phase) {
    CommittedRows rows = commit_matrix(backend, data, shape.kappa, random, job, phase);
    transcript.absorb_points(label, rows.rows);
    return rows;
  };
  const CommittedRows digits = commit(witness.digits, "D", "commit digits");
  const CommittedRows bits = commit(witness.bits, "M", "commit bits");
  const CommittedRows multiplicities = commit(witness.mu, "mu", "commit multiplicities");

  SecretVector<Fr> pads = draw(random, shape.hidden_values);
  const SecretVector<Fr> pads_blinding = draw(random, 1);
  const AffinePoint K = backend.commit_pads(pads, pads_blinding[0]);
  transcript.absorb_points("K", {&K, 1});

  Ledger ledger(transcript, std::move(pads));
  Context context{statement, shape, backend, witness, ledger, job};
  const LookupClaims lookup = prove_lookup(context);
  job.phase("forward", 0);
  const ForwardClaims forward = prove_forward(context);
  std::optional<BackwardClaims> backward;
  if (shape.L > 1) {
    job.phase("backward", 0);
    backward = prove_backward(context);
  }
  const BackwardClaims* backward_claims = backward ? &*backward : nullptr;
  job.phase("update", 0);
  const UpdateClaims update = prove_update(context, forward, backward_claims);
  job.phase("zkrelu", 0);
  const ZkReluClaims zkrelu = prove_zkrelu(context, forward, backward_claims, update);
  job.phase("opening", 0);
  const OpeningResult opening =
      prove_opening(context, lookup, forward, update, zkrelu);
  TRAINPROOF_INVARIANT(ledger.said_count() == shape.hidden_values,
                       "as many hidden values said as the shape has");

  job.phase("final", 0);
  const std::span<const Fr> no_rows;
  const CombinedRow row = combine_rows(
      context, opening.x, opening.lambda,
      {digits.blindings, bits.blindings, multiplicities.blindings,
       input.weights_in != nullptr ? std::span<const Fr>(input.weights_in->blindings) : no_rows,
       input.weights_out.blindings, input.sample_blindings});
  const SigmaProof sigma =
      prove_sigma(backend, ledger, random,
                  {row, pads_blinding[0], opening.y, opening.values, opening.lambda, opening.nu,
                   opening.gamma});
  const std::span<const Fr> said = ledger.said();
  const Proof proof{digits.rows, bits.rows, multiplicities.rows, K, {said.begin(), said.end()}, sigma};
  job.phase("final", 1);
  return proof.encode();
}

std::vector<std::uint8_t> prove_segment(const ProverInput& input, Backend& backend,
                                        RandomSource& random, Job& job) {
  Transcript transcript;
  return prove_segment(input, backend, random, job, transcript);
}

}  // namespace trainproof
