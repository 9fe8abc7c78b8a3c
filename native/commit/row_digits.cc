#include "commit/row_digits.h"

#include "commit/column_tables.h"
#include "commit/pair_tables.h"
#include "commit/row_digits_ifma.h"
#include "commit/subset_tables.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

constexpr std::size_t kGroup = RowSums::kGroup;

// The digits of the integers at from[i · stride], each window's at out + out_stride; how many windows there are.
std::size_t split_eight(const std::int64_t* from, std::size_t stride, std::int16_t* out, std::size_t out_stride) {
  std::array<std::int64_t, kGroup> rest;
  for (std::size_t i = 0; i < kGroup; ++i) rest[i] = from[i * stride];
  std::size_t windows = 0;
  while (rest != std::array<std::int64_t, kGroup>{}) {
    for (std::size_t i = 0; i < kGroup; ++i) {
      constexpr std::int64_t kBase = std::int64_t{1} << kDigitBits;
      const std::int64_t carry = rest[i] >> (kDigitBits - 1) & 1;
      out[windows * out_stride + i] = static_cast<std::int16_t>((rest[i] & (kBase - 1)) - carry * kBase);
      rest[i] = (rest[i] >> kDigitBits) + carry;
    }
    ++windows;
  }
  wipe(rest);
  return windows;
}

}  // namespace

RowDigits::RowDigits(std::size_t groups, std::size_t columns)
    : groups_(groups), stride_((columns + 7) / 8 * 8), integers_(kGroup * stride_),
      digits_(columns * groups * kGroup * RowSums::kMaxWindows), windows_(columns * groups) {}

void RowDigits::split(std::size_t group, std::size_t columns) {
  std::size_t column = 0;
  const std::size_t window_stride = groups_ * kGroup;
#ifdef TRAINPROOF_IFMA
  if (ifma::supported()) {
    for (; column + 8 <= columns; column += 8) {
      ifma::split_digits(&integers_[column], stride_, at(0, column, group), window_stride, RowSums::kMaxWindows * window_stride,
                         &windows_[column * groups_ + group], groups_);
    }
  }
#endif
  for (; column < columns; ++column) {
    windows_[column * groups_ + group] =
        static_cast<std::uint8_t>(split_eight(&integers_[column], stride_, at(0, column, group), window_stride));
  }
}

void RowDigits::join_bits(std::size_t columns) {
  for (std::size_t first = 0; first < columns; first += kSubsetColumns) {
    for (std::size_t group = 0; group < groups_; ++group) {
      std::array<std::int16_t, kGroup> joined{};
      std::uint8_t any = 0;
      for (std::size_t k = 0; k < kSubsetColumns && first + k < columns; ++k) {
        if (windows(first + k, group) == 0) continue;  // all zero, not written
        const std::int16_t* bits = digits(0, first + k, group);
        for (std::size_t i = 0; i < kGroup; ++i) joined[i] = static_cast<std::int16_t>(joined[i] | bits[i] << k);
        any = 1;
      }
      windows_[first * groups_ + group] = any;
      std::copy(joined.begin(), joined.end(), at(0, first, group));
      wipe(joined);
    }
  }
}

void RowDigits::join_pairs(std::size_t columns) {
  for (std::size_t first = 0; first + 1 < columns; first += 2) {
    for (std::size_t group = 0; group < groups_; ++group) {
      std::uint8_t &windows = windows_[first * groups_ + group], &others = windows_[(first + 1) * groups_ + group];
      if (others < 2) continue;
      std::int16_t* const to = at(1, first, group);
      if (windows < 1) std::fill_n(at(0, first, group), kGroup, 0);
      if (windows < 2) std::fill_n(to, kGroup, 0);
      const std::int16_t* const upper = digits(1, first + 1, group);
      for (std::size_t i = 0; i < kGroup; ++i) {
        to[i] = static_cast<std::int16_t>(to[i] + static_cast<std::int16_t>(kPairDigits) * upper[i]);
      }
      windows = 2;
      others = 1;
    }
  }
}

}  // namespace trainproof
