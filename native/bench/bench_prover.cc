// Trains one segment on random data and proves it; prints seconds for each phase, in total and for each step.
//   bench_prover [tau=6] [beta=6] [kappa=11] [widths=784,128,10] [threads=all] [repeat=1]
// Repeated, the last proof counts: the first of a process pays for the first touch of its memory.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "backend/cpu/cpu_backend.h"
#include "commit/generators.h"
#include "prover/memory.h"
#include "prover/prover.h"
#include "statement/initial_weights.h"
#include "statement/schedule.h"
#include "train/train.h"
#include "util/memory.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Sums up the time between phases' names.
class Stopwatch {
 public:
  void phase(std::string_view name) {
    if (!phases_.empty() && phases_.back().first == name) return;
    stop();
    phases_.emplace_back(name, 0.0);
    start_ = Clock::now();
  }
  void stop() {
    if (!phases_.empty() && start_ != Clock::time_point{}) phases_.back().second += seconds_since(start_);
    start_ = {};
  }
  const std::vector<std::pair<std::string, double>>& phases() const { return phases_; }

 private:
  std::vector<std::pair<std::string, double>> phases_;
  Clock::time_point start_{};
};

struct Options {
  unsigned tau = 6, beta = 6, kappa = 11, threads = 0, repeat = 1;
  std::vector<std::uint32_t> widths = {784, 128, 10};
};

Options read_options(int argc, char** argv) {
  Options options;
  if (argc > 1) options.tau = static_cast<unsigned>(std::atoi(argv[1]));
  if (argc > 2) options.beta = static_cast<unsigned>(std::atoi(argv[2]));
  if (argc > 3) options.kappa = static_cast<unsigned>(std::atoi(argv[3]));
  if (argc > 4) {
    options.widths.clear();
    std::stringstream list(argv[4]);
    for (std::string width; std::getline(list, width, ',');) {
      options.widths.push_back(static_cast<std::uint32_t>(std::stoul(width)));
    }
  }
  if (argc > 5) options.threads = static_cast<unsigned>(std::atoi(argv[5]));
  if (argc > 6) options.repeat = static_cast<unsigned>(std::max(1, std::atoi(argv[6])));
  return options;
}

Statement make_statement(const Options& options) {
  Statement s;
  s.run_id.fill(1);
  s.schedule_seed.fill(2);
  s.tau = options.tau;
  s.beta = options.beta;
  s.kappa = options.kappa;
  s.b = 16;
  s.R = 32;
  s.dv = s.dg = 1;
  s.fA = 8;
  s.fG = 10;
  s.sigma = 8;
  s.eta = 4;
  s.samples = 60000;
  s.W0[25] = 1;  // 2^48
  s.start.fill(3);
  s.widths = options.widths;
  return Statement::parse(s.encode());
}

// A fifth of the features is not zero; one label in each row is one.
SecretVector<std::int32_t> make_batch(const Shape& s) {
  std::mt19937_64 random(4);
  const std::size_t columns = s.n[0] + s.n[s.L];
  SecretVector<std::int32_t> batch(s.TB * columns);
  for (std::size_t row = 0; row < s.TB; ++row) {
    std::int32_t* sample = batch.data() + row * columns;
    for (std::size_t f = 0; f < s.n[0]; ++f) {
      sample[f] = random() % 5 == 0 ? static_cast<std::int32_t>(random() % 256) : 0;
    }
    sample[s.n[0] + random() % s.n[s.L]] = 256;
  }
  return batch;
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int run(const Options& options) {
  if (options.threads > 0) set_thread_count(options.threads);
  const Statement statement = make_statement(options);
  const Shape shape(statement);
  const auto steps = static_cast<double>(shape.T);
  std::printf("T=%zu B=%zu digits=%zu tree1=2^%u hidden=%zu threads=%u\n", shape.T, shape.B,
              shape.digit_rows * shape.TB, shape.tree1_depth, shape.hidden_values, thread_count());

  const SecretVector<std::int32_t> batch = make_batch(shape);
  Job quiet;
  Clock::time_point start = Clock::now();
  const std::unique_ptr<TrainingBackend> training = make_cpu_training_backend();
  const TrainedSegment segment =
      train_segment(statement, shape, *training, batch,
                    initial_weights(statement.start, statement.R, shape), quiet);
  const double training_seconds = seconds_since(start);
  std::printf("%-22s %8.3f s %9.5f s/step\n", "train", training_seconds, training_seconds / steps);

  start = Clock::now();
  const Generators generators = Generators::load(read_file(TRAINPROOF_DATA "/generators.bin"));
  const std::unique_ptr<Backend> backend = make_cpu_backend(generators);
  std::printf("%-22s %8.3f s\n", "generators", seconds_since(start));

  const std::vector<std::uint8_t> key(32, 5), nonce(32, 6);
  const SampleSecret secret{std::span<const std::uint8_t, 32>(key.data(), 32),
                            std::span<const std::uint8_t, 32>(nonce.data(), 32)};
  start = Clock::now();
  const std::size_t columns = shape.n[0] + shape.n[shape.L];
  const std::vector<AffinePoint> samples = commit_samples(*backend, batch, columns, 0, secret, quiet);
  std::vector<std::uint64_t> indices(shape.TB);
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  const SecretVector<Fr> blindings = sample_blindings(secret, indices);
  std::printf("%-22s %8.3f s %9.6f s/sample\n", "commit samples", seconds_since(start),
              seconds_since(start) / static_cast<double>(shape.TB));
  SystemRandom random;
  start = Clock::now();
  const CommittedRows weights = commit_weights(*backend, shape, segment.trace.weights_out, random, quiet);
  std::printf("%-22s %8.3f s\n", "commit weights", seconds_since(start));

  Stopwatch watch;
  Job job([&](std::string_view phase, double) { watch.phase(phase); });
  std::vector<std::uint8_t> proof;
  double proving_seconds = 0;
  for (unsigned round = 0; round < options.repeat; ++round) {
    watch = {};
    start = Clock::now();
    proof = prove_segment({statement, segment.trace, samples, blindings, nullptr, weights}, *backend, random, job);
    proving_seconds = seconds_since(start);
    watch.stop();
  }
  for (const auto& [name, seconds] : watch.phases()) {
    std::printf("  %-20s %8.3f s %9.5f s/step\n", name.c_str(), seconds, seconds / steps);
  }
  std::printf("%-22s %8.3f s %9.5f s/step\n", "prove", proving_seconds, proving_seconds / steps);
  constexpr double kMebi = 1 << 20;
  std::printf("proof %.1f KiB, peak memory %.0f MiB, predicted: train %.0f, prove %.0f MiB\n",
              static_cast<double>(proof.size()) / 1024, static_cast<double>(peak_memory_bytes()) / kMebi,
              static_cast<double>(training_bytes(shape)) / kMebi, static_cast<double>(proving_bytes(shape)) / kMebi);
  return 0;
}

}  // namespace
}  // namespace trainproof

int main(int argc, char** argv) {
  try {
    return trainproof::run(trainproof::read_options(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_prover: %s\n", e.what());
    return 1;
  }
}
