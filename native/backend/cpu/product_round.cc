#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/products_ifma.h"
#include "backend/cpu/vectors.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

// A table's values at X = 0, 2, 3 on the pair (2y, 2y + 1); the line through them needs additions only.
struct Line {
  Fr at0, at2, at3;
};

struct Table {
  bool present = false;  // absent: the constant 1 (an empty table's data may be null, too)
  const Fr* data = nullptr;
  std::size_t size = 0;

  const Fr* pointer() const { return present ? data : nullptr; }
  std::size_t pairs(std::size_t otherwise) const { return present ? (size + 1) / 2 : otherwise; }
  Line line(std::size_t y) const {
    if (!present) return {Fr::one(), Fr::one(), Fr::one()};
    const Fr even = data[2 * y];
    const Fr slope = 2 * y + 1 < size ? data[2 * y + 1] - even : -even;
    const Fr at2 = even + slope.doubled();
    return {even, at2, at2 + slope};
  }
};

Table table(const FrHandle& handle) {
  if (!handle) return {};
  return {true, on_cpu(*handle).data(), handle->size};
}

using Sums = std::array<Fr, 3>;

#ifdef TRAINPROOF_IFMA
Fr sum_of_eight(const Fr* lanes) {
  Fr sum = lanes[0];
  for (std::size_t lane = 1; lane < 8; ++lane) sum += lanes[lane];
  return sum;
}

// Adds whole blocks of eight pairs, which are stored in full, to the sums; returns where the rest begins.
template <bool kCubic>
std::size_t add_blocks(const Table& outer, const Table& a, const Table& b, std::size_t begin, std::size_t end, Sums& sums) {
  for (const Table* table : {&outer, &a, &b}) {
    if (table->present) end = std::min(end, table->size / 2);
  }
  if (!ifma::supported()) return begin;
  const Fr scale = Fr::from_u64(outer.present ? 4096 : 256);
  while (begin + 8 <= end) {
    const std::size_t blocks = std::min((end - begin) / 8, ifma::kProductBlocks);
    std::array<Fr, 24> lanes;
    ifma::product_pairs(outer.pointer(), a.pointer(), b.pointer(), begin, blocks, kCubic, scale, lanes.data());
    for (std::size_t i = 0; i < (kCubic ? 3 : 2); ++i) sums[i] += sum_of_eight(lanes.data() + 8 * i);
    begin += 8 * blocks;
  }
  return begin;
}
#endif

// Σ over the pairs [begin, end) of a · b, and of outer as a third factor where it is present.
template <bool kCubic>
Sums sum_products(const Table& outer, const Table& a, const Table& b, std::size_t begin, std::size_t end) {
  Sums sums = {Fr::zero(), Fr::zero(), Fr::zero()};
#ifdef TRAINPROOF_IFMA
  begin = add_blocks<kCubic>(outer, a, b, begin, end, sums);
  if (begin >= end) return sums;
#endif
  FrAccumulator at0, at2, at3;
  for (std::size_t y = begin; y < end; ++y) {
    Line u = a.line(y);
    const Line w = b.line(y);
    if (outer.present) {
      const Line o = outer.line(y);
      u = {o.at0 * u.at0, o.at2 * u.at2, kCubic ? o.at3 * u.at3 : u.at3};
    }
    at0.add_product(u.at0, w.at0);
    at2.add_product(u.at2, w.at2);
    if constexpr (kCubic) at3.add_product(u.at3, w.at3);
  }
  return {sums[0] + at0.reduce(), sums[1] + at2.reduce(), sums[2] + at3.reduce()};
}

// The sum without a third factor times outer, one value for each 2^(shift − 1) pairs.
template <bool kCubic>
Sums sum_outer(const Table& outer, unsigned shift, const Table& a, const Table& b, std::size_t begin,
               std::size_t end) {
  FrAccumulator at0, at2, at3;
  const std::size_t block = std::size_t{1} << (shift - 1);
  while (begin < end) {
    const std::size_t last = std::min(end, (begin / block + 1) * block);
    const Sums part = sum_products<kCubic>({}, a, b, begin, last);
    const Fr factor = outer.data[begin / block];
    at0.add_product(factor, part[0]);
    at2.add_product(factor, part[1]);
    if constexpr (kCubic) at3.add_product(factor, part[2]);
    begin = last;
  }
  return {at0.reduce(), at2.reduce(), at3.reduce()};
}

