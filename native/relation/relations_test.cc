#include <random>

#include "backend/cpu/cpu_backend.h"
#include "backend/training.h"
#include "ledger/testing.h"
#include "mle/eq.h"
#include "relation/backward.h"
#include "relation/forward.h"
#include "relation/lookup.h"
#include "relation/opening.h"
#include "relation/products.h"
#include "relation/update.h"
#include "relation/zkrelu.h"
#include "statement/initial_weights.h"
#include "statement/testing/statements.h"
#include "trace/testing/host_trace.h"
#include "train/train.h"
#include "util/test.h"

namespace trainproof {
namespace {

using testing::HostTrace;

Backend& backend() {
  static const Generators generators;  // relations commit nothing
  static const std::unique_ptr<Backend> cpu = make_cpu_backend(generators);
  return *cpu;
}

Statement small_statement(std::vector<std::uint32_t> widths, unsigned tau, unsigned beta, StartKind start) {
  Statement s = testing::sample_statement(std::move(widths), tau, beta);
  s.kappa = 3;
  while ((std::size_t{1} << s.kappa) < s.widths.front() + s.widths.back()) ++s.kappa;
  s.b = 8;
  s.R = 24;
  s.dv = s.dg = 2;
  s.fA = 8;
  s.fG = 8;
  s.sigma = 7;
  s.eta = 1;
  s.x0 = 17;
  s.start_kind = start;
  if (start == StartKind::kUndisclosed) {
    s.W0.fill(0);
    s.W0[28] = 0x80;  // 2^31, four digits
  }
  return s;
}

HostTrace honest_trace(const Statement& st, const Shape& s) {
  std::mt19937_64 random(s.phi);
  std::vector<std::int32_t> batch(s.TB * (s.n[0] + s.n[s.L]));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const bool feature = i % (s.n[0] + s.n[s.L]) < s.n[0];
    batch[i] = feature ? static_cast<std::int32_t>(random() % 60) - 17 : static_cast<std::int32_t>(random() % 100);
  }
  Job job;
  return HostTrace(
      train_segment(st, s, *make_cpu_training_backend(), batch, initial_weights(st.start, st.R, s), job).trace);
}

SecretVector<Fr> pads(std::size_t count) {
  SecretVector<Fr> out(count);
  Fr pad = Fr::from_u64(5).inverse();
  for (Fr& x : out) x = pad = pad * pad + Fr::one();
  return out;
}

struct Outcome {
  std::string broken;      // the first constraint that does not hold
  bool claims_hold = true;  // claims on tensors, and the opening values, are the true extensions
  std::size_t said = 0;
};

// Σ_{row, c} χ_row(features) χ_c(time) tensor(row, c), in the plainest way.
template <class T>
Fr extension(std::span<const T> tensor, std::size_t first_row, std::size_t rows, std::size_t cols,
             std::span<const Fr> features, std::span<const Fr> time) {
  Fr sum = Fr::zero();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = 0; c < cols; ++c) {
      sum += chi(row, features) * chi(c, time) *
             Fr::from_i64(static_cast<std::int64_t>(tensor[(first_row + row) * cols + c]));
    }
  }
  return sum;
}

Fr layer_activations(const Shape& s, const HostTrace& trace, unsigned layer, const EvalPoint& features,
                     const EvalPoint& time) {
  if (layer == 0) return extension<std::int32_t>(trace.batch, 0, s.n[0], s.TB, features, time);
  return extension<std::int64_t>(trace.activations, s.offset[layer], s.n[layer], s.TB, features, time);
}

Fr layer_gradients(const Shape& s, const HostTrace& trace, unsigned layer, const EvalPoint& features,
                   const EvalPoint& time) {
  return extension<std::int64_t>(trace.gradients, s.offset[layer], s.n[layer], s.TB, features, time);
}

template <class T>
Fr linear_extension(std::span<const T> values, const EvalPoint& point) {
  Fr sum = Fr::zero();
  for (std::size_t a = 0; a < values.size(); ++a) {
    sum += chi(a, point) * Fr::from_i64(static_cast<std::int64_t>(values[a]));
  }
  return sum;
}

