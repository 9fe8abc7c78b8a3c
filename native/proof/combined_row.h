// The one row that the opening comes down to (PROTOCOL §15): all committed rows, combined by λ_O and χ(x).
#ifndef TRAINPROOF_PROOF_COMBINED_ROW_H_
#define TRAINPROOF_PROOF_COMBINED_ROW_H_

#include <span>

#include "relation/context.h"

namespace trainproof {

// Row blindings of the committed matrices; weights_in is empty for startKind 0.
struct RowBlindings {
  std::span<const Fr> digits, bits, multiplicities, weights_in, weights_out, samples;
};

// u = Σ_k λ^k Σ_ρ χ_ρ(x)·(row ρ of matrix k), 2^κ entries, and ρ_u likewise.
struct CombinedRow {
  SecretVector<Fr> entries;
  Fr blinding;
};

// x: the row part of the opening's point, o − κ coordinates.
CombinedRow combine_rows(const Context& context, std::span<const Fr> x, const Fr& lambda,
                         const RowBlindings& blindings);

}  // namespace trainproof

#endif  // TRAINPROOF_PROOF_COMBINED_ROW_H_
