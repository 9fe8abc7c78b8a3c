// The data-parallel operations that training is made of (PROTOCOL §4). What is computed, in which order and
// when it is out of range is train/'s business; a backend owns the matrices of the step at hand. Every
// operation is exact, so that two backends agree bit for bit.
#ifndef TRAINPROOF_BACKEND_TRAINING_H_
#define TRAINPROOF_BACKEND_TRAINING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "backend/integers.h"
#include "util/secret.h"

namespace trainproof {

using Magnitude = unsigned __int128;

// A matrix of int64 on the backend: rows are features, columns the batch's samples.
struct TrainingMatrix {
  virtual ~TrainingMatrix() = default;
  std::size_t rows = 0;
  std::size_t cols = 0;
};
using TrainingHandle = std::shared_ptr<TrainingMatrix>;

// A layer's weights, int64 in whatever form its products like best: rows are inputs with the bias last, columns outputs.
struct TrainingWeights {
  virtual ~TrainingWeights() = default;
  std::size_t rows = 0;
  std::size_t cols = 0;
};
using WeightsHandle = std::shared_ptr<TrainingWeights>;

// Rows in host memory: entry (row, col) at data[row · stride + col].
template <class T>
struct HostRows {
  T* data = nullptr;
  std::size_t stride = 0;
};

// An entry outside its range, the first by column, then row.
struct RangeViolation {
  std::size_t row = 0;
  std::size_t col = 0;
  double value = 0;  // about
};

// sum = 2^shift · quotient + remainder − 2^(shift − 1), 0 ≤ remainder < 2^shift: rounding half up. If some quotient
// lies outside [−limit, limit), `violation` says the first and the matrices are null.
struct RoundedProduct {
  TrainingHandle quotient, remainder;
  std::optional<RangeViolation> violation;
};

class TrainingBackend {
 public:
  virtual ~TrainingBackend() = default;
  virtual std::string name() const = 0;

  // --- Integers, which a proof on the same device takes where they are.
  // A vector of the caller's: the CPU keeps it, a GPU keeps a copy.
  virtual IntHandle own(UnsetSecretVector<std::int32_t>&& values) = 0;
  virtual IntHandle own(UnsetSecretVector<std::int64_t>&& values) = 0;
  // See Backend::adopt.
  virtual IntHandle adopt(const IntHandle& integers) = 0;
  // To be stored to; until then its entries are unset.
  virtual MutableIntHandle make_integers(IntType type, std::size_t size) = 0;
  // To entries [offset, offset + count), of any type.
  virtual void store_zeros(const MutableIntHandle& to, std::size_t offset, std::size_t count) = 0;
  // A matrix of a view's int32 or int64, all of them within the data.
  virtual TrainingHandle load(const IntView& view) = 0;
  // A layer's weights of a view's int64, likewise.
  virtual WeightsHandle load_weights(const IntView& view) = 0;
  // To int64.
  virtual void store(const TrainingMatrix& matrix, const IntRows& to) = 0;
  virtual void store(const TrainingWeights& weights, const IntRows& to) = 0;
  // Digit i of (entry + offset), that is bits [bits·i, bits·(i+1)) of it in two's complement, to uint16 at
  // i · digit_stride beyond `to`'s place, for i < count.
  virtual void store_digits(const TrainingMatrix& matrix, std::int64_t offset, unsigned bits, unsigned count,
                            const IntRows& to, std::size_t digit_stride) = 0;
  // 1 where an entry is ≥ 0, else 0; to uint8.
  virtual void store_signs(const TrainingMatrix& matrix, const IntRows& to) = 0;

  // --- Matrices of host memory: a step's outputs, and tests'.
  virtual TrainingHandle upload(HostRows<const std::int64_t> rows, std::size_t row_count,
                                std::size_t col_count) = 0;
  virtual WeightsHandle upload_weights(HostRows<const std::int64_t> rows, std::size_t row_count,
                                       std::size_t col_count) = 0;
  virtual void download(const TrainingMatrix& matrix, HostRows<std::int64_t> to) = 0;
  virtual void download(const TrainingWeights& weights, HostRows<std::int64_t> to) = 0;

  // --- Magnitudes, from which the caller derives the bounds below.
  virtual std::uint64_t largest(const TrainingMatrix& matrix) = 0;         // max |entry|
  virtual std::uint64_t largest(const TrainingWeights& weights) = 0;       // likewise
  virtual Magnitude largest_column_sum(const TrainingMatrix& matrix) = 0;  // max over columns of Σ_rows |entry|

  // --- Products. `bound` is at least the magnitude of every sum and partial sum plus 2^(shift − 1): below 2^63 a
  // backend may add in 64 bits, below 2^127 (always) in 128. 1 ≤ shift ≤ 56, limit ≤ 2^32.
  // Forward: sum(j, c) = Σ_{k < inputs.rows} weights(k, j) · inputs(k, c) + weights(inputs.rows, j) · constant.
  virtual RoundedProduct forward_product(const TrainingWeights& weights, const TrainingMatrix& inputs,
                                         std::int64_t constant, Magnitude bound, unsigned shift,
                                         std::int64_t limit) = 0;
  // Backward: sum(k, c) = Σ_j weights(k, j) · gradients(j, c), k < weights.rows − 1.
  virtual RoundedProduct backward_product(const TrainingWeights& weights, const TrainingMatrix& gradients,
                                          Magnitude bound, unsigned shift, std::int64_t limit) = 0;
  // Update: weights(k, j) −= eta · Σ_c inputs(k, c) · gradients(j, c), and with `constant` for inputs in the bias row.
  // `bound` (saturated) is at least every |weight| + eta · |sum|, before and after. A weight that leaves
  // (−2^63, 2^63), possible only if bound ≥ 2^63, is reported; the weights are then of no more use.
  virtual std::optional<RangeViolation> update_weights(TrainingWeights& weights, const TrainingMatrix& inputs,
                                                       std::int64_t constant, const TrainingMatrix& gradients,
                                                       std::uint64_t eta, Magnitude bound) = 0;

  // --- Entry by entry.
  virtual TrainingHandle relu(const TrainingMatrix& z) = 0;  // max(z, 0)
  // g where z ≥ 0, else 0.
  virtual TrainingHandle mask(const TrainingMatrix& g, const TrainingMatrix& z) = 0;
  // 2^z_shift · z − 2^y_shift · y; the caller has made sure that it fits.
  virtual TrainingHandle output_gradient(const TrainingMatrix& z, unsigned z_shift, const TrainingMatrix& y,
                                         unsigned y_shift) = 0;
};

std::unique_ptr<TrainingBackend> make_cpu_training_backend();

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_TRAINING_H_
