#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

FrHandle CudaBackend::lookup_leaves(std::span<const LeafRows> rows, const Fr& alpha) {
  device_->activate();
  std::size_t size = 0;
  for (const LeafRows& part : rows) size += part.view.rows * part.view.cols;
  auto out = make_buffer(size, "making the lookup's leaves");
  Element* to = out->entries.data();
  for (const LeafRows& part : rows) {
    launch_lookup_leaves(view(part.view), element(alpha - Fr::from_i64(part.offset)), to, device_->stream());
    to += part.view.rows * part.view.cols;
  }
  return out;
}

void CudaBackend::fraction_parents(const FrHandle& p, const FrHandle& q, FrHandle& parent_p, FrHandle& parent_q) {
  constexpr const char* kOperation = "fraction_parents";
  device_->activate();
  const std::size_t parents = (q->size + 1) / 2;
  auto out_p = make_buffer(parents, kOperation), out_q = make_buffer(parents, kOperation);
  launch_fraction_parents(p ? entries(*p) : nullptr, entries(*q), q->size, out_p->entries.data(), out_q->entries.data(),
                          device_->stream());
  parent_p = std::move(out_p);
  parent_q = std::move(out_q);
}

std::array<Fr, 2> CudaBackend::logup_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                           const Fr& lambda) {
  constexpr const char* kOperation = "logup_round";
  device_->activate();
  const auto tables = copy_both_to(device_, eq.high, eq.low, kOperation);
  LevelRound round{};
  round.p = p ? entries(*p) : nullptr;
  round.q = entries(*q);
  round.size = q->size;
  round.eq_high = tables.data();
  round.eq_low = tables.data() + eq.high.size();
  round.low_bits = eq.low_bits;
  round.lambda = element(lambda);
  std::shared_ptr<CudaFrBuffer> new_p, new_q;
  if (fold_by) {
    round.fold = true;
    round.r = element(*fold_by);
    const std::size_t size = folded_level_size(q->size);
    new_q = make_buffer(size, kOperation);
    round.new_q = new_q->entries.data();
    // All ones stay all ones where no node is cut in two.
    if (p || q->size % 4 != 0) {
      new_p = make_buffer(size, kOperation);
      round.new_p = new_p->entries.data();
    }
  }
  launch_logup_round(round, device_->reduction(), device_->stream());
  const std::span<const Element> sums = device_->results(2, kOperation);
  if (fold_by) {
    p = new_p;
    q = new_q;
  }
  return {field(sums[0]), field(sums[1])};
}

std::array<Fr, 4> CudaBackend::logup_finish(FrHandle& p, FrHandle& q, const Fr* fold_by) {
  device_->activate();
  launch_logup_finish(p ? entries(*p) : nullptr, entries(*q), q->size, fold_by != nullptr,
                      fold_by ? element(*fold_by) : Element{}, device_->reduction(), device_->stream());
  const std::span<const Element> values = device_->results(4, "logup_finish");
  return {field(values[0]), field(values[1]), field(values[2]), field(values[3])};
}

}  // namespace trainproof::cuda
