#include "relation/zkrelu.h"

#include "mle/eq.h"
#include "relation/products.h"

namespace trainproof {

namespace {

// A claim on a tensor: `value` = Σ_{layers l} scale_l Σ_{t,i,j} χ_t(t) χ_i(i) χ_j(features) tensor_l(t, i, j).
struct TensorClaim {
  struct Part {
    unsigned layer;
    Fr scale;
  };
  ZkReluKind kind;
  std::vector<Part> parts;
  EvalPoint features, t, i;
  Affine value;
};

ZkReluKind gradient_kind(const Shape& s, unsigned layer) {
  return layer == s.L ? kWeightGL : kWeightG;
}

// The claims in PROTOCOL §14's order.
std::vector<TensorClaim> tensor_claims(const Shape& s, const ForwardClaims& forward,
                                       const BackwardClaims* backward,
                                       const UpdateClaims& update) {
  const Fr one = Fr::one();
  std::vector<TensorClaim> out;
  const auto all_layers = [](unsigned last, const Fr& lambda) {
    std::vector<TensorClaim::Part> parts;
    const std::vector<Fr> lambdas = powers(lambda, last);
    for (unsigned l = 1; l <= last; ++l) parts.push_back({l, lambdas[l - 1]});
    return parts;
  };
  out.push_back({kWeightZ, all_layers(s.L, forward.lambda), forward.p_j, forward.p_t, forward.p_i,
                 forward.sum});
  if (backward) {
    out.push_back({kWeightGA, all_layers(s.L - 1, backward->lambda), backward->p_k, backward->p_t,
                   backward->p_i, backward->sum});
  }
  for (unsigned l = 2; l <= s.L; ++l) {
    out.push_back({kWeightA, {{l - 1, one}}, forward.k_star, forward.t_star, forward.p_i,
                   forward.activations[l - 1]});
  }
  for (unsigned l = 1; l < s.L; ++l) {
    out.push_back({gradient_kind(s, l + 1), {{l + 1, one}}, backward->j_deg, backward->t_deg,
                   backward->p_i, backward->gradients[l - 1]});
  }
  for (std::size_t c = 0; c < update.claims.size(); ++c) {
    const WeightClaim& claim = update.claims[c];
    if (claim.layer < 2) continue;
    out.push_back({kWeightA, {{claim.layer - 1, one}}, claim.in, update.t_u, update.i_u,
                   update.activations[c]});
  }
  for (std::size_t c = 0; c < update.claims.size(); ++c) {
    const WeightClaim& claim = update.claims[c];
    out.push_back({gradient_kind(s, claim.layer), {{claim.layer, one}}, claim.out, update.t_u,
                   update.i_u, update.gradients[c]});
  }
  return out;
}

// The claims' weights, merged by kind and time point: Σ_p F_{kind,p}(φ)·χ(time p).
class Weights {
 public:
  explicit Weights(Context& context) : context_(context) {}

  void add(const TensorClaim& claim, const Fr& factor) {
    const Shape& s = context_.shape;
    std::vector<Fr>& target = features(claim.kind, concatenate(claim.t, claim.i));
    for (const TensorClaim::Part& part : claim.parts) {
      const FrHandle table =
          context_.backend.eq_table(claim.features, s.n[part.layer], factor * part.scale);
      const std::vector<Fr> chi = context_.backend.download(*table);
      for (std::size_t j = 0; j < chi.size(); ++j) target[s.offset[part.layer] + j] += chi[j];
    }
  }

  // eq(Ω, ·): Ω's high coordinates on the features, its low ones on the times.
  void add_eq(std::span<const Fr> omega) {
    const Shape& s = context_.shape;
    const EvalPoint times(omega.begin() + s.phi_bits, omega.end());
    features(kWeightEq, times) =
        context_.backend.download(*chi_table(context_, omega.first(s.phi_bits), s.phi));
  }

  // Σ over the claims on G_L of their weights applied to the labels Y.
  Fr on_labels() const {
    const Shape& s = context_.shape;
    Backend& backend = context_.backend;
    Fr sum = Fr::zero();
    for (const auto& [time, values] : kinds_[kWeightGL]) {
      const std::span<const Fr> last = std::span<const Fr>(values).subspan(s.offset[s.L], s.n[s.L]);
      const FrHandle columns =
          backend.weighted_row_sum(context_.witness.labels(s), *backend.upload(last));
      const ProductTerm term{Fr::one(), nullptr, 0, columns,
                             chi_table(context_, times_[time], s.TB)};
      sum += backend.product_sum({&term, 1});
    }
    return sum;
  }

