#include "commit/subset_tables.h"

#include <algorithm>

#include "util/parallel.h"

namespace trainproof {

namespace {

// Octets whose tables are made together, so that their additions share inversions.
constexpr std::size_t kTogether = 16;

// Tables of octets [begin, end).
void make_subsets(std::span<const AffinePoint> generators, std::size_t begin, std::size_t end, CompactPoint* points) {
  BatchAdder adder;
  for (std::size_t k = 0; k < kSubsetColumns; ++k) {
    const std::size_t known = std::size_t{1} << k;
    for (std::size_t octet = begin; octet < end; ++octet) {
      const std::size_t column = octet * kSubsetColumns + k;
      const CompactPoint base(column < generators.size() ? generators[column] : AffinePoint());
      CompactPoint* const subsets = points + octet * kSubsets;  // d is at d − 1
      for (std::size_t d = 0; d < known; ++d) {
        subsets[known + d - 1] = base;
        if (d > 0) adder.add(&subsets[known + d - 1], &subsets[d - 1]);
      }
    }
    adder.flush();
  }
}

}  // namespace

bool SubsetTables::prepare() {
  const std::lock_guard lock(mutex_);
  if (made_) return usable_;
  made_ = true;
  const std::size_t octets = (generators_.size() + kSubsetColumns - 1) / kSubsetColumns;
  points_.resize(octets * kSubsets);
  parallel_for(0, (octets + kTogether - 1) / kTogether, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      make_subsets(generators_, part * kTogether, std::min((part + 1) * kTogether, octets), points_.data());
    }
  });
  usable_ = std::none_of(points_.begin(), points_.end(), [](const CompactPoint& point) { return point.is_identity(); });
  return usable_;
}

}  // namespace trainproof
