#include "proof/combined_row.h"

#include <algorithm>

#include "util/error.h"

namespace trainproof {

CombinedRow combine_rows(const Context& context, std::span<const Fr> x, const Fr& lambda,
                         const RowBlindings& blindings) {
  const Shape& s = context.shape;
  Backend& backend = context.backend;
  const std::size_t columns = std::size_t{1} << s.kappa;
  CombinedRow out{SecretVector<Fr>(columns), Fr::zero()};
  Fr power = Fr::one();

  // λ^k χ_ρ(x), ρ < rows, and its share of ρ_u.
  const auto next_weights = [&](std::span<const Fr> row_blindings, std::size_t rows) {
    TRAINPROOF_INVARIANT(row_blindings.size() == rows, "one blinding for each committed row");
    power *= lambda;
    FrHandle weights = backend.eq_table(x, rows, power);
    const std::vector<Fr> host = backend.download(*weights);
    for (std::size_t row = 0; row < rows; ++row) out.blinding += host[row] * row_blindings[row];
    return weights;
  };
  const auto add = [&](const FrHandle& part) {
    std::vector<Fr> host = backend.download(*part);
    for (std::size_t i = 0; i < host.size(); ++i) out.entries[i] += host[i];
    wipe(host);
  };
  const auto add_matrix = [&](const IntHandle& data, std::span<const Fr> row_blindings,
                              std::size_t rows) {
    const FrHandle weights = next_weights(row_blindings, rows);
    add(backend.weighted_row_sum({data, 0, rows, columns, columns}, *weights));
    context.job.check();
  };

  const Witness& w = context.witness;
  add_matrix(w.digits, blindings.digits, s.rows_D);
  add_matrix(w.bits, blindings.bits, s.rows_M);
  add_matrix(w.mu, blindings.multiplicities, s.rows_mu);
  if (context.statement.committed_start()) {
    add_matrix(w.weights_in, blindings.weights_in, s.rows_W);
  }
  add_matrix(w.weights_out, blindings.weights_out, s.rows_W);

  // X is stored feature-major: its row c, column f is entry (f, c) of the batch.
  const FrHandle weights = next_weights(blindings.samples, s.TB);
  const std::size_t used = s.n[0] + s.n[s.L];
  const FrHandle part = backend.zeros(used);
  backend.row_dot({w.batch, 0, used, s.TB, s.TB}, *weights, 1, *part, 0, used);
  add(part);
  return out;
}

}  // namespace trainproof
