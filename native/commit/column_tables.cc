#include "commit/column_tables.h"

#include <algorithm>

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

ColumnTables::ColumnTables(std::span<const AffinePoint> generators)
    : generators_(generators), blocks_((generators.size() + kBlock - 1) / kBlock) {}

void ColumnTables::prepare(std::size_t count) {
  TRAINPROOF_INVARIANT(count <= generators_.size(), "a row has more columns than there are generators");
  const std::lock_guard lock(mutex_);
  parallel_for(0, (count + kBlock - 1) / kBlock, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t block = begin; block < end; ++block) {
      if (blocks_[block] != nullptr) continue;
      const std::size_t first = block * kBlock;
      const std::span<const AffinePoint> bases =
          generators_.subspan(first, std::min(kBlock, generators_.size() - first));
      auto points = std::make_unique<CompactPoint[]>(bases.size() * kMultiples);
      make_multiples(bases, points.get());
      blocks_[block] = std::move(points);
    }
  });
}

}  // namespace trainproof
