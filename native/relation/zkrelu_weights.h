// Claims on Z, A, GA and G, and the weights that they give to features and times (PROTOCOL §14).
#ifndef TRAINPROOF_RELATION_ZKRELU_WEIGHTS_H_
#define TRAINPROOF_RELATION_ZKRELU_WEIGHTS_H_

#include <array>
#include <utility>
#include <vector>

#include "relation/claims.h"
#include "relation/context.h"

namespace trainproof {

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

// The claims in PROTOCOL §14's order.
std::vector<TensorClaim> tensor_claims(const Shape& s, const ForwardClaims& forward,
                                       const BackwardClaims* backward, const UpdateClaims& update);

// The claims' weights, merged by kind and time point: Σ_p F_{kind,p}(φ)·χ(time p).
class ZkReluWeights {
 public:
  explicit ZkReluWeights(Context& context) : context_(context) {}

  void add(const TensorClaim& claim, const Fr& factor);
  // eq(Ω, ·): Ω's high coordinates on the features, its low ones on the times.
  void add_eq(std::span<const Fr> omega);

  // Σ over the claims on G_L of their weights applied to the labels Y.
  Fr on_labels() const;
  // The parts that multiply the mask, one for each time point that has any.
  std::vector<ZkReluSum::Part> masked(const Fr& theta) const;
  // Appends terms (a, b): a are the kind's times and b is what tensor(first, weights) makes, the sum over φ of
  // weights(φ)·tensor(first + φ, c). G_L's weights begin with the last layer, the others with the first.
  template <class Tensor>
  void add_linear(ZkReluKind kind, const Tensor& tensor, std::vector<ProductTerm>& terms) const {
    const std::size_t first = kind == kWeightGL ? context_.shape.offset[context_.shape.L] : 0;
    for (const auto& [time, values] : kinds_[kind]) {
      terms.push_back({Fr::one(), nullptr, 0, times(time), tensor(first, std::span<const Fr>(values).subspan(first))});
    }
  }
  // With the times bound to `reached`, a kind's weight is one vector over the features.
  FrHandle bound(ZkReluKind kind, std::span<const Fr> reached) const;

 private:
  std::vector<Fr>& features(ZkReluKind kind, const EvalPoint& time);
  FrHandle times(std::size_t time) const;
  // Null where the kind has no weights at this time.
  FrHandle upload(ZkReluKind kind, std::size_t time, const Fr& scale) const;

  Context& context_;
  std::vector<EvalPoint> times_;
  std::array<std::vector<std::pair<std::size_t, std::vector<Fr>>>, kZkReluKinds> kinds_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_ZKRELU_WEIGHTS_H_
