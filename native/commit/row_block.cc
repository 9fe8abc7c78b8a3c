#include "commit/row_block.h"

#include <algorithm>

#include "util/parallel.h"

namespace trainproof {

namespace {

constexpr std::size_t kGroup = RowSums::kGroup;
// Rows of a block: its sums stay in the second-level cache.
constexpr std::size_t kMaxBlockRows = 1024;
// Additions that an inversion is shared by, where there are enough columns. With twice as many, sums and denominators
// leave the second-level cache: 36 ns an addition, not 29.
constexpr std::size_t kBatch = 4096;
// Columns read at once: one cache line of 16-bit integers.
constexpr std::size_t kTileColumns = 32;
constexpr std::size_t kMaxLanes = 256;

// A power of two: sums of neighbouring columns are kept apart where there are too few rows for a batch.
std::size_t lanes_for(std::size_t rows, std::size_t cols) {
  std::size_t lanes = 1;
  while (2 * rows * lanes < kBatch && lanes * 16 < cols && lanes < kMaxLanes) lanes *= 2;
  return lanes;
}

// All that there are for a thread, but no more than fit the cache.
std::size_t block_rows(std::size_t rows) {
  const std::size_t share = (rows + thread_count() - 1) / thread_count();
  return std::min((share + kGroup - 1) / kGroup * kGroup, kMaxBlockRows);
}

}  // namespace

RowBlock::RowBlock(const RowBases& bases, const RowReader& read, std::size_t first_row, std::size_t rows,
                   std::size_t cols)
    : bases_(bases), read_(read), first_row_(first_row), rows_(rows), cols_(cols),
      groups_((rows + kGroup - 1) / kGroup), lanes_(lanes_for(rows, cols)), tile_cols_(std::max(kTileColumns, kSubsetColumns * lanes_)),
      digits_(groups_, tile_cols_), sums_(groups_, lanes_, bases.offset), totals_(rows) {}

void RowBlock::add_columns() {
  for (std::size_t first = 0; first < cols_; first += tile_cols_) {
    const std::size_t count = std::min(tile_cols_, cols_ - first);
    load_tile(first, count);
    if (largest_ == 1 && bases_.subsets != nullptr && bases_.subsets->prepare(cols_)) {
      digits_.join_bits(count);
      add_tile(count, kSubsetColumns, [&](std::size_t col, std::size_t) {
        return bases_.subsets->subsets((first + col) / kSubsetColumns);
      });
    } else if (pairs_pay() && bases_.pairs->prepare(cols_)) {
      digits_.join_pairs(count);
      add_tile(count, 1, [&](std::size_t col, std::size_t window) {
        return window == 0 ? bases_.tables.multiples(first + col) : bases_.pairs->sums((first + col) / 2);
      });
    } else {
      add_tile(count, 1, [&](std::size_t col, std::size_t) { return bases_.tables.multiples(first + col); });
    }
  }
  combine_windows();
}

// Whether the tile's integers have second digits that fit the tables of pairs.
bool RowBlock::pairs_pay() const {
  constexpr std::uint64_t kOne = std::uint64_t{1} << (kDigitBits - 1), kAll = std::uint64_t{1} << kPairIntegerBits;
  return bases_.pairs != nullptr && largest_ >= kOne && largest_ < kAll;
}

void RowBlock::add_blindings(std::span<const Fr> blindings) {
  SecretVector<std::array<std::uint8_t, 32>> digits(rows_);
  for (std::size_t r = 0; r < rows_; ++r) blindings[r].write(digits[r]);
  for (std::size_t w = 0; w < kScalarWindows; ++w) {
    for (std::size_t r = 0; r < rows_; ++r) {
      const std::uint8_t digit = digits[r][31 - w];
      if (digit != 0) adder_.add(&totals_[r], bases_.blinding + w * kMultiples + digit - 1);
    }
    adder_.flush();
  }
}

void RowBlock::write(AffinePoint* out) const {
  for (std::size_t r = 0; r < rows_; ++r) out[r] = totals_[r].affine();
}

void RowBlock::load_tile(std::size_t first, std::size_t count) {
  largest_ = 0;
  for (std::size_t group = 0; group < groups_; ++group) {
    for (std::size_t i = 0; i < kGroup; ++i) {
      const std::size_t row = group * kGroup + i;
      const std::span<std::int64_t> out = digits_.row(i).first(count);
      if (row < rows_) {
        read_(first_row_ + row, first, out);
        for (const std::int64_t x : out) largest_ |= static_cast<std::uint64_t>(x);
      } else {
        std::fill(out.begin(), out.end(), 0);
      }
    }
    digits_.split(group, count);
  }
}

// Adds what the tile has at every step-th column, from multiples(column, window).
template <class Multiples>
void RowBlock::add_tile(std::size_t count, std::size_t step, Multiples&& multiples) {
  for (std::size_t at = 0; at < count; at += lanes_ * step) {
    for (std::size_t lane = 0; lane < lanes_ && at + lane * step < count; ++lane) {
      const std::size_t col = at + lane * step;
      add_column(lane, col, multiples);
    }
    sums_.flush();
  }
  // The tile's digits are about to change.
  sums_.drain();
}

template <class Multiples>
void RowBlock::add_column(std::size_t lane, std::size_t col, Multiples&& multiples) {
  for (std::size_t group = 0; group < groups_; ++group) {
    const std::size_t windows = digits_.windows(col, group);
    windows_ = std::max(windows_, windows);
    for (std::size_t w = 0; w < windows; ++w) sums_.add(lane, w, group, multiples(col, w), digits_.digits(w, col, group));
  }
}

// totals = Σ_w 2^(11·w) sums_w
void RowBlock::combine_windows() {
  for (std::size_t w = windows_; w-- > 0;) {
    for (std::size_t i = 0; i < kDigitBits; ++i) {
      for (CompactPoint& total : totals_) adder_.add(&total, &total);
      adder_.flush();
    }
    const SecretVector<CompactPoint>& sums = sums_.finish(w);
    for (std::size_t r = 0; r < rows_; ++r) adder_.add(&totals_[r], &sums[r]);
    adder_.flush();
  }
}

std::vector<AffinePoint> commit_rows(const RowBases& bases, const RowReader& read, std::size_t cols,
                                     std::span<const Fr> blindings) {
  const std::size_t rows = blindings.size(), block = block_rows(rows);
  std::vector<AffinePoint> out(rows);
  if (rows == 0) return out;
  parallel_for(0, (rows + block - 1) / block, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      const std::size_t first = b * block, count = std::min(block, rows - first);
      RowBlock task(bases, read, first, count, cols);
      task.add_columns();
      task.add_blindings(blindings.subspan(first, count));
      task.write(out.data() + first);
    }
  });
  return out;
}

}  // namespace trainproof
