// Training on a GPU or its simulator against its CPU twin: every operation, at ragged sizes and every magnitude.
#include <random>

#include "backend/cuda/cuda.h"
#include "commit/testing.h"
#include "util/test.h"

namespace trainproof {
namespace {

using Entries = std::vector<std::int64_t>;

// Copies go through pieces of a kibibyte, so that large ones take many.
TrainingBackend& gpu() {
  static const cuda::Backends backends = cuda::make_backends(0, testing::packaged_generators(), {0, false, 1024});
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

template <class T>
std::vector<T> read_all(const IntBuffer& buffer) {
  EXPECT(buffer.type == int_type<T>());
  std::vector<T> out(buffer.size);
  buffer.read(out.data());
  return out;
}

// Room whose gaps can be compared.
MutableIntHandle make_zeros(TrainingBackend& backend, IntType type, std::size_t size) {
  const MutableIntHandle out = backend.make_integers(type, size);
  backend.store_zeros(out, 0, size);
  return out;
}

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
    // Which the rounding has found on its way, on a GPU.
    EXPECT_EQ(gpu().largest(*a.quotient), cpu().largest(*b.quotient));
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
        const auto digits = [&](TrainingBackend& backend, const TrainingMatrix& m) {
          const MutableIntHandle to = make_zeros(backend, IntType::kU16, count * digit_stride + 1);
          backend.store_digits(m, 5, width, count, {to, 1, stride}, digit_stride);
          return read_all<std::uint16_t>(*to);
        };
        EXPECT(digits(gpu(), *z.on_gpu) == digits(cpu(), *z.on_cpu));
      }
      const auto signs = [&](TrainingBackend& backend, const TrainingMatrix& m) {
        const MutableIntHandle to = make_zeros(backend, IntType::kU8, rows * (cols + 1) + 3);
        backend.store_signs(m, {to, 3, cols + 1});
        return read_all<std::uint8_t>(*to);
      };
      EXPECT(signs(gpu(), *z.on_gpu) == signs(cpu(), *z.on_cpu));
      const auto stored = [&](TrainingBackend& backend, const TrainingMatrix& m) {
        const MutableIntHandle to = make_zeros(backend, IntType::kI64, rows * (cols + 2) + 1);
        backend.store(m, {to, 1, cols + 2});
        return read_all<std::int64_t>(*to);
      };
      EXPECT(stored(gpu(), *z.on_gpu) == stored(cpu(), *z.on_cpu));
    }
  }
}

TEST(matrices_of_a_part_of_a_tensor_agree) {
  for (const Size& s : kSizes) {
    const std::size_t rows = s.inputs, cols = s.batch, stride = cols + 3, offset = 2;
    const Entries wide = random_entries(rows * stride + offset, 60);
    const auto load = [&]<class T>(TrainingBackend& backend, T) {
      UnsetSecretVector<T> values;
      for (const std::int64_t x : wide) values.push_back(static_cast<T>(x));
      return backend.load({backend.own(std::move(values)), offset, rows, cols, stride});
    };
    EXPECT(Pair(load(gpu(), std::int64_t{}), load(cpu(), std::int64_t{})).agree());
    EXPECT(Pair(load(gpu(), std::int32_t{}), load(cpu(), std::int32_t{})).agree());
    const auto through_weights = [&](TrainingBackend& backend) {
      const IntHandle from = backend.own(UnsetSecretVector<std::int64_t>(wide.begin(), wide.end()));
      const MutableIntHandle to = make_zeros(backend, IntType::kI64, wide.size());
      backend.store(*backend.load_weights({from, offset, rows, cols, stride}), {to, offset, stride});
      return read_all<std::int64_t>(*to);
    };
    EXPECT(through_weights(gpu()) == through_weights(cpu()));
  }
}

// From one to the other and back, by adoption.
TEST(a_tensor_is_the_same_wherever_it_is_taken) {
  UnsetSecretVector<std::int32_t> values(5000);
  for (auto& x : values) x = static_cast<std::int32_t>(rng()());
  const UnsetSecretVector<std::int32_t> original = values;
  const IntHandle on_cpu = cpu().own(std::move(values)), on_gpu = gpu().adopt(on_cpu);
  EXPECT(on_gpu != on_cpu && gpu().adopt(on_gpu) == on_gpu && cpu().adopt(on_cpu) == on_cpu);
  const IntHandle back = cpu().adopt(on_gpu);
  EXPECT(back != on_gpu && back->type == IntType::kI32);
  const auto bytes = read_all<std::int32_t>(*back);
  EXPECT(std::equal(bytes.begin(), bytes.end(), original.begin(), original.end()));
  EXPECT(read_all<std::int32_t>(*on_gpu) == bytes);
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
