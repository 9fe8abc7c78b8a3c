// The device's buffers as the prover holds them.
#ifndef TRAINPROOF_BACKEND_CUDA_BUFFERS_H_
#define TRAINPROOF_BACKEND_CUDA_BUFFERS_H_

#include <memory>
#include <optional>

#include "backend/backend.h"
#include "backend/cuda/device.h"
#include "backend/cuda/view.h"

namespace trainproof::cuda {

// Integers on the device: a segment's tensor that training made there, or a copy of the caller's, which may be on its way on the
// stream for copies.
class CudaIntBuffer final : public IntBuffer {
 public:
  // Of unknown contents.
  CudaIntBuffer(const DeviceHandle& device, IntType integer_type, std::size_t length, const char* operation);
  // A copy.
  CudaIntBuffer(const DeviceHandle& device, IntType integer_type, std::size_t length, const void* from, const char* operation);
  ~CudaIntBuffer() override;

  void read(void* to) const override;
  bool is_on(const Device& device) const { return entries_.device().get() == &device; }
  // For work that is begun from now on.
  std::uint8_t* data() const;

 private:
  DeviceArray<std::uint8_t> entries_;
  // While the copy is on its way and no work waits for it.
  mutable std::unique_ptr<Event> sent_;
};

// Backend::adopt on a device.
IntHandle adopt_on(const DeviceHandle& device, const IntHandle& integers);

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
