#include "statement/v1.h"

#include <algorithm>
#include <string>

#include "statement/initial_weights.h"
#include "statement/wide_integer.h"
#include "util/error.h"

namespace trainproof {
namespace {

// r of BN254, big-endian (PROTOCOL §1).
constexpr Bytes32 kScalarFieldOrder{0x30, 0x64, 0x4e, 0x72, 0xe1, 0x31, 0xa0, 0x29, 0xb8, 0x50, 0x45,
                                    0xb6, 0x81, 0x81, 0x58, 0x5d, 0x28, 0x33, 0xe8, 0x48, 0x79, 0xb9,
                                    0x70, 0x91, 0x43, 0xe1, 0xf5, 0x93, 0xf0, 0x00, 0x00, 0x01};

[[noreturn]] void reject(const std::string& what) { throw InvalidArgument("statement: " + what); }

void require(bool holds, const char* name, std::uint64_t value, const std::string& rule) {
  if (!holds) reject(std::string(name) + " is " + std::to_string(value) + "; it must be " + rule);
}

void require_range(const char* name, std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  require(low <= value && value <= high, name, value,
          "from " + std::to_string(low) + " to " + std::to_string(high));
}

void check_fields(const Statement& s) {
  for (const std::uint32_t width : s.widths) require_range("a layer's width", width, 1, 1u << 20);
  require(s.b == 8 || s.b == 16, "b", s.b, "8 or 16");
  require_range("R", s.R, 1, 56);
  require(s.R % s.b == 0, "R", s.R, "a multiple of b = " + std::to_string(s.b));
  require_range("dv", s.dv, 1, 32 / s.b);
  require_range("dg", s.dg, 1, 32 / s.b);
  require_range("fG", s.fG, 0, 40);
  require_range("fA", s.fA, 0, s.fG);
  require_range("sigma", s.sigma, 0, s.fG);
  require(s.sigma < s.b, "sigma", s.sigma, "below b = " + std::to_string(s.b));
  require(s.eta >= 1, "eta", s.eta, "at least 1");
  require_range("x0", s.x0, 0, (std::uint64_t{1} << s.b) - 1);
  require_range("y0", s.y0, 0, (std::uint64_t{1} << s.b) - 1);
  require_range("kappa", s.kappa, 0, 13);
  const std::uint64_t columns = std::uint64_t{s.widths.front()} + s.widths.back();
  require(columns <= std::uint64_t{1} << s.kappa, "n_0 + n_L", columns,
          "at most 2^kappa = " + std::to_string(std::uint64_t{1} << s.kappa) + "; raise kappa (up to 13)");
  require_range("tau", s.tau, 0, 16);
  require_range("beta", s.beta, 0, 16);
  require_range("tau + beta", s.tau + s.beta, 0, 24);
  require_range("samples", s.samples, std::uint64_t{1} << s.beta, std::uint64_t{1} << 32);
  const std::uint64_t last_step = (std::uint64_t{1} << 40) - (std::uint64_t{1} << s.tau);
  require_range("firstStep", s.first_step, 0, last_step);
  require(s.start_kind == StartKind::kCommitted || s.first_step == 0, "firstStep", s.first_step,
          "0 for startKind 0 and 2: only a run's first segment starts at a public seed or from undisclosed weights");
  if (s.start_kind == StartKind::kUndisclosed) {
    const unsigned w = start_bits(s.W0);
    require(w >= s.b && w <= 64 && w % s.b == 0, "w of W0 = 2^(w-1)", w,
            "from b to 64 and a multiple of b = " + std::to_string(s.b) + " for startKind 2 (it is 0 where W0 is no power of two)");
  }
}

void check_sizes(const Shape& shape) {
  require(shape.tree1_depth <= 36, "log2c(U + n_0 + n_L) + tau + beta", shape.tree1_depth,
          "at most 36; cut the segment into shorter ones");
  require(shape.hidden_values <= 4096, "the number of hidden values", shape.hidden_values,
          "at most 4096; use fewer layers or shorter segments");
  require(shape.weight_size <= std::size_t{1} << 34, "|W|", shape.weight_size, "at most 2^34");
}

struct Magnitudes {
  WideInteger activation, gradient, weight;  // A, Γ, W of V1
};

Magnitudes magnitudes(const Statement& s) {
  Magnitudes m;
  m.activation = std::max({WideInteger::pow2(s.b * s.dv), WideInteger::pow2(s.b), WideInteger::pow2(s.fA)});
  m.gradient = std::max(WideInteger::pow2(s.b * s.dg - 1), WideInteger::pow2(s.fG - s.fA + s.b * s.dv) +
                                                               WideInteger::pow2(s.fG - s.sigma + s.b));
  m.weight = WideInteger::from_bytes(s.W0) + WideInteger(s.eta) * WideInteger::pow2(s.beta + s.tau) *
                                                 m.activation * m.gradient;
  return m;
}

// Nothing wraps: x < r/2, that is 2x < r.
void check_wrap(const Statement& s) {
  const WideInteger order = WideInteger::from_bytes(kScalarFieldOrder);
  const auto below_half = [&](const WideInteger& x) { return x + x < order; };
  const Magnitudes m = magnitudes(s);
  const std::uint64_t widest = *std::max_element(s.widths.begin(), s.widths.end());
  if (!below_half(WideInteger(widest + 1) * m.weight * std::max(m.activation, m.gradient))) {
    reject("sums could wrap modulo r: (max n_l + 1)·W·max(A, Γ) is not below r/2, with the weight bound W = W0 + "
           "eta·B·A·Γ·T; lower W0, eta or fG − fA, or take shorter segments");
  }
  if (!below_half(WideInteger::pow2(s.R + 1 + s.b * s.dv)) ||
      !below_half(WideInteger::pow2(s.R + 1 + s.b * s.dg))) {
    reject("2^(R+1+b·d) is not below r/2; lower R");
  }
}

void check_start(const Statement& s, const Shape& shape) {
  if (s.start_kind != StartKind::kSeed) return;
  const WideInteger W0 = WideInteger::from_bytes(s.W0);
  for (unsigned l = 1; l <= shape.L; ++l) {
    const std::uint64_t bound = initial_weight_bound(s.R, shape.n[l - 1]);
    if (W0 < WideInteger(bound)) {
      reject("W0 is below " + std::to_string(bound) + ", the largest initial weight of layer " +
             std::to_string(l));
    }
  }
}

}  // namespace

void check_layer_count(std::uint64_t layers) { require_range("L", layers, 1, 64); }

void check_v1(const Statement& statement) {
  check_fields(statement);
  const Shape shape(statement);
  check_sizes(shape);
  check_wrap(statement);
  check_start(statement, shape);
}

Bytes32 weight_bound(const Statement& statement) {
  Bytes32 bytes;
  if (!magnitudes(statement).weight.write(bytes)) {
    reject("the weight bound exceeds 256 bits; lower W0 or eta");
  }
  return bytes;
}

}  // namespace trainproof
