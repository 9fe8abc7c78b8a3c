// Training on a GPU or its simulator against its CPU twin: every operation, at ragged sizes and every magnitude.
#include <random>

#include "backend/cuda/cuda.h"
#include "commit/testing.h"
#include "util/test.h"

namespace trainproof {
namespace {

using Entries = std::vector<std::int64_t>;

TrainingBackend& gpu() {
  static const cuda::Backends backends = cuda::make_backends(0, testing::packaged_generators(), {0, false});
  return *backends.training;
}
TrainingBackend& cpu() {
  static const std::unique_ptr<TrainingBackend> backend = make_cpu_training_backend();
  return *backend;
}

std::mt19937_64& rng() {
  static std::mt19937_64 generator(3);
  return generator;
}

Entries random_entries(std::size_t count, unsigned bits) {
  Entries out(count);
  for (auto& x : out) x = static_cast<std::int64_t>(rng()() >> (63 - bits)) - (std::int64_t{1} << bits);
  return out;
}

// A matrix on both backends, and as it comes back from each.
struct Pair {
  TrainingHandle on_gpu, on_cpu;
  Pair(const Entries& entries, std::size_t rows, std::size_t cols)
      : on_gpu(gpu().upload(HostRows<const std::int64_t>{entries.data(), cols}, rows, cols)),
        on_cpu(cpu().upload(HostRows<const std::int64_t>{entries.data(), cols}, rows, cols)) {}
  Pair(TrainingHandle g, TrainingHandle c) : on_gpu(std::move(g)), on_cpu(std::move(c)) {}
  bool agree() const { return read(gpu(), *on_gpu) == read(cpu(), *on_cpu); }
  static Entries read(TrainingBackend& backend, const TrainingMatrix& m) {
    Entries out(m.rows * (m.cols + 3), 77);
    backend.download(m, {out.data(), m.cols + 3});
    return out;
  }
};

struct WeightsPair {
  WeightsHandle on_gpu, on_cpu;
  WeightsPair(const Entries& entries, std::size_t rows, std::size_t cols)
      : on_gpu(gpu().upload_weights({entries.data(), cols}, rows, cols)),
        on_cpu(cpu().upload_weights({entries.data(), cols}, rows, cols)) {}
  bool agree() const { return read(gpu(), *on_gpu) == read(cpu(), *on_cpu); }
  static Entries read(TrainingBackend& backend, const TrainingWeights& w) {
    Entries out(w.rows * (w.cols + 3), 77);
    backend.download(w, {out.data(), w.cols + 3});
    return out;
  }
};

void expect_equal(const RoundedProduct& a, const RoundedProduct& b) {
  EXPECT_EQ(a.violation.has_value(), b.violation.has_value());
  if (a.violation && b.violation) {
    EXPECT_EQ(a.violation->row, b.violation->row);
    EXPECT_EQ(a.violation->col, b.violation->col);
    EXPECT(a.violation->value == b.violation->value);
  } else if (!a.violation && !b.violation) {
    EXPECT(Pair(a.quotient, b.quotient).agree());
    EXPECT(Pair(a.remainder, b.remainder).agree());
  }
}

struct Size {
  std::size_t inputs, outputs, batch;
};
constexpr Size kSizes[] = {{1, 1, 1}, {3, 2, 1}, {31, 33, 2}, {63, 65, 4}, {64, 64, 64}, {65, 63, 8}, {130, 7, 16}, {300, 70, 3}};

TEST(products_round_and_report_as_on_the_cpu) {
  for (const Size& s : kSizes) {
    for (const auto& [weight_bits, input_bits] : {std::pair{20u, 8u}, {40u, 16u}, {62u, 30u}}) {
      const WeightsPair w(random_entries((s.inputs + 1) * s.outputs, weight_bits), s.inputs + 1, s.outputs);
      const Pair a(random_entries(s.inputs * s.batch, input_bits), s.inputs, s.batch);
      const Pair g(random_entries(s.outputs * s.batch, input_bits), s.outputs, s.batch);
      const std::int64_t constant = std::int64_t{1} << input_bits;
      const Magnitude bound = (Magnitude{512} << (weight_bits + input_bits)) + (Magnitude{1} << 40);
      // No violation, some, and a limit that almost all exceed.
      const std::int64_t one = 1;
      for (const auto& [shift, limit] : {std::pair{weight_bits > 50 ? 56u : 30u, one << 32}, {24u, one << 18}, {1u, one}}) {
        expect_equal(gpu().forward_product(*w.on_gpu, *a.on_gpu, constant, bound, shift, limit),
                     cpu().forward_product(*w.on_cpu, *a.on_cpu, constant, bound, shift, limit));
        expect_equal(gpu().backward_product(*w.on_gpu, *g.on_gpu, bound, shift, limit),
                     cpu().backward_product(*w.on_cpu, *g.on_cpu, bound, shift, limit));
      }
      for (const std::uint64_t eta : {std::uint64_t{1}, std::uint64_t{1} << 20, ~std::uint64_t{0} >> 1}) {
        const WeightsPair v(random_entries((s.inputs + 1) * s.outputs, weight_bits), s.inputs + 1, s.outputs);
        Magnitude step = bound;
        step = step > ~Magnitude{0} / eta ? ~Magnitude{0} : step * eta;
        const auto on_gpu = gpu().update_weights(*v.on_gpu, *a.on_gpu, constant, *g.on_gpu, eta, step);
        const auto on_cpu = cpu().update_weights(*v.on_cpu, *a.on_cpu, constant, *g.on_cpu, eta, step);
        EXPECT_EQ(on_gpu.has_value(), on_cpu.has_value());
        if (on_gpu && on_cpu) {
          EXPECT_EQ(on_gpu->row, on_cpu->row);
          EXPECT_EQ(on_gpu->col, on_cpu->col);
          EXPECT(on_gpu->value == on_cpu->value);
        } else {
          EXPECT(v.agree());
          EXPECT_EQ(gpu().largest(*v.on_gpu), cpu().largest(*v.on_cpu));
        }
      }
    }
  }
}

TEST(entries_digits_signs_and_magnitudes_agree) {
  for (const Size& s : kSizes) {
    for (const unsigned bits : {7u, 20u, 40u, 62u}) {
      const std::size_t rows = s.inputs, cols = s.batch;
      const Entries entries = random_entries(rows * cols, bits);
      const Pair z(entries, rows, cols), g(random_entries(rows * cols, bits), rows, cols);
      EXPECT(z.agree());
      EXPECT_EQ(gpu().largest(*z.on_gpu), cpu().largest(*z.on_cpu));
      EXPECT(gpu().largest_column_sum(*z.on_gpu) == cpu().largest_column_sum(*z.on_cpu));
      EXPECT(Pair(gpu().relu(*z.on_gpu), cpu().relu(*z.on_cpu)).agree());
      EXPECT(Pair(gpu().mask(*g.on_gpu, *z.on_gpu), cpu().mask(*g.on_cpu, *z.on_cpu)).agree());
      if (bits < 50) {
        EXPECT(Pair(gpu().output_gradient(*z.on_gpu, 3, *g.on_gpu, 5), cpu().output_gradient(*z.on_cpu, 3, *g.on_cpu, 5))
                   .agree());
      }
      for (const auto& [width, count] : {std::pair{8u, 4u}, {16u, 2u}}) {
        const std::size_t stride = cols + 2, digit_stride = rows * stride;
        std::vector<std::uint16_t> of_gpu(count * digit_stride, 7), of_cpu = of_gpu;
        gpu().download_digits(*z.on_gpu, 5, width, count, {of_gpu.data(), stride}, digit_stride);
        cpu().download_digits(*z.on_cpu, 5, width, count, {of_cpu.data(), stride}, digit_stride);
        EXPECT(of_gpu == of_cpu);
      }
      std::vector<std::uint8_t> of_gpu(rows * (cols + 1), 7), of_cpu = of_gpu;
      gpu().download_signs(*z.on_gpu, {of_gpu.data(), cols + 1});
      cpu().download_signs(*z.on_cpu, {of_cpu.data(), cols + 1});
      EXPECT(of_gpu == of_cpu);

      std::vector<std::int32_t> narrow(rows * cols);
      for (std::size_t i = 0; i < narrow.size(); ++i) narrow[i] = static_cast<std::int32_t>(entries[i]);
      const HostRows<const std::int32_t> from{narrow.data(), cols};
      EXPECT(Pair(gpu().upload(from, rows, cols), cpu().upload(from, rows, cols)).agree());
    }
  }
}

TEST(magnitudes_of_the_extremes) {
  const Entries extremes = {INT64_MIN, INT64_MAX, -1, INT64_MIN, 0, INT64_MIN};
  const Pair m(extremes, 3, 2);
  EXPECT_EQ(gpu().largest(*m.on_gpu), std::uint64_t{1} << 63);
  EXPECT(gpu().largest_column_sum(*m.on_gpu) == cpu().largest_column_sum(*m.on_cpu));
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
