#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "util/error.h"

namespace trainproof::cuda {

// Digits become field elements at once: the rounds are a fiftieth of a proof's products on a GPU, and need no integer tricks.
class CudaZkReluRounds final : public ZkReluRounds {
 public:
  CudaZkReluRounds(CudaBackend& backend, const ZkReluSum& sum)
      : backend_(backend), features_(sum.features), length_(sum.length), g_offset_(Fr::from_i64(sum.g_offset)) {
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

  std::array<Fr, 3> round(const Fr* fold_by) override {
    std::vector<CudaFrBuffer*> tables;
    for (const FrHandle* column : {&m_, &v_, &g_}) {
      if (*column) tables.push_back(&on_device(**column));
    }
    for (const ZkReluSum::Part& part : parts_) tables.push_back(&on_device(*part.time));
    if (fold_by) {
      // Rows have even length, so that pairs of a whole column are pairs of its rows.
      for (CudaFrBuffer* table : tables) backend_.fold(*table, *fold_by);
      length_ /= 2;
    }
    TRAINPROOF_INVARIANT(length_ % 2 == 0, "zkrelu: a time bit is left");
    backend_.device().activate();
    backend_.fold_now(tables);
    return sums();
  }

 private:
  FrHandle copy(const FrBuffer& from) {
    auto out = backend_.make_buffer(from.size, "zkrelu");
    copy_bytes(out->entries.data(), backend_.entries(from), from.size * sizeof(Element), cudaMemcpyDeviceToDevice,
               backend_.device().stream(), "zkrelu");
    return out;
  }

  std::array<Fr, 3> sums() {
    const auto at = [&](const FrHandle& handle) -> const Element* { return handle ? backend_.entries(*handle) : nullptr; };
    std::vector<ZkReluPart> parts;
    for (const ZkReluSum::Part& part : parts_) parts.push_back({at(part.time), at(part.v), at(part.g), at(part.m)});
    const auto device_parts = copy_to<ZkReluPart>(backend_.device_, parts.data(), parts.size(), "zkrelu");
    const ZkReluJob job{features_, length_ / 2, at(m_), at(v_), at(g_), element(g_offset_), device_parts.data(),
                        static_cast<unsigned>(parts.size())};
    Device& device = backend_.device();
    launch_zkrelu_round(job, device.reduction(), device.stream());
    const std::span<const Element> sums = device.results(3, "zkrelu_round");
    return {field(sums[0]), field(sums[1]), field(sums[2])};
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
