// Sums of subsets of eight neighbouring column generators, for rows of bits.
#ifndef TRAINPROOF_COMMIT_SUBSET_TABLES_H_
#define TRAINPROOF_COMMIT_SUBSET_TABLES_H_

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "commit/batch_addition.h"

namespace trainproof {

constexpr std::size_t kSubsetColumns = 8;
constexpr std::size_t kSubsets = (std::size_t{1} << kSubsetColumns) - 1;

// Σ_{k in bits of d} G_{8j+k} for d = 1 … 255: 2 KiB a column. Made when first needed; safe to use from several
// threads.
class SubsetTables {
 public:
  // `generators` must outlive this.
  explicit SubsetTables(std::span<const AffinePoint> generators)
      : generators_(generators), blocks_((generators.size() + kBlockColumns - 1) / kBlockColumns) {}

  // Makes the tables of columns 0 … columns − 1. False where a subset's sum is the identity, which no independent
  // generators have: tables must not be used then.
  bool prepare(std::size_t columns);
  // The subsets of columns 8·octet, …; those of bits d are at d − 1.
  const CompactPoint* subsets(std::size_t octet) const {
    return blocks_[octet / kBlock].get() + octet % kBlock * kSubsets;
  }

 private:
  static constexpr std::size_t kBlock = 16;  // octets that are made at once, so that their additions share inversions
  static constexpr std::size_t kBlockColumns = kBlock * kSubsetColumns;

  void make(std::size_t block);

  std::span<const AffinePoint> generators_;
  std::vector<std::unique_ptr<CompactPoint[]>> blocks_;  // never resized: readers need no lock
  std::size_t made_ = 0;  // blocks
  bool usable_ = true;
  std::mutex mutex_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_SUBSET_TABLES_H_
