#include "commit/column_tables.h"

#include <algorithm>
#include <new>

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

namespace {

// Columns whose multiples are made together: enough additions for an inversion, and all in the cache.
constexpr std::size_t kTogether = 16;

}  // namespace

ColumnTables::ColumnTables(std::span<const AffinePoint> generators, unsigned bits)
    : generators_(generators), bits_(bits), blocks_((generators.size() + kBlock - 1) / kBlock) {}

void ColumnTables::prepare(std::size_t count) {
  TRAINPROOF_INVARIANT(count <= generators_.size(), "a row has more columns than there are generators");
  const std::lock_guard lock(mutex_);
  const std::size_t blocks = (count + kBlock - 1) / kBlock;
  const std::size_t multiples = std::size_t{1} << (bits_ - 1), bytes = kBlock * multiples * sizeof(CompactPoint);
  std::size_t first = 0;
  while (first < blocks && blocks_[first] != nullptr) ++first;
  if (first == blocks) return;
  std::vector<Block> made(blocks - first);
  for (Block& block : made) {
    block.reset(static_cast<CompactPoint*>(std::aligned_alloc(alignof(CompactPoint), bytes)));
    if (block == nullptr) throw std::bad_alloc();
  }
  const std::size_t end = std::min(blocks * kBlock, generators_.size());
  const std::size_t parts = (end + kTogether - 1) / kTogether;
  parallel_for(first * kBlock / kTogether, parts, 1, [&](std::size_t from, std::size_t to) {
    for (std::size_t part = from; part < to; ++part) {
      const std::size_t column = part * kTogether;
      CompactPoint* const out = made[column / kBlock - first].get() + column % kBlock * multiples;
      make_multiples(generators_.subspan(column, std::min(kTogether, end - column)), multiples, out);
    }
  });
  std::move(made.begin(), made.end(), blocks_.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace trainproof
