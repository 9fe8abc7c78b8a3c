// The CPU's TrainingMatrix: rows · cols entries, row by row, unset at first and wiped on destruction.
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_MATRIX_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_MATRIX_H_

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

#include "backend/training.h"
#include "util/parallel.h"
#include "util/secret.h"

namespace trainproof {

// Entries that make a parallel_for chunk of cheap work worth a thread.
constexpr std::size_t kTrainingGrain = 1 << 15;

inline std::uint64_t absolute(std::int64_t x) {
  return x < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

// Of several threads, the largest `part` remains.
inline void raise(std::atomic<std::uint64_t>& largest, std::uint64_t part) {
  std::uint64_t known = largest.load(std::memory_order_relaxed);
  while (part > known && !largest.compare_exchange_weak(known, part, std::memory_order_relaxed)) {
  }
}

struct CpuTrainingMatrix final : TrainingMatrix {
  CpuTrainingMatrix(std::size_t row_count, std::size_t col_count) : values(row_count * col_count) {
    rows = row_count;
    cols = col_count;
  }
  std::int64_t* row(std::size_t r) { return values.data() + r * cols; }
  const std::int64_t* row(std::size_t r) const { return values.data() + r * cols; }

  // max |entry|, remembered: nobody writes to a matrix that others have seen.
  std::uint64_t largest() const {
    if (largest_) return *largest_;
    std::atomic<std::uint64_t> result = 0;
    parallel_for(0, values.size(), kTrainingGrain, [&](std::size_t begin, std::size_t end) {
      std::uint64_t part = 0;
      for (std::size_t i = begin; i < end; ++i) part = std::max(part, absolute(values[i]));
      raise(result, part);
    });
    largest_ = result;
    return *largest_;
  }

  UnsetSecretVector<std::int64_t> values;

 private:
  mutable std::optional<std::uint64_t> largest_;
};

inline const CpuTrainingMatrix& on_cpu(const TrainingMatrix& matrix) {
  return static_cast<const CpuTrainingMatrix&>(matrix);
}
inline CpuTrainingMatrix& on_cpu(TrainingMatrix& matrix) { return static_cast<CpuTrainingMatrix&>(matrix); }

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_MATRIX_H_
