// A segment's batch on its way to training, which it may be sent ahead of.
#ifndef TRAINPROOF_TRAIN_BATCH_H_
#define TRAINPROOF_TRAIN_BATCH_H_

#include <cstdint>
#include <span>

#include "backend/training.h"
#include "statement/statement.h"

namespace trainproof {

// TB sample-major rows of n_0 features then n_L labels, feature-major to where `backend` computes: a trace's batch
// (trace/trace.h). May run beside other operations on the same device. Throws InvalidArgument for a wrong length; values are looked at by
// training.
IntHandle send_batch(const Shape& shape, TrainingBackend& backend, std::span<const std::int32_t> rows);

}  // namespace trainproof

#endif  // TRAINPROOF_TRAIN_BATCH_H_
