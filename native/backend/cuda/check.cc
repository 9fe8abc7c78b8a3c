#include "backend/cuda/check.h"

#include <string>

#include "util/error.h"

namespace trainproof::cuda {

void check(cudaError_t status, const char* operation) {
  if (status == cudaSuccess) return;
  std::string message = std::string("CUDA failed in ") + operation + ": " + cudaGetErrorString(status) + " (" +
                        cudaGetErrorName(status) + ")";
  static_cast<void>(cudaGetLastError());
  // A fault in a kernel stays: nothing on this device works after it.
  if (cudaDeviceSynchronize() != cudaSuccess) message += "; this process cannot use the device any more";
  throw DeviceError(message);
}

}  // namespace trainproof::cuda
