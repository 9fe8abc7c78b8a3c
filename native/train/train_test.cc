#include "train/train.h"

#include <cmath>
#include <limits>
#include <random>

#include "statement/initial_weights.h"
#include "statement/testing/statements.h"
#include "trace/testing/host_trace.h"
#include "util/error.h"
#include "util/test.h"

namespace trainproof {
namespace {

using testing::HostTrace;
using testing::sample_statement;

struct Case {
  Statement statement;
  std::vector<std::int32_t> batch;
  std::vector<std::int64_t> weights;

  Shape shape() const { return Shape(statement); }
};

// Data over the whole range of the statement, weights of about 2^weight_bits.
Case random_case(Statement s, std::mt19937_64& rng, unsigned weight_bits) {
  Case c{std::move(s), {}, {}};
  const Shape shape = c.shape();
  const std::size_t width = shape.n[0] + shape.n[shape.L];
  for (std::size_t i = 0; i < shape.TB * width; ++i) {
    const auto value = static_cast<std::int64_t>(rng() % (std::uint64_t{1} << shape.b));
    const std::int64_t offset = i % width < shape.n[0] ? c.statement.x0 : c.statement.y0;
    c.batch.push_back(static_cast<std::int32_t>(value - offset));
  }
  c.weights.assign(shape.weight_size, 0);
  for (unsigned l = 1; l <= shape.L; ++l) {
    for (std::size_t k = 0; k <= shape.n[l - 1]; ++k) {
      for (std::size_t j = 0; j < shape.n[l]; ++j) {
        c.weights[shape.weight_address(l, k, j)] =
            static_cast<std::int64_t>(rng() >> (63 - weight_bits)) - (std::int64_t{1} << weight_bits);
      }
    }
  }
  return c;
}

struct HostSegment {
  HostTrace trace;
  std::vector<StepReport> steps;
};

HostSegment train(const Case& c) {
  const auto backend = make_cpu_training_backend();
  Job job;
  const TrainedSegment segment = train_segment(c.statement, c.shape(), *backend, c.batch, c.weights, job);
  return {HostTrace(segment.trace), segment.steps};
}

__int128 digits_at(const HostTrace& trace, const Shape& s, std::size_t first_row, unsigned count, std::size_t feature, std::size_t c) {
  __int128 value = 0;
  for (unsigned i = count; i-- > 0;) {
    const std::uint16_t digit = trace.digits[(first_row + i * s.phi + feature) * s.TB + c];
    EXPECT(digit < (1u << s.b));
    value = (value << s.b) + digit;
  }
  return value;
}

// The largest |value| of each layer in each step, as the reports should have them.
struct Largest {
  std::vector<std::vector<std::uint64_t>> pre_activations, gradients;

