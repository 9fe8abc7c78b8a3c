// The device's buffers as the prover holds them.
#ifndef TRAINPROOF_BACKEND_CUDA_BUFFERS_H_
#define TRAINPROOF_BACKEND_CUDA_BUFFERS_H_

#include <optional>

#include "backend/backend.h"
#include "backend/cuda/device.h"
#include "backend/cuda/view.h"

namespace trainproof::cuda {

// A copy of the caller's integers, on its way since borrow() on the stream for copies.
struct CudaIntBuffer final : IntBuffer {
  DeviceArray<std::uint8_t> bytes;
  cudaEvent_t copied = nullptr;
  bool waited = false;

  CudaIntBuffer() = default;
  CudaIntBuffer(const CudaIntBuffer&) = delete;
  CudaIntBuffer& operator=(const CudaIntBuffer&) = delete;
  ~CudaIntBuffer() override {
    if (copied != nullptr) static_cast<void>(cudaEventDestroy(copied));
  }
};

// `size` entries. A fold waits until the table is needed, so that a round folds all of its tables in one launch:
// until then the array has the entries before it.
struct CudaFrBuffer final : FrBuffer {
  DeviceArray<Element> entries;
  std::optional<Fr> pending_fold;
  std::size_t stored = 0;  // entries of the array that count, before the fold

  CudaFrBuffer(const DeviceHandle& device, std::size_t length, const char* operation)
      : entries(device, length, operation), stored(length) {
    size = length;
  }
};

inline CudaFrBuffer& on_device(FrBuffer& v) { return static_cast<CudaFrBuffer&>(v); }
// Carrying out a waiting fold changes no entry.
inline CudaFrBuffer& on_device(const FrBuffer& v) { return const_cast<CudaFrBuffer&>(static_cast<const CudaFrBuffer&>(v)); }

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_BUFFERS_H_
