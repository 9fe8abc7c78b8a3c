// Multiples of the column generators, for sums of small integers times generators.
#ifndef TRAINPROOF_COMMIT_COLUMN_TABLES_H_
#define TRAINPROOF_COMMIT_COLUMN_TABLES_H_

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "commit/multiples.h"
#include "util/secret.h"

namespace trainproof {

// Digits of rows' integers: signed, of 10 bits. With one bit less, weights of up to 2^29 would take a fourth digit; with
// one more, tables would take twice the memory and the time, for which digits of 16 bits have no use.
constexpr unsigned kDigitBits = 10;

// d·G_j for the magnitudes d = 1 … 2^(bits−1) of signed digits; with 10 bits, 32 KiB a column. Columns are added when they
// are first needed, on all threads; safe to use from several threads.
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
  // Columns made at once. Nothing here is secret, but only secrets' memory comes in huge pages.
  static constexpr std::size_t kBlock = 128;
  struct Free {
    std::size_t bytes;
    void operator()(CompactPoint* points) const { free_secret(points, bytes); }
  };

  std::span<const AffinePoint> generators_;
  unsigned bits_;
  std::vector<std::unique_ptr<CompactPoint[], Free>> blocks_;  // never resized: readers need no lock
  std::mutex mutex_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_COLUMN_TABLES_H_
