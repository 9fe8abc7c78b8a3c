#include "backend/cpu/zkrelu_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

using Element = Lanes<Fr>;

constexpr std::size_t kTileRows = 8;

// Entry j of eight blocks of eight.
TRAINPROOF_INLINE void load_bits(const std::uint8_t* from, Vector* x) {
  const Vector bytes = _mm512_loadu_si512(from);
  TRAINPROOF_UNROLL for (unsigned j = 0; j < 8; ++j) {
    x[j] = _mm512_and_si512(_mm512_srli_epi64(bytes, 8 * j), all(0xff));
  }
}
TRAINPROOF_INLINE void load_digits(const std::array<const std::uint16_t*, kMaxDigits>& digits, unsigned count, unsigned bits,
                                   std::size_t at, Vector* x) {
  TRAINPROOF_UNROLL for (unsigned j = 0; j < 8; ++j) x[j] = _mm512_setzero_si512();
  for (unsigned i = 0; i < count; ++i) {
    const Vector a = _mm512_loadu_si512(digits[i] + at), b = _mm512_loadu_si512(digits[i] + at + 32);
    const Vector even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    const Vector halves[2] = {_mm512_permutex2var_epi64(a, even, b), _mm512_permutex2var_epi64(a, odd, b)};
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(bits * i));
    TRAINPROOF_UNROLL for (unsigned j = 0; j < 8; ++j) {
      const Vector digit = _mm512_and_si512(_mm512_srli_epi64(halves[j / 4], 16 * (j % 4)), all(0xffff));
      x[j] = _mm512_add_epi64(x[j], _mm512_sll_epi64(digit, shift));
    }
  }
}

TRAINPROOF_INLINE void subtract_from_all(Vector* x, std::int64_t n) {
  TRAINPROOF_UNROLL for (unsigned j = 0; j < 8; ++j) x[j] = _mm512_sub_epi64(x[j], _mm512_set1_epi64(n));
}

TRAINPROOF_INLINE void extend(Vector* x) {
  extend_to_grid(x, kGridBits, [](Vector a, Vector b) __attribute__((always_inline)) { return _mm512_sub_epi64(a, b); });
}

// The values that some factor needs.
struct Needed {
  bool at[kZkReluValues] = {};

  explicit Needed(std::span<const ZkReluFactor> factors) {
    for (const ZkReluFactor& factor : factors) at[factor.value] = true;
  }
};

// m · value + 2^kGridBias on the grid, of one feature.
struct GridRow {
  Vector at[kGrid];
};
TRAINPROOF_INLINE void grid_row(const ZkReluIntegers& integers, std::size_t at, const Needed& needed, GridRow* rows[]) {
  Vector m[kGrid], x[kGrid];
  load_bits(integers.m + at, m);
  const auto put = [&](ZkReluValue value) __attribute__((always_inline)) {
    extend(x);
    for (std::size_t i = 0; i < kGrid; ++i) {
      rows[value]->at[i] = _mm512_add_epi64(_mm512_mullo_epi64(m[i], x[i]), all(u64{1} << kGridBias));
    }
  };
  TRAINPROOF_UNROLL for (unsigned j = 0; j < 8; ++j) x[j] = m[j];
  extend(m);
  if (needed.at[kValueM]) {
    subtract_from_all(x, 1);
    put(kValueM);
  }
  if (needed.at[kValueV]) {
    load_digits(integers.v, integers.v_digits, integers.digit_bits, at, x);
    put(kValueV);
  }
  if (needed.at[kValueG]) {
    load_digits(integers.g, integers.g_digits, integers.digit_bits, at, x);
    subtract_from_all(x, integers.g_offset);
    put(kValueG);
  }
}


struct Ends {
  Element at0, at1;
};

