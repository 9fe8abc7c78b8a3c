#include "commit/pair_tables.h"

#include <algorithm>

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

void PairTables::make(std::size_t block) {
  auto points = std::make_unique_for_overwrite<CompactPoint[]>(kBlock * kPairs);
  constexpr std::size_t kOnes = kPairDigits - 1;
  // b·G for 1 ≤ b < kPairDigits, of all the block's columns.
  std::array<AffinePoint, kBlockColumns> bases;
  for (std::size_t k = 0; k < kBlockColumns; ++k) {
    // Beyond the generators: any point will do, since nothing there is multiplied.
    bases[k] = generators_[std::min(block * kBlockColumns + k, generators_.size() - 1)];
  }
  std::vector<CompactPoint> multiples(kBlockColumns * kOnes);
  make_multiples(bases, kOnes, multiples.data());
  BatchAdder adder;
  for (std::size_t pair = 0; pair < kBlock; ++pair) {
    const CompactPoint* const first = &multiples[2 * pair * kOnes];  // a·G is at a − 1
    const CompactPoint* const second = first + kOnes;
    CompactPoint* const sums = points.get() + pair * kPairs;
    std::copy_n(first, kOnes, sums);
    for (std::size_t b = 1; b < kPairDigits; ++b) {
      std::fill_n(sums + kPairDigits * b - 1, kPairDigits, second[b - 1]);
      for (std::size_t a = 1; a < kPairDigits; ++a) adder.add(sums + kPairDigits * b + a - 1, first + a - 1);
    }
    adder.flush();
  }
  blocks_[block] = std::move(points);
}

bool PairTables::prepare(std::size_t columns) {
  TRAINPROOF_INVARIANT(columns <= generators_.size(), "a row has more columns than there are generators");
  const std::lock_guard lock(mutex_);
  const std::size_t blocks = (columns + kBlockColumns - 1) / kBlockColumns;
  if (blocks <= made_) return usable_;
  parallel_for(made_, blocks, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t block = begin; block < end; ++block) make(block);
  });
  for (; made_ < blocks; ++made_) {
    const std::span<const CompactPoint> points(blocks_[made_].get(), kBlock * kPairs);
    for (const CompactPoint& point : points) usable_ = usable_ && !point.is_identity();
  }
  return usable_;
}

}  // namespace trainproof