  void upload(ZkReluState& state) const {
    for (const EvalPoint& time : times_) {
      state.times.push_back(chi_table(context_, time, context_.shape.TB));
    }
    for (std::size_t kind = 0; kind < kZkReluKinds; ++kind) {
      for (const auto& [time, values] : kinds_[kind]) {
        state.weights[kind].push_back({time, context_.backend.upload(values)});
      }
    }
  }

 private:
  std::vector<Fr>& features(ZkReluKind kind, const EvalPoint& time) {
    std::size_t index = 0;
    while (index < times_.size() && times_[index] != time) ++index;
    if (index == times_.size()) times_.push_back(time);
    for (auto& [known, values] : kinds_[kind]) {
      if (known == index) return values;
    }
    kinds_[kind].push_back({index, std::vector<Fr>(context_.shape.phi, Fr::zero())});
    return kinds_[kind].back().second;
  }

  Context& context_;
  std::vector<EvalPoint> times_;
  std::array<std::vector<std::pair<std::size_t, std::vector<Fr>>>, kZkReluKinds> kinds_;
};

ZkReluState make_state(Context& context, const Weights& weights, const Fr& theta) {
  const Shape& s = context.shape;
  const Statement& st = context.statement;
  const auto digits = [&](auto row, unsigned count) {
    std::vector<IntView> views;
    for (unsigned i = 0; i < count; ++i) {
      views.push_back(context.witness.digit_rows(s, (s.*row)(i)));
    }
    return context.backend.combine_digits(views, s.b);
  };
  ZkReluState state;
  state.features = s.phi;
  state.length = s.TB;
  const IntView bits = context.witness.bit_rows(s);
  state.m = context.backend.combine_digits({&bits, 1}, s.b);
  state.v = digits(&Shape::v_row, s.dv);
  state.r = digits(&Shape::r_row, s.dr);
  if (s.L > 1) {
    state.g = digits(&Shape::g_row, s.dg);
    state.h = digits(&Shape::h_row, s.dr);
  }
  weights.upload(state);
  state.theta = theta;
  state.two_r = Fr::pow2(st.R);
  state.half_r = Fr::pow2(st.R - 1);
  state.two_v = Fr::pow2(st.b * st.dv);
  state.g_offset = Fr::pow2(st.b * st.dg - 1);
  state.gl_scale = Fr::pow2(st.fG - st.fA);
  return state;
}

// With the times bound, a kind's weight is one vector over the features.
FrHandle bound_weight(Context& context, const ZkReluState& state, ZkReluKind kind) {
  FrHandle out = context.backend.zeros(state.features);
  for (const ZkReluState::Weight& weight : state.weights[kind]) {
    context.backend.add_scaled(*out, bound_value(context.backend, state.times[weight.time]),
                               *weight.features);
  }
  return out;
}

struct FeatureTables {
  FrHandle wZ, wGA, wA, wG, wGL, eq;
};

// The summand of §14 multiplied out, as terms over the features.
std::vector<ProductTerm> feature_terms(const ZkReluState& x, const FeatureTables& w) {
  const Fr one = Fr::one();
  std::vector<ProductTerm> terms = {
      {x.theta, w.eq, 0, x.m, x.m},
      {-x.theta, w.eq, 0, x.m, nullptr},
      {x.two_r * x.two_v, w.wZ, 0, x.m, nullptr},
      {x.two_r, w.wZ, 0, x.v, nullptr},
      {one, w.wZ, 0, x.r, nullptr},
      {-(x.two_r * x.two_v + x.half_r), w.wZ, 0, nullptr, nullptr},
      {x.gl_scale * x.two_v, w.wGL, 0, x.m, nullptr},
      {x.gl_scale, w.wGL, 0, x.v, nullptr},
      {-(x.gl_scale * x.two_v), w.wGL, 0, nullptr, nullptr},
  };
  if (x.g) {
    const std::vector<ProductTerm> hidden = {
        {one, w.wA, 0, x.m, x.v},
        {one, w.wG, 0, x.m, x.g},
        {-x.g_offset, w.wG, 0, x.m, nullptr},
        {x.two_r, w.wGA, 0, x.g, nullptr},
        {one, w.wGA, 0, x.h, nullptr},
        {-(x.two_r * x.g_offset + x.half_r), w.wGA, 0, nullptr, nullptr},
    };
    terms.insert(terms.end(), hidden.begin(), hidden.end());
  }
  return terms;
}

}  // namespace

ZkReluClaims prove_zkrelu(Context& context, const ForwardClaims& forward,
                          const BackwardClaims* backward, const UpdateClaims& update) {
  const Shape& s = context.shape;
  const Statement& st = context.statement;
  Ledger& ledger = context.ledger;
  Backend& backend = context.backend;
  ZkReluClaims out;

  const std::vector<TensorClaim> claims = tensor_claims(s, forward, backward, update);
  const std::vector<Fr> drawn = ledger.challenges("zkrelu.epsilon", 2);
  const std::vector<Fr> epsilons = powers(drawn[0], claims.size());
  const EvalPoint omega = ledger.challenges("zkrelu.omega", s.phi_bits + s.omega);

  Weights weights(context);
  Affine sum;
  for (std::size_t c = 0; c < claims.size(); ++c) {
    weights.add(claims[c], epsilons[c]);
    sum += epsilons[c] * claims[c].value;
    if (claims[c].kind == kWeightGL) {
      out.label_claims.push_back({epsilons[c], claims[c].features, claims[c].t, claims[c].i});
    }
  }
  weights.add_eq(omega);
  out.labels = ledger.say("zkrelu.labels", weights.on_labels());
  sum += Fr::pow2(st.fG - st.sigma) * out.labels;

  ZkReluState state = make_state(context, weights, drawn[1]);
  Sumcheck sumcheck(ledger, "zkrelu", std::move(sum));
  for (unsigned k = 0; k < s.omega; ++k) {
    backend.zkrelu_fold(state, sumcheck.round(backend.zkrelu_round(state)));
    context.job.check();
  }
  FeatureTables w;
  w.wZ = bound_weight(context, state, kWeightZ);
  w.wGA = bound_weight(context, state, kWeightGA);
  w.wA = bound_weight(context, state, kWeightA);
  w.wG = bound_weight(context, state, kWeightG);
  w.wGL = bound_weight(context, state, kWeightGL);
  // eq(Ω, ·) is not cut at Φ: m is zero there, but not on the way to e.
  w.eq = backend.eq_table(std::span<const Fr>(omega).first(s.phi_bits),
                          std::size_t{1} << s.phi_bits,
                          bound_value(backend, state.times[state.weights[kWeightEq][0].time]));
  std::vector<ProductTerm> terms = feature_terms(state, w);
  product_rounds(context, sumcheck, terms, s.phi_bits, 3);
  out.e = sumcheck.point();

  const auto at = [&](const FrHandle& table) { return bound_value(backend, table); };
  const Fr m = at(state.m), v = at(state.v), r = at(state.r);
  const Fr wZ = at(w.wZ), wGL = at(w.wGL), wEq = state.theta * at(w.eq);
  const bool hidden = s.L > 1;
  const Fr wA = hidden ? at(w.wA) : Fr::zero(), wG = hidden ? at(w.wG) : Fr::zero();
  const Fr wGA = hidden ? at(w.wGA) : Fr::zero();
  const Fr g = hidden ? at(state.g) : Fr::zero(), h = hidden ? at(state.h) : Fr::zero();

  std::vector<Fr> values = {m, v, r};
  if (hidden) values.insert(values.end(), {g, h});
  values.push_back(m * (wA * v + wG * (g - state.g_offset) + wEq * (m - Fr::one())));
  const std::vector<Affine> said = ledger.say("zkrelu.values", values);
  out.m = said[0];
  out.v = said[1];
  out.r = said[2];
  Affine factor = out.v * wA + (out.m - Affine(Fr::one())) * wEq;
  const Affine z = (out.m - Affine(Fr::one())) * state.two_v + out.v;
  Affine rest = (z * state.two_r + out.r - Affine(state.half_r)) * wZ + z * (wGL * state.gl_scale);
  if (hidden) {
    out.g = said[3];
    out.h = said[4];
    const Affine gradient = out.g - Affine(state.g_offset);
    factor += gradient * wG;
    rest += (gradient * state.two_r + out.h - Affine(state.half_r)) * wGA;
  }
  ledger.require_product(out.m, std::move(factor), said.back());
  ledger.require_zero(sumcheck.claim() - said.back() - rest);
  return out;
}

}  // namespace trainproof
