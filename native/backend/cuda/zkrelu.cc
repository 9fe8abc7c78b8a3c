#include <utility>

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "util/error.h"

namespace trainproof::cuda {

// Digits become field elements at once: the rounds are a fiftieth of a proof's products on a GPU, and need no integer tricks.
class CudaZkReluRounds final : public ZkReluRounds {
 public:
  CudaZkReluRounds(CudaBackend& backend, const ZkReluSum& sum)
      : backend_(backend), features_(sum.features), length_(sum.length), g_offset_(Fr::from_i64(sum.g_offset)) {
    TRAINPROOF_INVARIANT(sum.parts.size() <= ZkReluJob::kMostParts, "zkrelu: at most eight parts");
    m_ = backend_.combine_digits({&sum.m, 1}, sum.digit_bits);
    if (!sum.v.empty()) v_ = backend_.combine_digits(sum.v, sum.digit_bits);
    if (!sum.g.empty()) g_ = backend_.combine_digits(sum.g, sum.digit_bits);
    for (const ZkReluSum::Part& part : sum.parts) {
      TRAINPROOF_INVARIANT(part.time->size == length_, "zkrelu: a time vector's length");
      for (const FrHandle* factors : {&part.v, &part.g, &part.m}) {
        TRAINPROOF_INVARIANT(!*factors || (*factors)->size == features_, "zkrelu: a factor for each feature");
      }
      TRAINPROOF_INVARIANT((!part.v || v_) && (!part.g || g_), "zkrelu: factors of digits that there are");
      parts_.push_back({copy(*part.time), part.v, part.g, part.m});
    }
  }

  // The columns are folded by the round itself, the times, a thousandth of them, by a launch before it.
  std::array<Fr, 3> round(const Fr* fold_by) override {
    backend_.device().activate();
    ZkReluJob job{};
    std::vector<FrHandle> unfolded;  // until the launch; the stream's order does the rest
    if (fold_by) {
      length_ /= 2;
      job.r = element(*fold_by);
      std::vector<CudaFrBuffer*> times;
      for (const ZkReluSum::Part& part : parts_) {
        backend_.fold(*part.time, *fold_by);
        times.push_back(&on_device(*part.time));
      }
      backend_.fold_now(times);
    }
    TRAINPROOF_INVARIANT(length_ % 2 == 0, "zkrelu: a time bit is left");
    const auto column = [&](FrHandle& handle) -> ZkReluColumn {
      if (!handle) return {};
      if (!fold_by) return {backend_.entries(*handle), nullptr};
      // Rows have even length, so that pairs of a whole column are pairs of its rows.
      unfolded.push_back(std::exchange(handle, backend_.make_buffer(features_ * length_, "zkrelu_round")));
      return {backend_.entries(*handle), backend_.entries(*unfolded.back())};
    };
    job.features = features_;
    job.pairs = length_ / 2;
    job.m = column(m_), job.v = column(v_), job.g = column(g_);
    job.g_offset = element(g_offset_);
    const auto at = [&](const FrHandle& handle) -> const Element* { return handle ? backend_.entries(*handle) : nullptr; };
    for (const ZkReluSum::Part& part : parts_) {
      job.parts[job.part_count++] = {at(part.time), at(part.v), at(part.g), at(part.m)};
    }
    Device& device = backend_.device();
    launch_zkrelu_round(job, device.reduction(), device.stream());
    const std::span<const Element> sums = device.results(3, "zkrelu_round");
    return {field(sums[0]), field(sums[1]), field(sums[2])};
  }

 private:
  FrHandle copy(const FrBuffer& from) {
    auto out = backend_.make_buffer(from.size, "zkrelu");
    copy_bytes(out->entries.data(), backend_.entries(from), from.size * sizeof(Element), cudaMemcpyDeviceToDevice,
               backend_.device().stream(), "zkrelu");
    return out;
  }

  CudaBackend& backend_;
  std::size_t features_, length_;
  Fr g_offset_;
  FrHandle m_, v_, g_;
  std::vector<ZkReluSum::Part> parts_;
};

std::unique_ptr<ZkReluRounds> CudaBackend::zkrelu_rounds(const ZkReluSum& sum) {
  return std::make_unique<CudaZkReluRounds>(*this, sum);
}

}  // namespace trainproof::cuda
