// The data-parallel operations that training proofs are made of. Whatever a backend computes on (host
// memory, a GPU's) it owns; algorithms (which sum to prove, what is said, in which order) live in
// relation/ and see only this interface. Every operation is exact, so that two backends agree bit for bit.
#ifndef TRAINPROOF_BACKEND_BACKEND_H_
#define TRAINPROOF_BACKEND_BACKEND_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "backend/integers.h"
#include "curve/point.h"
#include "field/field.h"
#include "mle/split_eq.h"

namespace trainproof {

// A vector of field elements on the backend.
struct FrBuffer {
  virtual ~FrBuffer() = default;
  std::size_t size = 0;
};
using FrHandle = std::shared_ptr<FrBuffer>;

// One product coefficient · outer · a · b of tables over a common index x, summed over x. Null handles
// stand for the constant 1. Tables count as zero beyond their size. outer is indexed by x >> outer_shift: while
// outer_shift > 0 it is constant on the pairs (2y, 2y+1) that a round sums over; at 0 it is one more factor.
struct ProductTerm {
  Fr coefficient;
  FrHandle outer;
  unsigned outer_shift = 0;
  FrHandle a;
  FrHandle b;
};

// What zkReLU sums up over features φ and times c beside terms that are linear in the digits (PROTOCOL §14):
//   Σ_φ Σ_c m·Σ_parts time(c)·(v(φ)·V + g(φ)·(G − g_offset) + m(φ)·(m − 1))
// m (bytes) and the digits of V and G (uint16; Σ 2^(digit_bits·i)·digit_i is below 2^32) are features × length, a power
// of two. Null handles stand for zero.
struct ZkReluSum {
  std::size_t features = 0, length = 0;
  IntView m;
  std::vector<IntView> v, g;
  unsigned digit_bits = 0;
  std::int64_t g_offset = 0;
  struct Part {
    FrHandle time;     // length entries
    FrHandle v, g, m;  // features entries each
  };
  std::vector<Part> parts;
};

// Its rounds that bind time bits, the lowest first.
class ZkReluRounds {
 public:
  virtual ~ZkReluRounds() = default;
  // s(0), s(2), s(3) of the round polynomial. Binds the former round's bit to fold_by, null in the first one.
  virtual std::array<Fr, 3> round(const Fr* fold_by) = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string name() const = 0;

  // --- Transfer. `borrow` may read the caller's memory in place: it must outlive the handle, unchanged.
  virtual IntHandle borrow(IntType type, const void* data, std::size_t size) = 0;
  // The same integers for this backend's operations: themselves where they are on its device, else a copy.
  virtual IntHandle adopt(const IntHandle& integers) = 0;
  virtual FrHandle upload(std::span<const Fr> values) = 0;
  virtual FrHandle zeros(std::size_t size) = 0;
  virtual std::vector<Fr> download(const FrBuffer& v) = 0;

  // --- Group. Generators are the backend's own (PROTOCOL §2), given when it is made.
  // Row ρ: Σ_col view(ρ, col) · G_col + blindings[ρ] · H; view.cols ≤ 8192; any integer of the type.
  virtual std::vector<AffinePoint> commit_rows(const IntView& view, std::span<const Fr> blindings) = 0;
  // Σ scalars[i] · G_i + blinding · H, and the same over the P family.
  virtual AffinePoint commit_columns(const FrBuffer& scalars, const Fr& blinding) = 0;
  virtual AffinePoint commit_pads(std::span<const Fr> scalars, const Fr& blinding) = 0;

