// Every operation on a GPU or its simulator against the CPU backend, at sizes about a warp's, a block's and a grid's ends.
#include <random>

#include "backend/cpu/cpu_backend.h"
#include "backend/cuda/cuda.h"
#include "commit/testing.h"
#include "mle/split_eq.h"
#include "util/test.h"

namespace trainproof {
namespace {

constexpr std::size_t kSizes[] = {0, 1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1023, 1025, 30001};

Backend& gpu() {
  static const cuda::Backends backends = cuda::make_backends(0, testing::packaged_generators(), {0, false});
  return *backends.proving;
}
Backend& cpu() {
  static const std::unique_ptr<Backend> backend = make_cpu_backend(testing::packaged_generators());
  return *backend;
}

std::mt19937_64& rng() {
  static std::mt19937_64 generator(5);
  return generator;
}
Fr random_fr() { return Fr::from_u64(rng()()) * Fr::from_u64(rng()()) * Fr::from_u64(rng()()) * Fr::pow2(80); }
std::vector<Fr> random_vector(std::size_t size) {
  std::vector<Fr> out(size);
  for (Fr& x : out) x = random_fr();
  return out;
}

struct Pair {
  FrHandle on_gpu, on_cpu;
  explicit Pair(const std::vector<Fr>& v) : on_gpu(gpu().upload(v)), on_cpu(cpu().upload(v)) {}
  Pair(FrHandle g, FrHandle c) : on_gpu(std::move(g)), on_cpu(std::move(c)) {}
  bool agree() const { return gpu().download(*on_gpu) == cpu().download(*on_cpu); }
};

TEST(vectors) {
  for (const std::size_t size : kSizes) {
    const Fr r = random_fr();
    const Pair x(random_vector(size)), y(random_vector(size));
    gpu().add_scaled(*y.on_gpu, r, *x.on_gpu);
    cpu().add_scaled(*y.on_cpu, r, *x.on_cpu);
    EXPECT(y.agree());
    for (int i = 0; i < 3 && y.on_cpu->size > 1; ++i) {
      gpu().fold(*y.on_gpu, r);
      cpu().fold(*y.on_cpu, r);
    }
    EXPECT_EQ(y.on_gpu->size, y.on_cpu->size);
    EXPECT(y.agree());
    const std::vector<Fr> point = random_vector(17);
    EXPECT(Pair(gpu().eq_table(point, size, r), cpu().eq_table(point, size, r)).agree());
    const Pair v(random_vector(3 * size + 5)), base(random_vector(size));
    gpu().exclusive_prefix_sum(*v.on_gpu, 3, size + 1, *base.on_gpu, r);
    cpu().exclusive_prefix_sum(*v.on_cpu, 3, size + 1, *base.on_cpu, r);
    EXPECT(v.agree());
  }
}

TEST(sums_of_products) {
  for (const std::size_t size : kSizes) {
    if (size == 0) continue;
    const Pair a(random_vector(size)), b(random_vector(size)), o(random_vector((size + 7) / 8));
    const auto terms = [&](bool on_gpu) {
      const auto of = [&](const Pair& p) { return on_gpu ? p.on_gpu : p.on_cpu; };
      return std::vector<ProductTerm>{{Fr::from_u64(3), of(o), 3, of(a), of(b)}, {Fr::from_u64(5), of(a), 0, of(b), of(a)},
                                      {Fr::from_u64(7), nullptr, 0, of(a), nullptr}};
    };
    EXPECT(gpu().product_sum(terms(true)) == cpu().product_sum(terms(false)));
    EXPECT(gpu().product_round(terms(true), 3) == cpu().product_round(terms(false), 3));
    EXPECT(gpu().product_round(terms(true), 2) == cpu().product_round(terms(false), 2));
  }
}

// A round folds the tables that wait for it: once each, in whichever terms they stand, whole, also where a term sums up a part of
// them; also in the second launch of many terms; and tables that wait for another fold as if alone.
TEST(folds_on_the_way_of_a_round) {
  for (const std::size_t size : kSizes) {
    if (size < 2) continue;
    const Pair a(random_vector(size)), b(random_vector(size / 2 + 1)), c(random_vector(size + 3)), steps(random_vector(size)),
        elsewhere(random_vector(size));
    std::vector<Pair> many;
    for (int i = 0; i < 30; ++i) many.emplace_back(random_vector(size < 2000 ? size : 3));
    const Fr r = random_fr();
    for (Backend* backend : {&gpu(), &cpu()}) {
      const auto of = [&](const Pair& p) { return backend == &gpu() ? p.on_gpu : p.on_cpu; };
      for (const Pair* p : {&a, &b, &c, &steps}) backend->fold(*of(*p), r);
      for (const Pair& p : many) backend->fold(*of(p), r);
      backend->fold(*of(elsewhere), r + Fr::one());
    }
    const auto terms = [&](bool on_gpu) {
      const auto of = [&](const Pair& p) { return on_gpu ? p.on_gpu : p.on_cpu; };
      std::vector<ProductTerm> out = {{Fr::from_u64(3), of(c), 0, of(a), of(b)},          {Fr::from_u64(5), nullptr, 0, of(a), of(a)},
                                      {Fr::from_u64(7), of(steps), 2, of(c), of(b)},      {Fr::from_u64(9), of(a), 0, nullptr, of(c)},
                                      {Fr::from_u64(11), nullptr, 0, of(elsewhere), of(c)}};
      for (const Pair& p : many) out.push_back({Fr::from_u64(out.size()), nullptr, 0, of(p), of(b)});
      return out;
    };
    EXPECT(gpu().product_round(terms(true), 3) == cpu().product_round(terms(false), 3));
    EXPECT(gpu().product_round(terms(true), 2) == cpu().product_round(terms(false), 2));
    for (const Pair* p : {&a, &b, &c, &steps, &elsewhere}) EXPECT(p->agree());
    for (const Pair& p : many) EXPECT(p.agree());
  }
}

TEST(integers) {
  for (const std::size_t cols : kSizes) {
    if (cols > 2000) continue;
    for (const std::size_t rows : {1, 3, 33}) {
      std::vector<std::int64_t> data(rows * cols);
      for (auto& x : data) x = static_cast<std::int64_t>(rng()());
      const auto view = [&](Backend& b) { return IntView{b.borrow(IntType::kI64, data.data(), data.size()), 0, rows, cols, cols}; };
      const IntView on_gpu = view(gpu()), on_cpu = view(cpu());
      const Pair weights(random_vector(rows)), v(random_vector(cols));
      EXPECT(Pair(gpu().weighted_row_sum(on_gpu, *weights.on_gpu), cpu().weighted_row_sum(on_cpu, *weights.on_cpu)).agree());
      const Pair out(random_vector(rows));
      gpu().row_dot(on_gpu, *v.on_gpu, 1, *out.on_gpu, 0, rows);
      cpu().row_dot(on_cpu, *v.on_cpu, 1, *out.on_cpu, 0, rows);
      EXPECT(out.agree());
      EXPECT(Pair(gpu().combine_digits({&on_gpu, 1}, 16), cpu().combine_digits({&on_cpu, 1}, 16)).agree());
    }
  }
}

// All rounds of a level, whose sizes halve through every end of a block.
TEST(lookup_levels) {
  for (const std::size_t size : kSizes) {
    if (size == 0) continue;
    for (const bool ones : {false, true}) {
      const std::vector<Fr> p_values = random_vector(size), q_values = random_vector(size);
      const Pair p(p_values), q(q_values);
      FrHandle gpu_p = ones ? nullptr : p.on_gpu, gpu_q = q.on_gpu, cpu_p = ones ? nullptr : p.on_cpu, cpu_q = q.on_cpu;
      FrHandle parents[4];
      gpu().fraction_parents(gpu_p, gpu_q, parents[0], parents[1]);
      cpu().fraction_parents(cpu_p, cpu_q, parents[2], parents[3]);
      EXPECT(Pair(parents[0], parents[2]).agree());
      EXPECT(Pair(parents[1], parents[3]).agree());
      unsigned n = 0;
      while ((std::size_t{2} << n) < size) ++n;
      const std::vector<Fr> e = random_vector(n);
      const Fr lambda = random_fr();
      Fr r;
      for (unsigned k = 0; k < n; ++k) {
        const SplitEq eq = split_eq(std::span<const Fr>(e).first(n - 1 - k));
        EXPECT(gpu().logup_round(gpu_p, gpu_q, k ? &r : nullptr, eq, lambda) ==
               cpu().logup_round(cpu_p, cpu_q, k ? &r : nullptr, eq, lambda));
        r = random_fr();
      }
      EXPECT(gpu().logup_finish(gpu_p, gpu_q, n ? &r : nullptr) == cpu().logup_finish(cpu_p, cpu_q, n ? &r : nullptr));
    }
  }
}

TEST(commitments) {
  for (const std::size_t cols : {1, 31, 33, 64, 65, 129}) {
    std::vector<std::int64_t> data(2 * cols);
    for (auto& x : data) x = static_cast<std::int64_t>(rng()()) >> (rng()() % 64);
    const std::vector<Fr> blindings = random_vector(2);
    const auto commit = [&](Backend& b) {
      return b.commit_rows({b.borrow(IntType::kI64, data.data(), data.size()), 0, 2, cols, cols}, blindings);
    };
    EXPECT(commit(gpu()) == commit(cpu()));
    const Pair scalars(random_vector(cols));
    EXPECT(gpu().commit_columns(*scalars.on_gpu, blindings[0]) == cpu().commit_columns(*scalars.on_cpu, blindings[0]));
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
