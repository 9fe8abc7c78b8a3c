// The backend on host memory, portable C++ on all threads of util's parallel_for. One file per family of operations.
#ifndef TRAINPROOF_BACKEND_CPU_CPU_BACKEND_H_
#define TRAINPROOF_BACKEND_CPU_CPU_BACKEND_H_

#include "backend/backend.h"
#include "commit/generators.h"
#include "commit/row_commitments.h"

namespace trainproof {

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(const Generators& generators) : rows_(generators) {}
  std::string name() const override { return "cpu"; }

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

  // integer_products.cc
  FrHandle weighted_row_sum(const IntView& view, const FrBuffer& weights) override;
  void row_dot(const IntView& view, const FrBuffer& v, std::size_t segments, FrBuffer& out,
               std::size_t out_offset, std::size_t out_stride) override;
  FrHandle combine_digits(std::span<const IntView> views, unsigned bits) override;
  void count_values(const IntView& view, std::int64_t offset, std::span<std::uint32_t> counts) override;

  // vectors.cc
  FrHandle eq_table(std::span<const Fr> point, std::size_t length, const Fr& scale) override;
  void add_scaled(FrBuffer& y, const Fr& scale, const FrBuffer& x) override;
  void exclusive_prefix_sum(FrBuffer& v, std::size_t segments, std::size_t stride, const FrBuffer& base,
                            const Fr& scale) override;
  void fold(FrBuffer& v, const Fr& r) override;

  // product_round.cc
  std::vector<Fr> product_round(std::span<const ProductTerm> terms, unsigned degree) override;
  Fr product_sum(std::span<const ProductTerm> terms) override;

  // logup.cc
  FrHandle lookup_leaves(std::span<const LeafRows> rows, const Fr& alpha) override;
  void fraction_parents(const FrHandle& p, const FrHandle& q, FrHandle& parent_p,
                        FrHandle& parent_q) override;
  std::array<Fr, 2> logup_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                const Fr& lambda) override;
  std::array<Fr, 4> logup_finish(FrHandle& p, FrHandle& q, const Fr* fold_by) override;

  // zkrelu.cc
  std::unique_ptr<ZkReluRounds> zkrelu_rounds(const ZkReluSum& sum) override;

 private:
  RowCommitter rows_;
};

// `generators` must outlive the backend.
std::unique_ptr<Backend> make_cpu_backend(const Generators& generators);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_CPU_BACKEND_H_
