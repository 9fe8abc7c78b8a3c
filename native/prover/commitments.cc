#include "prover/commitments.h"

#include <algorithm>
#include <string>

#include "transcript/transcript.h"
#include "util/error.h"

namespace trainproof {

namespace {

constexpr std::size_t kMaxColumns = 8192;
// Rows committed between two looks at the job.
constexpr std::size_t kChunkRows = 2048;

// Commits a view in chunks of rows, telling the job how far it is.
std::vector<AffinePoint> commit_in_chunks(Backend& backend, const IntView& view,
                                          std::span<const Fr> blindings, Job& job,
                                          std::string_view phase) {
  std::vector<AffinePoint> rows;
  rows.reserve(view.rows);
  while (rows.size() < view.rows) {
    job.phase(phase, static_cast<double>(rows.size()) / static_cast<double>(view.rows));
    job.check();
    IntView chunk = view;
    chunk.offset += rows.size() * view.stride;
    chunk.rows = std::min(kChunkRows, view.rows - rows.size());
    const std::vector<AffinePoint> part =
        backend.commit_rows(chunk, blindings.subspan(rows.size(), chunk.rows));
    rows.insert(rows.end(), part.begin(), part.end());
  }
  job.phase(phase, 1);
  return rows;
}

}  // namespace

CommittedRows commit_matrix(Backend& backend, const IntHandle& data, unsigned kappa,
                            RandomSource& random, Job& job, std::string_view phase) {
  const std::size_t columns = std::size_t{1} << kappa;
  const IntView view{data, 0, (data->size + columns - 1) / columns, columns, columns};
  CommittedRows out;
  out.blindings.resize(view.rows);
  for (Fr& blinding : out.blindings) blinding = random.field();
  out.rows = commit_in_chunks(backend, view, out.blindings, job, phase);
  return out;
}

CommittedRows commit_weights(Backend& backend, const Shape& shape,
                             std::span<const std::int64_t> weights, RandomSource& random,
                             Job& job) {
  return commit_weights(backend, shape, backend.borrow(IntType::kI64, weights.data(), weights.size()), random, job);
}

CommittedRows commit_weights(Backend& backend, const Shape& shape, const IntHandle& weights, RandomSource& random, Job& job) {
  if (weights->size != shape.weight_size) {
    throw InvalidArgument("weights has " + std::to_string(weights->size) +
                          " entries, the statement's widths imply " +
                          std::to_string(shape.weight_size));
  }
  return commit_matrix(backend, backend.adopt(weights), shape.kappa, random, job, "commit weights");
}

// hash512("trainproof/1/sample-blinding" ‖ key ‖ nonce ‖ u64 index) mod r
Fr sample_blinding(const SampleSecret& secret, std::uint64_t index) {
  constexpr std::string_view kTag = "trainproof/1/sample-blinding";
  SecretVector<std::uint8_t> message(kTag.begin(), kTag.end());
  message.insert(message.end(), secret.key.begin(), secret.key.end());
  message.insert(message.end(), secret.nonce.begin(), secret.nonce.end());
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    message.push_back(static_cast<std::uint8_t>(index >> (shift - 8)));
  }
  SecretVector<std::uint8_t> hash;
  for (std::uint8_t half : {0, 1}) {
    message.push_back(half);
    const auto digest = keccak256(message);
    hash.insert(hash.end(), digest.begin(), digest.end());
    message.pop_back();
  }
  return Fr::from_hash512(std::span<const std::uint8_t, 64>(hash.data(), 64));
}

SecretVector<Fr> sample_blindings(const SampleSecret& secret,
                                  std::span<const std::uint64_t> indices) {
  SecretVector<Fr> out(indices.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = sample_blinding(secret, indices[i]);
  return out;
}

std::vector<AffinePoint> commit_samples(Backend& backend, std::span<const std::int32_t> rows,
                                        std::size_t columns, std::uint64_t first_index,
                                        const SampleSecret& secret, Job& job) {
  if (columns < 1 || columns > kMaxColumns) {
    throw InvalidArgument("a sample has " + std::to_string(columns) +
                          " columns; a commitment row holds 1 to " + std::to_string(kMaxColumns));
  }
  if (rows.empty() || rows.size() % columns != 0) {
    throw InvalidArgument("rows has " + std::to_string(rows.size()) +
                          " entries, which is no positive multiple of the " +
                          std::to_string(columns) + " columns");
  }
  const std::size_t count = rows.size() / columns;
  SecretVector<Fr> blindings(count);
  for (std::size_t i = 0; i < count; ++i) blindings[i] = sample_blinding(secret, first_index + i);
  const IntHandle data = backend.borrow(IntType::kI32, rows.data(), rows.size());
  return commit_in_chunks(backend, {data, 0, count, columns, columns}, blindings, job,
                          "commit samples");
}

}  // namespace trainproof
