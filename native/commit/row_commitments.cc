#include "commit/row_commitments.h"

#include <algorithm>

#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {

namespace {

// Digits of one chunk of an integer, that is read at once.
constexpr std::size_t kDigits = 2;
constexpr std::size_t kChunkBits = kDigits * kWindowBits;
constexpr std::size_t kScalarWindows = 256 / kWindowBits;
// Rows of a block: its sums stay in the second-level cache.
constexpr std::size_t kMaxBlockRows = 1024;
// Additions that an inversion is shared by, at least, where there are enough columns.
constexpr std::size_t kBatch = 4096;
// Columns read at once: one cache line of 16-bit integers.
constexpr std::size_t kTileColumns = 32;
constexpr std::size_t kMaxLanes = 256;

std::uint64_t magnitude(std::int64_t x) {
  return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

// Σ_j v_j G_j for a block of rows.
class RowBlock {
 public:
  RowBlock(const ColumnTables& tables, const RowReader& read, std::size_t first_row, std::size_t rows, std::size_t cols)
      : tables_(tables), read_(read), first_row_(first_row), rows_(rows), cols_(cols), totals_(rows) {
    // Sums of neighbouring columns and of the two digits are kept apart: more additions for an inversion.
    while (rows_ * lanes_ * kDigits < kBatch && lanes_ * 16 < cols_ && lanes_ < kMaxLanes) lanes_ *= 2;
    tile_cols_ = std::max(kTileColumns, lanes_);
    tile_.resize(tile_cols_ * rows_);
    sums_.resize(rows_ * lanes_ * kDigits);
  }

  void add_columns() {
    const std::uint64_t used = used_bits();
    std::size_t chunks = 0;
    while (chunks < 4 && used >> (chunks * kChunkBits) != 0) ++chunks;
    for (std::size_t chunk = chunks; chunk-- > 0;) add_chunk(chunk, used >> (chunk * kChunkBits) & 0xffff);
  }

  void add_blindings(const CompactPoint* multiples, std::span<const Fr> blindings) {
    SecretVector<std::array<std::uint8_t, 32>> digits(rows_);
    for (std::size_t r = 0; r < rows_; ++r) blindings[r].write(digits[r]);
    for (std::size_t w = 0; w < kScalarWindows; ++w) {
      for (std::size_t r = 0; r < rows_; ++r) {
        const std::uint8_t digit = digits[r][31 - w];
        if (digit != 0) adder_.add(&totals_[r], multiples + w * kMultiples + digit - 1);
      }
      adder_.flush();
    }
  }

  void write(AffinePoint* out) const {
    for (std::size_t r = 0; r < rows_; ++r) out[r] = totals_[r].affine();
  }

 private:
  // The bits that occur in some magnitude.
  std::uint64_t used_bits() {
    std::uint64_t used = 0;
    SecretVector<std::int64_t> values(cols_);
    for (std::size_t r = 0; r < rows_; ++r) {
      read_(first_row_ + r, 0, values);
      for (const std::int64_t value : values) used |= magnitude(value);
    }
    return used;
  }

  // totals = 2^16 · totals + Σ chunk_j G_j, digit by digit
  void add_chunk(std::size_t chunk, std::uint64_t used) {
    if (used != 0) sum_columns(chunk);
    for (std::size_t digit = kDigits; digit-- > 0;) {
      for (std::size_t i = 0; i < kWindowBits; ++i) {
        for (CompactPoint& total : totals_) adder_.add(&total, &total);
        adder_.flush();
      }
      if (used != 0) {
        for (std::size_t r = 0; r < rows_; ++r) adder_.add(&totals_[r], &sums_[digit * rows_ + r]);
        adder_.flush();
      }
    }
  }

  // sums_[digit · rows + row] = Σ_j digit_j G_j
  void sum_columns(std::size_t chunk) {
    std::fill(sums_.begin(), sums_.end(), CompactPoint());
    for (std::size_t first = 0; first < cols_; first += tile_cols_) {
      const std::size_t count = std::min(tile_cols_, cols_ - first);
      load_tile(first, count, chunk * kChunkBits);
      for (std::size_t at = 0; at < count; at += lanes_) {
        const std::size_t end = std::min(at + lanes_, count);
        for (std::size_t col = at; col < end; ++col) add_column(first + col, &tile_[col * rows_], col - at);
        adder_.flush();
      }
    }
    // The lanes' number is a power of two.
    for (std::size_t half = lanes_ / 2; half > 0; half /= 2) {
      const std::size_t count = half * kDigits * rows_;
      for (std::size_t i = 0; i < count; ++i) adder_.add(&sums_[i], &sums_[count + i]);
      adder_.flush();
    }
  }

  // tile_[col · rows + row] = the signed chunk at bit `shift` of entry (row, first + col)
  void load_tile(std::size_t first, std::size_t count, std::size_t shift) {
    std::array<std::int64_t, kMaxLanes> values;
    for (std::size_t r = 0; r < rows_; ++r) {
      read_(first_row_ + r, first, {values.data(), count});
      for (std::size_t col = 0; col < count; ++col) {
        const auto part = static_cast<std::int32_t>(magnitude(values[col]) >> shift & 0xffff);
        tile_[col * rows_ + r] = values[col] < 0 ? -part : part;
      }
    }
    wipe(values);
  }

  void add_column(std::size_t column, const std::int32_t* chunks, std::size_t lane) {
    const CompactPoint* multiples = tables_.multiples(column);
    for (std::size_t d = 0; d < kDigits; ++d) {
      CompactPoint* sums = &sums_[(lane * kDigits + d) * rows_];
      for (std::size_t r = 0; r < rows_; ++r) {
        const std::int32_t value = chunks[r];
        const std::size_t digit = static_cast<std::uint32_t>(value < 0 ? -value : value) >> (d * kWindowBits) & kMultiples;
        if (digit != 0) adder_.add(&sums[r], multiples + digit - 1, value < 0);
      }
    }
  }

  const ColumnTables& tables_;
  const RowReader& read_;
  std::size_t first_row_, rows_, cols_, lanes_ = 1, tile_cols_ = 0;
  SecretVector<std::int32_t> tile_;
  SecretVector<CompactPoint> sums_;  // [lane][digit][row]
  SecretVector<CompactPoint> totals_;
  BatchAdder adder_;
};

}  // namespace

RowCommitter::RowCommitter(const Generators& generators) : generators_(generators), columns_(generators.G()) {}

void RowCommitter::prepare_blinding() {
  blinding_.resize(kScalarWindows * kMultiples);
  make_multiples(window_bases(generators_.H(), kScalarWindows), blinding_.data());
}

std::vector<AffinePoint> RowCommitter::commit(std::size_t cols, std::span<const Fr> blindings, const RowReader& read) {
  std::call_once(blinding_made_, [this] { prepare_blinding(); });
  columns_.prepare(cols);
  const std::size_t rows = blindings.size();
  const std::size_t share = (rows + thread_count() - 1) / thread_count();
  const std::size_t block = std::clamp<std::size_t>(share, 1, kMaxBlockRows);
  std::vector<AffinePoint> out(rows);
  parallel_for(0, (rows + block - 1) / block, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      const std::size_t first = b * block, count = std::min(block, rows - first);
      RowBlock task(columns_, read, first, count, cols);
      task.add_columns();
      task.add_blindings(blinding_.data(), blindings.subspan(first, count));
      task.write(out.data() + first);
    }
  });
  return out;
}

}  // namespace trainproof
