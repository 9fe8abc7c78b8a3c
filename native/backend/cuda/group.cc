#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "util/error.h"

namespace trainproof::cuda {

std::vector<AffinePoint> CudaBackend::commit_rows(const IntView& v, std::span<const Fr> blindings) {
  TRAINPROOF_INVARIANT(blindings.size() == v.rows, "commit_rows: a blinding for each row");
  device_->activate();
  const View from = view(v);
  const unsigned windows = integer_windows(from.type);
  const PackedPoint* multiples = columns_.multiples(v.cols);
  const DeviceArray<std::uint8_t> sums(device_, window_sums_bytes(v.rows, windows), "commit_rows");
  launch_row_window_sums(from, multiples, sums.data(), device_->stream());
  return finish_commitments(sums.data(), v.rows, windows, blindings);
}

AffinePoint CudaBackend::commit_columns(const FrBuffer& scalars, const Fr& blinding) {
  device_->activate();
  return commit_scalars(columns_, entries(scalars), scalars.size, blinding);
}

AffinePoint CudaBackend::commit_pads(std::span<const Fr> scalars, const Fr& blinding) {
  device_->activate();
  const auto copy = copy_to<Element>(device_, scalars.data(), scalars.size(), "commit_pads");
  return commit_scalars(pads_, copy.data(), scalars.size(), blinding);
}

AffinePoint CudaBackend::commit_scalars(GeneratorTables& tables, const Element* scalars, std::size_t size, const Fr& blinding) {
  const PackedPoint* multiples = tables.multiples(size);
  const DeviceArray<std::uint8_t> sums(device_, window_sums_bytes(1, kScalarWindows), "a commitment");
  launch_scalar_window_sums(scalars, size, multiples, sums.data(), device_->stream());
  return finish_commitments(sums.data(), 1, kScalarWindows, {&blinding, 1})[0];
}

std::vector<AffinePoint> CudaBackend::finish_commitments(void* sums, std::size_t rows, unsigned windows,
                                                         std::span<const Fr> blindings) {
  constexpr const char* kOperation = "finishing commitments";
  const auto secret = copy_to<Element>(device_, blindings.data(), rows, kOperation);
  const DeviceArray<PackedPoint> points(device_, rows, kOperation);
  launch_combine_windows(sums, rows, windows, secret.data(), blinding_.multiples(kScalarWindows), points.data(),
                         device_->stream());
  std::vector<PackedPoint> packed(rows);
  device_->copy_out(packed.data(), points.data(), rows * sizeof(PackedPoint), kOperation);
  device_->finish(kOperation);
  std::vector<AffinePoint> out(rows);
  std::transform(packed.begin(), packed.end(), out.begin(), unpack);
  return out;
}

}  // namespace trainproof::cuda
