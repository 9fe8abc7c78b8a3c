// Each CUDA call and launch is checked; an error names the operation.
#ifndef TRAINPROOF_BACKEND_CUDA_CHECK_H_
#define TRAINPROOF_BACKEND_CUDA_CHECK_H_

#include <cuda_runtime_api.h>

namespace trainproof::cuda {

// Throws DeviceError "<operation>: <what CUDA says> (<name>)" unless the status is success.
void check(cudaError_t status, const char* operation);

// After a launch: what was wrong with it, or with one before it.
inline void check_launch(const char* operation) { check(cudaGetLastError(), operation); }

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_CHECK_H_
