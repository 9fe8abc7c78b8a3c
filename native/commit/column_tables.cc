#include "commit/column_tables.h"

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

void ColumnTables::prepare(std::size_t columns) {
  TRAINPROOF_INVARIANT(columns <= Generators::kColumns, "a commitment row has at most 8192 columns");
  const std::size_t chunks = (columns + kChunk - 1) / kChunk;
  const std::lock_guard lock(mutex_);
  if (!blinding_base_) blinding_base_ = std::make_unique<FixedBase>(generators_.H());
  if (chunks <= chunks_ready_) return;
  parallel_for(chunks_ready_, chunks, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) chunks_[i] = make_chunk(i);
  });
  chunks_ready_ = chunks;
}

std::unique_ptr<TablePoint[]> ColumnTables::make_chunk(std::size_t chunk) const {
  auto points = std::make_unique<TablePoint[]>(kChunk * kMultiples);
  std::vector<AffineSum> sums(kChunk * 128);
  BatchAddition additions(sums.size());
  for (std::size_t j = 0; j < kChunk; ++j) {
    const AffinePoint& g = generators_.G()[chunk * kChunk + j];
    points[j * kMultiples] = {g.x, g.y};
  }
  // Multiples 1 … known are there: those from known + 1 to 2·known are known·G more.
  for (std::size_t known = 1; known <= 128; known *= 2) {
    const std::size_t next = std::min(known, kMultiples - known);
    for (std::size_t j = 0; j < kChunk; ++j) {
      const TablePoint* multiples = &points[j * kMultiples];
      for (std::size_t d = 0; d < next; ++d) {
        sums[j * next + d] = {multiples[d].x, multiples[d].y, false};
        additions.add(sums[j * next + d], multiples[known - 1], false);
      }
    }
    additions.run();
    for (std::size_t j = 0; j < kChunk; ++j) {
      for (std::size_t d = 0; d < next; ++d) {
        const AffineSum& sum = sums[j * next + d];
        points[j * kMultiples + known + d] = {sum.x, sum.y};
      }
    }
  }
  return points;
}

std::uint64_t ColumnTables::memory_bytes(std::size_t columns) {
  const std::uint64_t chunks = (columns + kChunk - 1) / kChunk;
  return chunks * kChunk * kMultiples * sizeof(TablePoint) + FixedBase::kMemoryBytes;
}

}  // namespace trainproof
