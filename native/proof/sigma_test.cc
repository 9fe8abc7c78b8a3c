#include "proof/sigma.h"

#include <fstream>
#include <iterator>

#include "backend/cpu/cpu_backend.h"
#include "commit/generators.h"
#include "mle/eq.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

Backend& backend() {
  static const Generators generators = [] {
    std::ifstream file(TRAINPROOF_DATA "/generators.bin", std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return Generators::load(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }();
  static const std::unique_ptr<Backend> cpu = make_cpu_backend(generators);
  return *cpu;
}

Fr fr(std::int64_t x) { return Fr::from_i64(x); }

// base + x · point
AffinePoint add_scaled(const AffinePoint& base, const Fr& x, const AffinePoint& point) {
  const std::array<AffinePoint, 2> points = {base, point};
  const std::array<Fr, 2> scalars = {Fr::one(), x};
  return msm(points, scalars).to_affine();
}

Fr evaluate(const Affine& affine, const Fr& constant_scale, std::span<const Fr> values) {
  Fr sum = affine.constant() * constant_scale;
  for (const auto& [index, coefficient] : affine.terms()) sum += coefficient * values[index];
  return sum;
}

// A conversation of four values and a row of two columns, with one constraint of each kind; `product` is the value said
// for the product and `opened` the one for the row's extension at y.
struct Checks {
  bool form, row, pads, product;
};
Checks converse(const Fr& product, const Fr& opened_difference, const Fr& zero_difference) {
  SeededRandom random(1);
  Transcript transcript, verifier;
  SecretVector<Fr> pads(5);
  for (Fr& pad : pads) pad = random.field();
  const Fr pads_blinding = random.field();
  const AffinePoint K = backend().commit_pads(pads, pads_blinding);

  CombinedRow row{SecretVector<Fr>{fr(7), fr(-9)}, random.field()};
  const AffinePoint C_u = backend().commit_columns(*backend().upload(row.entries), row.blinding);
  const std::vector<Fr> y = {fr(12345)};
  const Fr lambda = fr(31), nu = fr(1234567), gamma = fr(7654321);
  // λ·value = ⟨u, χ(y)⟩
  const Fr opened = ((Fr::one() - y[0]) * row.entries[0] + y[0] * row.entries[1]) * lambda.inverse();

  Ledger ledger(transcript, pads);
  const std::vector<Fr> values = {fr(3), fr(5), product, fr(3 + 2 * 5) + zero_difference,
                                  opened + opened_difference};
  const std::vector<Affine> h = ledger.say("values", values);
  ledger.require_product(h[0] + Affine(fr(1)), h[1], h[2]);
  ledger.require_zero(h[0] + h[1] * fr(2) - h[3]);
  const std::vector<Affine> opening = {h[4]};
  const SigmaInput input{row, pads_blinding, y, opening, lambda, nu, gamma};
  const SigmaProof proof = prove_sigma(backend(), ledger, random, input);

  // The verifier's side, from public values only.
  verifier.absorb_scalars("values", ledger.said());
  verifier.absorb_points("sigma.masks", std::array{proof.S_u, proof.S_k});
  verifier.absorb_scalars("sigma.form", {&proof.form, 1});
  verifier.absorb_points("sigma.cross", std::array{proof.E0, proof.E1});
  const Fr x = verifier.challenge("sigma.x", 1)[0];
  const std::span<const Fr> said = ledger.said();

  // e_1 = h0 + 2 h1 − h3 and the opening: λ h4 − ⟨u, χ(y)⟩; every constant is zero.
  const std::vector<Fr> A = {nu, nu * fr(2), Fr::zero(), -nu, nu * nu * lambda};
  const auto form = [&](std::span<const Fr> u, std::span<const Fr> k) {
    Fr sum = nu * nu * ((Fr::one() - y[0]) * u[0] + y[0] * u[1]);
    for (std::size_t n = 0; n < 5; ++n) sum += A[n] * k[n];
    return sum;
  };
  Fr constant = Fr::zero();
  for (std::size_t n = 0; n < 5; ++n) constant += A[n] * said[n];

  std::vector<Fr> zeta(5);
  for (std::size_t n = 0; n < 5; ++n) zeta[n] = x * said[n] - proof.z_k[n];
  Fr products = Fr::zero(), power = Fr::one();
  for (const ProductConstraint& c : ledger.products()) {
    power *= gamma;
    products += power * (evaluate(c.x, x, zeta) * evaluate(c.y, x, zeta) - x * evaluate(c.z, x, zeta));
  }
  return {form(proof.z_u, proof.z_k) == proof.form + x * constant,
          backend().commit_columns(*backend().upload(proof.z_u), proof.z_rho_u) ==
              add_scaled(proof.S_u, x, C_u),
          backend().commit_pads(proof.z_k, proof.z_rho_k) == add_scaled(proof.S_k, x, K),
          backend().commit_columns(*backend().upload({&products, 1}), proof.z_rho_E) ==
              add_scaled(proof.E0, x, proof.E1)};
}

TEST(a_true_conversation_passes_every_check_of_section_16) {
  const Checks checks = converse(fr(20), fr(0), fr(0));
  EXPECT(checks.form);
  EXPECT(checks.row);
  EXPECT(checks.pads);
  EXPECT(checks.product);
}

TEST(a_wrong_product_fails_the_product_check_alone) {
  const Checks checks = converse(fr(21), fr(0), fr(0));
  EXPECT(checks.form && checks.row && checks.pads);
  EXPECT(!checks.product);
}

TEST(a_wrong_opening_fails_the_linear_form_alone) {
  const Checks checks = converse(fr(20), fr(1), fr(0));
  EXPECT(!checks.form);
  EXPECT(checks.row && checks.pads && checks.product);
}

TEST(a_broken_affine_constraint_fails_the_linear_form_alone) {
  const Checks checks = converse(fr(20), fr(0), fr(1));
  EXPECT(!checks.form);
  EXPECT(checks.row && checks.pads && checks.product);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
