// Commitments that outlive a proof (PROTOCOL §7): weights and data set.
#ifndef TRAINPROOF_PROVER_COMMITMENTS_H_
#define TRAINPROOF_PROVER_COMMITMENTS_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "backend/backend.h"
#include "statement/statement.h"
#include "util/job.h"
#include "util/random.h"
#include "util/secret.h"

namespace trainproof {

// Row commitments and their secret blindings.
struct CommittedRows {
  std::vector<AffinePoint> rows;
  SecretVector<Fr> blindings;
};

// Commits the rows of 2^kappa entries of `data`, the last one filled with zeros, under fresh blindings.
CommittedRows commit_matrix(Backend& backend, const IntHandle& data, unsigned kappa,
                            RandomSource& random, Job& job, std::string_view phase);

// weights: |W| entries by linear address. Throws InvalidArgument for another number.
CommittedRows commit_weights(Backend& backend, const Shape& shape,
                             std::span<const std::int64_t> weights, RandomSource& random, Job& job);
// The same of a trace's, where they are.
CommittedRows commit_weights(Backend& backend, const Shape& shape, const IntHandle& weights, RandomSource& random, Job& job);

// The owner's secret of a data set: 32-byte key, and nonce fresh for each data set.
struct SampleSecret {
  std::span<const std::uint8_t, 32> key, nonce;
};

// ρ_i of sample `index`.
Fr sample_blinding(const SampleSecret& secret, std::uint64_t index);
SecretVector<Fr> sample_blindings(const SampleSecret& secret, std::span<const std::uint64_t> indices);

// Commits samples first_index, first_index + 1, …: row-major, `columns` ≤ 8192 integers each.
std::vector<AffinePoint> commit_samples(Backend& backend, std::span<const std::int32_t> rows,
                                        std::size_t columns, std::uint64_t first_index,
                                        const SampleSecret& secret, Job& job);

}  // namespace trainproof

#endif  // TRAINPROOF_PROVER_COMMITMENTS_H_
