#include "relation/zkrelu_weights.h"

#include "mle/eq.h"
#include "relation/products.h"

namespace trainproof {

namespace {

ZkReluKind gradient_kind(const Shape& s, unsigned layer) {
  return layer == s.L ? kWeightGL : kWeightG;
}

}  // namespace

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

void ZkReluWeights::add(const TensorClaim& claim, const Fr& factor) {
  const Shape& s = context_.shape;
  std::vector<Fr>& target = features(claim.kind, concatenate(claim.t, claim.i));
  for (const TensorClaim::Part& part : claim.parts) {
    const FrHandle table =
        context_.backend.eq_table(claim.features, s.n[part.layer], factor * part.scale);
    const std::vector<Fr> chi = context_.backend.download(*table);
    for (std::size_t j = 0; j < chi.size(); ++j) target[s.offset[part.layer] + j] += chi[j];
  }
}

void ZkReluWeights::add_eq(std::span<const Fr> omega) {
  const Shape& s = context_.shape;
  const EvalPoint times(omega.begin() + s.phi_bits, omega.end());
  features(kWeightEq, times) =
      context_.backend.download(*chi_table(context_, omega.first(s.phi_bits), s.phi));
}

Fr ZkReluWeights::on_labels() const {
  const Shape& s = context_.shape;
  Backend& backend = context_.backend;
  Fr sum = Fr::zero();
  for (const auto& [time, values] : kinds_[kWeightGL]) {
    const std::span<const Fr> last = std::span<const Fr>(values).subspan(s.offset[s.L], s.n[s.L]);
    const FrHandle columns =
        backend.weighted_row_sum(context_.witness.labels(s), *backend.upload(last));
    const ProductTerm term{Fr::one(), nullptr, 0, columns, times(time)};
    sum += backend.product_sum({&term, 1});
  }
  return sum;
}

std::vector<ZkReluSum::Part> ZkReluWeights::masked(const Fr& theta) const {
  std::vector<ZkReluSum::Part> parts;
  for (std::size_t time = 0; time < times_.size(); ++time) {
    ZkReluSum::Part part{nullptr, upload(kWeightA, time, Fr::one()), upload(kWeightG, time, Fr::one()),
                         upload(kWeightEq, time, theta)};
    if (!part.v && !part.g && !part.m) continue;
    part.time = times(time);
    parts.push_back(std::move(part));
  }
  return parts;
}

FrHandle ZkReluWeights::bound(ZkReluKind kind, std::span<const Fr> reached) const {
  FrHandle out = context_.backend.zeros(context_.shape.phi);
  for (const auto& [time, values] : kinds_[kind]) {
    context_.backend.add_scaled(*out, eq(times_[time], reached), *context_.backend.upload(values));
  }
  return out;
}

std::vector<Fr>& ZkReluWeights::features(ZkReluKind kind, const EvalPoint& time) {
  std::size_t index = 0;
  while (index < times_.size() && times_[index] != time) ++index;
  if (index == times_.size()) times_.push_back(time);
  for (auto& [known, values] : kinds_[kind]) {
    if (known == index) return values;
  }
  kinds_[kind].push_back({index, std::vector<Fr>(context_.shape.phi, Fr::zero())});
  return kinds_[kind].back().second;
}

FrHandle ZkReluWeights::times(std::size_t time) const {
  return chi_table(context_, times_[time], context_.shape.TB);
}

FrHandle ZkReluWeights::upload(ZkReluKind kind, std::size_t time, const Fr& scale) const {
  for (const auto& [known, values] : kinds_[kind]) {
    if (known != time) continue;
    const FrHandle out = context_.backend.zeros(values.size());
    context_.backend.add_scaled(*out, scale, *context_.backend.upload(values));
    return out;
  }
  return nullptr;
}

}  // namespace trainproof
