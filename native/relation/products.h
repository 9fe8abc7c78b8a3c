// Sumchecks over the backend's product terms, and small things that every relation does with points and claims.
#ifndef TRAINPROOF_RELATION_PRODUCTS_H_
#define TRAINPROOF_RELATION_PRODUCTS_H_

#include <span>
#include <vector>

#include "relation/claims.h"
#include "relation/context.h"
#include "sumcheck/sumcheck.h"

namespace trainproof {

// Folds every table of the terms once, in place (it may stand in several); outers from shift 0 on, until then their shift decreases.
void fold_terms(Context& context, std::vector<ProductTerm>& terms, const Fr& r);

// Runs `rounds` rounds of the given degree, and folds after each.
void product_rounds(Context& context, Sumcheck& sumcheck, std::vector<ProductTerm>& terms,
                    unsigned rounds, unsigned degree);

// The one entry of a table whose bits are all bound.
Fr bound_value(Backend& backend, const FrHandle& table);

// χ_j(point), j < length, on the backend.
FrHandle chi_table(Context& context, std::span<const Fr> point, std::size_t length);

// Cuts a list of challenges into consecutive points.
class PointReader {
 public:
  explicit PointReader(std::vector<Fr> values) : values_(std::move(values)) {}
  EvalPoint take(std::size_t coordinates);

 private:
  std::vector<Fr> values_;
  std::size_t position_ = 0;
};

// (high, low), the first the more significant.
EvalPoint concatenate(std::span<const Fr> high, std::span<const Fr> low);

// factor, factor², …, factor^count.
std::vector<Fr> powers(const Fr& factor, std::size_t count);

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_PRODUCTS_H_
