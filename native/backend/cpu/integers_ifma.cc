#include "backend/cpu/integers_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

// Eight integers with their bias added.
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
TRAINPROOF_INLINE Vector eight(const std::int64_t* from) {
  return _mm512_add_epi64(_mm512_loadu_si512(from), all(u64{1} << kBiasBits<std::int64_t>));
}

// Σ integer · element, limb by limb; one register for the low halves of a limb's products and the high ones of the limb below.
constexpr std::size_t kRowsAhead = 16;

struct Sum {
  Vector at[6];

  TRAINPROOF_INLINE Sum() {
    TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) at[i] = _mm512_setzero_si512();
  }
  TRAINPROOF_INLINE void add_limb(int i, Vector integer, Vector limb) {
    at[i] = low(at[i], integer, limb);
    at[i + 1] = high(at[i + 1], integer, limb);
  }
};

TRAINPROOF_INLINE void store_sum(const Vector (&sum)[6], const Lanes<Fr>& scale, Fr* out) {
  Columns<Fr> columns;
  TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) columns.lo[i] = sum[i];
  store(out, 1, multiply(columns.reduce(), scale));
}

TRAINPROOF_INLINE bool fits(Vector seen) { return _mm512_cmpgt_epu64_mask(seen, all(kMask)) == 0; }

// kVectors · 8 columns; limbs[i][row] is a weight's limb.
template <int kVectors, class T>
TRAINPROOF_INLINE bool weighted(const T* from, std::size_t stride, const u64 (*limbs)[kIntegerRows], std::size_t rows,
                                const Lanes<Fr>& scale, Fr* out) {
  Sum sums[kVectors];
  Vector seen = _mm512_setzero_si512();
  for (std::size_t row = 0; row < rows; ++row, from += stride) {
    // Rows are too far apart for the processor to foresee.
    TRAINPROOF_UNROLL for (std::size_t at = 0; at < kVectors * 8 * sizeof(T); at += 64) {
      _mm_prefetch(reinterpret_cast<const char*>(from + kRowsAhead * stride) + at, _MM_HINT_T1);
    }
    Vector x[kVectors];
    TRAINPROOF_UNROLL for (int k = 0; k < kVectors; ++k) {
      x[k] = eight(from + 8 * k);
      if constexpr (sizeof(T) == 8) seen = _mm512_or_si512(seen, x[k]);
    }
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
      const Vector limb = all(limbs[i][row]);
      TRAINPROOF_UNROLL for (int k = 0; k < kVectors; ++k) sums[k].add_limb(i, x[k], limb);
    }
  }
  TRAINPROOF_UNROLL for (int k = 0; k < kVectors; ++k) store_sum(sums[k].at, scale, out + 8 * k);
  return fits(seen);
}

// kRows rows' sums over their columns, limb i of row k at sums[i][k].
template <int kRows, class T>
TRAINPROOF_INLINE bool dot(const T* from, std::size_t stride, const u64* limbs, std::size_t vectors, u64 (*sums)[kDotRows]) {
  Sum parts[kRows];
  Vector seen = _mm512_setzero_si512();
  for (std::size_t v = 0; v < vectors; ++v, from += 8, limbs += 40) {
    Vector x[kRows];
    TRAINPROOF_UNROLL for (int k = 0; k < kRows; ++k) {
      x[k] = eight(from + static_cast<std::size_t>(k) * stride);
      if constexpr (sizeof(T) == 8) seen = _mm512_or_si512(seen, x[k]);
    }
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
      const Vector limb = _mm512_loadu_si512(limbs + 8 * i);
      TRAINPROOF_UNROLL for (int k = 0; k < kRows; ++k) parts[k].add_limb(i, x[k], limb);
    }
  }
  TRAINPROOF_UNROLL for (int k = 0; k < kRows; ++k) {
    TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) {
      sums[i][k] = static_cast<u64>(_mm512_reduce_add_epi64(parts[k].at[i]));
    }
  }
  return fits(seen);
}

}  // namespace

// Sums of kIntegerRows products' halves stay below 2^62.
template <class T>
bool weighted_rows(const T* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t vectors,
                   const Fr& to_memory, Fr* out) {
  u64 limbs[5][kIntegerRows];
  for (std::size_t row = 0; row < rows; row += 8) {
    Fr last[8] = {};
    const bool whole = rows - row >= 8;
    for (std::size_t k = 0; !whole && k < rows - row; ++k) last[k] = weights[row + k];
    const Lanes<Fr> x = load(whole ? weights + row : last);
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_storeu_si512(limbs[i] + row, x.at[i]);
  }
  const Lanes<Fr> scale = broadcast(to_memory);
  bool fit = true;
  for (; vectors >= 4; vectors -= 4, data += 32, out += 32) fit &= weighted<4>(data, stride, limbs, rows, scale, out);
  for (; vectors > 0; --vectors, data += 8, out += 8) fit &= weighted<1>(data, stride, limbs, rows, scale, out);
  return fit;
}

void split_factors(const Fr* factors, std::size_t vectors, std::uint64_t* limbs) {
  for (; vectors > 0; --vectors, factors += 8, limbs += 40) {
    const Lanes<Fr> x = load(factors);
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_storeu_si512(limbs + 8 * i, x.at[i]);
  }
}

// A column's sum over the lanes of 128 vectors stays below 8 · 128 · 2 · 2^52 = 2^63.
template <class T>
bool dot_rows(const T* data, std::size_t stride, std::size_t rows, const std::uint64_t* limbs, std::size_t vectors,
              const Fr& to_memory, Fr (&out)[kDotRows]) {
  alignas(64) u64 sums[6][kDotRows] = {};
  bool fit = true;
  std::size_t row = 0;
  u64 part[6][kDotRows];
  const auto take = [&](std::size_t count) __attribute__((always_inline)) {
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t k = 0; k < count; ++k) sums[i][row + k] = part[i][k];
    }
    row += count;
  };
  while (rows - row >= 4) {
    fit &= dot<4>(data + row * stride, stride, limbs, vectors, part);
    take(4);
  }
  while (row < rows) {
    fit &= dot<1>(data + row * stride, stride, limbs, vectors, part);
    take(1);
  }
  Vector columns[6];
  TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) columns[i] = _mm512_load_si512(sums[i]);
  store_sum(columns, broadcast(to_memory), out);
  return fit;
}

#define TRAINPROOF_INTEGER_KERNELS(T)                                                                                     \
  template bool weighted_rows(const T*, std::size_t, const Fr*, std::size_t, std::size_t, const Fr&, Fr*);                \
  template bool dot_rows(const T*, std::size_t, std::size_t, const std::uint64_t*, std::size_t, const Fr&, Fr(&)[kDotRows]);
TRAINPROOF_INTEGER_KERNELS(std::uint8_t)
TRAINPROOF_INTEGER_KERNELS(std::uint16_t)
TRAINPROOF_INTEGER_KERNELS(std::uint32_t)
TRAINPROOF_INTEGER_KERNELS(std::int32_t)
TRAINPROOF_INTEGER_KERNELS(std::int64_t)

}  // namespace trainproof::ifma
