#include "relation/lookup.h"

#include <numeric>
#include <string>

#include "mle/eq.h"
#include "sumcheck/sumcheck.h"
#include "util/error.h"

namespace trainproof {

namespace {

struct Level {
  FrHandle p, q;
};

// levels[l] has the 2^l nodes of level l; levels.back() are the leaves.
std::vector<Level> make_levels(Backend& backend, Level leaves, unsigned depth, Job& job) {
  std::vector<Level> levels(depth + 1);
  levels[depth] = std::move(leaves);
  for (unsigned l = depth; l-- > 0;) {
    backend.fraction_parents(levels[l + 1].p, levels[l + 1].q, levels[l].p, levels[l].q);
    job.check();
  }
  return levels;
}

Level tree1_leaves(const Context& context, const Fr& alpha) {
  const Shape& s = context.shape;
  const std::vector<Backend::LeafRows> rows = {
      {context.witness.all_digits(s), 0},
      {context.witness.features(s), context.statement.x0},
      {context.witness.labels(s), context.statement.y0}};
  return {nullptr, context.backend.lookup_leaves(rows, alpha)};
}

Level tree2_leaves(const Context& context, const Fr& alpha) {
  const std::size_t size = std::size_t{1} << context.shape.b;
  const IntView mu{context.witness.mu, 0, 1, size, size};
  std::vector<std::uint32_t> table(size);
  std::iota(table.begin(), table.end(), 0u);
  const IntHandle values = context.backend.borrow(IntType::kU32, table.data(), size);
  const std::vector<Backend::LeafRows> rows = {{{values, 0, 1, size, size}, 0}};
  return {context.backend.combine_digits({&mu, 1}, context.shape.b),
          context.backend.lookup_leaves(rows, alpha)};
}

// A fraction's claim: the values p, q at the point e of their level.
struct FractionClaim {
  Affine p, q;
  EvalPoint e;
};

// The sumcheck of Σ_x eq(e, x)·(q1·(λ·p0 + q0) + λ·p1·q0)(x) in its rounds; `fold` is left with the last
// challenge, not yet bound in the level. In round k, with bit k − 1 as X,
//   s(X) = Π_{former bits} eq(e_i, r_i) · eq(e_{k−1}, X) · h(X),   h(X) = Σ_y eq(e_rest, y)·bracket(X, y),
// and the backend gives h(0) − 1 (the bracket's default is 1, and Σ_y eq(e_rest, y) = 1) and h's coefficient of X². The
// third is in the claim (Gruen, eprint 2024/108): c·h(1) + (1 − c)·h(0) is the former round's h at its challenge.
void rounds(Context& context, Sumcheck& sumcheck, std::span<const Fr> e, Level& level,
            const Fr& lambda, Fr& fold) {
  const Fr one = Fr::one();
  std::vector<Fr> inverses(e.begin(), e.end());
  batch_inverse(std::span<Fr>(inverses));
  Fr bound = one, claim = context.ledger.value(sumcheck.claim());
  for (std::size_t k = 0; k < e.size(); ++k) {
    const std::size_t i = e.size() - 1 - k;
    const auto [default_less, leading] = context.backend.logup_round(level.p, level.q, k == 0 ? nullptr : &fold,
                                                                     split_eq(e.first(i)), lambda);
    const Fr at0 = one - e[i];
    // A coordinate is a challenge: zero with a probability of 2^-254.
    TRAINPROOF_INVARIANT(!e[i].is_zero(), "a challenge is zero: prove again");
    const Fr h0 = default_less + one, h1 = (claim - at0 * h0) * inverses[i];
    const Fr h2 = (h1 + leading).doubled() - h0;
    // eq(c, X) = (1 − c) + X·(2c − 1)
    const Fr slope = e[i].doubled() - one;
    const Fr at2 = at0 + slope.doubled();
    const std::array<Fr, 3> evaluations = {
        bound * at0 * h0, bound * at2 * h2,
        bound * (at2 + slope) * extrapolate_to_three(h0, h1, h2)};
    fold = sumcheck.round(evaluations);
    bound *= at0 + slope * fold;
    claim = h0 + fold * (h1 - h0 - leading + fold * leading);
    context.job.check();
  }
}

// From the root's claim to the leaves' (PROTOCOL §10, steps 1 to 3). Consumes the levels.
FractionClaim descend(Context& context, const std::string& name, std::vector<Level> levels,
                      FractionClaim claim, double progress, double share) {
  Ledger& ledger = context.ledger;
  levels[0] = {};
  for (std::size_t l = 0; l + 1 < levels.size(); ++l) {
    Level level = std::move(levels[l + 1]);
    const Fr lambda = ledger.challenge(name + ".lambda");
    Sumcheck sumcheck(ledger, name, claim.p * lambda + claim.q);
    Fr fold;
    rounds(context, sumcheck, claim.e, level, lambda, fold);
    const auto [p0, p1, q0, q1] =
        context.backend.logup_finish(level.p, level.q, l == 0 ? nullptr : &fold);

    const std::array<Fr, 6> values = {p0, p1, q0, q1, q1 * (lambda * p0 + q0), p1 * q0};
    const std::vector<Affine> said = ledger.say(name + ".children", values);
    const Affine &P0 = said[0], &P1 = said[1], &Q0 = said[2], &Q1 = said[3], &S = said[4],
                 &U = said[5];
    ledger.require_product(Q1, P0 * lambda + Q0, S);
    ledger.require_product(P1, Q0, U);
    const EvalPoint rho = sumcheck.point();
    ledger.require_zero(sumcheck.claim() - (S + U * lambda) * eq(claim.e, rho));

    const Fr c = ledger.challenge(name + ".child");
    claim.p = P0 + (P1 - P0) * c;
    claim.q = Q0 + (Q1 - Q0) * c;
    claim.e = rho;
    claim.e.push_back(c);
    // The work of a level doubles with each.
    const double done = 1.0 / static_cast<double>(std::size_t{1} << (levels.size() - 2 - l));
    context.job.phase("lookup", progress + share * done);
  }
  return claim;
}

}  // namespace

SecretVector<std::uint32_t> count_multiplicities(Backend& backend, const Statement& statement,
                                                 const Shape& s, const Witness& witness) {
  SecretVector<std::uint32_t> counts(std::size_t{1} << s.b);
  backend.count_values(witness.all_digits(s), 0, counts);
  backend.count_values(witness.features(s), statement.x0, counts);
  backend.count_values(witness.labels(s), statement.y0, counts);
  return counts;
}

LookupClaims prove_lookup(Context& context) {
  Ledger& ledger = context.ledger;
  Backend& backend = context.backend;
  const Shape& s = context.shape;
  const Fr alpha = ledger.challenge("lookup.alpha");

  context.job.phase("lookup", 0);
  std::vector<Level> tree1 =
      make_levels(backend, tree1_leaves(context, alpha), s.tree1_depth, context.job);
  std::vector<Level> tree2 = make_levels(backend, tree2_leaves(context, alpha), s.b, context.job);
  context.job.phase("lookup", 0.3);

  const Fr P1 = backend.download(*tree1[0].p)[0], Q1 = backend.download(*tree1[0].q)[0];
  const Fr P2 = backend.download(*tree2[0].p)[0], Q2 = backend.download(*tree2[0].q)[0];
  const std::array<Fr, 7> roots = {P1, Q1, P2, Q2, P1 * Q2, Q1 * Q2, (Q1 * Q2).inverse()};
  const std::vector<Affine> r = ledger.say("lookup.roots", roots);
  const Affine &c1 = r[4], &c2 = r[5], &inverse = r[6];
  ledger.require_product(r[0], r[3], c1);
  ledger.require_product(r[2], r[1], c1);
  ledger.require_product(r[1], r[3], c2);
  ledger.require_product(c2, inverse, Affine(Fr::one()));

  FractionClaim leaves1 = descend(context, "tree1", std::move(tree1), {r[0], r[1], {}}, 0.3, 0.65);
  FractionClaim leaves2 = descend(context, "tree2", std::move(tree2), {r[2], r[3], {}}, 0.95, 0.05);

  // Tree 1: p is the public weight of the used leaves; q's digits and data are the claim DX.
  const std::span<const Fr> e_row = std::span<const Fr>(leaves1.e).first(s.tree1_depth - s.omega);
  const std::size_t features = s.digit_rows, labels = features + s.n[0];
  const Fr below_features = prefix_weight(e_row, features);
  const Fr below_labels = prefix_weight(e_row, labels);
  const Fr used = prefix_weight(e_row, labels + s.n[s.L]);
  Affine p_defect = leaves1.p;
  p_defect -= Affine(used);
  ledger.require_zero(std::move(p_defect));
  Affine digits(alpha * used + Fr::one() - used -
                Fr::from_u64(context.statement.x0) * (below_labels - below_features) -
                Fr::from_u64(context.statement.y0) * (used - below_labels));
  digits -= leaves1.q;

  // Tree 2: q is α − (the table 0, 1, 2, … at e).
  Fr table = Fr::zero();
  for (const Fr& coordinate : leaves2.e) table = table.doubled() + coordinate;
  ledger.require_zero(leaves2.q - Affine(alpha - table));

  return {std::move(leaves1.e), std::move(digits), std::move(leaves2.e), std::move(leaves2.p)};
}

}  // namespace trainproof
