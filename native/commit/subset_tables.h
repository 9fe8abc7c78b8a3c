// Sums of subsets of eight neighbouring column generators, for rows of bits.
#ifndef TRAINPROOF_COMMIT_SUBSET_TABLES_H_
#define TRAINPROOF_COMMIT_SUBSET_TABLES_H_

#include <mutex>
#include <span>
#include <vector>

#include "commit/batch_addition.h"

namespace trainproof {

constexpr std::size_t kSubsetColumns = 8;
constexpr std::size_t kSubsets = (std::size_t{1} << kSubsetColumns) - 1;

// Σ_{k in bits of d} G_{8j+k} for d = 1 … 255: 2 KiB a column. Made all at once when first needed; safe to use from several
// threads.
class SubsetTables {
 public:
  // `generators` must outlive this.
  explicit SubsetTables(std::span<const AffinePoint> generators) : generators_(generators) {}

  // False where a subset's sum is the identity, which no independent generators have: there are no tables then.
  bool prepare();
  // The subsets of columns 8·octet, …; those of bits d are at d − 1. After prepare() on this thread.
  const CompactPoint* subsets(std::size_t octet) const { return points_.data() + octet * kSubsets; }

 private:
  std::span<const AffinePoint> generators_;
  std::vector<CompactPoint> points_;
  bool made_ = false, usable_ = false;
  std::mutex mutex_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_SUBSET_TABLES_H_
