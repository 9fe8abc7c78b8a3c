// Training steps on an NVIDIA GPU: matrices stay there; the trace's tensors come back as a step makes them.
#ifndef TRAINPROOF_BACKEND_CUDA_TRAINING_H_
#define TRAINPROOF_BACKEND_CUDA_TRAINING_H_

#include <memory>

#include "backend/cuda/device.h"
#include "backend/training.h"

namespace trainproof::cuda {

std::unique_ptr<TrainingBackend> make_training_backend(DeviceHandle device);

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_TRAINING_H_
