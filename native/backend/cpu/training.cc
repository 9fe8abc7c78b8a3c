#include "backend/training.h"

#include <algorithm>
#include <mutex>

#include "backend/cpu/buffers.h"
#include "backend/cpu/training_matrix.h"
#include "backend/cpu/training_products.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

// body(row) for all rows, in chunks of about kTrainingGrain entries.
template <class Body>
void for_rows(const TrainingMatrix& shape, Body&& body) {
  parallel_for(0, shape.rows, kTrainingGrain / std::max<std::size_t>(shape.cols, 1) + 1,
               [&](std::size_t begin, std::size_t end) {
                 for (std::size_t r = begin; r < end; ++r) body(r);
               });
}

template <class T>
TrainingHandle upload_rows(HostRows<const T> from, std::size_t rows, std::size_t cols) {
  auto matrix = std::make_shared<CpuTrainingMatrix>(rows, cols);
  for_rows(*matrix, [&](std::size_t r) { std::copy_n(from.data + r * from.stride, cols, matrix->row(r)); });
  return matrix;
}

template <class T>
TrainingHandle load_rows(const IntView& view) {
  const T* data = static_cast<const T*>(static_cast<const CpuIntBuffer&>(*view.data).data);
  return upload_rows(HostRows<const T>{data + view.offset, view.stride}, view.rows, view.cols);
}

// Where `to` is in memory.
template <class T>
HostRows<T> host_rows(const IntRows& to) {
  TRAINPROOF_INVARIANT(to.data->type == int_type<T>(), "a trace's tensor of the type that is stored");
  return {static_cast<T*>(static_cast<CpuIntBuffer&>(*to.data).writable) + to.offset, to.stride};
}

class CpuTrainingBackend final : public TrainingBackend {
 public:
  std::string name() const override { return "cpu"; }

  IntHandle own(UnsetSecretVector<std::int32_t>&& values) override { return own_on_cpu(std::move(values)); }
  IntHandle own(UnsetSecretVector<std::int64_t>&& values) override { return own_on_cpu(std::move(values)); }
  IntHandle adopt(const IntHandle& integers) override { return adopt_on_cpu(integers); }
  MutableIntHandle make_integers(IntType type, std::size_t size) override { return make_cpu_integers(type, size); }
  void store_zeros(const MutableIntHandle& to, std::size_t offset, std::size_t count) override {
    const std::size_t width = bytes_of(to->type);
    auto* data = static_cast<std::uint8_t*>(static_cast<CpuIntBuffer&>(*to).writable) + offset * width;
    parallel_for(0, count * width, kTrainingGrain * sizeof(std::int64_t),
                 [&](std::size_t begin, std::size_t end) { std::fill(data + begin, data + end, std::uint8_t{0}); });
  }
  TrainingHandle load(const IntView& view) override {
    return view.data->type == IntType::kI32 ? load_rows<std::int32_t>(view) : load_rows<std::int64_t>(view);
  }
  WeightsHandle load_weights(const IntView& view) override {
    TRAINPROOF_INVARIANT(view.data->type == IntType::kI64, "weights are int64");
    const auto* data = static_cast<const std::int64_t*>(static_cast<const CpuIntBuffer&>(*view.data).data);
    return upload_weights({data + view.offset, view.stride}, view.rows, view.cols);
  }

  TrainingHandle upload(HostRows<const std::int64_t> rows, std::size_t row_count,
                        std::size_t col_count) override {
    return upload_rows(rows, row_count, col_count);
  }

  WeightsHandle upload_weights(HostRows<const std::int64_t> rows, std::size_t row_count,
                               std::size_t col_count) override {
    return std::make_shared<CpuTrainingWeights>(rows, row_count, col_count);
  }

  void download(const TrainingWeights& weights, HostRows<std::int64_t> to) override { on_cpu(weights).download(to); }
  void download(const TrainingMatrix& matrix, HostRows<std::int64_t> to) override {
    const CpuTrainingMatrix& m = on_cpu(matrix);
    for_rows(m, [&](std::size_t r) { std::copy_n(m.row(r), m.cols, to.data + r * to.stride); });
  }

  void store(const TrainingMatrix& matrix, const IntRows& to) override { download(matrix, host_rows<std::int64_t>(to)); }
  void store(const TrainingWeights& weights, const IntRows& to) override { download(weights, host_rows<std::int64_t>(to)); }

  void store_digits(const TrainingMatrix& matrix, std::int64_t offset, unsigned bits, unsigned count,
                    const IntRows& rows, std::size_t digit_stride) override {
    const HostRows<std::uint16_t> to = host_rows<std::uint16_t>(rows);
    const CpuTrainingMatrix& m = on_cpu(matrix);
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    for_rows(m, [&](std::size_t r) {
      for (unsigned i = 0; i < count; ++i) {
        std::uint16_t* out = to.data + i * digit_stride + r * to.stride;
        for (std::size_t c = 0; c < m.cols; ++c) {
          const std::uint64_t value = static_cast<std::uint64_t>(m.row(r)[c]) + static_cast<std::uint64_t>(offset);
          out[c] = static_cast<std::uint16_t>(value >> (bits * i) & mask);
        }
      }
    });
  }

