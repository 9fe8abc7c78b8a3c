// The limits with AVX-512 IFMA. Entered only where ifma::supported() says so; everything here has internal linkage, or
// is a template over a type that has, so that no other code is taken from this file.
#include "bench/roof.h"
#include "bench/roof_addition.h"
#include "bench/roof_lookup.h"
#include "bench/roof_product.h"
#include "bench/roof_sumcheck.h"
#include "field/ifma.h"

namespace trainproof::roof {
namespace {

using ifma::Lanes;
using ifma::Vector;

// Elements are x·2^260, below p·(1 + 2^-39) unless said otherwise; in memory eight of them word by word, not lane by
// lane.
template <class F>
struct VectorOps {
  using Element = Lanes<F>;
  using Stored = ifma::Words;
  static constexpr std::size_t kLanes = 8, kChains = 8;
  static constexpr unsigned kLaneBits = 3;
  static constexpr bool kPrefetch = true;

  TRAINPROOF_INLINE static Element zero() {
    Element out;
    for (Vector& x : out.at) x = _mm512_setzero_si512();
    return out;
  }
  TRAINPROOF_INLINE static Element one() { return ifma::broadcast<4>(F::one()); }
  // Below 16p.
  TRAINPROOF_INLINE static Element broadcast(const F& x) { return ifma::broadcast<4>(x); }
  // F keeps x·2^256: sixteen times as much is x·2^260.
  static F stored_form(const F& x) { return x * F::from_u64(16); }
  TRAINPROOF_INLINE static Element load(const Stored* from) { return ifma::unpack<0, F>(*from); }
  TRAINPROOF_INLINE static void store(Stored* to, const Element& x, bool stream) {
    const Stored words = ifma::pack(x);
    if (stream) {
      for (int i = 0; i < 4; ++i) _mm512_stream_si512(to->at + i, words.at[i]);
    } else {
      *to = words;
    }
  }
  TRAINPROOF_INLINE static Element from_lanes(const F* x) { return ifma::load<0>(x); }
  static F lane(Element x, std::size_t lane) {
    F out[kLanes];
    ifma::store(out, 1, x);
    return out[lane];
  }
  TRAINPROOF_INLINE static Element gather(const F* table, const std::uint8_t* digits) {
    const auto entry = [=](int lane) __attribute__((always_inline)) { return table + digits[lane]; };
    return ifma::unpack<0, F>(ifma::transpose_in(entry));
  }

  // x and y together below 8p.
  TRAINPROOF_INLINE static Element add(const Element& x, const Element& y) {
    Element out;
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(x.at[i], y.at[i]);
    ifma::reduce_almost(out);
    return out;
  }
  // x below 5p, y below 3p.
  TRAINPROOF_INLINE static Element subtract(const Element& x, const Element& y) {
    constexpr ifma::Limbs three = ifma::split(F::kModulus, 3);
    Element out;
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
      out.at[i] = _mm512_add_epi64(_mm512_sub_epi64(x.at[i], y.at[i]), ifma::all(three.at[i]));
    }
    ifma::reduce_almost(out);
    return out;
  }
  // x − y + 2p, below 3p and a little.
  TRAINPROOF_INLINE static Element difference(const Element& x, const Element& y) { return ifma::subtract<2>(x, y); }
  // Below x·y / 2^260 + 2p, where p / 2^260 is 0.012.
  TRAINPROOF_INLINE static Element multiply(const Element& x, const Element& y) { return ifma::multiply(x, y); }
  TRAINPROOF_INLINE static Element square(const Element& x) { return ifma::square(x); }
  TRAINPROOF_INLINE static Element reduced(Element x) {
    ifma::reduce_almost(x);
    return x;
  }
  static Element inverse(const Element& x) {
    F lanes[kLanes];
    ifma::store(lanes, 1, x);
    batch_inverse(std::span<F>(lanes));
    // 1/(16·x) in F's form to 16/x, which is 1/x here.
    for (F& y : lanes) y *= F::from_u64(256);
    return ifma::load<0>(lanes);
  }
  static bool equal(const Element& x, const Element& y) {
    F a[kLanes], b[kLanes];
    ifma::store(a, 1, x);
    ifma::store(b, 1, y);
    return std::equal(a, a + kLanes, b);
  }
  // x + (y − x)·r and x + y·r; r below 16p.
  TRAINPROOF_INLINE static Element fold(const Element& x, const Element& y, const Element& r) {
    return fold_onto(x, difference(y, x), r);
  }
  TRAINPROOF_INLINE static Element fold_onto(const Element& x, const Element& y, const Element& r) {
    ifma::Columns<F> product;
    product.add_product(y, r);
    Element out = product.template reduce<true>();
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_add_epi64(out.at[i], x.at[i]);
    ifma::reduce_almost(out);
    return out;
  }
  // square − x1 − x2, where difference = x2 − x1 + 2p; square below 3p.
  TRAINPROOF_INLINE static Element sum_x(const Element& square, const Element& x, const Element& difference) {
    constexpr ifma::Limbs five = ifma::split(F::kModulus, 5);
    Element out;
    TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
      out.at[i] = _mm512_sub_epi64(
          _mm512_add_epi64(square.at[i], ifma::all(five.at[i])),
          _mm512_add_epi64(_mm512_add_epi64(x.at[i], x.at[i]), difference.at[i]));
    }
    ifma::reduce_almost(out);
    return out;
  }

