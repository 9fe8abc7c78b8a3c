// Tables over (t, k) that forward and backward are sums of (PROTOCOL §11, §12), index t·2^bits + k. Weights at every
// step come from those before the first one and the gradients: no W^t is stored.
#ifndef TRAINPROOF_RELATION_TIME_TABLES_H_
#define TRAINPROOF_RELATION_TIME_TABLES_H_

#include "relation/context.h"

namespace trainproof {

class TimeTables {
 public:
  // Tables of T·2^bits entries.
  TimeTables(Context& context, unsigned bits);

  FrHandle table() const;

  // χ_i(p_i) at c = t·B + i, for all t: TB entries.
  FrHandle repeat_over_steps(std::span<const Fr> p_i) const;

  // table(t, k) ← Σ_i tensor(k, c)·v(c), c = t·B + i; tensor: rows × TB.
  void sum_batch(const IntView& tensor, const FrBuffer& v, FrBuffer& table) const;
  // The same for the constant column 2^f_A at k = row: table(t, row) ← 2^f_A Σ_i v(c).
  void sum_batch_of_constant(const FrBuffer& v, std::size_t row, FrBuffer& table) const;

  // Turns the sums of a step's update, U_t(k), into weights before step t: start(k) − η Σ_{t'<t} U_t'(k).
  void weights_from_updates(const FrBuffer& start, FrBuffer& table) const;

 private:
  Context& context_;
  std::size_t stride_;
  std::vector<std::int64_t> constant_;  // 2^f_A, TB times
  IntHandle constant_row_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_TIME_TABLES_H_
