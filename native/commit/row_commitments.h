// Commitments Σ_j v_j G_j + ρ H: to rows of small integers, many at once, and to a vector of scalars.
#ifndef TRAINPROOF_COMMIT_ROW_COMMITMENTS_H_
#define TRAINPROOF_COMMIT_ROW_COMMITMENTS_H_

#include <mutex>
#include <span>
#include <vector>

#include "commit/column_tables.h"
#include "commit/generators.h"
#include "commit/pair_tables.h"
#include "commit/row_block.h"
#include "commit/subset_tables.h"

namespace trainproof {

// Integers are taken in signed digits of 11 bits; 16-bit integers' second digits two columns at once, and bits eight. Safe to use from several threads.
class RowCommitter {
 public:
  // `generators` must outlive this.
  explicit RowCommitter(const Generators& generators);

  // One commitment a row; blindings.size() rows of cols ≤ 8192 columns. May be the identity, as those below.
  std::vector<AffinePoint> commit(std::size_t cols, std::span<const Fr> blindings, const RowReader& read);
  // Σ scalars[i] · G_i + blinding · H, and the same over the P family.
  AffinePoint commit_columns(std::span<const Fr> scalars, const Fr& blinding);
  AffinePoint commit_pads(std::span<const Fr> scalars, const Fr& blinding);

 private:
  // A segment commits to pads twice, for which larger tables are not worth making.
  static constexpr unsigned kPadBits = 5;

  // Rows for which tables of pairs are worth making: a table costs a column 544 additions, and saves half an addition a row.
  static constexpr std::size_t kFewestPairRows = 512;

  void prepare_blinding();
  AffinePoint commit_scalars(ColumnTables& tables, const AffinePoint& offset, std::span<const Fr> scalars,
                             const Fr& blinding);

  const Generators& generators_;
  ColumnTables columns_, pads_;
  SubsetTables subsets_;
  PairTables pairs_;
  std::vector<CompactPoint> blinding_;
  std::once_flag blinding_made_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_ROW_COMMITMENTS_H_
