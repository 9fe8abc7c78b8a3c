// The launchers, one file in operations/ each. They return before the work is done; sizes may be zero. What an operation means is
// said in backend/backend.h.
#ifndef TRAINPROOF_BACKEND_CUDA_OPERATIONS_H_
#define TRAINPROOF_BACKEND_CUDA_OPERATIONS_H_

#include "backend/cuda/launch.h"
#include "backend/cuda/view.h"

namespace trainproof::cuda {

// --- Field vectors.
// out[i] = high[i >> low_bits] · low[i mod 2^low_bits], i < size
void launch_eq_table(const Element* high, const Element* low, unsigned low_bits, std::size_t size, Element* out,
                     cudaStream_t stream);
// y += scale · x
void launch_add_scaled(Element* y, const Element& scale, const Element* x, std::size_t size, cudaStream_t stream);
void launch_prefix_sum(Element* v, std::size_t segments, std::size_t stride, const Element* base, std::size_t size,
                       const Element& scale, cudaStream_t stream);

// to[y] = from[2y] + r · (from[2y+1] − from[2y]), y < ⌈size/2⌉; several tables in one launch.
struct FoldJob {
  const Element* from;
  Element* to;
  std::size_t size;
  Element r;
};
struct FoldBatch {
  static constexpr unsigned kMost = 40;
  FoldJob job[kMost];
  unsigned count = 0;
};
void launch_folds(const FoldBatch& batch, cudaStream_t stream);

// --- Integers with field elements.
// partials: row_sum_slices(view) · cols elements of working space, unused if that is 1.
unsigned row_sum_slices(const View& view);
void launch_weighted_row_sum(const View& view, const Element* weights, Element* partials, Element* out, cudaStream_t stream);
void launch_row_dot(const View& view, const Element* v, std::size_t segments, Element* out, std::size_t out_offset,
                    std::size_t out_stride, cudaStream_t stream);
struct DigitViews {
  static constexpr unsigned kMost = 16;
  View view[kMost];
  Element scale[kMost];
  unsigned count = 0;
};
void launch_combine_digits(const DigitViews& digits, Element* out, cudaStream_t stream);
// counts[value + offset] += 1
void launch_count_values(const View& view, std::int64_t offset, std::uint32_t* counts, std::size_t size, cudaStream_t stream);

// --- Sumchecks of products. Absent tables are the constant 1.
struct Table {
  const Element* data;
  std::size_t size;
  // Where `fold`: what the round folds it to by the batch's r, ⌈size/2⌉ entries; null where another term writes them.
  Element* folded;
  bool present, fold;
  std::uint8_t shift;  // of outer: it is indexed by x >> shift
};
struct TermJob {
  Element coefficient;
  Table outer, a, b;
  std::size_t count;  // pairs of a round, entries of a sum
  std::size_t pairs;  // of a round: as many as the longest table that the term folds has, or count if that is more
};
struct TermBatch {
  static constexpr unsigned kMost = 26;  // a kernel's parameters are 4 KiB at most; the update's terms of nine layers
  TermJob term[kMost];
  unsigned count = 0;
  Element r;
};
// results: s(0), s(2), s(3), the last only if degree is 3.
void launch_product_round(const TermBatch& batch, unsigned degree, const Reduction& reduction, cudaStream_t stream);
void launch_product_sum(const TermBatch& batch, const Reduction& reduction, cudaStream_t stream);

// --- LogUp.
// out[row · cols + col] = shifted − view(row, col)
void launch_lookup_leaves(const View& view, const Element& shifted, Element* out, cudaStream_t stream);
// p null: all ones.
void launch_fraction_parents(const Element* p, const Element* q, std::size_t size, Element* parent_p, Element* parent_q,
                             cudaStream_t stream);
struct LevelRound {
  const Element* p;  // null: ones below size
  const Element* q;
  std::size_t size;
  // With a fold, what p and q become; new_p is null only where they stay ones.
  bool fold;
  Element r;
  Element *new_p, *new_q;
  const Element *eq_high, *eq_low;
  unsigned low_bits;
  Element lambda;
};
std::size_t folded_level_size(std::size_t size);
// results: the value at 0, the coefficient of X²
void launch_logup_round(const LevelRound& round, const Reduction& reduction, cudaStream_t stream);
// results: p0, p1, q0, q1
void launch_logup_finish(const Element* p, const Element* q, std::size_t size, bool fold, const Element& r,
                         const Reduction& reduction, cudaStream_t stream);

// --- zkReLU (PROTOCOL §14).
struct ZkReluPart {
  const Element* time;           // 2 · pairs entries
  const Element *v, *g, *m;      // factors, one a feature; null: zeros
};
// A column of features × 2 · pairs entries; null where no part has factors for it. Where `unfolded` is given, the round first folds
// that column, of twice as many, into it.
struct ZkReluColumn {
  Element* entries;
  const Element* unfolded;
};
struct ZkReluJob {
  static constexpr unsigned kMostParts = 8;
  std::size_t features, pairs;
  ZkReluColumn m, v, g;
  Element r;  // what `unfolded` columns are folded by
  Element g_offset;
  ZkReluPart parts[kMostParts];
  unsigned part_count;
};
// results: s(0), s(2), s(3)
void launch_zkrelu_round(const ZkReluJob& job, const Reduction& reduction, cudaStream_t stream);

// --- Commitments.
constexpr unsigned kMultiples = 255;  // 1·B … 255·B
// out[i · 255 + d − 1] = d · bases[i]
std::size_t multiples_scratch_bytes(std::size_t count);
void launch_multiples(const PackedPoint* bases, std::size_t count, PackedPoint* out, void* scratch, cudaStream_t stream);
// The sums Σ_j digit_w(row, j) · G_j of the windows w of 8 bits.
std::size_t window_sums_bytes(std::size_t rows, unsigned windows);
unsigned integer_windows(Integer type);
void launch_row_window_sums(const View& view, const PackedPoint* multiples, void* sums, cudaStream_t stream);
// scalars: one row of field elements, 32 windows.
constexpr unsigned kScalarWindows = 32;
void launch_scalar_window_sums(const Element* scalars, std::size_t size, const PackedPoint* multiples, void* sums,
                               cudaStream_t stream);
// out[row] = Σ_w 2^(8w) · sums[row][w] + blindings[row] · H; blinding_multiples: d · 2^(8w) · H.
// Overwrites the sums.
void launch_combine_windows(void* sums, std::size_t rows, unsigned windows, const Element* blindings,
                            const PackedPoint* blinding_multiples, PackedPoint* out, cudaStream_t stream);

// --- Training (backend/training.h). Matrices of int64, row by row.
// entry(k, i) = data[k · k_stride + i · i_stride], but `constant` where k or i is the one named.
struct Operand {
  static constexpr std::size_t kNone = ~std::size_t{0};
  const std::int64_t* data;
  std::size_t k_stride, i_stride;
  std::size_t constant_k = kNone, constant_i = kNone;
  std::int64_t constant = 0;
};
// sums[m · cols + n] = Σ_{k < length} left(k, m) · right(k, n), of 8 bytes (wrapping) or of 16.
void launch_integer_product(const Operand& left, const Operand& right, std::size_t rows, std::size_t cols, std::size_t length,
                            bool wide, void* sums, cudaStream_t stream);
// What the host must know of quotients: the least col · rows + row whose quotient is outside its range, and ~|quotient| of the largest.
// Both are minima, and begin with all bits set.
struct RoundingReport {
  unsigned long long violation, least_complement;
};
// sum + 2^(shift−1) = 2^shift · quotient + remainder; a quotient outside [−limit, limit) is left alone.
void launch_round_sums(const void* sums, bool wide, std::size_t rows, std::size_t cols, unsigned shift, std::int64_t limit,
                       std::int64_t* quotient, std::int64_t* remainder, RoundingReport* report, cudaStream_t stream);
// weights −= eta · sums; violation: as a RoundingReport's, outside (−2^63, 2^63), only where wide.
void launch_update_weights(std::int64_t* weights, const void* sums, bool wide, std::size_t rows, std::size_t cols,
                           std::uint64_t eta, unsigned long long* violation, cudaStream_t stream);

enum class EntryOperation : std::uint8_t { kRelu, kMask, kOutputGradient };
// out = max(a, 0); a where b ≥ 0, else 0; a_scale · a − b_scale · b
void launch_each_entry(EntryOperation operation, const std::int64_t* a, std::int64_t a_scale, const std::int64_t* b,
                       std::int64_t b_scale, std::size_t size, std::int64_t* out, cudaStream_t stream);
void launch_widen(const std::int32_t* from, std::size_t size, std::int64_t* to, cudaStream_t stream);
// Where a matrix's entries go: entry (row, col) to row · stride + col.
struct Placement {
  std::size_t rows, cols, stride;
};
// digits[i · digit_stride + place] = bits [bits·i, bits·(i+1)) of (entry + offset), i < count
void launch_split_digits(const std::int64_t* from, const Placement& to, std::int64_t offset, unsigned bits, unsigned count,
                         std::uint16_t* digits, std::size_t digit_stride, cudaStream_t stream);
// signs[place] = 1 where the entry is ≥ 0, else 0
void launch_signs(const std::int64_t* from, const Placement& to, std::uint8_t* signs, cudaStream_t stream);
// The largest |entry|; CUB's working space, whose size a null `scratch` asks for.
void launch_largest(const std::int64_t* from, std::size_t size, void* scratch, std::size_t& scratch_bytes, std::uint64_t* largest,
                    cudaStream_t stream);
// sums[2 · col] + 2^64 · sums[2 · col + 1] = Σ_row |entry(row, col)|
void launch_column_sums(const std::int64_t* from, std::size_t rows, std::size_t cols, std::uint64_t* sums, cudaStream_t stream);

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_OPERATIONS_H_