Outcome run(const Statement& st, const HostTrace& trace) {
  const Shape s(st);
  Witness witness(backend(), s, trace.trace());
  const SecretVector<std::uint32_t> mu = count_multiplicities(backend(), st, s, witness);
  witness.set_multiplicities(backend(), s, mu);
  Transcript transcript;
  Ledger ledger(transcript, pads(s.hidden_values));
  Job job;
  Context context{st, s, backend(), witness, ledger, job};
  const LookupClaims lookup = prove_lookup(context);
  const ForwardClaims forward = prove_forward(context);
  BackwardClaims backward;
  if (s.L > 1) backward = prove_backward(context);
  const BackwardClaims* backward_claims = s.L > 1 ? &backward : nullptr;
  const UpdateClaims update = prove_update(context, forward, backward_claims);
  const ZkReluClaims zkrelu = prove_zkrelu(context, forward, backward_claims, update);
  const OpeningResult opening = prove_opening(context, lookup, forward, update, zkrelu);

  Outcome out;
  out.broken = check_constraints(ledger);
  out.said = ledger.said_count();
  const auto expect = [&](const Affine& claim, const Fr& value) {
    out.claims_hold = out.claims_hold && ledger.value(claim) == value;
  };
  for (unsigned l = 1; l <= s.L; ++l) {
    expect(forward.activations[l - 1],
           layer_activations(s, trace, l - 1, forward.k_star, concatenate(forward.t_star, forward.p_i)));
  }
  for (unsigned l = 1; l < s.L; ++l) {
    expect(backward.gradients[l - 1],
           layer_gradients(s, trace, l + 1, backward.j_deg, concatenate(backward.t_deg, backward.p_i)));
  }
  const EvalPoint u = concatenate(update.t_u, update.i_u);
  for (std::size_t c = 0; c < update.claims.size(); ++c) {
    const WeightClaim& claim = update.claims[c];
    expect(update.activations[c], layer_activations(s, trace, claim.layer - 1, claim.in, u));
    expect(update.gradients[c], layer_gradients(s, trace, claim.layer, claim.out, u));
  }

  const EvalPoint point = concatenate(opening.x, opening.y);
  std::vector<Fr> matrices = {linear_extension<std::uint16_t>(trace.digits, point),
                              linear_extension<std::uint8_t>(trace.bits, point),
                              linear_extension<std::uint32_t>(mu, point)};
  if (st.committed_start()) {
    matrices.push_back(linear_extension<std::int64_t>(trace.weights_in, point));
  }
  matrices.push_back(linear_extension<std::int64_t>(trace.weights_out, point));
  Fr batch = Fr::zero();
  for (std::size_t f = 0; f < s.n[0] + s.n[s.L]; ++f) {
    for (std::size_t c = 0; c < s.TB; ++c) {
      batch += chi((c << s.kappa) + f, point) * Fr::from_i64(trace.batch[f * s.TB + c]);
    }
  }
  matrices.push_back(batch);
  EXPECT_EQ(opening.values.size(), matrices.size());
  for (std::size_t k = 0; k < matrices.size(); ++k) expect(opening.values[k], matrices[k]);
  return out;
}

TEST(honest_segments_of_ragged_shapes_satisfy_every_constraint_and_leave_true_claims) {
  const std::vector<std::vector<std::uint32_t>> shapes = {{1, 1}, {3, 2}, {5, 3, 2}, {2, 7, 1, 3}, {3, 1, 5, 2, 4}};
  for (const auto& widths : shapes) {
    for (const auto& [tau, beta] : {std::pair{0u, 0u}, {2u, 0u}, {1u, 1u}}) {
      for (const StartKind start : {StartKind::kSeed, StartKind::kCommitted, StartKind::kUndisclosed}) {
        const Statement st = small_statement(widths, tau, beta, start);
        const Shape s(st);
        const Outcome out = run(st, honest_trace(st, s));
        EXPECT_EQ(out.broken, std::string());
        EXPECT(out.claims_hold);
        EXPECT_EQ(out.said, s.hidden_values);
      }
    }
  }
}

TEST(a_gradient_off_by_one_breaks_a_constraint) {
  const Statement st = small_statement({5, 3, 2}, 1, 1, StartKind::kSeed);
  HostTrace trace = honest_trace(st, Shape(st));
  trace.gradients[1] += 1;
  EXPECT(!run(st, trace).broken.empty());
}

TEST(an_output_weight_off_by_one_breaks_a_constraint) {
  const Statement st = small_statement({5, 3, 2}, 1, 1, StartKind::kSeed);
  HostTrace trace = honest_trace(st, Shape(st));
  trace.weights_out[2] += 1;
  EXPECT(!run(st, trace).broken.empty());
}

TEST(a_digit_of_an_undisclosed_start_that_is_off_breaks_a_constraint) {
  const Statement st = small_statement({5, 3, 2}, 1, 1, StartKind::kUndisclosed);
  const Shape s(st);
  const HostTrace honest = honest_trace(st, s);
  for (unsigned i = 0; i < s.dw; ++i) {
    for (const std::size_t a : {std::size_t{0}, std::size_t{3}, s.weight_size - 1}) {  // 3 is padding
      HostTrace trace = honest;
      trace.digits[s.w_row(i) * s.TB + a] ^= 1;
      EXPECT(!run(st, trace).broken.empty());
    }
  }
}

TEST(a_start_weight_outside_its_digits_breaks_a_constraint) {
  const Statement st = small_statement({5, 3, 2}, 1, 1, StartKind::kUndisclosed);
  const Shape s(st);
  HostTrace trace = honest_trace(st, s);
  trace.weights_in[0] += std::int64_t{1} << 32;
  EXPECT(!run(st, trace).broken.empty());
}

TEST(a_flipped_bit_breaks_a_constraint) {
  const Statement st = small_statement({5, 3, 2}, 1, 1, StartKind::kSeed);
  HostTrace trace = honest_trace(st, Shape(st));
  trace.bits[3] ^= 1;
  EXPECT(!run(st, trace).broken.empty());
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
