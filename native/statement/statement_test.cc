#include "statement/statement.h"

#include <functional>
#include <string>

#include "statement/testing/statements.h"
#include "statement/wide_integer.h"
#include "util/error.h"
#include "util/test.h"

namespace trainproof {
namespace {

using testing::sample_statement;
using Bytes = std::vector<std::uint8_t>;

Statement with(const std::function<void(Statement&)>& change) {
  Statement s = sample_statement();
  change(s);
  return s;
}

std::string rejection(const Bytes& bytes) {
  try {
    Statement::parse(bytes);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "accepted";
}

std::string rejection(const std::function<void(Statement&)>& change) { return rejection(with(change).encode()); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Bytes32 power_of_two(unsigned exponent) {
  Bytes32 bytes{};
  bytes[31 - exponent / 8] = static_cast<std::uint8_t>(1 << exponent % 8);
  return bytes;
}

Bytes32 from_hex(const std::string& digits) {
  Bytes32 bytes{};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const std::size_t nibble = digits.size() - 1 - i;
    bytes[31 - i / 2] |= static_cast<std::uint8_t>(std::stoi(digits.substr(nibble, 1), nullptr, 16) << 4 * (i % 2));
  }
  return bytes;
}

TEST(parse_gives_back_every_field_of_an_encoded_statement) {
  Statement s = sample_statement({7, 5, 3, 2}, 3, 2);
  s.start_kind = StartKind::kCommitted;
  s.first_step = 0x0102030405;
  s.x0 = 300;
  s.y0 = 40;
  const Bytes bytes = s.encode();
  EXPECT_EQ(bytes.size(), std::size_t{240 + 4 * 4});
  const Statement p = Statement::parse(bytes);
  EXPECT(p.run_id == s.run_id && p.schedule_seed == s.schedule_seed && p.W0 == s.W0);
  EXPECT(p.start == s.start && p.weights_out == s.weights_out && p.data_root == s.data_root);
  EXPECT_EQ(p.first_step, s.first_step);
  EXPECT(p.tau == 3 && p.beta == 2 && p.kappa == 10 && p.b == 16 && p.R == 32 && p.dv == 1 && p.dg == 1);
  EXPECT(p.fA == 12 && p.fG == 14 && p.sigma == 8 && p.eta == 5 && p.x0 == 300 && p.y0 == 40);
  EXPECT(p.samples == 60000 && p.start_kind == StartKind::kCommitted);
  EXPECT(p.widths == s.widths);
  EXPECT(p.bytes == bytes);
  EXPECT(p.encode() == bytes);
}

TEST(parse_rejects_every_truncation_and_trailing_bytes) {
  const Bytes bytes = sample_statement().encode();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT(rejection(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length))) != "accepted");
  }
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT(contains(rejection(longer), "its fields take"));
}

TEST(parse_rejects_a_wrong_magic) {
  Bytes bytes = sample_statement().encode();
  bytes[3] = '2';
  EXPECT(contains(rejection(bytes), "magic"));
}