  // Columns have room for 800 products.
  struct Products {
    ifma::Columns<F> columns;
    TRAINPROOF_INLINE void add(const Element& x, const Element& y) { columns.add_product(x, y); }
    TRAINPROOF_INLINE Element reduce() { return columns.reduce(); }
  };
  using WeightedSum = Products;
};

// Exact modulo 2^52: vpmadd52luq adds products' low 52 bits.
struct VectorTile {
  static constexpr std::size_t kRows = 8, kVectors = 2, kColumns = 8 * kVectors, kBits = 52;

  TRAINPROOF_INLINE static void add(const std::int64_t* left, std::size_t stride, const std::int64_t* right,
                                    std::size_t length, std::int64_t* sums) {
    Vector sum[kRows][kVectors];
    TRAINPROOF_UNROLL for (std::size_t m = 0; m < kRows; ++m) {
      TRAINPROOF_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
        sum[m][v] = _mm512_loadu_si512(sums + m * 1024 + 8 * v);
      }
    }
    for (std::size_t k = 0; k < length; ++k) {
      Vector row[kVectors];
      TRAINPROOF_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
        row[v] = _mm512_loadu_si512(right + k * kColumns + 8 * v);
      }
      TRAINPROOF_UNROLL for (std::size_t m = 0; m < kRows; ++m) {
        const Vector factor = _mm512_set1_epi64(left[m * stride + k]);
        TRAINPROOF_UNROLL for (std::size_t v = 0; v < kVectors; ++v) sum[m][v] = ifma::low(sum[m][v], factor, row[v]);
      }
    }
    TRAINPROOF_UNROLL for (std::size_t m = 0; m < kRows; ++m) {
      TRAINPROOF_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
        _mm512_storeu_si512(sums + m * 1024 + 8 * v, sum[m][v]);
      }
    }
  }
};

using Ops = VectorOps<Fr>;

}  // namespace

std::vector<RoofKind> ifma_roofs() {
  return {
      {"affineAddition", "addition of affine points",
       [](bool) -> std::unique_ptr<Roof> { return std::make_unique<AdditionRoof<VectorOps<Fq>>>(4096); }},
      {"lookupLeaf", "leaf of LogUp's tree",
       [](bool quick) -> std::unique_ptr<Roof> { return std::make_unique<LookupRoof<Ops>>(quick ? 14 : 20, 11); }},
      {"zkreluPoint", "point of a sumcheck over seven columns",
       [](bool quick) -> std::unique_ptr<Roof> {
         return std::make_unique<SumcheckRoof<Ops, SevenColumns>>(quick ? 14 : 19, 12);
       }},
      {"openingIndex", "index of a sumcheck over two columns",
       [](bool quick) -> std::unique_ptr<Roof> {
         return std::make_unique<SumcheckRoof<Ops, Product>>(quick ? 14 : 20, 12);
       }},
      {"multiplyAccumulate", "multiplication of an exact matrix product",
       [](bool) -> std::unique_ptr<Roof> { return std::make_unique<ProductRoof<VectorTile>>(); }},
  };
}

}  // namespace trainproof::roof