template <bool kCubic>
Sums round_sums(const ProductTerm& term) {
  const Table outer = table(term.outer), a = table(term.a), b = table(term.b);
  constexpr std::size_t kAll = ~std::size_t{0};
  std::size_t pairs = std::min(a.pairs(kAll), b.pairs(kAll));
  const bool constant_outer = outer.present && term.outer_shift > 0;
  if (constant_outer) {
    const unsigned shift = term.outer_shift - 1;
    if (outer.size < (pairs >> shift) + 1) pairs = std::min(pairs, outer.size << shift);
  } else {
    pairs = std::min(pairs, outer.pairs(kAll));
  }
  TRAINPROOF_INVARIANT(pairs != kAll, "product_round: a term without a table");
  return parallel_sums<3>(0, pairs, kFieldGrain / 2, [&](std::size_t begin, std::size_t end) {
    if (constant_outer) return sum_outer<kCubic>(outer, term.outer_shift, a, b, begin, end);
    return sum_products<kCubic>(outer, a, b, begin, end);
  });
}

// Σ a · b over entries that are stored.
Fr sum_entries(const Table& a, const Table& b, std::size_t begin, std::size_t end) {
  Fr total = Fr::zero();
#ifdef TRAINPROOF_IFMA
  const Fr scale = Fr::from_u64(256);
  while (ifma::supported() && a.present && b.present && end - begin >= 8) {
    const std::size_t blocks = std::min((end - begin) / 8, ifma::kProductBlocks);
    std::array<Fr, 8> lanes;
    ifma::product_entries(a.data + begin, b.data + begin, blocks, scale, lanes.data());
    total += sum_of_eight(lanes.data());
    begin += 8 * blocks;
  }
#endif
  const auto entry = [](const Table& t, std::size_t x) { return t.present ? t.data[x] : Fr::one(); };
  FrAccumulator sum;
  for (std::size_t x = begin; x < end; ++x) sum.add_product(entry(a, x), entry(b, x));
  return total + sum.reduce();
}

Fr whole_sum(const ProductTerm& term) {
  const Table outer = table(term.outer), a = table(term.a), b = table(term.b);
  constexpr std::size_t kAll = ~std::size_t{0};
  std::size_t size = std::min(a.present ? a.size : kAll, b.present ? b.size : kAll);
  if (outer.present && (size >> term.outer_shift) >= outer.size) {
    size = std::min(size, outer.size << term.outer_shift);
  }
  TRAINPROOF_INVARIANT(size != kAll, "product_sum: a term without a table");
  return parallel_sums<1>(0, size, kFieldGrain, [&](std::size_t begin, std::size_t end) {
    if (!outer.present) return std::array<Fr, 1>{sum_entries(a, b, begin, end)};
    FrAccumulator sum;
    const std::size_t block = std::size_t{1} << term.outer_shift;
    while (begin < end) {
      const std::size_t last = std::min(end, (begin / block + 1) * block);
      sum.add_product(sum_entries(a, b, begin, last), outer.data[begin / block]);
      begin = last;
    }
    return std::array<Fr, 1>{sum.reduce()};
  })[0];
}

}  // namespace

Fr CpuBackend::product_sum(std::span<const ProductTerm> terms) {
  Fr out = Fr::zero();
  for (const ProductTerm& term : terms) out += term.coefficient * whole_sum(term);
  return out;
}

std::vector<Fr> CpuBackend::product_round(std::span<const ProductTerm> terms, unsigned degree) {
  TRAINPROOF_INVARIANT(degree == 2 || degree == 3, "product_round: degree 2 or 3");
  std::vector<Fr> out(degree, Fr::zero());
  for (const ProductTerm& term : terms) {
    const Sums sums = degree == 3 ? round_sums<true>(term) : round_sums<false>(term);
    for (std::size_t i = 0; i < degree; ++i) out[i] += term.coefficient * sums[i];
  }
  return out;
}

}  // namespace trainproof
