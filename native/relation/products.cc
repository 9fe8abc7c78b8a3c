#include "relation/products.h"

#include <set>

#include "util/error.h"

namespace trainproof {

void fold_terms(Context& context, std::vector<ProductTerm>& terms, const Fr& r) {
  std::set<FrBuffer*> folded;
  const auto fold = [&](const FrHandle& table) {
    if (table && folded.insert(table.get()).second) context.backend.fold(*table, r);
  };
  for (ProductTerm& term : terms) {
    fold(term.a);
    fold(term.b);
    if (term.outer && term.outer_shift > 0) {
      --term.outer_shift;
    } else {
      fold(term.outer);
    }
  }
}

void product_rounds(Context& context, Sumcheck& sumcheck, std::vector<ProductTerm>& terms,
                    unsigned rounds, unsigned degree) {
  for (unsigned k = 0; k < rounds; ++k) {
    context.job.check();
    fold_terms(context, terms, sumcheck.round(context.backend.product_round(terms, degree)));
  }
}

Fr bound_value(Backend& backend, const FrHandle& table) {
  TRAINPROOF_INVARIANT(table->size == 1, "all bits of the table are bound");
  return backend.download(*table)[0];
}

FrHandle chi_table(Context& context, std::span<const Fr> point, std::size_t length) {
  return context.backend.eq_table(point, length, Fr::one());
}

EvalPoint PointReader::take(std::size_t coordinates) {
  const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(position_);
  position_ += coordinates;
  TRAINPROOF_INVARIANT(position_ <= values_.size(), "as many coordinates as were drawn");
  return {begin, begin + static_cast<std::ptrdiff_t>(coordinates)};
}

EvalPoint concatenate(std::span<const Fr> high, std::span<const Fr> low) {
  EvalPoint out(high.begin(), high.end());
  out.insert(out.end(), low.begin(), low.end());
  return out;
}

std::vector<Fr> powers(const Fr& factor, std::size_t count) {
  std::vector<Fr> out(count);
  Fr power = Fr::one();
  for (Fr& x : out) x = power *= factor;
  return out;
}

}  // namespace trainproof
