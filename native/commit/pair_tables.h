// Sums of small multiples of two neighbouring column generators, for rows of 16-bit integers: what is left above both columns'
// first digit is one addition, not two.
#ifndef TRAINPROOF_COMMIT_PAIR_TABLES_H_
#define TRAINPROOF_COMMIT_PAIR_TABLES_H_

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "commit/batch_addition.h"
#include "commit/column_tables.h"

namespace trainproof {

constexpr unsigned kPairIntegerBits = 16;
// Second digits of unsigned 16-bit integers: 0 … 32.
constexpr std::size_t kPairDigits = (std::size_t{1} << (kPairIntegerBits - kDigitBits)) + 1;
constexpr std::size_t kPairs = kPairDigits * kPairDigits - 1;

// a·G_{2j} + b·G_{2j+1} for 0 ≤ a, b < kPairDigits, not both zero: 34 KiB a column. Made when first needed; safe to use from
// several threads.
class PairTables {
 public:
  // `generators` must outlive this.
  explicit PairTables(std::span<const AffinePoint> generators)
      : generators_(generators), blocks_((generators.size() + kBlockColumns - 1) / kBlockColumns) {}

  // Makes the tables of columns 0 … columns − 1. False where an entry is the identity, which no independent generators have: tables
  // must not be used then.
  bool prepare(std::size_t columns);
  // The sums of columns 2·pair and 2·pair + 1; that of a and b is at a + kPairDigits·b − 1.
  const CompactPoint* sums(std::size_t pair) const { return blocks_[pair / kBlock].get() + pair % kBlock * kPairs; }

 private:
  static constexpr std::size_t kBlock = 16;  // pairs that are made at once, so that their additions share inversions
  static constexpr std::size_t kBlockColumns = 2 * kBlock;

  void make(std::size_t block);

  std::span<const AffinePoint> generators_;
  std::vector<std::unique_ptr<CompactPoint[]>> blocks_;  // never resized: readers need no lock
  std::size_t made_ = 0;  // blocks
  bool usable_ = true;
  std::mutex mutex_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_PAIR_TABLES_H_
