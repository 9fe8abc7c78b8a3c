// Commitments to rows of small integers: Σ_j v_j G_j + ρ H for many rows at once.
#ifndef TRAINPROOF_COMMIT_ROW_COMMITMENTS_H_
#define TRAINPROOF_COMMIT_ROW_COMMITMENTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "commit/column_tables.h"
#include "commit/generators.h"
#include "commit/subset_tables.h"

namespace trainproof {

// Writes entries first_col, first_col + 1, … of a row. Called from several threads.
using RowReader = std::function<void(std::size_t row, std::size_t first_col, std::span<std::int64_t> out)>;

// All rows of a block advance together over the columns, so that their additions share an inversion and meet the same
// tables while these are in the cache. Integers are taken in signed digits of 10 bits; bits, eight
// columns at once.
class RowCommitter {
 public:
  // `generators` must outlive this.
  explicit RowCommitter(const Generators& generators);

  // One commitment a row; blindings.size() rows of cols ≤ 8192 columns. May be the identity.
  std::vector<AffinePoint> commit(std::size_t cols, std::span<const Fr> blindings, const RowReader& read);

 private:
  void prepare_blinding();

  const Generators& generators_;
  ColumnTables columns_;
  SubsetTables subsets_;
  std::vector<CompactPoint> blinding_;  // d · 2^(8·w) · H for w < 32
  std::once_flag blinding_made_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_ROW_COMMITMENTS_H_
