// What the relations leave to be proven by the next ones: points and claims, in PROTOCOL's names. Points are most
// significant coordinate first.
#ifndef TRAINPROOF_RELATION_CLAIMS_H_
#define TRAINPROOF_RELATION_CLAIMS_H_

#include <vector>

#include "field/field.h"
#include "ledger/ledger.h"

namespace trainproof {

// An evaluation point (the name Point is the curve's, curve/point.h).
using EvalPoint = std::vector<Fr>;

// §10. digits: the claim DX at (row, column) = tree1; table: the claim MU at tree2.
struct LookupClaims {
  EvalPoint tree1;
  Affine digits;
  EvalPoint tree2;
  Affine multiplicities;
};

// §11. Index l − 1 holds layer l.
struct ForwardClaims {
  EvalPoint p_t, p_i, p_j;
  EvalPoint t_star, k_star;
  Fr lambda;
  Affine sum;
  std::vector<Affine> activations;  // a_l, on A_{l−1} without constant column
  std::vector<Affine> weights;      // w_l
};

// §12, L > 1 only. Index l − 1 holds layer l < L.
struct BackwardClaims {
  EvalPoint p_t, p_i, p_k;
  EvalPoint t_deg, j_deg;
  Fr lambda;
  Affine sum;
  std::vector<Affine> gradients;  // g_l, on G_{l+1}
  std::vector<Affine> weights;    // w'_l, on W_{l+1} without bias row
};

// §13. One row of its table.
struct WeightClaim {
  enum Source { kForward, kBackward, kOut } source;
  unsigned layer;  // 1 … L
  EvalPoint in, out;
};

struct UpdateClaims {
  std::vector<WeightClaim> claims;  // 3L − 1
  Fr delta;
  EvalPoint p_w;  // startKind 2: where the range of W^in is looked at
  EvalPoint t_u, i_u;
  Affine weights_in;  // startKind 1 and 2; a public constant otherwise
  Affine weights_out;
  std::vector<Affine> activations;  // A_c
  std::vector<Affine> gradients;    // G_c
};

// §14. A tensor claim on G_L, kept for y*'s weights on the labels.
struct LabelClaim {
  Fr scale;        // ε^c
  EvalPoint features;  // χ_j(features), j < n_L
  EvalPoint t, i;
};

struct ZkReluClaims {
  EvalPoint e;  // (e_φ, e_t, e_i)
  Affine m, v, r, g, h;
  Affine labels;  // y*
  std::vector<LabelClaim> label_claims;
};

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_CLAIMS_H_
