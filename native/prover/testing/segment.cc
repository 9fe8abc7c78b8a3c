#include "prover/testing/segment.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "backend/cpu/cpu_backend.h"
#include "commit/generators.h"
#include "prover/testing/digests.h"
#include "statement/initial_weights.h"
#include "statement/schedule.h"
#include "train/train.h"

namespace trainproof::testing {

namespace {

constexpr std::array<std::uint8_t, 32> kKey = {1, 2, 3}, kNonce = {4, 5, 6};

Generators load_generators() {
  std::ifstream file(TRAINPROOF_DATA "/generators.bin", std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return Generators::load({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// Features in [−x_0, 256 − x_0); one label of each sample is one.
SecretVector<std::int32_t> make_samples(const Statement& s, std::mt19937_64& random) {
  const std::size_t features = s.widths.front(), labels = s.widths.back();
  SecretVector<std::int32_t> rows(s.samples * (features + labels));
  for (std::size_t i = 0; i < s.samples; ++i) {
    std::int32_t* row = rows.data() + i * (features + labels);
    for (std::size_t f = 0; f < features; ++f) {
      row[f] = static_cast<std::int32_t>(random() % 256) - static_cast<std::int32_t>(s.x0);
    }
    row[features + random() % labels] = std::int32_t{1} << s.sigma;
  }
  return rows;
}

}  // namespace

const Generators& generators() {
  static const Generators table = load_generators();
  return table;
}

Backend& cpu_backend() {
  static const std::unique_ptr<Backend> backend = make_cpu_backend(generators());
  return *backend;
}

Statement make_statement(const SegmentSpec& spec) {
  Statement s;
  s.run_id.fill(static_cast<std::uint8_t>(spec.seed));
  s.schedule_seed.fill(0x22);
  s.tau = spec.tau;
  s.beta = spec.beta;
  s.kappa = spec.kappa;
  if (spec.kappa == 0) s.kappa = std::max(3u, log2c(spec.widths.front() + spec.widths.back()));
  s.b = spec.b;
  s.R = spec.b == 8 ? 24 : 32;
  s.dv = s.dg = spec.b == 8 ? 2 : 1;
  s.fA = 8;
  s.fG = spec.b == 8 ? 9 : 8;
  s.sigma = 7;
  s.eta = 1;
  s.x0 = 100;
  s.y0 = 3;
  s.samples = spec.samples != 0 ? spec.samples : 2 * (std::uint64_t{1} << spec.beta) + 3;
  s.start_kind = spec.start;
  if (spec.start != StartKind::kUndisclosed) {
    s.W0[26] = 1;  // 2^40
  } else {
    s.W0[spec.b == 8 ? 28 : 26] = 0x80;  // 2^31 or 2^47: four digits of 8 bits, or three of 16
  }
  s.first_step = spec.start == StartKind::kCommitted ? std::uint64_t{3} << spec.tau : 0;
  s.start.fill(0x33);
  s.widths = spec.widths;
  return s;
}

ProvenSegment prove_test_segment(const SegmentSpec& asked, const Cheat& cheat, RandomSource& random,
                                 Transcript& transcript) {
  SegmentSpec spec = asked;
  spec.start = cheat.start.value_or(spec.start);
  Backend& backend = spec.backend ? *spec.backend : cpu_backend();
  Job own_job;
  Job& job = spec.job ? *spec.job : own_job;
  std::mt19937_64 data_random(spec.seed);
  Statement statement = make_statement(spec);
  const Shape shape(statement);
  const std::size_t columns = shape.n[0] + shape.n[shape.L];

  ProvenSegment out;
  const SecretVector<std::int32_t> samples = make_samples(statement, data_random);
  const SampleSecret secret{kKey, kNonce};
  out.samples = commit_samples(backend, samples, columns, 0, secret, job);
  statement.data_root = data_root(statement, out.samples);

  Bytes32 weight_seed = statement.start;
  const bool committed = statement.committed_start();
  if (committed) weight_seed.fill(0x77);
  std::vector<std::int64_t> weights = initial_weights(weight_seed, statement.R, shape);
  if (cheat.weights) cheat.weights(statement, shape, weights);
  CommittedRows weights_in;
  if (committed) {
    weights_in = commit_weights(backend, shape, weights, random, job);
    statement.start = weight_digest(statement, weights_in.rows);
  }

  const std::vector<std::uint64_t> indices = segment_schedule(statement);
  SecretVector<std::int32_t> batch;
  std::vector<AffinePoint> used;
  for (std::uint64_t index : indices) {
    const auto first = samples.begin() + static_cast<std::ptrdiff_t>(index * columns);
    batch.insert(batch.end(), first, first + static_cast<std::ptrdiff_t>(columns));
    used.push_back(out.samples[index]);
  }
  if (cheat.data) cheat.data(shape, batch);
  Statement training_statement = statement;
  if (cheat.training) cheat.training(training_statement);
  const std::unique_ptr<TrainingBackend> cpu_training = make_cpu_training_backend();
  TrainingBackend& training = spec.training ? *spec.training : *cpu_training;
  Trace trace = train_segment(training_statement, shape, training, batch, weights, job).trace;
  if (cheat.trace) {
    HostTrace changed(trace);
    cheat.trace(statement, shape, changed);
    trace = changed.trace();
  }

  const CommittedRows weights_out = commit_weights(backend, shape, trace.weights_out, random, job);
  statement.weights_out = weight_digest(statement, weights_out.rows);
  out.statement = Statement::parse(statement.encode());
  const SecretVector<Fr> blindings = sample_blindings(secret, indices);
  out.proof = prove_segment({out.statement, trace, used, blindings, committed ? &weights_in : nullptr,
                             weights_out},
                            backend, random, job, transcript);
  out.weights_in = std::move(weights_in.rows);
  out.weights_out = weights_out.rows;
  return out;
}

}  // namespace trainproof::testing
