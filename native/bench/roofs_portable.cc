// The limits without vector instructions for fields.
#include "bench/roof.h"
#include "bench/roof_addition.h"
#include "bench/roof_lookup.h"
#include "bench/roof_product.h"
#include "bench/roof_sumcheck.h"
#include "field/field.h"

namespace trainproof::roof {
namespace {

template <class F>
struct ScalarOps {
  using Element = F;
  using Stored = F;
  static constexpr std::size_t kLanes = 1, kChains = 1;
  static constexpr unsigned kLaneBits = 0;
  static constexpr bool kPrefetch = false;  // a product takes longer than its memory

  static Element zero() { return F::zero(); }
  static Element one() { return F::one(); }
  static Element broadcast(const F& x) { return x; }
  static F stored_form(const F& x) { return x; }
  static Element load(const Stored* from) { return *from; }
  static void store(Stored* to, const Element& x, bool) { *to = x; }
  static Element from_lanes(const F* x) { return *x; }
  static F lane(const Element& x, std::size_t) { return x; }
  static Element gather(const F* table, const std::uint8_t* digit) { return table[*digit]; }

  static Element add(const Element& x, const Element& y) { return x + y; }
  static Element subtract(const Element& x, const Element& y) { return x - y; }
  static Element difference(const Element& x, const Element& y) { return x - y; }
  static Element multiply(const Element& x, const Element& y) { return x * y; }
  static Element square(const Element& x) { return x.square(); }
  static Element reduced(const Element& x) { return x; }
  static Element inverse(const Element& x) { return x.inverse(); }
  static bool equal(const Element& x, const Element& y) { return x == y; }
  // x + (y − x)·r and x + y·r
  static Element fold(const Element& x, const Element& y, const Element& r) { return x + (y - x) * r; }
  static Element fold_onto(const Element& x, const Element& y, const Element& r) { return x + y * r; }
  // slope² − x1 − x2, where difference = x2 − x1
  static Element sum_x(const Element& square, const Element& x, const Element& difference) {
    return square - (x + x + difference);
  }

  // Few products: reducing each is cheaper than a wide sum. Many: the reverse.
  struct Products {
    F sum;
    void add(const Element& x, const Element& y) { sum += x * y; }
    Element reduce() const { return sum; }
  };
  struct WeightedSum {
    FrAccumulator sum;
    void add(const Element& x, const Element& weight) { sum.add_product(x, weight); }
    Element reduce() const { return sum.reduce(); }
  };
};

// 2 × 4 sums in registers, one multiplication a cycle.
struct ScalarTile {
  static constexpr std::size_t kRows = 2, kColumns = 4, kBits = 64;

  static void add(const std::int64_t* left, std::size_t stride, const std::int64_t* right, std::size_t length,
                  std::int64_t* sums) {
    std::uint64_t sum[kRows][kColumns] = {};
    for (std::size_t k = 0; k < length; ++k) {
      for (std::size_t m = 0; m < kRows; ++m) {
        const auto factor = static_cast<std::uint64_t>(left[m * stride + k]);
        for (std::size_t n = 0; n < kColumns; ++n) {
          sum[m][n] += factor * static_cast<std::uint64_t>(right[k * kColumns + n]);
        }
      }
    }
    for (std::size_t m = 0; m < kRows; ++m) {
      for (std::size_t n = 0; n < kColumns; ++n) sums[m * 1024 + n] += static_cast<std::int64_t>(sum[m][n]);
    }
  }
};

using Ops = ScalarOps<Fr>;

}  // namespace

std::vector<RoofKind> portable_roofs() {
  return {
      {"affineAddition", "addition of affine points",
       [](bool) -> std::unique_ptr<Roof> { return std::make_unique<AdditionRoof<ScalarOps<Fq>>>(4096); }},
      {"lookupLeaf", "leaf of LogUp's tree",
       [](bool quick) -> std::unique_ptr<Roof> { return std::make_unique<LookupRoof<Ops>>(quick ? 12 : 17, 8); }},
      {"zkreluPoint", "point of a sumcheck over seven columns",
       [](bool quick) -> std::unique_ptr<Roof> {
         return std::make_unique<SumcheckRoof<Ops, SevenColumns>>(quick ? 12 : 16, 9);
       }},
      {"openingIndex", "index of a sumcheck over two columns",
       [](bool quick) -> std::unique_ptr<Roof> {
         return std::make_unique<SumcheckRoof<Ops, Product>>(quick ? 12 : 18, 9);
       }},
      {"multiplyAccumulate", "multiplication of an exact matrix product",
       [](bool) -> std::unique_ptr<Roof> { return std::make_unique<ProductRoof<ScalarTile>>(); }},
  };
}

}  // namespace trainproof::roof
