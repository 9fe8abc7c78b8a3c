#include "relation/forward.h"

#include "mle/eq.h"
#include "relation/products.h"
#include "relation/time_tables.h"

namespace trainproof {

namespace {

// W̃_l(t, k) = Σ_j χ_j(p_j) W_l^t(k, j) = (W^in χ)(k) − η Σ_{t'<t} Σ_i [A_{l−1}, 2^f_A](t', i, k)·(G_l χ)(t', i)
FrHandle weight_table(Context& context, const TimeTables& tables, unsigned l,
                      std::span<const Fr> p_j) {
  const Shape& s = context.shape;
  const Witness& w = context.witness;
  Backend& backend = context.backend;
  const FrHandle chi_j = chi_table(context, p_j, s.n[l]);
  const FrHandle gradients = backend.weighted_row_sum(w.gradient(s, l), *chi_j);
  FrHandle table = tables.table();
  tables.sum_batch(w.activation(s, l - 1), *gradients, *table);
  tables.sum_batch_of_constant(*gradients, s.n[l - 1], *table);
  const std::size_t rows = s.n[l - 1] + 1;
  const FrHandle start = backend.zeros(rows);
  backend.row_dot(w.weight(s, w.weights_in, l), *chi_j, 1, *start, 0, rows);
  tables.weights_from_updates(*start, *table);
  return table;
}

// Ã_l(t, k) = Σ_i χ_i(p_i) [A_{l−1}, 2^f_A](t, i, k)
FrHandle activation_table(Context& context, const TimeTables& tables, unsigned l,
                          const FrBuffer& chi_i) {
  const Shape& s = context.shape;
  FrHandle table = tables.table();
  tables.sum_batch(context.witness.activation(s, l - 1), chi_i, *table);
  tables.sum_batch_of_constant(chi_i, s.n[l - 1], *table);
  return table;
}

}  // namespace

ForwardClaims prove_forward(Context& context) {
  const Shape& s = context.shape;
  Ledger& ledger = context.ledger;
  Backend& backend = context.backend;
  ForwardClaims claims;
  PointReader drawn(ledger.challenges("forward.point", s.tau + s.beta + s.J));
  claims.p_t = drawn.take(s.tau);
  claims.p_i = drawn.take(s.beta);
  claims.p_j = drawn.take(s.J);
  claims.lambda = ledger.challenge("forward.lambda");

  const TimeTables tables(context, s.K);
  const FrHandle chi_t = chi_table(context, claims.p_t, s.T);
  const FrHandle chi_i = tables.repeat_over_steps(claims.p_i);
  const std::vector<Fr> lambdas = powers(claims.lambda, s.L);
  std::vector<ProductTerm> terms;
  for (unsigned l = 1; l <= s.L; ++l) {
    context.job.check();
    terms.push_back({lambdas[l - 1], chi_t, s.K, activation_table(context, tables, l, *chi_i),
                     weight_table(context, tables, l, claims.p_j)});
  }
  claims.sum = ledger.say("forward.sum", backend.product_sum(terms));
  Sumcheck sumcheck(ledger, "forward", claims.sum);
  product_rounds(context, sumcheck, terms, s.K, 2);
  product_rounds(context, sumcheck, terms, s.tau, 3);
  PointReader reached(sumcheck.point());
  claims.t_star = reached.take(s.tau);
  claims.k_star = reached.take(s.K);

  // a_l leaves out the constant column, whose extension at (t*, k*) is 2^f_A·χ_{n_{l−1}}(k*).
  std::vector<Fr> constant(s.L), values(3 * s.L);
  for (unsigned i = 0; i < s.L; ++i) {
    constant[i] = Fr::pow2(context.statement.fA) * chi(s.n[i], claims.k_star);
    const Fr a = bound_value(backend, terms[i].a), w = bound_value(backend, terms[i].b);
    values[i] = a - constant[i];
    values[s.L + i] = w;
    values[2 * s.L + i] = a * w;
  }
  const std::vector<Affine> said = ledger.say("forward.values", values);
  Affine products;
  for (unsigned i = 0; i < s.L; ++i) {
    const Affine &a = said[i], &w = said[s.L + i], &product = said[2 * s.L + i];
    ledger.require_product(a + Affine(constant[i]), w, product);
    products += product * lambdas[i];
    claims.activations.push_back(a);
    claims.weights.push_back(w);
  }
  ledger.require_zero(sumcheck.claim() - products * eq(claims.p_t, claims.t_star));
  return claims;
}

}  // namespace trainproof