  void store_signs(const TrainingMatrix& matrix, const IntRows& rows) override {
    const HostRows<std::uint8_t> to = host_rows<std::uint8_t>(rows);
    const CpuTrainingMatrix& m = on_cpu(matrix);
    for_rows(m, [&](std::size_t r) {
      for (std::size_t c = 0; c < m.cols; ++c) to.data[r * to.stride + c] = m.row(r)[c] >= 0 ? 1 : 0;
    });
  }

  std::uint64_t largest(const TrainingMatrix& matrix) override { return on_cpu(matrix).largest(); }
  std::uint64_t largest(const TrainingWeights& weights) override { return on_cpu(weights).largest(); }

  Magnitude largest_column_sum(const TrainingMatrix& matrix) override {
    const CpuTrainingMatrix& m = on_cpu(matrix);
    // In 64 bits where they suffice.
    if (Magnitude{m.largest()} * m.rows < Magnitude{1} << 64) return largest_sum_of_columns<std::uint64_t>(m);
    return largest_sum_of_columns<Magnitude>(m);
  }

  RoundedProduct forward_product(const TrainingWeights& weights, const TrainingMatrix& inputs,
                                 std::int64_t constant, Magnitude bound, unsigned shift,
                                 std::int64_t limit) override {
    return cpu_forward_product(on_cpu(weights), on_cpu(inputs), constant, {bound, shift, limit});
  }
  RoundedProduct backward_product(const TrainingWeights& weights, const TrainingMatrix& gradients, Magnitude bound,
                                  unsigned shift, std::int64_t limit) override {
    return cpu_backward_product(on_cpu(weights), on_cpu(gradients), {bound, shift, limit});
  }
  std::optional<RangeViolation> update_weights(TrainingWeights& weights, const TrainingMatrix& inputs,
                                               std::int64_t constant, const TrainingMatrix& gradients,
                                               std::uint64_t eta, Magnitude bound) override {
    return cpu_update_weights(on_cpu(weights), on_cpu(inputs), constant, on_cpu(gradients), eta, bound);
  }

  TrainingHandle relu(const TrainingMatrix& z) override {
    return each_entry(z, z, [](std::int64_t x, std::int64_t) { return std::max<std::int64_t>(x, 0); });
  }
  TrainingHandle mask(const TrainingMatrix& g, const TrainingMatrix& z) override {
    return each_entry(g, z, [](std::int64_t x, std::int64_t y) { return y >= 0 ? x : std::int64_t{0}; });
  }
  TrainingHandle output_gradient(const TrainingMatrix& z, unsigned z_shift, const TrainingMatrix& y,
                                 unsigned y_shift) override {
    const std::int64_t z_scale = std::int64_t{1} << z_shift, y_scale = std::int64_t{1} << y_shift;
    return each_entry(z, y, [=](std::int64_t a, std::int64_t b) { return z_scale * a - y_scale * b; });
  }

 private:
  template <class Sum>
  static Magnitude largest_sum_of_columns(const CpuTrainingMatrix& m) {
    // By rows, which lie in a row: each thread adds up all columns of its own.
    std::mutex mutex;
    SecretVector<Sum> sums(m.cols);
    parallel_for(0, m.rows, kTrainingGrain / std::max<std::size_t>(m.cols, 1) + 1, [&](std::size_t begin, std::size_t end) {
      SecretVector<Sum> part(m.cols);
      for (std::size_t r = begin; r < end; ++r) {
        const std::int64_t* row = m.row(r);
        for (std::size_t c = 0; c < m.cols; ++c) part[c] += absolute(row[c]);
      }
      const std::lock_guard lock(mutex);
      for (std::size_t c = 0; c < m.cols; ++c) sums[c] += part[c];
    });
    return sums.empty() ? 0 : *std::max_element(sums.begin(), sums.end());
  }

  template <class Function>
  static TrainingHandle each_entry(const TrainingMatrix& left, const TrainingMatrix& right, Function&& function) {
    const CpuTrainingMatrix& a = on_cpu(left);
    const CpuTrainingMatrix& b = on_cpu(right);
    auto result = std::make_shared<CpuTrainingMatrix>(a.rows, a.cols);
    for_rows(a, [&](std::size_t r) {
      std::int64_t* out = result->row(r);
      for (std::size_t c = 0; c < a.cols; ++c) out[c] = function(a.row(r)[c], b.row(r)[c]);
    });
    return result;
  }
};

}  // namespace

std::unique_ptr<TrainingBackend> make_cpu_training_backend() { return std::make_unique<CpuTrainingBackend>(); }

}  // namespace trainproof
