#include "backend/cuda/training.h"

#include <algorithm>
#include <span>
#include <vector>

#include "backend/cuda/buffers.h"
#include "backend/cuda/operations.h"
#include "util/error.h"
#include "util/secret.h"

namespace trainproof::cuda {

namespace {

constexpr Magnitude k63 = Magnitude{1} << 63;

struct CudaTrainingMatrix final : TrainingMatrix {
  DeviceArray<std::int64_t> entries;
  std::optional<std::uint64_t> largest;  // max |entry|, once it was asked for

  CudaTrainingMatrix(const DeviceHandle& device, std::size_t row_count, std::size_t col_count, const char* operation)
      : entries(device, row_count * col_count, operation) {
    rows = row_count;
    cols = col_count;
  }
  std::int64_t* data() const { return entries.data(); }
  std::size_t size() const { return rows * cols; }
};

// Weights are a matrix like others.
struct CudaTrainingWeights final : TrainingWeights {
  std::shared_ptr<CudaTrainingMatrix> matrix;

  explicit CudaTrainingWeights(std::shared_ptr<CudaTrainingMatrix> from) : matrix(std::move(from)) {
    rows = matrix->rows;
    cols = matrix->cols;
  }
};

// What is known of a matrix changes none of its entries.
CudaTrainingMatrix& on_device(const TrainingMatrix& m) {
  return const_cast<CudaTrainingMatrix&>(static_cast<const CudaTrainingMatrix&>(m));
}

CudaTrainingMatrix& on_device(const TrainingWeights& w) { return *static_cast<const CudaTrainingWeights&>(w).matrix; }

class CudaTrainingBackend final : public TrainingBackend {
 public:
  explicit CudaTrainingBackend(DeviceHandle device) : device_(std::move(device)) {}
  std::string name() const override { return "cuda:" + std::to_string(device_->index()); }

  IntHandle own(UnsetSecretVector<std::int32_t>&& values) override { return copy_of<std::int32_t>(values); }
  IntHandle own(UnsetSecretVector<std::int64_t>&& values) override { return copy_of<std::int64_t>(values); }
  IntHandle adopt(const IntHandle& integers) override { return adopt_on(device_, integers); }

  MutableIntHandle make_integers(IntType type, std::size_t size) override {
    device_->activate();
    return std::make_shared<CudaIntBuffer>(device_, type, size, "making room for the trace");
  }
  void store_zeros(const MutableIntHandle& to, std::size_t offset, std::size_t count) override {
    if (count == 0) return;
    device_->activate();
    const std::size_t width = bytes_of(to->type);
    auto* data = reinterpret_cast<std::uint8_t*>(static_cast<const CudaIntBuffer&>(*to).data());
    check(cudaMemsetAsync(data + offset * width, 0, count * width, device_->stream()), kStore);
  }

  TrainingHandle load(const IntView& view) override { return load_entries(view); }
  WeightsHandle load_weights(const IntView& view) override { return std::make_shared<CudaTrainingWeights>(load_entries(view)); }

  void store(const TrainingMatrix& matrix, const IntRows& to) override { store_entries(on_device(matrix), to); }
  void store(const TrainingWeights& weights, const IntRows& to) override { store_entries(on_device(weights), to); }

  void store_digits(const TrainingMatrix& matrix, std::int64_t offset, unsigned bits, unsigned count, const IntRows& to,
                    std::size_t digit_stride) override {
    device_->activate();
    const CudaTrainingMatrix& m = on_device(matrix);
    launch_split_digits(m.data(), {m.rows, m.cols, to.stride}, offset, bits, count, place<std::uint16_t>(to), digit_stride,
                        device_->stream());
  }

  void store_signs(const TrainingMatrix& matrix, const IntRows& to) override {
    device_->activate();
    const CudaTrainingMatrix& m = on_device(matrix);
    launch_signs(m.data(), {m.rows, m.cols, to.stride}, place<std::uint8_t>(to), device_->stream());
  }

