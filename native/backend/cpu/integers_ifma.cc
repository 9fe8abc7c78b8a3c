#include "backend/cpu/integers_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

TRAINPROOF_INLINE Vector eight(const std::uint8_t* from) {
  return _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)));
}
TRAINPROOF_INLINE Vector eight(const std::uint16_t* from) {
  return _mm512_cvtepu16_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}
TRAINPROOF_INLINE Vector eight(const std::uint32_t* from) {
  return _mm512_cvtepu32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}
TRAINPROOF_INLINE Vector eight(const std::int32_t* from) {
  const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  return _mm512_cvtepu32_epi64(_mm256_xor_si256(x, _mm256_set1_epi32(INT32_MIN)));
}

struct Sum {
  Vector lo[5], hi[5];
};

TRAINPROOF_INLINE void finish(const Sum& sum, const Lanes<Fr>& scale, Fr* out) {
  Columns<Fr> columns;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
    columns.lo[i] = sum.lo[i];
    columns.hi[i + 1] = sum.hi[i];
  }
  store(out, 1, multiply(columns.reduce(), scale));
}

template <class T>
TRAINPROOF_INLINE void weighted(const T* data, std::size_t stride, const Fr* weights, std::size_t rows,
                                std::size_t blocks, const Fr& to_memory, Fr* out) {
  const Lanes<Fr> scale = broadcast(to_memory);
  for (std::size_t block = 0; block < blocks; ++block) {
    Sum a, b;
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) a.lo[i] = a.hi[i] = b.lo[i] = b.hi[i] = _mm512_setzero_si512();
    const T* from = data + 16 * block;
    for (std::size_t row = 0; row < rows; ++row, from += stride) {
      const Lanes<Fr> weight = broadcast(weights[row]);
      const Vector x = eight(from), y = eight(from + 8);
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
        a.lo[i] = low(a.lo[i], x, weight.at[i]);
        a.hi[i] = high(a.hi[i], x, weight.at[i]);
        b.lo[i] = low(b.lo[i], y, weight.at[i]);
        b.hi[i] = high(b.hi[i], y, weight.at[i]);
      }
    }
    finish(a, scale, out + 16 * block);
    finish(b, scale, out + 16 * block + 8);
  }
}

}  // namespace

#define TRAINPROOF_WEIGHTED_ROWS(T)                                                                               \
  void weighted_rows(const T* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t blocks, \
                     const Fr& to_memory, Fr* out) {                                                              \
    weighted(data, stride, weights, rows, blocks, to_memory, out);                                                \
  }
TRAINPROOF_WEIGHTED_ROWS(std::uint8_t)
TRAINPROOF_WEIGHTED_ROWS(std::uint16_t)
TRAINPROOF_WEIGHTED_ROWS(std::uint32_t)
TRAINPROOF_WEIGHTED_ROWS(std::int32_t)

}  // namespace trainproof::ifma
