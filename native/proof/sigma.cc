#include "proof/sigma.h"

#include "mle/eq.h"

namespace trainproof {

namespace {

SecretVector<Fr> draw(RandomSource& random, std::size_t count) {
  SecretVector<Fr> out(count);
  for (Fr& x : out) x = random.field();
  return out;
}

Fr inner_product(std::span<const Fr> x, std::span<const Fr> y) {
  Fr sum = Fr::zero();
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

// m(a_0 + Σ a_n h_n) = Σ a_n k'_n
Fr mask_of(const Affine& x, std::span<const Fr> masks) {
  Fr sum = Fr::zero();
  for (const auto& [index, coefficient] : x.terms()) sum += coefficient * masks[index];
  return sum;
}

// e0 = Σ γ^n m(x)m(y), e1 = Σ γ^n (m(z) − x·m(y) − y·m(x))
struct CrossTerms {
  Fr e0 = Fr::zero(), e1 = Fr::zero();
};
CrossTerms cross_terms(const Ledger& ledger, std::span<const Fr> masks, const Fr& gamma) {
  CrossTerms out;
  Fr power = Fr::one();
  for (const ProductConstraint& c : ledger.products()) {
    power *= gamma;
    const Fr mx = mask_of(c.x, masks), my = mask_of(c.y, masks), mz = mask_of(c.z, masks);
    out.e0 += power * mx * my;
    out.e1 += power * (mz - ledger.value(c.x) * my - ledger.value(c.y) * mx);
  }
  return out;
}

AffinePoint commit_one(Backend& backend, const Fr& value, const Fr& blinding) {
  return backend.commit_columns(*backend.upload({&value, 1}), blinding);
}

// mask + x · secret
std::vector<Fr> answer(std::span<const Fr> mask, const Fr& x, std::span<const Fr> secret) {
  std::vector<Fr> out(mask.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = mask[i] + x * secret[i];
  return out;
}

}  // namespace

LinearForm batch_affine_constraints(const Ledger& ledger, const SigmaInput& input) {
  LinearForm form{std::vector<Fr>(ledger.said_count(), Fr::zero()), input.nu};
  for (const Affine& zero : ledger.zeros()) {
    for (const auto& [index, coefficient] : zero.terms()) {
      form.coefficients[index] += form.last * coefficient;
    }
    form.last *= input.nu;
  }
  // The last constraint: Σ_k λ_O^k value_k − ⟨u, χ(y)⟩ = 0.
  Fr scale = form.last;
  for (const Affine& value : input.values) {
    scale *= input.lambda;
    for (const auto& [index, coefficient] : value.terms()) {
      form.coefficients[index] += scale * coefficient;
    }
  }
  return form;
}

SigmaProof prove_sigma(Backend& backend, Ledger& ledger, RandomSource& random,
                       const SigmaInput& input) {
  Transcript& transcript = ledger.transcript();
  const std::size_t columns = input.row.entries.size();
  const std::vector<Fr> chi_y = eq_table(input.y, columns);
  const LinearForm form = batch_affine_constraints(ledger, input);

  const SecretVector<Fr> row_mask = draw(random, columns);                // u'
  const SecretVector<Fr> pad_mask = draw(random, ledger.said_count());    // k'
  const SecretVector<Fr> blindings = draw(random, 4);                     // ρ'_u, ρ'_k, ρ_0, ρ_1
  const CrossTerms cross = cross_terms(ledger, pad_mask, input.gamma);

  SigmaProof proof;
  proof.S_u = backend.commit_columns(*backend.upload(row_mask), blindings[0]);
  proof.S_k = backend.commit_pads(pad_mask, blindings[1]);
  proof.form = inner_product(form.coefficients, pad_mask) + form.last * inner_product(row_mask, chi_y);
  proof.E0 = commit_one(backend, cross.e0, blindings[2]);
  proof.E1 = commit_one(backend, cross.e1, blindings[3]);
  transcript.absorb_points("sigma.masks", std::array{proof.S_u, proof.S_k});
  transcript.absorb_scalars("sigma.form", {&proof.form, 1});
  transcript.absorb_points("sigma.cross", std::array{proof.E0, proof.E1});

  const Fr x = ledger.challenge("sigma.x");
  proof.z_u = answer(row_mask, x, input.row.entries);
  proof.z_k = answer(pad_mask, x, ledger.pads());
  proof.z_rho_u = blindings[0] + x * input.row.blinding;
  proof.z_rho_k = blindings[1] + x * input.pads_blinding;
  proof.z_rho_E = blindings[2] + x * blindings[3];

  std::vector<Fr> answers = proof.z_u;
  answers.insert(answers.end(), proof.z_k.begin(), proof.z_k.end());
  answers.insert(answers.end(), {proof.z_rho_u, proof.z_rho_k, proof.z_rho_E});
  transcript.absorb_scalars("sigma.answer", answers);
  ledger.challenge("sigma.psi");
  return proof;
}

}  // namespace trainproof