TRAINPROOF_INLINE Element fold_to(const Fr* even, const Fr* odd, const Element& factor, Fr* to) {
  const Element x = load(even);
  Columns<Fr> product;
  product.add_product(subtract<1>(load(odd), x), factor);
  // Below 3p, and x.
  Element out = product.reduce<true>();
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], x.at[i]);
  reduce_fully(out);
  transpose_out(pack(out), [=](int lane) __attribute__((always_inline)) { return to + lane; });
  return out;
}

template <bool kFold>
TRAINPROOF_INLINE void pair(const ZkReluColumns& columns, std::size_t c, std::size_t first, std::size_t vectors, const Fr* fold_by,
                            const Fr& two_to_8, Fr* lanes) {
  const std::size_t parts = columns.data.size() - 1, row = columns.padded;
  Columns<Fr> sums[kZkReluParts][3];
  Element factor;
  if constexpr (kFold) factor = broadcast<4>(*fold_by);
  const auto ends = [&](Fr* column, std::size_t at) __attribute__((always_inline)) -> Ends {
    Fr *to0 = column + 2 * c * row + at, *to1 = to0 + row;
    if constexpr (!kFold) {
      return {load(to0), load(to1)};
    } else {
      const Fr* from = column + 4 * c * row + at;
      const Element at0 = fold_to(from, from + row, factor, to0);
      return {at0, fold_to(from + 2 * row, from + 3 * row, factor, to1)};
    }
  };
  for (std::size_t at = first; vectors > 0; --vectors, at += 8) {
    const Ends m = ends(columns.data[0], at);
    const Element slope = subtract<1>(m.at1, m.at0);
    for (std::size_t p = 0; p < parts; ++p) {
      const Ends x = ends(columns.data[p + 1], at);
      sums[p][0].add_product(m.at0, x.at0);
      sums[p][1].add_product(m.at1, x.at1);
      sums[p][2].add_product(slope, subtract<1>(x.at1, x.at0));
    }
  }
  const Element scale = broadcast(two_to_8);
  for (std::size_t p = 0; p < parts; ++p) {
    for (std::size_t i = 0; i < 3; ++i) store(lanes + 8 * (3 * p + i), 1, multiply(sums[p][i].reduce(), scale));
  }
}

}  // namespace

// A part has at most three factors: its limbs' sums stay below 3 · 256 · (2^52 + 2^47) < 2^62.
void zkrelu_grid(const ZkReluIntegers& integers, std::size_t first, std::size_t rows, std::size_t first_col,
                 std::span<const ZkReluFactor> factors, std::size_t parts, const Fr& to_memory, Fr* out) {
  const Needed needed(factors);
  Vector sums[kZkReluParts][kGrid][6];
  for (std::size_t p = 0; p < parts; ++p) {
    for (std::size_t x = 0; x < kGrid; ++x) {
      for (std::size_t i = 0; i < 6; ++i) sums[p][x][i] = _mm512_setzero_si512();
    }
  }
  GridRow tile[kZkReluValues][kTileRows];
  for (std::size_t row = 0; row < rows; row += kTileRows) {
    const std::size_t feature = 8 * first + row;
    for (std::size_t k = 0; k < kTileRows; ++k) {
      // Beyond the features factors are zero.
      const std::size_t from = feature + k < integers.features ? feature + k : integers.features - 1;
      GridRow* to[kZkReluValues] = {&tile[kValueV][k], &tile[kValueG][k], &tile[kValueM][k]};
      grid_row(integers, from * integers.length + first_col, needed, to);
    }
    for (const ZkReluFactor& factor : factors) {
      alignas(64) u64 limbs[5][kTileRows];
      const Element split_factors = load(factor.factors + feature);
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_store_si512(limbs[i], split_factors.at[i]);
      for (std::size_t x = 0; x < kGrid; x += 3) {
        Vector(*const sum)[6] = sums[factor.part] + x;
        Vector s[3][6];
        TRAINPROOF_UNROLL for (int j = 0; j < 3; ++j) {
          TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) s[j][i] = sum[j][i];
        }
        for (std::size_t k = 0; k < kTileRows; ++k) {
          const Vector* integer = tile[factor.value][k].at + x;
          TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
            const Vector limb = all(limbs[i][k]);
            TRAINPROOF_UNROLL for (int j = 0; j < 3; ++j) {
              s[j][i] = low(s[j][i], integer[j], limb);
              s[j][i + 1] = high(s[j][i + 1], integer[j], limb);
            }
          }
        }
        TRAINPROOF_UNROLL for (int j = 0; j < 3; ++j) {
          TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) sum[j][i] = s[j][i];
        }
      }
    }
  }
  const Element scale = broadcast(to_memory);
  for (std::size_t p = 0; p < parts; ++p) {
    for (std::size_t x = 0; x < kGrid; ++x, out += 8) {
      Columns<Fr> columns;
      TRAINPROOF_UNROLL for (int i = 0; i < 6; ++i) columns.lo[i] = sums[p][x][i];
      store(out, 1, multiply(columns.reduce(), scale));
    }
  }
}

