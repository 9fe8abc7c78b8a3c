#include "relation/zkrelu.h"

#include <optional>

#include "mle/eq.h"
#include "relation/products.h"

namespace trainproof {

namespace {

// Weights by what they weigh: Z, GA, A, G of hidden layers, G_L, and eq(Ω, ·).
enum ZkReluKind { kWeightZ, kWeightGA, kWeightA, kWeightG, kWeightGL, kWeightEq, kZkReluKinds };

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

Fr sum(std::span<const Fr> values) {
  Fr out = Fr::zero();
  for (const Fr& value : values) out += value;
  return out;
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

  // The parts that multiply the mask, one for each time point that has any.
  std::vector<ZkReluSum::Part> masked(const Fr& theta) const {
    std::vector<ZkReluSum::Part> parts;
    for (std::size_t time = 0; time < times_.size(); ++time) {
      ZkReluSum::Part part{nullptr, upload(kWeightA, time, Fr::one()), upload(kWeightG, time, Fr::one()),
                           upload(kWeightEq, time, theta)};
      if (!part.v && !part.g && !part.m) continue;
      part.time = chi_table(context_, times_[time], context_.shape.TB);
      parts.push_back(std::move(part));
    }
    return parts;
  }

  // Terms (a, b) with a the kind's times and b = Σ_φ weight(φ)·tensor(φ, c), tensor(first, last, weights) being this sum over
  // features from first on. Only G_L has weights in the last layer alone.
  template <class Tensor>
  void add_linear(ZkReluKind kind, const Tensor& tensor, std::vector<ProductTerm>& terms) const {
    const Shape& s = context_.shape;
    const std::size_t first = kind == kWeightGL ? s.offset[s.L] : 0;
    for (const auto& [time, values] : kinds_[kind]) {
      terms.push_back({Fr::one(), nullptr, 0, chi_table(context_, times_[time], s.TB),
                       tensor(first, std::span<const Fr>(values).subspan(first))});
    }
  }

  // With the times bound to `reached`, a kind's weight is one vector over the features.
  FrHandle bound(ZkReluKind kind, std::span<const Fr> reached) const {
    FrHandle out = context_.backend.zeros(context_.shape.phi);
    for (const auto& [time, values] : kinds_[kind]) {
      context_.backend.add_scaled(*out, eq(times_[time], reached), *context_.backend.upload(values));
    }
    return out;
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

  // Null where the kind has no weights at this time.
  FrHandle upload(ZkReluKind kind, std::size_t time, const Fr& scale) const {
    for (const auto& [known, values] : kinds_[kind]) {
      if (known != time) continue;
      const FrHandle out = context_.backend.zeros(values.size());
      context_.backend.add_scaled(*out, scale, *context_.backend.upload(values));
      return out;
    }
    return nullptr;
  }

  Context& context_;
  std::vector<EvalPoint> times_;
  std::array<std::vector<std::pair<std::size_t, std::vector<Fr>>>, kZkReluKinds> kinds_;
};

struct Constants {
  Fr theta, two_r, half_r, two_v, g_offset, gl_scale;  // θ, 2^R, 2^(R−1), 2^(b·dv), 2^(b·dg−1), 2^(fG−fA)

  Constants(const Statement& st, const Fr& theta_drawn)
      : theta(theta_drawn),
        two_r(Fr::pow2(st.R)),
        half_r(Fr::pow2(st.R - 1)),
        two_v(Fr::pow2(st.b * st.dv)),
        g_offset(Fr::pow2(st.b * st.dg - 1)),
        gl_scale(Fr::pow2(st.fG - st.fA)) {}
};

// The digit rows that m, v, r, g, h are combinations of.
class Digits {
 public:
  explicit Digits(Context& context) : context_(context) {
    const Shape& s = context.shape;
    m = {context.witness.bit_rows(s)};
    v = rows(&Shape::v_row, s.dv);
    r = rows(&Shape::r_row, s.dr);
    if (s.L > 1) {
      g = rows(&Shape::g_row, s.dg);
      h = rows(&Shape::h_row, s.dr);
    }
  }

  std::vector<IntView> m, v, r, g, h;

  // out(c) += scale·Σ_φ weights(φ)·value(first + φ, c)
  void add_rows(FrBuffer& out, const Fr& scale, const std::vector<IntView>& value, std::size_t first,
                const FrBuffer& weights) const {
    for (std::size_t i = 0; i < value.size(); ++i) {
      IntView part = value[i];
      part.offset += first * part.stride;
      part.rows = weights.size;
      context_.backend.add_scaled(out, scale * weight(i), *context_.backend.weighted_row_sum(part, weights));
    }
  }
  // Σ_c times(c)·value(φ, c), for all φ.
  FrHandle at_times(const std::vector<IntView>& value, const FrBuffer& times) const {
    Backend& backend = context_.backend;
    const std::size_t phi = context_.shape.phi;
    const FrHandle out = backend.zeros(phi);
    backend.row_dot(value[0], times, 1, *out, 0, phi);
    for (std::size_t i = 1; i < value.size(); ++i) {
      const FrHandle part = backend.zeros(phi);
      backend.row_dot(value[i], times, 1, *part, 0, phi);
      backend.add_scaled(*out, weight(i), *part);
    }
    return out;
  }

 private:
  template <class Row>
  std::vector<IntView> rows(Row row, unsigned count) const {
    std::vector<IntView> views;
    for (unsigned i = 0; i < count; ++i) {
      views.push_back(context_.witness.digit_rows(context_.shape, (context_.shape.*row)(i)));
    }
    return views;
  }
  Fr weight(std::size_t i) const { return Fr::pow2(context_.shape.b * static_cast<unsigned>(i)); }

  Context& context_;
};

// w_Z·(2^R z + r − 2^(R−1)) + w_GA·(2^R g + h − 2^(R−1)) + w_GL·2^(fG−fA)·z: the features are summed up beforehand.
std::vector<ProductTerm> linear_terms(Context& context, const Weights& weights, const Digits& digits,
                                      const Constants& k) {
  Backend& backend = context.backend;
  const std::size_t TB = context.shape.TB;
  const FrHandle ones = backend.upload(std::vector<Fr>(TB, Fr::one()));
  std::vector<ProductTerm> terms;
  // scale·z(c) + remainder(c) − constant, remainder possibly nothing.
  const auto of_z = [&](const Fr& scale, const std::vector<IntView>& remainder, const Fr& constant) {
    return [&, scale, constant](std::size_t first, std::span<const Fr> values) {
      const FrHandle w = backend.upload(values), out = backend.zeros(TB);
      digits.add_rows(*out, scale * k.two_v, digits.m, first, *w);
      digits.add_rows(*out, scale, digits.v, first, *w);
      digits.add_rows(*out, Fr::one(), remainder, first, *w);
      backend.add_scaled(*out, -((scale * k.two_v + constant) * sum(values)), *ones);
      return out;
    };
  };
  weights.add_linear(kWeightZ, of_z(k.two_r, digits.r, k.half_r), terms);
  weights.add_linear(kWeightGL, of_z(k.gl_scale, {}, Fr::zero()), terms);
  weights.add_linear(kWeightGA, [&](std::size_t first, std::span<const Fr> values) {
    const FrHandle w = backend.upload(values), out = backend.zeros(TB);
    digits.add_rows(*out, k.two_r, digits.g, first, *w);
    digits.add_rows(*out, Fr::one(), digits.h, first, *w);
    backend.add_scaled(*out, -((k.two_r * k.g_offset + k.half_r) * sum(values)), *ones);
    return out;
  }, terms);
  return terms;
}

ZkReluSum masked_sum(const Context& context, const Weights& weights, const Digits& digits, const Fr& theta) {
  const Shape& s = context.shape;
  return {s.phi, s.TB, digits.m[0], digits.v, digits.g, s.b, std::int64_t{1} << (s.b * s.dg - 1), weights.masked(theta)};
}

// m, v, r, g, h over the features, the times bound.
struct Columns {
  FrHandle m, v, r, g, h;

  Columns(Context& context, const Digits& digits, std::span<const Fr> reached) {
    const FrHandle times = chi_table(context, reached, context.shape.TB);
    m = digits.at_times(digits.m, *times);
    v = digits.at_times(digits.v, *times);
    r = digits.at_times(digits.r, *times);
    if (!digits.g.empty()) {
      g = digits.at_times(digits.g, *times);
      h = digits.at_times(digits.h, *times);
    }
  }
};

struct FeatureTables {
  FrHandle wZ, wGA, wA, wG, wGL, eq;
};

// The summand of §14 multiplied out, as terms over the features, what is linear collected by column.
std::vector<ProductTerm> feature_terms(Context& context, const Columns& x, const FeatureTables& w, const Constants& k) {
  Backend& backend = context.backend;
  const std::size_t phi = context.shape.phi;
  const Fr one = Fr::one(), z_constant = k.two_r * k.two_v + k.half_r, g_constant = k.two_r * k.g_offset + k.half_r;
  const bool hidden = x.g != nullptr;
  const FrHandle of_m = backend.zeros(phi), of_v = backend.zeros(phi), constant = backend.zeros(phi);
  backend.add_scaled(*of_v, k.two_r, *w.wZ);
  backend.add_scaled(*of_v, k.gl_scale, *w.wGL);
  backend.add_scaled(*of_m, k.two_v, *of_v);
  backend.add_scaled(*constant, -z_constant, *w.wZ);
  backend.add_scaled(*constant, -(k.gl_scale * k.two_v), *w.wGL);
  if (hidden) {
    backend.add_scaled(*of_m, -k.g_offset, *w.wG);
    backend.add_scaled(*constant, -g_constant, *w.wGA);
  }
  std::vector<ProductTerm> terms = {
      {k.theta, w.eq, 0, x.m, x.m},   {-k.theta, w.eq, 0, x.m, nullptr}, {one, nullptr, 0, x.m, of_m},
      {one, nullptr, 0, x.v, of_v},   {one, nullptr, 0, x.r, w.wZ},      {one, nullptr, 0, constant, nullptr},
  };
  if (hidden) {
    const std::vector<ProductTerm> more = {
        {one, w.wA, 0, x.m, x.v},
        {one, w.wG, 0, x.m, x.g},
        {k.two_r, nullptr, 0, x.g, w.wGA},
        {one, nullptr, 0, x.h, w.wGA},
    };
    terms.insert(terms.end(), more.begin(), more.end());
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

  const Constants k(st, drawn[1]);
  const Digits digits(context);
  Sumcheck sumcheck(ledger, "zkrelu", std::move(sum));
  {
    std::vector<ProductTerm> linear = linear_terms(context, weights, digits, k);
    const auto masked = backend.zkrelu_rounds(masked_sum(context, weights, digits, k.theta));
    std::optional<Fr> r;
    for (unsigned bit = 0; bit < s.omega; ++bit) {
      context.job.check();
      std::vector<Fr> values = backend.product_round(linear, 3);
      const std::array<Fr, 3> others = masked->round(r ? &*r : nullptr);
      for (std::size_t i = 0; i < 3; ++i) values[i] += others[i];
      r = sumcheck.round(values);
      fold_terms(context, linear, *r);
    }
  }
  const EvalPoint times = sumcheck.point();
  const Columns columns(context, digits, times);
  FeatureTables w;
  w.wZ = weights.bound(kWeightZ, times);
  w.wGA = weights.bound(kWeightGA, times);
  w.wA = weights.bound(kWeightA, times);
  w.wG = weights.bound(kWeightG, times);
  w.wGL = weights.bound(kWeightGL, times);
  // eq(Ω, ·) is not cut at Φ: m is zero there, but not on the way to e.
  const std::span<const Fr> all = omega;
  w.eq = backend.eq_table(all.first(s.phi_bits), std::size_t{1} << s.phi_bits, eq(all.subspan(s.phi_bits), times));
  std::vector<ProductTerm> terms = feature_terms(context, columns, w, k);
  product_rounds(context, sumcheck, terms, s.phi_bits, 3);
  out.e = sumcheck.point();

  const auto at = [&](const FrHandle& table) { return bound_value(backend, table); };
  const Fr m = at(columns.m), v = at(columns.v), r = at(columns.r);
  const Fr wZ = at(w.wZ), wEq = k.theta * at(w.eq);
  const Fr wGL = evaluate(backend.download(*w.wGL), std::span<const Fr>(out.e).first(s.phi_bits));
  const bool hidden = s.L > 1;
  const Fr wA = hidden ? at(w.wA) : Fr::zero(), wG = hidden ? at(w.wG) : Fr::zero();
  const Fr wGA = hidden ? at(w.wGA) : Fr::zero();
  const Fr g = hidden ? at(columns.g) : Fr::zero(), h = hidden ? at(columns.h) : Fr::zero();

  std::vector<Fr> values = {m, v, r};
  if (hidden) values.insert(values.end(), {g, h});
  values.push_back(m * (wA * v + wG * (g - k.g_offset) + wEq * (m - Fr::one())));
  const std::vector<Affine> said = ledger.say("zkrelu.values", values);
  out.m = said[0];
  out.v = said[1];
  out.r = said[2];
  Affine factor = out.v * wA + (out.m - Affine(Fr::one())) * wEq;
  const Affine z = (out.m - Affine(Fr::one())) * k.two_v + out.v;
  Affine rest = (z * k.two_r + out.r - Affine(k.half_r)) * wZ + z * (wGL * k.gl_scale);
  if (hidden) {
    out.g = said[3];
    out.h = said[4];
    const Affine gradient = out.g - Affine(k.g_offset);
    factor += gradient * wG;
    rest += (gradient * k.two_r + out.h - Affine(k.half_r)) * wGA;
  }
  ledger.require_product(out.m, std::move(factor), said.back());
  ledger.require_zero(sumcheck.claim() - said.back() - rest);
  return out;
}

}  // namespace trainproof
