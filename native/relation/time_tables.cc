#include "relation/time_tables.h"

#include "mle/eq.h"

namespace trainproof {

TimeTables::TimeTables(Context& context, unsigned bits)
    : context_(context),
      stride_(std::size_t{1} << bits),
      constant_(context.shape.TB, std::int64_t{1} << context.statement.fA),
      constant_row_(context.backend.borrow(IntType::kI64, constant_.data(), constant_.size())) {}

FrHandle TimeTables::table() const {
  return context_.backend.zeros(context_.shape.T * stride_);
}

FrHandle TimeTables::repeat_over_steps(std::span<const Fr> p_i) const {
  const std::vector<Fr> once = eq_table(p_i, context_.shape.B);
  std::vector<Fr> all;
  all.reserve(context_.shape.TB);
  for (std::size_t t = 0; t < context_.shape.T; ++t) all.insert(all.end(), once.begin(), once.end());
  return context_.backend.upload(all);
}

void TimeTables::sum_batch(const IntView& tensor, const FrBuffer& v, FrBuffer& table) const {
  context_.backend.row_dot(tensor, v, context_.shape.T, table, 0, stride_);
}

void TimeTables::sum_batch_of_constant(const FrBuffer& v, std::size_t row, FrBuffer& table) const {
  const std::size_t TB = context_.shape.TB;
  context_.backend.row_dot({constant_row_, 0, 1, TB, TB}, v, context_.shape.T, table, row, stride_);
}

void TimeTables::weights_from_updates(const FrBuffer& start, FrBuffer& table) const {
  context_.backend.exclusive_prefix_sum(table, context_.shape.T, stride_, start,
                                        -Fr::from_u64(context_.statement.eta));
}

}  // namespace trainproof