  TrainingHandle upload(HostRows<const std::int64_t> rows, std::size_t row_count, std::size_t col_count) override {
    return upload_entries(rows, row_count, col_count);
  }
  WeightsHandle upload_weights(HostRows<const std::int64_t> rows, std::size_t row_count, std::size_t col_count) override {
    return std::make_shared<CudaTrainingWeights>(upload_entries(rows, row_count, col_count));
  }

  void download(const TrainingMatrix& matrix, HostRows<std::int64_t> to) override {
    download_entries(on_device(matrix), to);
  }
  void download(const TrainingWeights& weights, HostRows<std::int64_t> to) override {
    download_entries(on_device(weights), to);
  }

  std::uint64_t largest(const TrainingMatrix& matrix) override { return largest_entry(on_device(matrix)); }
  std::uint64_t largest(const TrainingWeights& weights) override { return largest_entry(on_device(weights)); }

  Magnitude largest_column_sum(const TrainingMatrix& matrix) override {
    constexpr const char* kOperation = "the largest column sum";
    device_->activate();
    const CudaTrainingMatrix& m = on_device(matrix);
    const DeviceArray<std::uint64_t> sums(device_, 2 * m.cols, kOperation);
    launch_column_sums(m.data(), m.rows, m.cols, sums.data(), device_->stream());
    SecretVector<std::uint64_t> host(2 * m.cols);
    device_->copy_out(host.data(), sums.data(), host.size() * 8, kOperation);
    device_->finish(kOperation);
    Magnitude result = 0;
    for (std::size_t c = 0; c < m.cols; ++c) result = std::max(result, (Magnitude{host[2 * c + 1]} << 64) + host[2 * c]);
    return result;
  }

  RoundedProduct forward_product(const TrainingWeights& weights, const TrainingMatrix& inputs, std::int64_t constant,
                                 Magnitude bound, unsigned shift, std::int64_t limit) override {
    const Operand left{on_device(weights).data(), weights.cols, 1};
    Operand right{on_device(inputs).data(), inputs.cols, 1};
    right.constant_k = inputs.rows;
    right.constant = constant;
    return rounded_product(left, right, weights.cols, inputs.cols, weights.rows, bound, shift, limit);
  }

  RoundedProduct backward_product(const TrainingWeights& weights, const TrainingMatrix& gradients, Magnitude bound,
                                  unsigned shift, std::int64_t limit) override {
    const Operand left{on_device(weights).data(), 1, weights.cols};
    const Operand right{on_device(gradients).data(), gradients.cols, 1};
    return rounded_product(left, right, weights.rows - 1, gradients.cols, weights.cols, bound, shift, limit);
  }

  std::optional<RangeViolation> update_weights(TrainingWeights& weights, const TrainingMatrix& inputs, std::int64_t constant,
                                               const TrainingMatrix& gradients, std::uint64_t eta, Magnitude bound) override {
    constexpr const char* kOperation = "updating weights";
    device_->activate();
    CudaTrainingMatrix& w = on_device(weights);
    w.largest.reset();
    Operand left{on_device(inputs).data(), 1, inputs.cols};
    left.constant_i = inputs.rows;
    left.constant = constant;
    const Operand right{on_device(gradients).data(), 1, gradients.cols};
    const Sums sums = product(left, right, w.rows, w.cols, inputs.cols, bound >= k63);
    const auto violation = no_report<unsigned long long>();
    launch_update_weights(w.data(), sums.data.data(), sums.wide, w.rows, w.cols, eta, violation.data(), device_->stream());
    if (!sums.wide) return std::nullopt;
    const auto first = violation_at(read(violation.data(), kRange), w.rows, w.cols);
    if (!first) return std::nullopt;
    const std::size_t at = first->row * w.cols + first->col;
    const auto before = static_cast<double>(read(w.data() + at, kOperation));
    return RangeViolation{first->row, first->col,
                          before - static_cast<double>(eta) * static_cast<double>(read_sum(sums, at))};
  }

