// What a segment will need of memory, known from its shape before anything is allocated.
#ifndef TRAINPROOF_PROVER_MEMORY_H_
#define TRAINPROOF_PROVER_MEMORY_H_

#include <cstdint>

#include "statement/statement.h"

namespace trainproof {

// Bytes at the peak, the trace included; estimates, meant to be a little high.
struct MemoryPrediction {
  std::uint64_t trace = 0;  // held from training to the end of proving
  std::uint64_t train = 0;
  std::uint64_t prove = 0;
};

MemoryPrediction predict_memory(const Shape& shape);

}  // namespace trainproof

#endif  // TRAINPROOF_PROVER_MEMORY_H_
