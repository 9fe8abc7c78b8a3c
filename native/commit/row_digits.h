// Integers of rows as signed digits, column by column.
#ifndef TRAINPROOF_COMMIT_ROW_DIGITS_H_
#define TRAINPROOF_COMMIT_ROW_DIGITS_H_

#include <cstdint>
#include <span>
#include <utility>

#include "commit/row_sums.h"
#include "util/secret.h"

namespace trainproof {

// x = Σ_w digit_w · 2^(11·w), −1024 ≤ digit_w < 1024, for a tile of columns of some groups of eight rows.
class RowDigits {
 public:
  RowDigits(std::size_t groups, std::size_t columns);

  // Where a group's integers are written before they are split, row by row.
  std::span<std::int64_t> row(std::size_t i) { return std::span(integers_).subspan(i * stride_, stride_); }
  // Splits the integers of the first `columns` columns.
  void split(std::size_t group, std::size_t columns);

  // Where all integers are bits: eight neighbouring columns' bits become the one digit, 0 … 255, of the first.
  void join_bits(std::size_t columns);
  // Where all integers are below 2^16 and none is negative: two neighbouring columns' second digits a, b become the one second digit
  // a + kPairDigits·b of the first (commit/pair_tables.h).
  void join_pairs(std::size_t columns);

  // How many digits the eight integers of a column have, zeros above left out; and the eight digits.
  std::size_t windows(std::size_t column, std::size_t group) const { return windows_[column * groups_ + group]; }
  const std::int16_t* digits(std::size_t window, std::size_t column, std::size_t group) const {
    return &digits_[((column * RowSums::kMaxWindows + window) * groups_ + group) * RowSums::kGroup];
  }

 private:
  std::int16_t* at(std::size_t window, std::size_t column, std::size_t group) {
    return const_cast<std::int16_t*>(std::as_const(*this).digits(window, column, group));
  }

  std::size_t groups_, stride_;
  SecretVector<std::int64_t> integers_;
  SecretVector<std::int16_t> digits_;  // by column, then by window: what is not used takes no room in a cache
  SecretVector<std::uint8_t> windows_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_ROW_DIGITS_H_
