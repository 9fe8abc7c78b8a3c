#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "mle/eq.h"
#include "util/error.h"

namespace trainproof::cuda {

FrHandle CudaBackend::eq_table(std::span<const Fr> point, std::size_t length, const Fr& scale) {
  constexpr const char* kOperation = "making an equality table";
  device_->activate();
  auto out = make_buffer(length, kOperation);
  if (length == 0) return out;
  unsigned bits = 0;
  while (bits < point.size() && (std::size_t{1} << bits) < length) ++bits;
  const unsigned low_bits = bits / 2;
  const std::vector<Fr> low = trainproof::eq_table(point.last(low_bits), std::size_t{1} << low_bits);
  std::vector<Fr> high = trainproof::eq_table(point.first(point.size() - low_bits), ((length - 1) >> low_bits) + 1);
  for (Fr& x : high) x *= scale;
  const auto tables = copy_both_to(device_, high, low, kOperation);
  launch_eq_table(tables.data(), tables.data() + high.size(), low_bits, length, out->entries.data(), device_->stream());
  return out;
}

void CudaBackend::add_scaled(FrBuffer& y, const Fr& scale, const FrBuffer& x) {
  TRAINPROOF_INVARIANT(y.size == x.size, "add_scaled: sizes differ");
  device_->activate();
  launch_add_scaled(entries(y), element(scale), entries(x), y.size, device_->stream());
}

void CudaBackend::exclusive_prefix_sum(FrBuffer& v, std::size_t segments, std::size_t stride, const FrBuffer& base,
                                       const Fr& scale) {
  TRAINPROOF_INVARIANT(segments == 0 || base.size == 0 || (segments - 1) * stride + base.size <= v.size,
                       "exclusive_prefix_sum: segments end beyond the vector");
  device_->activate();
  launch_prefix_sum(entries(v), segments, stride, entries(base), base.size, element(scale), device_->stream());
}

void CudaBackend::fold(FrBuffer& v, const Fr& r) {
  device_->activate();
  CudaFrBuffer& table = on_device(v);
  if (table.pending_fold) entries(table);
  table.pending_fold = r;
  table.size -= table.size / 2;
}

void CudaBackend::fold_now(std::span<CudaFrBuffer* const> tables) {
  // Those that are folded already, or have been listed before, wait for nothing.
  FoldBatch batch;
  const auto launch = [&] {
    launch_folds(batch, device_->stream());
    batch.count = 0;
  };
  std::vector<DeviceArray<Element>> before;  // alive until the launch; the stream's order does the rest
  for (CudaFrBuffer* table : tables) {
    if (!table->pending_fold) continue;
    DeviceArray<Element> folded(device_, table->size, "folding a table");
    batch.job[batch.count++] = {table->entries.data(), folded.data(), table->stored, element(*table->pending_fold)};
    before.push_back(std::move(table->entries));
    table->entries = std::move(folded);
    table->stored = table->size;
    table->pending_fold.reset();
    if (batch.count == FoldBatch::kMost) launch();
  }
  launch();
}

Element* CudaBackend::entries(const FrBuffer& v) {
  CudaFrBuffer& table = on_device(v);
  CudaFrBuffer* const one = &table;
  if (table.pending_fold) fold_now({&one, 1});
  return table.entries.data();
}

}  // namespace trainproof::cuda
