// Signed digits of sixty-four integers at once: entered after ifma::supported() only.
#ifndef TRAINPROOF_COMMIT_ROW_DIGITS_IFMA_H_
#define TRAINPROOF_COMMIT_ROW_DIGITS_IFMA_H_

#include <cstddef>
#include <cstdint>

namespace trainproof::ifma {

// Of the integers from[row · stride + column], eight rows and columns: a column's digits of a window at
// digits[column · column_stride + window · window_stride], the number of its windows at windows[column · windows_stride].
void split_digits(const std::int64_t* from, std::size_t stride, std::int16_t* digits, std::size_t window_stride,
                  std::size_t column_stride, std::uint8_t* windows, std::size_t windows_stride);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_COMMIT_ROW_DIGITS_IFMA_H_
