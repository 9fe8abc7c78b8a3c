#include "relation/update.h"

#include "mle/eq.h"
#include "relation/products.h"

namespace trainproof {

std::size_t claim_rows(const Shape& s, const WeightClaim& claim) {
  return s.n[claim.layer - 1] + (claim.source == WeightClaim::kBackward ? 0 : 1);
}

namespace {

using Source = WeightClaim::Source;

// A weight claim's rows are k ≤ n_{l−1}, or k < n_{l−1} without the bias row.
bool has_bias_row(const WeightClaim& claim) { return claim.source != Source::kBackward; }

std::vector<WeightClaim> list_claims(const Shape& s, const ForwardClaims& forward,
                                     const BackwardClaims* backward, const EvalPoint& p_k,
                                     const EvalPoint& p_j) {
  std::vector<WeightClaim> claims;
  for (unsigned l = 1; l <= s.L; ++l) {
    claims.push_back({Source::kForward, l, forward.k_star, forward.p_j});
  }
  for (unsigned l = 1; l < s.L; ++l) {
    claims.push_back({Source::kBackward, l + 1, backward->p_k, backward->j_deg});
  }
  for (unsigned l = 1; l <= s.L; ++l) claims.push_back({Source::kOut, l, p_k, p_j});
  return claims;
}

// W[c] = Σ_{k in rows} Σ_j χ_k(in) χ_j(out) W_l(k, j)
Fr evaluate_weights(Context& context, const IntHandle& weights, const WeightClaim& claim) {
  const Shape& s = context.shape;
  Backend& backend = context.backend;
  IntView view = context.witness.weight(s, weights, claim.layer);
  view.rows = claim_rows(s, claim);
  const FrHandle rows = backend.zeros(view.rows);
  const FrHandle chi_j = chi_table(context, claim.out, s.n[claim.layer]);
  backend.row_dot(view, *chi_j, 1, *rows, 0, view.rows);
  return evaluate(backend.download(*rows), claim.in);
}

// Σ_{t'>t} χ_{t'}(point), t < T.
std::vector<Fr> later_steps(std::span<const Fr> point, std::size_t T) {
  const std::vector<Fr> chi_t = eq_table(point, T);
  std::vector<Fr> out(T);
  for (std::size_t t = T - 1; t-- > 0;) out[t] = out[t + 1] + chi_t[t + 1];
  return out;
}

// The claims' tables and, beside them, what the verifier knows.
struct Terms {
  std::vector<ProductTerm> products;
  std::vector<Fr> deltas;    // δ^c
  std::vector<Fr> constant;  // the constant column's share of Â_c
};

Terms make_terms(Context& context, const UpdateClaims& update, const ForwardClaims& forward,
                 const BackwardClaims* backward) {
  const Shape& s = context.shape;
  Backend& backend = context.backend;
  const FrHandle ones = backend.upload(std::vector<Fr>(s.TB, Fr::one()));
  const FrHandle after_star = backend.upload(later_steps(forward.t_star, s.T));
  FrHandle after_deg;
  if (backward) after_deg = backend.upload(later_steps(backward->t_deg, s.T));

  Terms terms{{}, powers(update.delta, update.claims.size()), {}};
  const Fr eta = Fr::from_u64(context.statement.eta);
  for (std::size_t c = 0; c < update.claims.size(); ++c) {
    context.job.check();
    const WeightClaim& claim = update.claims[c];
    const unsigned l = claim.layer;
    const FrHandle chi_in = chi_table(context, claim.in, s.n[l - 1]);
    const FrHandle chi_out = chi_table(context, claim.out, s.n[l]);
    FrHandle a = backend.weighted_row_sum(context.witness.activation(s, l - 1), *chi_in);
    FrHandle g = backend.weighted_row_sum(context.witness.gradient(s, l), *chi_out);
    Fr constant = Fr::zero();
    if (has_bias_row(claim)) {
      constant = Fr::pow2(context.statement.fA) * chi(s.n[l - 1], claim.in);
      backend.add_scaled(*a, constant, *ones);
    }
    const FrHandle& u = claim.source == Source::kForward    ? after_star
                        : claim.source == Source::kBackward ? after_deg
                                                            : FrHandle();
    terms.products.push_back({eta * terms.deltas[c], u, s.beta, std::move(a), std::move(g)});
    terms.constant.push_back(constant);
  }
  return terms;
}

// V_in − V_out − Σ δ^c value_c; says V_in and V_out. Forward's and backward's claims came from W^in and the updates
// before a step: W^in[c] is value_c + η Σ_{t,i} u_c·Â_c·Ĝ_c, which needs no look at the weights.
Affine say_weights(Context& context, UpdateClaims& update, const Terms& terms,
                   const ForwardClaims& forward, const BackwardClaims* backward) {
  const Witness& w = context.witness;
  Affine values;
  std::size_t known = 0;
  for (const Affine& value : forward.weights) values += value * terms.deltas[known++];
  if (backward) {
    for (const Affine& value : backward->weights) values += value * terms.deltas[known++];
  }
  Fr in = context.ledger.value(values) + context.backend.product_sum(std::span(terms.products).first(known));
  Fr out = Fr::zero();
  for (std::size_t c = known; c < update.claims.size(); ++c) {
    in += terms.deltas[c] * evaluate_weights(context, w.weights_in, update.claims[c]);
    out += terms.deltas[c] * evaluate_weights(context, w.weights_out, update.claims[c]);
  }
  std::vector<Fr> message;
  if (context.statement.committed_start()) message.push_back(in);
  message.push_back(out);
  const std::vector<Affine> said = context.ledger.say("update.weights", message);
  update.weights_in = message.size() == 2 ? said.front() : Affine(in);
  update.weights_out = said.back();
  return update.weights_in - update.weights_out - values;
}

}  // namespace

UpdateClaims prove_update(Context& context, const ForwardClaims& forward,
                          const BackwardClaims* backward) {
  const Shape& s = context.shape;
  Ledger& ledger = context.ledger;
  Backend& backend = context.backend;
  UpdateClaims update;
  PointReader drawn(ledger.challenges("update.point", s.K + s.J + s.range_bits));
  const EvalPoint p_k = drawn.take(s.K), p_j = drawn.take(s.J);
  update.p_w = drawn.take(s.range_bits);
  update.delta = ledger.challenge("update.delta");
  update.claims = list_claims(s, forward, backward, p_k, p_j);

  Terms terms = make_terms(context, update, forward, backward);
  Affine claim = say_weights(context, update, terms, forward, backward);
  Sumcheck sumcheck(ledger, "update", std::move(claim));
  product_rounds(context, sumcheck, terms.products, s.beta, 2);
  product_rounds(context, sumcheck, terms.products, s.tau, 3);
  PointReader reached(sumcheck.point());
  update.t_u = reached.take(s.tau);
  update.i_u = reached.take(s.beta);

  const std::size_t count = update.claims.size();
  std::vector<Fr> values(3 * count);
  for (std::size_t c = 0; c < count; ++c) {
    const Fr a = bound_value(backend, terms.products[c].a);
    const Fr g = bound_value(backend, terms.products[c].b);
    values[c] = a - terms.constant[c];
    values[count + c] = g;
    values[2 * count + c] = a * g;
  }
  const std::vector<Affine> said = ledger.say("update.values", values);
  // ũ_c, the extensions of the time weights at t^u.
  const Fr u_forward = less_than(update.t_u, forward.t_star);
  const Fr u_backward = backward ? less_than(update.t_u, backward->t_deg) : Fr::zero();
  Affine products;
  for (std::size_t c = 0; c < count; ++c) {
    const Affine &a = said[c], &g = said[count + c], &product = said[2 * count + c];
    ledger.require_product(a + Affine(terms.constant[c]), g, product);
    const Source source = update.claims[c].source;
    const Fr u = source == Source::kForward    ? u_forward
                 : source == Source::kBackward ? u_backward
                                               : Fr::one();
    products += product * (terms.deltas[c] * u);
    update.activations.push_back(a);
    update.gradients.push_back(g);
  }
  ledger.require_zero(sumcheck.claim() - products * Fr::from_u64(context.statement.eta));
  return update;
}

}  // namespace trainproof
