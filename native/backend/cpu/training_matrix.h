// The CPU's TrainingMatrix: rows · cols entries, row by row, wiped on destruction.
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_MATRIX_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_MATRIX_H_

#include <memory>

#include "backend/training.h"
#include "util/secret.h"

namespace trainproof {

struct CpuTrainingMatrix final : TrainingMatrix {
  CpuTrainingMatrix(std::size_t row_count, std::size_t col_count) : values(row_count * col_count) {
    rows = row_count;
    cols = col_count;
  }
  std::int64_t* row(std::size_t r) { return values.data() + r * cols; }
  const std::int64_t* row(std::size_t r) const { return values.data() + r * cols; }

  SecretVector<std::int64_t> values;
};

inline const CpuTrainingMatrix& on_cpu(const TrainingMatrix& matrix) {
  return static_cast<const CpuTrainingMatrix&>(matrix);
}
inline CpuTrainingMatrix& on_cpu(TrainingMatrix& matrix) { return static_cast<CpuTrainingMatrix&>(matrix); }

// Entries that make a parallel_for chunk of cheap work worth a thread.
constexpr std::size_t kTrainingGrain = 1 << 15;

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_MATRIX_H_
