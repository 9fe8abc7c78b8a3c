// Everything here but the two entry points has internal linkage, lest the linker
// take an inline function's copy from here for code that every processor runs.
#include "backend/cpu/training_tile_ifma.h"

#include <immintrin.h>

namespace trainproof {
namespace {

// The sums of one block, sign-extended from 52 bits and added to `sums`.
template <std::size_t kStep>
inline __attribute__((always_inline)) void add_block(const std::int64_t* left, std::size_t stride,
                                                     const std::int64_t* right, std::size_t length,
                                                     std::int64_t* sums) {
  __m512i low[kIfmaRows], high[kIfmaRows];
#pragma GCC unroll 8
  for (std::size_t m = 0; m < kIfmaRows; ++m) low[m] = high[m] = _mm512_setzero_si512();
  for (std::size_t k = 0; k < length; ++k) {
    const __m512i r0 = _mm512_loadu_si512(right + k * kIfmaCols);
    const __m512i r1 = _mm512_loadu_si512(right + k * kIfmaCols + 8);
#pragma GCC unroll 8
    for (std::size_t m = 0; m < kIfmaRows; ++m) {
      const __m512i factor = _mm512_set1_epi64(left[k * kStep + m * stride]);
      low[m] = _mm512_madd52lo_epu64(low[m], factor, r0);
      high[m] = _mm512_madd52lo_epu64(high[m], factor, r1);
    }
  }
#pragma GCC unroll 8
  for (std::size_t m = 0; m < kIfmaRows; ++m) {
    std::int64_t* to = sums + m * kIfmaCols;
    const __m512i s0 = _mm512_srai_epi64(_mm512_slli_epi64(low[m], 12), 12);
    const __m512i s1 = _mm512_srai_epi64(_mm512_slli_epi64(high[m], 12), 12);
    _mm512_storeu_si512(to, _mm512_add_epi64(_mm512_loadu_si512(to), s0));
    _mm512_storeu_si512(to + 8, _mm512_add_epi64(_mm512_loadu_si512(to + 8), s1));
  }
}

template <std::size_t kStep>
inline __attribute__((always_inline)) void add_blocks(const std::int64_t* left, std::size_t stride,
                                                      const std::int64_t* right, const std::size_t* block_ends,
                                                      std::size_t block_count, std::int64_t* sums) {
  for (std::size_t i = 0; i < kIfmaRows * kIfmaCols; ++i) sums[i] = 0;
  for (std::size_t block = 0, k = 0; block < block_count; k = block_ends[block++]) {
    add_block<kStep>(left + k * kStep, stride, right + k * kIfmaCols, block_ends[block] - k, sums);
  }
}

}  // namespace

void ifma_tile_packed(const std::int64_t* left, const std::int64_t* right, const std::size_t* block_ends,
                      std::size_t block_count, std::int64_t* sums) {
  add_blocks<kIfmaRows>(left, 1, right, block_ends, block_count, sums);
}

void ifma_tile_rows(const std::int64_t* left, std::size_t stride, const std::int64_t* right,
                    const std::size_t* block_ends, std::size_t block_count, std::int64_t* sums) {
  add_blocks<1>(left, stride, right, block_ends, block_count, sums);
}

}  // namespace trainproof
