#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/vectors.h"

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

// Σ over the pairs [begin, end) of a · b.
template <bool kCubic>
Sums sum_products(const Table& a, const Table& b, std::size_t begin, std::size_t end) {
  FrAccumulator at0, at2, at3;
  for (std::size_t y = begin; y < end; ++y) {
    const Line u = a.line(y), w = b.line(y);
    at0.add_product(u.at0, w.at0);
    at2.add_product(u.at2, w.at2);
    if constexpr (kCubic) at3.add_product(u.at3, w.at3);
  }
  return {at0.reduce(), at2.reduce(), at3.reduce()};
}

// The same times outer, one value for each 2^(shift − 1) pairs.
template <bool kCubic>
Sums sum_outer(const Table& outer, unsigned shift, const Table& a, const Table& b, std::size_t begin,
               std::size_t end) {
  FrAccumulator at0, at2, at3;
  const std::size_t block = std::size_t{1} << (shift - 1);
  while (begin < end) {
    const std::size_t last = std::min(end, (begin / block + 1) * block);
    const Sums part = sum_products<kCubic>(a, b, begin, last);
    const Fr factor = outer.data[begin / block];
    at0.add_product(factor, part[0]);
    at2.add_product(factor, part[1]);
    if constexpr (kCubic) at3.add_product(factor, part[2]);
    begin = last;
  }
  return {at0.reduce(), at2.reduce(), at3.reduce()};
}

// The same with outer as a third factor.
template <bool kCubic>
Sums sum_triples(const Table& outer, const Table& a, const Table& b, std::size_t begin, std::size_t end) {
  FrAccumulator at0, at2, at3;
  for (std::size_t y = begin; y < end; ++y) {
    const Line o = outer.line(y), u = a.line(y), w = b.line(y);
    at0.add_product(o.at0 * u.at0, w.at0);
    at2.add_product(o.at2 * u.at2, w.at2);
    if constexpr (kCubic) at3.add_product(o.at3 * u.at3, w.at3);
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
    if (outer.present) return sum_triples<kCubic>(outer, a, b, begin, end);
    return sum_products<kCubic>(a, b, begin, end);
  });
}

Fr whole_sum(const ProductTerm& term) {
  const Table outer = table(term.outer), a = table(term.a), b = table(term.b);
  constexpr std::size_t kAll = ~std::size_t{0};
  std::size_t size = std::min(a.present ? a.size : kAll, b.present ? b.size : kAll);
  if (outer.present && (size >> term.outer_shift) >= outer.size) {
    size = std::min(size, outer.size << term.outer_shift);
  }
  TRAINPROOF_INVARIANT(size != kAll, "product_sum: a term without a table");
  const auto entry = [](const Table& t, std::size_t x) { return t.present ? t.data[x] : Fr::one(); };
  return parallel_sums<1>(0, size, kFieldGrain, [&](std::size_t begin, std::size_t end) {
    FrAccumulator sum;
    for (std::size_t x = begin; x < end; ++x) {
      sum.add_product(entry(a, x) * entry(b, x), entry(outer, x >> term.outer_shift));
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
