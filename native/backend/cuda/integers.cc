#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "util/error.h"
#include "util/secret.h"

namespace trainproof::cuda {

FrHandle CudaBackend::weighted_row_sum(const IntView& v, const FrBuffer& weights) {
  constexpr const char* kOperation = "weighted_row_sum";
  TRAINPROOF_INVARIANT(weights.size >= v.rows, "weighted_row_sum: a weight for each row");
  device_->activate();
  const View from = view(v);
  auto out = make_buffer(v.cols, kOperation);
  const unsigned slices = row_sum_slices(from);
  DeviceArray<Element> partials;
  if (slices > 1) partials = DeviceArray<Element>(device_, slices * v.cols, kOperation);
  launch_weighted_row_sum(from, entries(weights), partials.data(), out->entries.data(), device_->stream());
  return out;
}

void CudaBackend::row_dot(const IntView& v, const FrBuffer& vector, std::size_t segments, FrBuffer& out,
                          std::size_t out_offset, std::size_t out_stride) {
  TRAINPROOF_INVARIANT(vector.size >= v.cols, "row_dot: an entry for each column");
  TRAINPROOF_INVARIANT(v.rows == 0 || segments == 0 || (segments - 1) * out_stride + out_offset + v.rows <= out.size,
                       "row_dot: segments end beyond the vector");
  device_->activate();
  launch_row_dot(view(v), entries(vector), segments, entries(out), out_offset, out_stride, device_->stream());
}

FrHandle CudaBackend::combine_digits(std::span<const IntView> views, unsigned bits) {
  TRAINPROOF_INVARIANT(!views.empty() && views.size() <= DigitViews::kMost, "combine_digits: one to 16 views");
  device_->activate();
  DigitViews digits;
  for (const IntView& v : views) {
    TRAINPROOF_INVARIANT(v.data->type == views[0].data->type, "combine_digits: digits of one type");
    digits.view[digits.count] = view(v);
    digits.scale[digits.count] = element(Fr::pow2(bits * digits.count));
    ++digits.count;
  }
  auto out = make_buffer(views[0].rows * views[0].cols, "combine_digits");
  launch_combine_digits(digits, out->entries.data(), device_->stream());
  return out;
}

void CudaBackend::count_values(const IntView& v, std::int64_t offset, std::span<std::uint32_t> counts) {
  constexpr const char* kOperation = "count_values";
  device_->activate();
  const DeviceArray<std::uint32_t> found(device_, counts.size(), kOperation);
  SecretVector<std::uint32_t> host(counts.size());
  if (counts.empty()) return;
  check(cudaMemsetAsync(found.data(), 0, counts.size_bytes(), device_->stream()), kOperation);
  launch_count_values(view(v), offset, found.data(), counts.size(), device_->stream());
  device_->copy_out(host.data(), found.data(), counts.size_bytes(), kOperation);
  device_->finish(kOperation);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += host[i];
}

}  // namespace trainproof::cuda