void zkrelu_bind(const ZkReluIntegers& integers, std::size_t first, std::size_t rows, std::size_t first_col,
                 std::span<const ZkReluFactor> factors, const Fr (&chi)[kGridBlock], const ZkReluColumns& columns) {
  const Needed needed(factors);
  alignas(64) u64 limbs[5][kGridBlock];
  const Element split_chi = load(chi);
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_store_si512(limbs[i], split_chi.at[i]);
  // Below 3p: the sum is far below 2^260.
  const auto bind = [&](const Vector* x) __attribute__((always_inline)) {
    Columns<Fr> sum;
    for (unsigned j = 0; j < kGridBlock; ++j) {
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
        const Vector limb = all(limbs[i][j]);
        sum.lo[i] = low(sum.lo[i], x[j], limb);
        sum.hi[i + 1] = high(sum.hi[i + 1], x[j], limb);
      }
    }
    return sum.reduce();
  };
  const Element one = broadcast(Fr::one()), offset = broadcast(integers.g_offset_element);
  const std::size_t parts = columns.data.size() - 1;
  for (std::size_t feature = 8 * first; feature < 8 * first + rows; ++feature) {
    const std::size_t at = feature * integers.length + first_col;
    const std::size_t to = first_col / kGridBlock * columns.padded + feature;
    Vector x[kGridBlock];
    Element values[kZkReluValues];
    load_bits(integers.m + at, x);
    const Element m = bind(x);
    store(columns.data[0] + to, columns.padded, m);
    values[kValueM] = subtract<1>(m, one);
    if (needed.at[kValueV]) {
      load_digits(integers.v, integers.v_digits, integers.digit_bits, at, x);
      values[kValueV] = bind(x);
    }
    if (needed.at[kValueG]) {
      load_digits(integers.g, integers.g_digits, integers.digit_bits, at, x);
      values[kValueG] = subtract<1>(bind(x), offset);
    }
    for (std::size_t p = 0; p < parts; ++p) {
      // Three products below 4p · 16p: below 5p.
      Columns<Fr> sum;
      for (const ZkReluFactor& factor : factors) {
        if (factor.part == p) sum.add_product(values[factor.value], broadcast<4>(factor.factors[feature]));
      }
      store(columns.data[p + 1] + to, columns.padded, sum.reduce<true>());
    }
  }
}

// Sums of at most 256 products below 4p² are below 18p, and a factor below p makes this less than 3p.
void zkrelu_pair(const ZkReluColumns& columns, std::size_t c, std::size_t first, std::size_t vectors, const Fr* fold_by,
                 const Fr& two_to_8, Fr* lanes) {
  if (fold_by) {
    pair<true>(columns, c, first, vectors, fold_by, two_to_8, lanes);
  } else {
    pair<false>(columns, c, first, vectors, fold_by, two_to_8, lanes);
  }
}

}  // namespace trainproof::ifma
