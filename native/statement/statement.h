// The statement TPS1 (PROTOCOL §5) and everything that follows from it.
#ifndef TRAINPROOF_STATEMENT_STATEMENT_H_
#define TRAINPROOF_STATEMENT_STATEMENT_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace trainproof {

using Bytes32 = std::array<std::uint8_t, 32>;

enum class StartKind : std::uint8_t { kSeed = 0, kCommitted = 1, kUndisclosed = 2 };

struct Statement {
  Bytes32 run_id{}, schedule_seed{};
  std::uint64_t first_step = 0;
  unsigned tau = 0, beta = 0, kappa = 0;
  unsigned b = 0, R = 0, dv = 0, dg = 0, fA = 0, fG = 0, sigma = 0;
  std::uint64_t eta = 0;
  std::uint32_t x0 = 0, y0 = 0;
  std::uint64_t samples = 0;
  Bytes32 W0{};
  StartKind start_kind = StartKind::kSeed;
  Bytes32 start{}, weights_out{}, data_root{};
  std::vector<std::uint32_t> widths;  // n_0 … n_L
  std::vector<std::uint8_t> bytes;    // the encoding it was read from

  // Whether W^in is committed: kinds 1 and 2.
  bool committed_start() const { return start_kind != StartKind::kSeed; }

  // Throws InvalidArgument naming the field and the limit when a rule of V1 that concerns the prover is broken.
  static Statement parse(std::span<const std::uint8_t> bytes);
  // The encoding TPS1 of the fields as they are (`bytes` is not looked at); checks nothing.
  std::vector<std::uint8_t> encode() const;
};

// The statement's weight bound W_0 + η·B·A·Γ·T (PROTOCOL §5), no trained weight exceeds it; 32 bytes big-endian.
Bytes32 weight_bound(const Statement& statement);

// Derived sizes (PROTOCOL §5, §7, §8, §9). Layers are numbered 1 … L; arrays over layers have a slot 0.
struct Shape {
  explicit Shape(const Statement& statement);

  unsigned L;
  std::vector<std::size_t> n;       // n_0 … n_L
  std::vector<std::size_t> offset;  // o_l, l = 1 … L
  std::size_t phi;                  // Φ
  std::size_t T, B, TB;
  unsigned tau, beta, omega, kappa, b;
  unsigned dv, dg, dr;
  std::size_t kinds;
  // For startKind 2, W^in's digits: d_w for each of its entries, N_w rows of D for each digit; else 0. U = kinds·Φ + d_w·N_w.
  unsigned dw;
  std::size_t range_rows;
  std::size_t digit_rows;
  unsigned J, K;                          // log2c of the widest output, of the widest input with bias
  unsigned phi_bits;                      // log2c(Φ)
  unsigned range_bits;                    // Λ: log2c(|W|) for startKind 2, else 0
  std::vector<unsigned> weight_stride_bits;  // s_l
  std::vector<std::size_t> weight_base;      // base_l
  std::size_t weight_size;                   // |W|
  std::size_t rows_D, rows_M, rows_mu, rows_W, rows_X;
  unsigned tree1_depth, opening_bits;  // d1, o
  std::size_t hidden_values;           // N

  // First row in D (as U × TB) of a kind's digit i; g and h only for L > 1, w only for startKind 2.
  std::size_t v_row(unsigned i) const { return i * phi; }
  std::size_t r_row(unsigned i) const { return (dv + i) * phi; }
  std::size_t g_row(unsigned i) const { return (dv + dr + i) * phi; }
  std::size_t h_row(unsigned i) const { return (dv + dr + dg + i) * phi; }
  std::size_t w_row(unsigned i) const { return kinds * phi + i * range_rows; }
  // Linear address of entry (l, k, j) of W, 1 ≤ l ≤ L, k ≤ n_{l−1} (the bias row), j < n_l (PROTOCOL §7).
  std::size_t weight_address(unsigned l, std::size_t k, std::size_t j) const {
    return weight_base[l] + (k << weight_stride_bits[l]) + j;
  }
};

// ⌈log2 n⌉, 0 for n = 1.
unsigned log2c(std::size_t n);

// w of W_0 = 2^(w−1), the bits that an entry of W^in + W_0 has (PROTOCOL §5); 0 where W_0 is no power of two.
unsigned start_bits(const Bytes32& W0);

}  // namespace trainproof

#endif  // TRAINPROOF_STATEMENT_STATEMENT_H_
