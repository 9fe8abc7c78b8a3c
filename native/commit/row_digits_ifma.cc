#include "commit/row_digits_ifma.h"

#include "commit/column_tables.h"
#include "field/ifma.h"

namespace trainproof::ifma {

void split_digits(const std::int64_t* from, std::size_t stride, std::int16_t* digits, std::size_t window_stride,
                  std::size_t column_stride, std::uint8_t* windows, std::size_t windows_stride) {
  // Four columns of eight rows are four words of eight elements.
  for (std::size_t half = 0; half < 2; ++half) {
    const Words columns = transpose_in([=](int lane) __attribute__((always_inline)) {
      return from + static_cast<std::size_t>(lane) * stride + 4 * half;
    });
    TRAINPROOF_UNROLL for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t column = 4 * half + i;
      std::int16_t* out = digits + column * column_stride;
      Vector rest = columns.at[i];
      std::uint8_t count = 0;
      for (; _mm512_test_epi64_mask(rest, rest) != 0; ++count, out += window_stride) {
        constexpr unsigned kAbove = 64 - kDigitBits;
        _mm_store_si128(reinterpret_cast<__m128i*>(out),
                        _mm512_cvtepi64_epi16(_mm512_srai_epi64(_mm512_slli_epi64(rest, kAbove), kAbove)));
        const Vector carry = _mm512_and_si512(_mm512_srli_epi64(rest, kDigitBits - 1), all(1));
        rest = _mm512_add_epi64(_mm512_srai_epi64(rest, kDigitBits), carry);
      }
      windows[column * windows_stride] = count;
    }
  }
}

}  // namespace trainproof::ifma