  // --- Integers with field elements.
  // out[col] = Σ_row weights[row] · view(row, col)
  virtual FrHandle weighted_row_sum(const IntView& view, const FrBuffer& weights) = 0;
  // out[s · out_stride + out_offset + row] = Σ_{col in segment s} view(row, col) · v[col], for `segments` equal
  // parts of the columns. Writes only these entries of out.
  virtual void row_dot(const IntView& view, const FrBuffer& v, std::size_t segments, FrBuffer& out,
                       std::size_t out_offset, std::size_t out_stride) = 0;
  // out[row · cols + col] = Σ_i 2^(bits·i) · views[i](row, col), all views of one shape.
  virtual FrHandle combine_digits(std::span<const IntView> views, unsigned bits) = 0;
  // counts[view(row, col) + offset] += 1 where that lies in [0, counts.size()).
  virtual void count_values(const IntView& view, std::int64_t offset,
                            std::span<std::uint32_t> counts) = 0;

  // --- Field vectors.
  // out[i] = scale · χ_i(point), i < length ≤ 2^n; most significant coordinate first.
  virtual FrHandle eq_table(std::span<const Fr> point, std::size_t length, const Fr& scale) = 0;
  // y += scale · x (sizes equal).
  virtual void add_scaled(FrBuffer& y, const Fr& scale, const FrBuffer& x) = 0;
  // v[s · stride + k] ← base[k] + scale · Σ_{s' < s} v[s' · stride + k], for s < segments, k < base.size().
  virtual void exclusive_prefix_sum(FrBuffer& v, std::size_t segments, std::size_t stride,
                                    const FrBuffer& base, const Fr& scale) = 0;
  // In place: v[y] ← v[2y] + r · (v[2y+1] − v[2y]); size ← ⌈size/2⌉, missing entries are zero.
  virtual void fold(FrBuffer& v, const Fr& r) = 0;

  // --- Sumcheck of Σ_terms (above). Returns s(0), s(2), and s(3) if `degree` is 3, of the round polynomial in
  // bit 0 of x. All tables are over `2^k` addresses of which only their sizes are stored.
  virtual std::vector<Fr> product_round(std::span<const ProductTerm> terms, unsigned degree) = 0;

  // Σ_terms itself, the claim that such a sumcheck starts from; here outer is indexed by x >> outer_shift at 0, too.
  virtual Fr product_sum(std::span<const ProductTerm> terms) = 0;

  // --- LogUp-GKR (PROTOCOL §10). A level is (p, q), children adjacent, beyond size (0, 1).
  // A backend may keep the two lowest levels as the integers that they come from; only the operations here take them.
  // q of tree 1's leaves: out[(row_0 + row) · cols + col] = α − view(row, col) − offset, views stacked in order.
  struct LeafRows {
    IntView view;
    std::int64_t offset = 0;
  };
  virtual FrHandle lookup_leaves(std::span<const LeafRows> rows, const Fr& alpha) = 0;
  // The parent level: p = p0·q1 + p1·q0, q = q0·q1. A null p stands for all ones below q's size.
  virtual void fraction_parents(const FrHandle& p, const FrHandle& q, FrHandle& parent_p,
                                FrHandle& parent_q) = 0;
  // One round over p, q (children adjacent: p0(x) = p[2x], p1(x) = p[2x+1]). If `fold_by` is given, first
  // binds the former round's bit to it, in place. Then the value at X = 0 and the coefficient of X² of
  //   Σ_y eq(y) · (q1·(λ·p0 + q0) + λ·p1·q0 − 1)(X, y),
  // x = 2y + X, over the y that are stored (elsewhere the bracket is zero): what the claim leaves open. A null p is all
  // ones below q's size. Folds may replace either by another buffer. p and q have one size; λ is the same in all rounds of a
  // level.
  virtual std::array<Fr, 2> logup_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                        const Fr& lambda) = 0;
  // Binds the last bit; p0, p1, q0, q1 remain.
  virtual std::array<Fr, 4> logup_finish(FrHandle& p, FrHandle& q, const Fr* fold_by) = 0;

  // --- zkReLU (PROTOCOL §14). The integers must outlive the rounds.
  virtual std::unique_ptr<ZkReluRounds> zkrelu_rounds(const ZkReluSum& sum) = 0;
};

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_BACKEND_H_
