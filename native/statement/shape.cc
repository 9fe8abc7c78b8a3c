#include <algorithm>
#include <bit>

#include "statement/statement.h"

namespace trainproof {
namespace {

std::size_t ceil_div(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

// Σ of PROTOCOL §9's table.
std::size_t count_hidden_values(const Shape& s, bool committed_start) {
  const std::size_t L = s.L, start = committed_start ? 1 : 0;
  std::size_t total = 7;
  for (const std::size_t d : {std::size_t{s.tree1_depth}, std::size_t{s.b}}) {
    total += 3 * d * (d - 1) / 2 + 6 * d;
  }
  total += 1 + 2 * s.K + 3 * s.tau + 3 * L;
  if (L > 1) total += 1 + 2 * s.J + 3 * s.tau + 3 * (L - 1);
  total += 1 + start + 2 * s.beta + 3 * s.tau + 3 * (3 * L - 1);
  total += 1 + 3 * (s.phi_bits + s.omega) + (L > 1 ? 6 : 4);
  total += 2 * s.opening_bits + 5 + start;
  return total;
}

}  // namespace

unsigned log2c(std::size_t n) { return n <= 1 ? 0 : static_cast<unsigned>(std::bit_width(n - 1)); }

unsigned start_bits(const Bytes32& W0) {
  unsigned ones = 0, bits = 0;
  for (std::size_t i = 0; i < W0.size(); ++i) {
    ones += static_cast<unsigned>(std::popcount(W0[i]));
    if (W0[i] != 0) bits = 8 * static_cast<unsigned>(W0.size() - 1 - i) + static_cast<unsigned>(std::bit_width(W0[i]));
  }
  return ones == 1 ? bits : 0;
}

Shape::Shape(const Statement& st) {
  L = static_cast<unsigned>(st.widths.size()) - 1;
  n.assign(st.widths.begin(), st.widths.end());
  tau = st.tau;
  beta = st.beta;
  omega = tau + beta;
  kappa = st.kappa;
  b = st.b;
  T = std::size_t{1} << tau;
  B = std::size_t{1} << beta;
  TB = T * B;
  dv = st.dv;
  dg = st.dg;
  dr = st.R / st.b;
  kinds = L == 1 ? dv + dr : dv + dg + 2 * dr;

  offset.assign(L + 1, 0);
  weight_stride_bits.assign(L + 1, 0);
  weight_base.assign(L + 1, 0);
  phi = 0;
  weight_size = 0;
  std::size_t widest_output = 0, widest_input = 0;
  for (unsigned l = 1; l <= L; ++l) {
    offset[l] = phi;
    phi += n[l];
    widest_output = std::max(widest_output, n[l]);
    widest_input = std::max(widest_input, n[l - 1] + 1);
    const std::size_t stride = std::size_t{1} << log2c(n[l]);
    weight_stride_bits[l] = log2c(n[l]);
    weight_base[l] = ceil_div(weight_size, stride) * stride;
    weight_size = weight_base[l] + (n[l - 1] + 1) * stride;
  }
  J = log2c(widest_output);
  K = log2c(widest_input);
  phi_bits = log2c(phi);
  const bool undisclosed = st.start_kind == StartKind::kUndisclosed;
  dw = undisclosed ? start_bits(st.W0) / b : 0;
  range_rows = undisclosed ? ceil_div(weight_size, TB) : 0;
  range_bits = undisclosed ? log2c(weight_size) : 0;
  digit_rows = kinds * phi + dw * range_rows;

  const std::size_t columns = std::size_t{1} << kappa;
  rows_D = ceil_div(digit_rows * TB, columns);
  rows_M = ceil_div(phi * TB, columns);
  rows_mu = ceil_div(std::size_t{1} << b, columns);
  rows_W = ceil_div(weight_size, columns);
  rows_X = TB;
  tree1_depth = omega + log2c(digit_rows + n[0] + n[L]);
  opening_bits = kappa + log2c(std::max({rows_D, rows_M, rows_mu, rows_W, rows_X}));
  hidden_values = count_hidden_values(*this, st.committed_start());
}

}  // namespace trainproof
