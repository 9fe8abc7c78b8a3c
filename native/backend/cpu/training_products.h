// The three matrix products of a training step on the CPU (backend/training.h says what each computes).
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCTS_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCTS_H_

#include "backend/cpu/training_matrix.h"
#include "backend/cpu/training_weights.h"

namespace trainproof {

struct Rounding {
  Magnitude bound;
  unsigned shift;
  std::int64_t limit;
};

RoundedProduct cpu_forward_product(const CpuTrainingWeights& weights, const CpuTrainingMatrix& inputs,
                                   std::int64_t constant, const Rounding& rounding);
RoundedProduct cpu_backward_product(const CpuTrainingWeights& weights, const CpuTrainingMatrix& gradients,
                                    const Rounding& rounding);
std::optional<RangeViolation> cpu_update_weights(CpuTrainingWeights& weights, const CpuTrainingMatrix& inputs,
                                                 std::int64_t constant, const CpuTrainingMatrix& gradients,
                                                 std::uint64_t eta, Magnitude bound);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_PRODUCTS_H_
