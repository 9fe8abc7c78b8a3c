#include "commit/subset_tables.h"

#include <algorithm>

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

void SubsetTables::make(std::size_t block) {
  auto points = std::make_unique<CompactPoint[]>(kBlock * kSubsets);
  BatchAdder adder;
  for (std::size_t k = 0; k < kSubsetColumns; ++k) {
    const std::size_t known = std::size_t{1} << k;
    for (std::size_t octet = 0; octet < kBlock; ++octet) {
      // Beyond the generators: any point will do, since no bit there is one.
      const std::size_t column = std::min((block * kBlock + octet) * kSubsetColumns + k, generators_.size() - 1);
      const CompactPoint base(generators_[column]);
      CompactPoint* const subsets = points.get() + octet * kSubsets;  // d is at d − 1
      for (std::size_t d = 0; d < known; ++d) {
        subsets[known + d - 1] = base;
        if (d > 0) adder.add(&subsets[known + d - 1], &subsets[d - 1]);
      }
    }
    adder.flush();
  }
  blocks_[block] = std::move(points);
}

bool SubsetTables::prepare(std::size_t columns) {
  TRAINPROOF_INVARIANT(columns <= generators_.size(), "a row has more columns than there are generators");
  const std::lock_guard lock(mutex_);
  const std::size_t blocks = (columns + kBlockColumns - 1) / kBlockColumns;
  if (blocks <= made_) return usable_;
  parallel_for(made_, blocks, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t block = begin; block < end; ++block) make(block);
  });
  for (; made_ < blocks; ++made_) {
    const std::span<const CompactPoint> points(blocks_[made_].get(), kBlock * kSubsets);
    for (const CompactPoint& point : points) usable_ = usable_ && !point.is_identity();
  }
  return usable_;
}

}  // namespace trainproof
