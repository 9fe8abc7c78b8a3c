// Multiples of the column generators, for sums of small integers times generators.
#ifndef TRAINPROOF_COMMIT_COLUMN_TABLES_H_
#define TRAINPROOF_COMMIT_COLUMN_TABLES_H_

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "commit/multiples.h"

namespace trainproof {

// d·G_j for digits d = 1 … 255: 16,320 bytes a column. Columns are added when they are first needed, on all threads; safe
// to use from several threads.
class ColumnTables {
 public:
  // `generators` must outlive this.
  explicit ColumnTables(std::span<const AffinePoint> generators);

  // Makes the tables of columns 0 … count − 1. Count is at most the number of generators.
  void prepare(std::size_t count);
  // The 255 multiples of a column that this thread has prepared; d·G_j is at d − 1.
  const CompactPoint* multiples(std::size_t column) const {
    return blocks_[column / kBlock].get() + column % kBlock * kMultiples;
  }

 private:
  static constexpr std::size_t kBlock = 32;  // columns made at once

  std::span<const AffinePoint> generators_;
  std::vector<std::unique_ptr<CompactPoint[]>> blocks_;  // never resized: readers need no lock
  std::mutex mutex_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_COLUMN_TABLES_H_
