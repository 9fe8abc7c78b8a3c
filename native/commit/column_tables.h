// Multiples of the column generators, for sums of small integers times generators.
#ifndef TRAINPROOF_COMMIT_COLUMN_TABLES_H_
#define TRAINPROOF_COMMIT_COLUMN_TABLES_H_

#include <cstdlib>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "commit/multiples.h"

namespace trainproof {

// Digits of rows' integers: signed, of 11 bits. Weights of up to 2^32 take three, and what a 16-bit integer has above its first fits a
// table of two columns (commit/pair_tables.h). With one bit less, tables would take half the memory and time, but the pairs'
// four times as much.
constexpr unsigned kDigitBits = 11;

// d·G_j for the magnitudes d = 1 … 2^(bits−1) of signed digits; with 11 bits, 64 KiB a column. Columns are added when
// they are first needed, on all threads; safe to use from several threads.
class ColumnTables {
 public:
  // `generators` must outlive this.
  ColumnTables(std::span<const AffinePoint> generators, unsigned bits);

  unsigned bits() const { return bits_; }

  // Makes the tables of columns 0 … count − 1. Count is at most the number of generators.
  void prepare(std::size_t count);
  // The multiples of a column that this thread has prepared; d·G_j is at d − 1.
  const CompactPoint* multiples(std::size_t column) const {
    return blocks_[column / kBlock].get() + (column % kBlock << (bits_ - 1));
  }

 private:
  // Columns whose memory is taken at once. Pages are small: on a virtual machine fresh huge ones took up to twice as long
  // to fill.
  static constexpr std::size_t kBlock = 64;
  struct Free {
    void operator()(CompactPoint* points) const { std::free(points); }
  };

  std::span<const AffinePoint> generators_;
  unsigned bits_;
  using Block = std::unique_ptr<CompactPoint[], Free>;
  std::vector<Block> blocks_;  // never resized: readers need no lock
  std::mutex mutex_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_COLUMN_TABLES_H_
