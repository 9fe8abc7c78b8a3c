// Each CUDA call and launch is checked; an error names the operation.
#ifndef TRAINPROOF_BACKEND_CUDA_CHECK_H_
#define TRAINPROOF_BACKEND_CUDA_CHECK_H_

#include <cuda_runtime_api.h>

namespace trainproof::cuda {

// Throws DeviceError "<operation>: <what CUDA says> (<name>)" unless the status is success.
void check(cudaError_t status, const char* operation);

// Of a stream's work, for others to wait for.
class Event {
 public:
  explicit Event(const char* operation) { check(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), operation); }
  ~Event() { static_cast<void>(cudaEventDestroy(event_)); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  cudaEvent_t get() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

// After a launch: what was wrong with it, or with one before it.
inline void check_launch(const char* operation) { check(cudaGetLastError(), operation); }

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_CHECK_H_