TEST(v1_rejects_each_broken_rule_and_names_the_field) {
  const std::vector<std::pair<const char*, std::function<void(Statement&)>>> broken = {
      {"L is 0", [](Statement& s) { s.widths = {4}; }},
      {"L is 65", [](Statement& s) { s.widths.assign(66, 1); }},
      {"width", [](Statement& s) { s.widths[1] = 0; }},
      {"width", [](Statement& s) { s.widths[1] = (1u << 20) + 1; }},
      {"b is 12", [](Statement& s) { s.b = 12; }},
      {"b is 0", [](Statement& s) { s.b = 0; }},
      {"R is 0", [](Statement& s) { s.R = 0; }},
      {"R is 40", [](Statement& s) { s.R = 40; }},
      {"R is 64", [](Statement& s) { s.R = 64; }},
      {"dv is 0", [](Statement& s) { s.dv = 0; }},
      {"dv is 3", [](Statement& s) { s.dv = 3; }},
      {"dg is 0", [](Statement& s) { s.dg = 0; }},
      {"dg is 3", [](Statement& s) { s.dg = 3; }},
      {"fA is 15", [](Statement& s) { s.fA = 15; }},
      {"fG is 41", [](Statement& s) { s.fG = 41; }},
      {"sigma is 15", [](Statement& s) { s.sigma = 15; }},
      {"sigma is 16", [](Statement& s) { s.fG = 20, s.sigma = 16; }},
      {"eta is 0", [](Statement& s) { s.eta = 0; }},
      {"x0 is 65536", [](Statement& s) { s.x0 = 65536; }},
      {"y0 is 65536", [](Statement& s) { s.y0 = 65536; }},
      {"kappa is 14", [](Statement& s) { s.kappa = 14; }},
      {"n_0 + n_L", [](Statement& s) { s.kappa = 9; }},
      {"tau is 17", [](Statement& s) { s.tau = 17; }},
      {"beta is 17", [](Statement& s) { s.beta = 17, s.samples = 1u << 20; }},
      {"tau + beta is 25", [](Statement& s) { s.tau = 9, s.beta = 16, s.samples = 1u << 20; }},
      {"samples is 63", [](Statement& s) { s.samples = 63; }},
      {"samples is 4294967297", [](Statement& s) { s.samples = (std::uint64_t{1} << 32) + 1; }},
      {"firstStep is 64", [](Statement& s) { s.first_step = 64; }},
      {"firstStep is 64", [](Statement& s) { s.start_kind = StartKind::kUndisclosed, s.W0 = power_of_two(47), s.first_step = 64; }},
      {"startKind is 3", [](Statement& s) { s.start_kind = static_cast<StartKind>(3); }},
      {"2^(w-1) is 0", [](Statement& s) { s.start_kind = StartKind::kUndisclosed, s.W0 = power_of_two(47), s.W0[31] = 1; }},
      {"2^(w-1) is 0", [](Statement& s) { s.start_kind = StartKind::kUndisclosed, s.W0.fill(0); }},
      {"2^(w-1) is 47", [](Statement& s) { s.start_kind = StartKind::kUndisclosed, s.W0 = power_of_two(46); }},
      {"2^(w-1) is 80", [](Statement& s) { s.start_kind = StartKind::kUndisclosed, s.W0 = power_of_two(79); }},
      {"2^(w-1) is 8;", [](Statement& s) { s.start_kind = StartKind::kUndisclosed, s.W0 = power_of_two(7); }},
      {"firstStep is", [](Statement& s) {
         s.start_kind = StartKind::kCommitted;
         s.first_step = (std::uint64_t{1} << 40) - 63;
       }},
      {"tau + beta is 37", [](Statement& s) {
         s.widths = {1, 1u << 10, 1}, s.tau = 12, s.beta = 12;  // 12 + log2c(6 · 1025 + 2) = 13
       }},
      {"|W|", [](Statement& s) { s.widths = {1, 1u << 17, 1u << 17, 1}, s.tau = 0, s.beta = 0; }},
      {"wrap", [](Statement& s) { s.W0 = power_of_two(230); }},
      {"W0 is below 375731369", [](Statement& s) { s.W0 = power_of_two(28); }},
  };
  for (const auto& [part, change] : broken) {
    const std::string reason = rejection(change);
    if (!contains(reason, part)) std::printf("expected \"%s\" in: %s\n", part, reason.c_str());
    EXPECT(contains(reason, part));
  }
  EXPECT_EQ(rejection(sample_statement().encode()), std::string("accepted"));
}

TEST(v1_accepts_the_largest_weight_bound_that_cannot_wrap_and_no_larger) {
  // ⌊((r−1)/2) / (785 · max(A, Γ))⌋ − η·B·A·Γ·T, from an independent computation with big integers.
  const std::string largest = "1db4b8aa1e9ecc8e039b6abb58cd6542e95a9f4784d25e97361edc27";
  EXPECT_EQ(rejection([&](Statement& s) { s.W0 = from_hex(largest); }), std::string("accepted"));
  Bytes32 next = from_hex(largest);
  next[31] += 1;
  EXPECT(contains(rejection([&](Statement& s) { s.W0 = next; }), "wrap"));
  EXPECT(contains(rejection([](Statement& s) { s.W0.fill(0xff); }), "wrap"));
}

TEST(v1_extreme_exponents_are_decided_without_overflow) {
  EXPECT(contains(rejection([](Statement& s) {
                    s.dv = 2, s.dg = 2, s.fA = 0, s.fG = 40, s.sigma = 0, s.R = 48;
                    s.eta = ~std::uint64_t{0};
                    s.W0.fill(0xff);
                  }),
                  "wrap"));
}

TEST(weight_bound_adds_the_largest_possible_updates) {
  Statement s = sample_statement();
  // 2^42 + η·B·A·Γ·T with A = 2^16, Γ = 2^18 + 2^22.
  EXPECT(weight_bound(s) == from_hex("15440000000000"));
  s.W0.fill(0xff);
  EXPECT_THROWS(weight_bound(s), InvalidArgument, "256 bits");
}