  static void raise(std::uint64_t& largest, __int128 value) {
    largest = std::max(largest, static_cast<std::uint64_t>(value < 0 ? -value : value));
  }
};

// Every equation of PROTOCOL §4, read off the trace with 128-bit sums.
Largest check_trace(const Case& cs, const HostTrace& trace) {
  const Statement& st = cs.statement;
  const Shape s = cs.shape();
  const std::size_t width = s.n[0] + s.n[s.L];
  const __int128 constant = __int128{1} << st.fA, two_r = __int128{1} << st.R, two_v = __int128{1} << (st.b * st.dv);
  const __int128 g_offset = __int128{1} << (st.b * st.dg - 1);
  const auto A = [&](unsigned l, std::size_t k, std::size_t c) -> __int128 {
    if (k == s.n[l]) return constant;
    return l == 0 ? trace.batch[k * s.TB + c] : trace.activations[(s.offset[l] + k) * s.TB + c];
  };
  const auto G = [&](unsigned l, std::size_t j, std::size_t c) -> __int128 { return trace.gradients[(s.offset[l] + j) * s.TB + c]; };
  for (std::size_t c = 0; c < s.TB; ++c) {
    for (std::size_t f = 0; f < width; ++f) EXPECT_EQ(trace.batch[f * s.TB + c], cs.batch[c * width + f]);
  }
  Largest largest{{s.T, std::vector<std::uint64_t>(s.L)}, {s.T, std::vector<std::uint64_t>(s.L - 1)}};
  std::vector<std::int64_t> W = cs.weights;
  for (std::size_t t = 0; t < s.T; ++t) {
    for (std::size_t c = t * s.B; c < (t + 1) * s.B; ++c) {
      for (unsigned l = 1; l <= s.L; ++l) {
        for (std::size_t j = 0; j < s.n[l]; ++j) {
          const std::size_t feature = s.offset[l] + j;
          __int128 Z = 0;
          for (std::size_t k = 0; k <= s.n[l - 1]; ++k) Z += A(l - 1, k, c) * W[s.weight_address(l, k, j)];
          const __int128 m = trace.bits[feature * s.TB + c], v = digits_at(trace, s, s.v_row(0), s.dv, feature, c);
          const __int128 r = digits_at(trace, s, s.r_row(0), s.dr, feature, c);
          const __int128 z = two_v * (m - 1) + v;
          EXPECT(m == 0 || m == 1);
          EXPECT(Z + two_r / 2 == two_r * z + r);
          Largest::raise(largest.pre_activations[t][l - 1], z);
          if (l < s.L) {
            EXPECT(A(l, j, c) == m * v);
            __int128 GA = 0;
            for (std::size_t q = 0; q < s.n[l + 1]; ++q) GA += G(l + 1, q, c) * W[s.weight_address(l + 1, j, q)];
            const __int128 g = digits_at(trace, s, s.g_row(0), s.dg, feature, c) - g_offset;
            const __int128 h = digits_at(trace, s, s.h_row(0), s.dr, feature, c);
            EXPECT(GA + two_r / 2 == two_r * g + h);
            Largest::raise(largest.gradients[t][l - 1], g);
            EXPECT(G(l, j, c) == m * g);
          } else {
            const __int128 y = trace.batch[(s.n[0] + j) * s.TB + c];
            EXPECT(G(l, j, c) == (z << (st.fG - st.fA)) - (y << (st.fG - st.sigma)));
            if (s.L > 1) {
              EXPECT(digits_at(trace, s, s.g_row(0), s.dg, feature, c) == 0);
              EXPECT(digits_at(trace, s, s.h_row(0), s.dr, feature, c) == 0);
            }
          }
        }
      }
    }
    std::vector<std::int64_t> next = W;
    for (unsigned l = 1; l <= s.L; ++l) {
      for (std::size_t k = 0; k <= s.n[l - 1]; ++k) {
        for (std::size_t j = 0; j < s.n[l]; ++j) {
          __int128 sum = 0;
          for (std::size_t c = t * s.B; c < (t + 1) * s.B; ++c) sum += A(l - 1, k, c) * G(l, j, c);
          const std::size_t a = s.weight_address(l, k, j);
          next[a] = static_cast<std::int64_t>(W[a] - static_cast<__int128>(st.eta) * sum);
        }
      }
    }
    W = std::move(next);
  }
  EXPECT(std::equal(W.begin(), W.end(), trace.weights_out.begin(), trace.weights_out.end()));
  EXPECT(std::equal(cs.weights.begin(), cs.weights.end(), trace.weights_in.begin(), trace.weights_in.end()));
  return largest;
}

TEST(every_tensor_of_a_trace_satisfies_its_equation_at_random_shapes) {
  std::mt19937_64 rng(1);
  unsigned trained = 0;
  for (unsigned round = 0; round < 120; ++round) {
    std::vector<std::uint32_t> widths(2 + rng() % 4);
    for (auto& w : widths) w = 1 + static_cast<std::uint32_t>(rng() % 20);
    Statement s = sample_statement(widths, static_cast<unsigned>(rng() % 4), static_cast<unsigned>(rng() % 4));
    s.b = rng() % 2 ? 16 : 8;
    s.dv = s.b == 16 ? 1 + static_cast<unsigned>(rng() % 2) : 2 + static_cast<unsigned>(rng() % 3);
    s.dg = s.b == 16 ? 1 + static_cast<unsigned>(rng() % 2) : 3 + static_cast<unsigned>(rng() % 2);
    s.R = s.b * (s.b == 16 ? 1 + static_cast<unsigned>(rng() % 3) : 2 + static_cast<unsigned>(rng() % 5));
    s.sigma = static_cast<unsigned>(rng() % s.b);
    s.fG = std::max(s.sigma, static_cast<unsigned>(rng() % 12));
    s.fA = static_cast<unsigned>(rng() % (s.fG + 1));
    s.eta = 1 + rng() % 9;
    s.x0 = static_cast<std::uint32_t>(rng() % (1u << s.b));
    s.y0 = static_cast<std::uint32_t>(rng() % (1u << s.b));
    s.W0.fill(0);
    s.W0[23] = 1;  // 2^64
    const Case c = random_case(s, rng, s.R - 3);
    try {
      const HostSegment segment = train(c);
      const Largest largest = check_trace(c, segment.trace);
      EXPECT_EQ(segment.steps.size(), c.shape().T);
      for (std::size_t t = 0; t < segment.steps.size(); ++t) {
        EXPECT(segment.steps[t].largest_pre_activations == largest.pre_activations[t]);
        EXPECT(segment.steps[t].largest_gradients == largest.gradients[t]);
      }
      ++trained;
    } catch (const OutOfRange&) {
      // Random parameters may leave the ranges; the count below makes sure that many do not.
    }
  }
  std::printf("  %u of 120 random shapes stayed in range\n", trained);
  EXPECT(trained >= 30);
}

// One layer, one weight and a bias.
Case scalar_case(std::int32_t x, std::int32_t y, std::int64_t weight, std::int64_t bias) {
  Statement s = sample_statement({1, 1}, 0, 0);
  s.x0 = 1 << 15;
  s.y0 = 1 << 15;
  s.W0[23] = 1;  // 2^64 and more
  return {s, {x, y}, {weight, bias}};
}

TEST(rounding_is_half_up_for_negative_sums_too) {
  const std::int64_t half = std::int64_t{1} << 31;
  for (const auto& [weight, expected] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {half, 1}, {half - 1, 0}, {-half, 0}, {-half - 1, -1}, {3 * half, 2}, {-3 * half, -1}}) {
    const Case c = scalar_case(1, 0, weight, 0);
    const HostSegment segment = train(c);
    check_trace(c, segment.trace);
    EXPECT_EQ(segment.trace.gradients[0], expected * 4);  // 2^(fG − fA) z
  }
}

TEST(the_derivative_of_relu_at_zero_is_one) {
  Statement s = sample_statement({1, 1, 1}, 0, 0);
  const Shape shape(s);
  Case c{s, {5, 1 << 8}, std::vector<std::int64_t>(shape.weight_size, 0)};
  c.weights[shape.weight_address(2, 0, 0)] = std::int64_t{1} << 32;  // z_1 = 0; G_1 = G_2
  const HostSegment segment = train(c);
  EXPECT_EQ(int{segment.trace.bits[0]}, 1);
  EXPECT_EQ(segment.trace.gradients[0], segment.trace.gradients[1]);
  EXPECT(segment.trace.gradients[0] != 0);
  check_trace(c, segment.trace);
}

TEST(the_ends_of_the_ranges_are_inside_and_one_more_is_not) {
  const std::int64_t one = std::int64_t{1} << 32;
  check_trace(scalar_case(1, 0, 65535 * one, 0), train(scalar_case(1, 0, 65535 * one, 0)).trace);
  check_trace(scalar_case(-1, 0, 65536 * one, 0), train(scalar_case(-1, 0, 65536 * one, 0)).trace);
  Case above = scalar_case(1, 0, 65536 * one, 0);
  EXPECT_THROWS(train(above), OutOfRange, "layer 1, step 0: a pre-activation of about 2^16.0 is outside [-2^16, 2^16); raise dv");
  Case below = scalar_case(-1, 0, 65536 * one + one, 0);
  EXPECT_THROWS(train(below), OutOfRange, "about -2^16.0");
}

TEST(a_gradient_out_of_range_is_reported_with_its_absolute_step) {
  Statement s = sample_statement({1, 1, 1}, 0, 0);
  s.start_kind = StartKind::kCommitted;
  s.first_step = 41;
  s.y0 = 1 << 15;
  const Shape shape(s);
  Case c{s, {0, -(1 << 15)}, std::vector<std::int64_t>(shape.weight_size, 0)};
  c.weights[shape.weight_address(2, 0, 0)] = std::int64_t{1} << 32;  // g = G_2 = 2^21
  EXPECT_THROWS(train(c), OutOfRange, "layer 1, step 41: a gradient of about 2^21.0 is outside [-2^15, 2^15); raise dg");
}

TEST(weights_that_leave_64_bits_are_reported) {
  Case c = scalar_case(32767, -32768, 0, 0);
  c.statement.eta = std::uint64_t{1} << 40;
  EXPECT_THROWS(train(c), OutOfRange, "layer 1, step 0: a weight of about");
}

TEST(inputs_outside_the_statement_are_refused) {
  EXPECT_THROWS(train(scalar_case(32768, 0, 0, 0)), OutOfRange, "feature 0 of batch row 0 is about 2^15.0");
  EXPECT_THROWS(train(scalar_case(-32769, 0, 0, 0)), OutOfRange, "feature 0");
  EXPECT_THROWS(train(scalar_case(0, 32768, 0, 0)), OutOfRange, "label 0");
  Case large = scalar_case(0, 0, std::int64_t{1} << 42, 0);
  large.statement.W0[23] = 0;  // 2^42
  train(large);
  large.weights[0] += 1;
  EXPECT_THROWS(train(large), OutOfRange, "above W0");
  Case short_batch = scalar_case(0, 0, 0, 0);
  short_batch.batch.pop_back();
  EXPECT_THROWS(train(short_batch), InvalidArgument, "batch has 1 entries");
  Case short_weights = scalar_case(0, 0, 0, 0);
  short_weights.weights.pop_back();
  EXPECT_THROWS(train(short_weights), InvalidArgument, "weights has 1 entries");
  Case padding{sample_statement({1, 3}, 0, 0), {0, 0, 0, 0}, std::vector<std::int64_t>(8, 0)};
  padding.weights[3] = 1;
  EXPECT_THROWS(train(padding), InvalidArgument, "between");
}

TEST(a_fault_anywhere_in_the_inputs_is_found) {
  Statement s = sample_statement({5, 3, 2}, 1, 1);
  s.x0 = s.y0 = 9;
  const Shape shape(s);
  const std::size_t width = shape.n[0] + shape.n[2];
  const Case good{s, std::vector<std::int32_t>(shape.TB * width, -9), std::vector<std::int64_t>(shape.weight_size, 0)};
  train(good);
  for (std::size_t i = 0; i < good.batch.size(); ++i) {
    Case c = good;
    c.batch[i] = -10;
    const std::size_t column = i % width;
    EXPECT_THROWS(train(c), OutOfRange,
                  (column < 5 ? "feature " + std::to_string(column) : "label " + std::to_string(column - 5)) + " of batch row " +
                      std::to_string(i / width));
    c.batch[i] = (1 << 16) - 9;
    EXPECT_THROWS(train(c), OutOfRange, " of batch row " + std::to_string(i / width));
  }
  std::vector<unsigned> layer_of(shape.weight_size, 0);
  for (unsigned l = 1; l <= 2; ++l) {
    for (std::size_t k = 0; k <= shape.n[l - 1]; ++k) {
      for (std::size_t j = 0; j < shape.n[l]; ++j) layer_of[shape.weight_address(l, k, j)] = l;
    }
  }
  for (std::size_t i = 0; i < good.weights.size(); ++i) {
    Case c = good;
    for (const std::int64_t sign : {1, -1}) {
      c.weights[i] = sign * ((std::int64_t{1} << 42) + 1);  // W0 is 2^42
      if (layer_of[i] == 0) {
        EXPECT_THROWS(train(c), InvalidArgument, "between");
      } else {
        EXPECT_THROWS(train(c), OutOfRange, "an input weight of layer " + std::to_string(layer_of[i]));
      }
    }
  }
}

// W0 = 2^47: three digits of 16 bits.
Case undisclosed_case(const Statement& like, std::vector<std::int64_t> weights) {
  Statement s = like;
  s.start_kind = StartKind::kUndisclosed;
  s.W0.fill(0);
  s.W0[26] = 0x80;
  const Shape shape(s);
  weights.resize(shape.weight_size, 0);
  return {s, std::vector<std::int32_t>(shape.TB * (shape.n[0] + shape.n[shape.L]), 0), weights};
}

TEST(digits_of_undisclosed_weights_make_them_up_padding_included_and_end_in_zeros) {
  for (const auto& [tau, beta] : {std::pair{0u, 0u}, {1u, 1u}, {3u, 3u}}) {
    const Case c = undisclosed_case(sample_statement({3, 3, 2}, tau, beta), {1, -1, 12345678901, 0, -98765432109});
    const Shape s = c.shape();
    const HostTrace trace = train(c).trace;
    EXPECT_EQ(trace.digits.size(), s.digit_rows * s.TB);
    for (std::size_t a = 0; a < s.range_rows * s.TB; ++a) {
      std::int64_t sum = 0;
      for (unsigned i = s.dw; i-- > 0;) sum = (sum << s.b) + trace.digits[s.w_row(i) * s.TB + a];
      EXPECT_EQ(sum, a < s.weight_size ? c.weights[a] + (std::int64_t{1} << 47) : 0);
    }
  }
}

TEST(the_lower_end_of_undisclosed_weights_range_is_inside_and_the_upper_is_not) {
  const std::int64_t end = std::int64_t{1} << 47;
  const Statement one = sample_statement({1, 1}, 0, 0);
  for (const std::int64_t weight : {-end, end - 1}) EXPECT_EQ(train(undisclosed_case(one, {weight})).trace.weights_in[0], weight);
  for (const std::int64_t weight : {-end - 1, end}) {
    EXPECT_THROWS(train(undisclosed_case(one, {weight})), OutOfRange, "layer 1 is about ");
  }
  Case whole = undisclosed_case(one, {std::numeric_limits<std::int64_t>::max()});
  whole.statement.W0.fill(0);
  whole.statement.W0[24] = 0x80;  // 2^63: four digits
  const HostTrace trace = train(whole).trace;
  const Shape s = whole.shape();
  for (unsigned i = 0; i < 4; ++i) EXPECT_EQ(int{trace.digits[s.w_row(i) * s.TB]}, 0xffff);
}

TEST(loss_and_accuracy_are_those_of_the_outputs_before_the_update) {
  Statement s = sample_statement({1, 2}, 0, 1);
  const Shape shape(s);
  Case c{s, {4096, 256, 0, 4096, 0, 256}, std::vector<std::int64_t>(shape.weight_size, 0)};
  c.weights[shape.weight_address(1, 0, 0)] = std::int64_t{1} << 32;  // outputs (1, 0); labels (1, 0), (0, 1)
  const HostSegment segment = train(c);
  EXPECT(std::fabs(segment.steps[0].loss - 0.5) < 1e-12);  // (0 + ½·2) / 2
  EXPECT_EQ(segment.steps[0].correct, std::uint64_t{1});
}

TEST(a_cancelled_job_stops) {
  const Case c = scalar_case(0, 0, 0, 0);
  const auto backend = make_cpu_training_backend();
  Job job;
  job.cancel();
  EXPECT_THROWS(train_segment(c.statement, c.shape(), *backend, c.batch, c.weights, job), Cancelled, "");
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