  TrainingHandle relu(const TrainingMatrix& z) override { return each_entry(EntryOperation::kRelu, z, 1, z, 1); }
  TrainingHandle mask(const TrainingMatrix& g, const TrainingMatrix& z) override {
    return each_entry(EntryOperation::kMask, g, 1, z, 1);
  }
  TrainingHandle output_gradient(const TrainingMatrix& z, unsigned z_shift, const TrainingMatrix& y, unsigned y_shift) override {
    return each_entry(EntryOperation::kOutputGradient, z, std::int64_t{1} << z_shift, y, std::int64_t{1} << y_shift);
  }

 private:
  static constexpr const char* kUpload = "copying a matrix to the device";
  static constexpr const char* kDownload = "copying a matrix from the device";
  static constexpr const char* kLoad = "reading a matrix from the trace";
  static constexpr const char* kStore = "writing a matrix to the trace";

  struct Sums {
    DeviceArray<std::uint8_t> data;
    bool wide;
  };

  template <class T>
  IntHandle copy_of(std::span<const T> values) {
    device_->activate();
    return std::make_shared<CudaIntBuffer>(device_, int_type<T>(), values.size(), values.data(), "copying a segment's inputs to the device");
  }

  template <class T>
  static T* place(const IntRows& to) {
    TRAINPROOF_INVARIANT(to.data->type == int_type<T>(), "a trace's tensor of the type that is stored");
    return reinterpret_cast<T*>(static_cast<const CudaIntBuffer&>(*to.data).data()) + to.offset;
  }

  std::shared_ptr<CudaTrainingMatrix> make(std::size_t rows, std::size_t cols, const char* operation) {
    device_->activate();
    return std::make_shared<CudaTrainingMatrix>(device_, rows, cols, operation);
  }

  std::shared_ptr<CudaTrainingMatrix> load_entries(const IntView& view) {
    auto out = make(view.rows, view.cols, kLoad);
    const auto& from = static_cast<const CudaIntBuffer&>(*view.data);
    if (from.type == IntType::kI64) {
      copy_rows(out->data(), view.cols, reinterpret_cast<const std::int64_t*>(from.data()) + view.offset, view.stride, view.rows,
                view.cols, cudaMemcpyDeviceToDevice, kLoad);
      return out;
    }
    const DeviceArray<std::int32_t> narrow(device_, out->size(), kLoad);
    copy_rows(narrow.data(), view.cols, reinterpret_cast<const std::int32_t*>(from.data()) + view.offset, view.stride, view.rows,
              view.cols, cudaMemcpyDeviceToDevice, kLoad);
    launch_widen(narrow.data(), out->size(), out->data(), device_->stream());
    return out;
  }

  void store_entries(const CudaTrainingMatrix& m, const IntRows& to) {
    device_->activate();
    copy_rows(place<std::int64_t>(to), to.stride, m.data(), m.cols, m.rows, m.cols, cudaMemcpyDeviceToDevice, kStore);
  }

  std::shared_ptr<CudaTrainingMatrix> upload_entries(HostRows<const std::int64_t> rows, std::size_t row_count,
                                                     std::size_t col_count) {
    auto out = make(row_count, col_count, kUpload);
    device_->traffic().count_to_device(kUpload, out->size() * sizeof(std::int64_t));
    copy_rows(out->data(), col_count, rows.data, rows.stride, row_count, col_count, cudaMemcpyHostToDevice, kUpload);
    return out;
  }

  void download_entries(const CudaTrainingMatrix& m, HostRows<std::int64_t> to) {
    device_->activate();
    device_->traffic().count_to_host(kDownload, m.size() * sizeof(std::int64_t));
    copy_rows(to.data, to.stride, m.data(), m.cols, m.rows, m.cols, cudaMemcpyDeviceToHost, kDownload);
    device_->finish(kDownload);
  }

  std::uint64_t largest_entry(CudaTrainingMatrix& m) {
    constexpr const char* kOperation = "the largest entry";
    device_->activate();
    if (m.size() == 0) return 0;
    if (!m.largest) {
      std::size_t bytes = 0;
      const DeviceArray<std::uint64_t> result(device_, 1, kOperation);
      launch_largest(m.data(), m.size(), nullptr, bytes, result.data(), device_->stream());
      const DeviceArray<std::uint8_t> scratch(device_, std::max<std::size_t>(bytes, 1), kOperation);
      launch_largest(m.data(), m.size(), scratch.data(), bytes, result.data(), device_->stream());
      m.largest = read(result.data(), kOperation);
    }
    return *m.largest;
  }

