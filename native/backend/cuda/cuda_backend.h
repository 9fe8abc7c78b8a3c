// The proving backend on an NVIDIA GPU. Tables stay on the device; a round's challenge comes as a kernel's argument, what the round
// says goes back to pinned host memory.
#ifndef TRAINPROOF_BACKEND_CUDA_CUDA_BACKEND_H_
#define TRAINPROOF_BACKEND_CUDA_CUDA_BACKEND_H_

#include <memory>
#include <string>

#include "backend/backend.h"
#include "backend/cuda/generator_tables.h"
#include "commit/generators.h"

namespace trainproof::cuda {

class CudaBackend final : public Backend {
 public:
  CudaBackend(DeviceHandle device, const Generators& generators);
  ~CudaBackend() override;
  std::string name() const override { return "cuda:" + std::to_string(device_->index()); }
  Device& device() { return *device_; }

  // buffers.cc
  IntHandle borrow(IntType type, const void* data, std::size_t size) override;
  IntHandle adopt(const IntHandle& integers) override;
  FrHandle upload(std::span<const Fr> values) override;
  FrHandle zeros(std::size_t size) override;
  std::vector<Fr> download(const FrBuffer& v) override;

  // group.cc
  std::vector<AffinePoint> commit_rows(const IntView& view, std::span<const Fr> blindings) override;
  AffinePoint commit_columns(const FrBuffer& scalars, const Fr& blinding) override;
  AffinePoint commit_pads(std::span<const Fr> scalars, const Fr& blinding) override;

  // integers.cc
  FrHandle weighted_row_sum(const IntView& view, const FrBuffer& weights) override;
  void row_dot(const IntView& view, const FrBuffer& v, std::size_t segments, FrBuffer& out, std::size_t out_offset,
               std::size_t out_stride) override;
  FrHandle combine_digits(std::span<const IntView> views, unsigned bits) override;
  void count_values(const IntView& view, std::int64_t offset, std::span<std::uint32_t> counts) override;

  // vectors.cc
  FrHandle eq_table(std::span<const Fr> point, std::size_t length, const Fr& scale) override;
  void add_scaled(FrBuffer& y, const Fr& scale, const FrBuffer& x) override;
  void exclusive_prefix_sum(FrBuffer& v, std::size_t segments, std::size_t stride, const FrBuffer& base,
                            const Fr& scale) override;
  void fold(FrBuffer& v, const Fr& r) override;

  // products.cc
  std::vector<Fr> product_round(std::span<const ProductTerm> terms, unsigned degree) override;
  Fr product_sum(std::span<const ProductTerm> terms) override;

  // logup.cc
  FrHandle lookup_leaves(std::span<const LeafRows> rows, const Fr& alpha) override;
  void fraction_parents(const FrHandle& p, const FrHandle& q, FrHandle& parent_p, FrHandle& parent_q) override;
  std::array<Fr, 2> logup_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                const Fr& lambda) override;
  std::array<Fr, 4> logup_finish(FrHandle& p, FrHandle& q, const Fr* fold_by) override;

  // zkrelu.cc
  std::unique_ptr<ZkReluRounds> zkrelu_rounds(const ZkReluSum& sum) override;

 private:
  friend class CudaZkReluRounds;

  std::shared_ptr<CudaFrBuffer> make_buffer(std::size_t size, const char* operation) const;
  // Carries out the folds that wait, all in one launch.
  void fold_now(std::span<CudaFrBuffer* const> tables);
  // A table's entries, for reading or writing.
  Element* entries(const FrBuffer& v);
  // A view for kernels, its integers having arrived.
  View view(const IntView& v);
  AffinePoint commit_scalars(GeneratorTables& tables, const Element* scalars, std::size_t size, const Fr& blinding);
  std::vector<AffinePoint> finish_commitments(void* sums, std::size_t rows, unsigned windows,
                                              std::span<const Fr> blindings);

  DeviceHandle device_;
  GeneratorTables columns_, pads_, blinding_;
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_CUDA_BACKEND_H_
