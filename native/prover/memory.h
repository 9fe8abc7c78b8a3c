// What a segment will need of memory, known from its shape before anything is allocated.
#ifndef TRAINPROOF_PROVER_MEMORY_H_
#define TRAINPROOF_PROVER_MEMORY_H_

#include <cstdint>

#include "statement/statement.h"

namespace trainproof {

// Bytes that proving a segment holds at its peak, the trace included: an estimate, meant to be a little high.
// (train/train.h says the same of training.)
std::uint64_t proving_bytes(const Shape& shape);

// The same of a GPU's memory, for proving and for training there, the trace included, and for proving the next segment's batch, which is
// sent meanwhile; and of the host's memory beside it.
std::uint64_t device_proving_bytes(const Shape& shape);
std::uint64_t device_training_bytes(const Shape& shape);
std::uint64_t host_bytes_beside_device(const Shape& shape);

}  // namespace trainproof

#endif  // TRAINPROOF_PROVER_MEMORY_H_