  template <class T>
  void copy_rows(T* to, std::size_t to_stride, const T* from, std::size_t from_stride, std::size_t rows, std::size_t cols,
                 cudaMemcpyKind kind, const char* operation) {
    if (rows == 0 || cols == 0) return;
    check(cudaMemcpy2DAsync(to, to_stride * sizeof(T), from, from_stride * sizeof(T), cols * sizeof(T), rows, kind,
                            device_->stream()),
          operation);
  }

  template <class T>
  T read(const T* from, const char* operation) {
    T out{};
    device_->copy_out(&out, from, sizeof out, operation);
    device_->finish(operation);
    return out;
  }
  __int128 read_sum(const Sums& sums, std::size_t at) {
    constexpr const char* kOperation = "reading a sum that is out of range";
    if (sums.wide) return read(reinterpret_cast<const __int128*>(sums.data.data()) + at, kOperation);
    return read(reinterpret_cast<const std::int64_t*>(sums.data.data()) + at, kOperation);
  }

  Sums product(const Operand& left, const Operand& right, std::size_t rows, std::size_t cols, std::size_t length, bool wide) {
    Sums sums{DeviceArray<std::uint8_t>(device_, rows * cols * (wide ? 16 : 8), "an integer product"), wide};
    launch_integer_product(left, right, rows, cols, length, wide, sums.data.data(), device_->stream());
    return sums;
  }

  static constexpr const char* kRange = "looking for values out of range";
  // All bits set: nothing to report.
  template <class Report>
  DeviceArray<Report> no_report() {
    DeviceArray<Report> out(device_, 1, kRange);
    check(cudaMemsetAsync(out.data(), 0xff, sizeof(Report), device_->stream()), kRange);
    return out;
  }
  static std::optional<RangeViolation> violation_at(unsigned long long key, std::size_t rows, std::size_t cols) {
    if (key >= rows * cols) return std::nullopt;
    return RangeViolation{key % rows, key / rows, 0};
  }

  RoundedProduct rounded_product(const Operand& left, const Operand& right, std::size_t rows, std::size_t cols, std::size_t length,
                                 Magnitude bound, unsigned shift, std::int64_t limit) {
    constexpr const char* kOperation = "rounding an integer product";
    device_->activate();
    const Sums sums = product(left, right, rows, cols, length, bound >= k63);
    auto quotient = make(rows, cols, kOperation), remainder = make(rows, cols, kOperation);
    const DeviceArray<RoundingReport> report = no_report<RoundingReport>();
    launch_round_sums(sums.data.data(), sums.wide, rows, cols, shift, limit, quotient->data(), remainder->data(),
                      report.data(), device_->stream());
    const RoundingReport found = read(report.data(), kRange);
    quotient->largest = ~found.least_complement;
    if (auto first = violation_at(found.violation, rows, cols)) {
      const __int128 half = __int128{1} << (shift - 1);
      first->value = static_cast<double>((read_sum(sums, first->row * cols + first->col) + half) >> shift);
      return {nullptr, nullptr, first};
    }
    return {quotient, remainder, std::nullopt};
  }

  TrainingHandle each_entry(EntryOperation operation, const TrainingMatrix& a, std::int64_t a_scale, const TrainingMatrix& b,
                            std::int64_t b_scale) {
    auto out = make(a.rows, a.cols, "an operation on entries");
    launch_each_entry(operation, on_device(a).data(), a_scale, on_device(b).data(), b_scale, out->size(), out->data(),
                      device_->stream());
    return out;
  }

  DeviceHandle device_;
};

}  // namespace

std::unique_ptr<TrainingBackend> make_training_backend(DeviceHandle device) {
  return std::make_unique<CudaTrainingBackend>(std::move(device));
}

}  // namespace trainproof::cuda
