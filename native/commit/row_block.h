// Commitments to a block of rows that advance together over the columns, so that their additions share an inversion and
// meet the same tables while these are in the cache.
#ifndef TRAINPROOF_COMMIT_ROW_BLOCK_H_
#define TRAINPROOF_COMMIT_ROW_BLOCK_H_

#include <functional>
#include <span>

#include "commit/column_tables.h"
#include "commit/pair_tables.h"
#include "commit/row_digits.h"
#include "commit/row_sums.h"
#include "commit/subset_tables.h"
#include "field/field.h"

namespace trainproof {

// Writes entries first_col, first_col + 1, … of a row. Called from several threads.
using RowReader = std::function<void(std::size_t row, std::size_t first_col, std::span<std::int64_t> out)>;

constexpr std::size_t kScalarWindows = 256 / kWindowBits;

// What is known of the generators.
struct RowBases {
  const ColumnTables& tables;   // of all columns that are read
  SubsetTables* subsets;        // of the same generators; null: bits are integers like others
  PairTables* pairs;            // the same for 16-bit integers
  const AffinePoint& offset;    // a generator of another family
  const CompactPoint* blinding;  // d · 2^(8·w) · H at w · 255 + d − 1, w < 32
};

class RowBlock {
 public:
  RowBlock(const RowBases& bases, const RowReader& read, std::size_t first_row, std::size_t rows, std::size_t cols);

  // Σ_j v_j G_j
  void add_columns();
  void add_blindings(std::span<const Fr> blindings);
  void write(AffinePoint* out) const;

 private:
  void load_tile(std::size_t first, std::size_t count);
  bool pairs_pay() const;
  template <class Multiples>
  void add_tile(std::size_t count, std::size_t step, Multiples&& multiples);
  template <class Multiples>
  void add_column(std::size_t lane, std::size_t col, Multiples&& multiples);
  void combine_windows();

  const RowBases& bases_;
  const RowReader& read_;
  std::size_t first_row_, rows_, cols_, groups_, lanes_, tile_cols_, windows_ = 0;
  std::uint64_t largest_ = 0;  // of a tile's integers, all their bits: 1 for bits that are not all zero
  RowDigits digits_;
  RowSums sums_;
  SecretVector<CompactPoint> totals_;
  BatchAdder adder_;
};

// rows = blindings.size() commitments Σ_j v_j G_j + ρ H, on all threads.
std::vector<AffinePoint> commit_rows(const RowBases& bases, const RowReader& read, std::size_t cols,
                                     std::span<const Fr> blindings);

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_ROW_BLOCK_H_
