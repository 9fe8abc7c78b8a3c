#include "relation/backward.h"

#include "mle/eq.h"
#include "relation/products.h"
#include "relation/time_tables.h"

namespace trainproof {

namespace {

// W̃'_l(t, j) = Σ_{k<n_l} χ_k(p'_k) W_{l+1}^t(k, j) = (χ W^in)(j) − η Σ_{t'<t} Σ_i G_{l+1}(t', i, j)·(A_l χ)(t', i)
FrHandle weight_table(Context& context, const TimeTables& tables, unsigned l,
                      std::span<const Fr> p_k) {
  const Shape& s = context.shape;
  const Witness& w = context.witness;
  Backend& backend = context.backend;
  const FrHandle chi_k = chi_table(context, p_k, s.n[l]);
  const FrHandle activations = backend.weighted_row_sum(w.activation(s, l), *chi_k);
  FrHandle table = tables.table();
  tables.sum_batch(w.gradient(s, l + 1), *activations, *table);
  IntView weights = w.weight(s, w.weights_in, l + 1);
  weights.rows = s.n[l];  // no bias row
  tables.weights_from_updates(*backend.weighted_row_sum(weights, *chi_k), *table);
  return table;
}

// G̃_l(t, j) = Σ_i χ_i(p'_i) G_{l+1}(t, i, j)
FrHandle gradient_table(Context& context, const TimeTables& tables, unsigned l,
                        const FrBuffer& chi_i) {
  FrHandle table = tables.table();
  tables.sum_batch(context.witness.gradient(context.shape, l + 1), chi_i, *table);
  return table;
}

}  // namespace

BackwardClaims prove_backward(Context& context) {
  const Shape& s = context.shape;
  Ledger& ledger = context.ledger;
  Backend& backend = context.backend;
  BackwardClaims claims;
  PointReader drawn(ledger.challenges("backward.point", s.tau + s.beta + s.J));
  claims.p_t = drawn.take(s.tau);
  claims.p_i = drawn.take(s.beta);
  claims.p_k = drawn.take(s.J);
  claims.lambda = ledger.challenge("backward.lambda");

  const TimeTables tables(context, s.J);
  const FrHandle chi_t = chi_table(context, claims.p_t, s.T);
  const FrHandle chi_i = tables.repeat_over_steps(claims.p_i);
  const std::vector<Fr> lambdas = powers(claims.lambda, s.L);
  std::vector<ProductTerm> terms;
  for (unsigned l = 1; l < s.L; ++l) {
    context.job.check();
    terms.push_back({lambdas[l - 1], chi_t, s.J, gradient_table(context, tables, l, *chi_i),
                     weight_table(context, tables, l, claims.p_k)});
  }
  claims.sum = ledger.say("backward.sum", backend.product_sum(terms));
  Sumcheck sumcheck(ledger, "backward", claims.sum);
  product_rounds(context, sumcheck, terms, s.J, 2);
  product_rounds(context, sumcheck, terms, s.tau, 3);
  PointReader reached(sumcheck.point());
  claims.t_deg = reached.take(s.tau);
  claims.j_deg = reached.take(s.J);

  const std::size_t count = s.L - 1;
  std::vector<Fr> values(3 * count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = bound_value(backend, terms[i].a);
    values[count + i] = bound_value(backend, terms[i].b);
    values[2 * count + i] = values[i] * values[count + i];
  }
  const std::vector<Affine> said = ledger.say("backward.values", values);
  Affine products;
  for (std::size_t i = 0; i < count; ++i) {
    const Affine &g = said[i], &w = said[count + i], &product = said[2 * count + i];
    ledger.require_product(g, w, product);
    products += product * lambdas[i];
    claims.gradients.push_back(g);
    claims.weights.push_back(w);
  }
  ledger.require_zero(sumcheck.claim() - products * eq(claims.p_t, claims.t_deg));
  return claims;
}

}  // namespace trainproof