TEST(shape_of_the_headline_network) {
  std::vector<std::uint32_t> widths(10, 1024);
  widths.front() = 3072;
  widths.back() = 10;
  Statement s = sample_statement(widths, 4, 6);
  s.kappa = 13;
  s.start_kind = StartKind::kCommitted;
  const Shape shape(s);
  EXPECT_EQ(shape.L, 9u);
  EXPECT_EQ(shape.phi, std::size_t{8202});
  EXPECT_EQ(shape.kinds, std::size_t{6});
  EXPECT_EQ(shape.J, 10u);
  EXPECT_EQ(shape.K, 12u);
  EXPECT_EQ(shape.tree1_depth, 26u);
  EXPECT_EQ(shape.rows_D, std::size_t{6152});
  EXPECT_EQ(shape.opening_bits, 26u);
  EXPECT_EQ(shape.hidden_values, std::size_t{1956});
}

TEST(shape_lays_layers_out_without_overlap_and_rows_at_multiples_of_their_stride) {
  Statement s = sample_statement({5, 3, 9, 1, 6}, 1, 1);
  const Shape shape(s);
  EXPECT_EQ(shape.offset[1], std::size_t{0});
  EXPECT_EQ(shape.offset[4], std::size_t{13});
  EXPECT_EQ(shape.phi, std::size_t{19});
  std::vector<bool> used(shape.weight_size, false);
  for (unsigned l = 1; l <= shape.L; ++l) {
    EXPECT_EQ(shape.weight_base[l] % (std::size_t{1} << shape.weight_stride_bits[l]), std::size_t{0});
    for (std::size_t k = 0; k <= shape.n[l - 1]; ++k) {
      for (std::size_t j = 0; j < shape.n[l]; ++j) {
        const std::size_t address = shape.weight_address(l, k, j);
        EXPECT(address < shape.weight_size && !used[address]);
        used[address] = true;
      }
    }
  }
  // Layer 1: 6 rows of 4. Layer 2: at 32, 4 rows of 16. Layer 3: at 96, 10 rows of 1. Layer 4: at 112, 2 rows of 8.
  EXPECT_EQ(shape.weight_base[2], std::size_t{32});
  EXPECT_EQ(shape.weight_base[3], std::size_t{96});
  EXPECT_EQ(shape.weight_base[4], std::size_t{112});
  EXPECT_EQ(shape.weight_size, std::size_t{128});
}

TEST(an_undisclosed_start_adds_rows_of_digits) {
  Statement s = sample_statement({5, 3, 9, 1, 6}, 1, 1);
  const std::size_t rows = Shape(s).digit_rows;
  s.start_kind = StartKind::kUndisclosed;
  s.W0 = power_of_two(47);
  const Shape shape(s);
  EXPECT_EQ(shape.dw, 3u);
  EXPECT_EQ(shape.range_rows, std::size_t{32});  // 128 entries, 4 columns
  EXPECT_EQ(shape.digit_rows, rows + 96);
  EXPECT_EQ(shape.w_row(2), rows + 64);
  EXPECT_EQ(shape.range_bits, 7u);
  EXPECT_EQ(start_bits(power_of_two(0)), 1u);
  EXPECT_EQ(start_bits(power_of_two(255)), 256u);
  for (const unsigned bits : {16u, 32u, 48u, 64u}) {
    s.W0 = power_of_two(bits - 1);
    EXPECT_EQ(rejection(s.encode()), std::string("accepted"));
  }
}

TEST(one_layer_has_no_gradient_digits) {
  const Shape shape(sample_statement({5, 3}, 1, 1));
  EXPECT_EQ(shape.kinds, std::size_t{3});
  EXPECT_EQ(shape.r_row(1), std::size_t{6});
}

TEST(log2c_rounds_up) {
  EXPECT_EQ(log2c(1), 0u);
  EXPECT_EQ(log2c(2), 1u);
  EXPECT_EQ(log2c(3), 2u);
  EXPECT_EQ(log2c(1024), 10u);
  EXPECT_EQ(log2c(1025), 11u);
}

TEST(wide_integers_saturate_instead_of_wrapping) {
  EXPECT(WideInteger::pow2(511) + WideInteger::pow2(511) == WideInteger::largest());
  EXPECT(WideInteger::pow2(300) * WideInteger::pow2(212) == WideInteger::largest());
  EXPECT(WideInteger::pow2(300) * WideInteger::pow2(211) == WideInteger::pow2(511));
  EXPECT(WideInteger::pow2(600) == WideInteger::largest());
  const WideInteger x = WideInteger::pow2(64) + WideInteger(~std::uint64_t{0});  // 2^65 − 1
  EXPECT(x * x + WideInteger::pow2(66) == WideInteger::pow2(130) + WideInteger(1));
  EXPECT(WideInteger::pow2(200) > WideInteger::pow2(199) + WideInteger(5));
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
