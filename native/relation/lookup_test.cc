#include "relation/lookup.h"

#include <random>

#include "backend/cpu/cpu_backend.h"
#include "ledger/testing.h"
#include "mle/eq.h"
#include "statement/testing/statements.h"
#include "trace/testing/host_trace.h"
#include "util/error.h"
#include "util/test.h"

namespace trainproof {
namespace {

using testing::HostTrace;

Backend& backend() {
  static const Generators generators;  // the lookup commits nothing
  static const std::unique_ptr<Backend> cpu = make_cpu_backend(generators);
  return *cpu;
}

Statement small_statement(std::vector<std::uint32_t> widths, unsigned tau, unsigned beta) {
  Statement s = testing::sample_statement(std::move(widths), tau, beta);
  s.b = 8;
  s.R = 16;
  s.sigma = 7;
  s.x0 = 17;
  s.y0 = 5;
  return s;
}

// Random digits and batch data within range; the other tensors only have their sizes.
HostTrace random_trace(const Statement& st, const Shape& s, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  HostTrace trace;
  const int range = 1 << s.b;
  const auto draw = [&] { return static_cast<int>(random() % static_cast<unsigned>(range)); };
  trace.digits.resize(s.digit_rows * s.TB);
  for (std::uint16_t& digit : trace.digits) digit = static_cast<std::uint16_t>(draw());
  trace.batch.resize((s.n[0] + s.n[s.L]) * s.TB);
  for (std::size_t i = 0; i < trace.batch.size(); ++i) {
    trace.batch[i] = draw() - static_cast<int>(i < s.n[0] * s.TB ? st.x0 : st.y0);
  }
  trace.bits.resize(s.phi * s.TB);
  trace.activations.resize((s.phi - s.n[s.L]) * s.TB);
  trace.gradients.resize(s.phi * s.TB);
  trace.weights_in.resize(s.weight_size);
  trace.weights_out.resize(s.weight_size);
  return trace;
}

SecretVector<Fr> pads(std::size_t count) {
  SecretVector<Fr> out(count);
  Fr pad = Fr::from_u64(3).inverse();
  for (Fr& x : out) x = pad = pad * pad + Fr::one();
  return out;
}

struct Outcome {
  std::string broken;  // check_constraints
  bool digits_hold = false, multiplicities_hold = false;
  std::size_t said = 0;
};

Outcome run(const Statement& st, const HostTrace& trace) {
  const Shape s(st);
  Witness witness(backend(), s, trace.trace());
  const SecretVector<std::uint32_t> mu = count_multiplicities(backend(), st, s, witness);
  witness.set_multiplicities(backend(), s, mu);
  Transcript transcript;
  Ledger ledger(transcript, pads(s.hidden_values));
  Job job;
  Context context{st, s, backend(), witness, ledger, job};
  const LookupClaims claims = prove_lookup(context);

  Outcome out;
  out.broken = check_constraints(ledger);
  out.said = ledger.said_count();
  // DX and MU are the extensions of what was committed, summed in the plainest way.
  Fr digits = Fr::zero();
  for (std::size_t a = 0; a < trace.digits.size(); ++a) {
    digits += chi(a, claims.tree1) * Fr::from_u64(trace.digits[a]);
  }
  for (std::size_t a = 0; a < trace.batch.size(); ++a) {
    digits += chi(trace.digits.size() + a, claims.tree1) * Fr::from_i64(trace.batch[a]);
  }
  out.digits_hold = digits == ledger.value(claims.digits);
  Fr multiplicities = Fr::zero();
  for (std::size_t w = 0; w < mu.size(); ++w) {
    multiplicities += chi(w, claims.tree2) * Fr::from_u64(mu[w]);
  }
  out.multiplicities_hold = multiplicities == ledger.value(claims.multiplicities);
  return out;
}

std::size_t lookup_hidden_values(const Shape& s) {
  std::size_t n = 7;
  for (const std::size_t d : {std::size_t{s.tree1_depth}, std::size_t{s.b}}) n += 3 * d * (d - 1) / 2 + 6 * d;
  return n;
}

TEST(honest_lookups_of_ragged_shapes_satisfy_every_constraint_and_leave_true_claims) {
  const std::vector<std::vector<std::uint32_t>> shapes = {{1, 1}, {3, 2}, {5, 3, 2}, {2, 7, 1, 3}};
  for (const auto& widths : shapes) {
    for (const auto& [tau, beta] : {std::pair{0u, 0u}, {1u, 0u}, {0u, 2u}, {2u, 1u}}) {
      const Statement st = small_statement(widths, tau, beta);
      const Shape s(st);
      const Outcome out = run(st, random_trace(st, s, widths.size() * 10 + tau));
      EXPECT_EQ(out.broken, std::string());
      EXPECT(out.digits_hold);
      EXPECT(out.multiplicities_hold);
      EXPECT_EQ(out.said, lookup_hidden_values(s));
    }
  }
}

TEST(a_digit_outside_the_table_breaks_the_roots_equation) {
  const Statement st = small_statement({3, 2}, 1, 1);
  HostTrace trace = random_trace(st, Shape(st), 1);
  trace.digits[3] = 256;
  EXPECT_EQ(run(st, trace).broken.substr(0, 20), std::string("product constraint 1"));
}

TEST(a_feature_outside_the_table_breaks_the_roots_equation) {
  const Statement st = small_statement({3, 2}, 1, 1);
  HostTrace trace = random_trace(st, Shape(st), 1);
  trace.batch[0] = -18;  // below −x0
  EXPECT_EQ(run(st, trace).broken.substr(0, 20), std::string("product constraint 1"));
}

TEST(a_cancelled_job_stops_the_lookup) {
  const Statement st = small_statement({3, 2}, 1, 1);
  const Shape s(st);
  const HostTrace trace = random_trace(st, s, 1);
  Witness witness(backend(), s, trace.trace());
  const SecretVector<std::uint32_t> mu = count_multiplicities(backend(), st, s, witness);
  witness.set_multiplicities(backend(), s, mu);
  Transcript transcript;
  Ledger ledger(transcript, pads(s.hidden_values));
  Job job;
  job.cancel();
  Context context{st, s, backend(), witness, ledger, job};
  EXPECT_THROWS(prove_lookup(context), Cancelled, "");
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
