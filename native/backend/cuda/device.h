// A GPU as the backends use it: a stream for work, one for copies beside it, memory, and a place where results arrive.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_H_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_H_

#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "backend/cuda/device_memory.h"
#include "backend/cuda/element.h"
#include "backend/cuda/launch.h"
#include "backend/cuda/staging.h"
#include "backend/cuda/traffic.h"
#include "field/field.h"

namespace trainproof::cuda {

class Device {
 public:
  // `keep_memory`: see DeviceMemory; `staging_bytes`: a piece of Staging. Throws DeviceError when the device is not usable.
  Device(int index, bool keep_memory, std::size_t staging_bytes);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  // CUDA's current device is a thread's: the first thing in every operation.
  void activate() const;
  cudaStream_t stream() const { return stream_; }
  cudaStream_t copies() const { return copies_; }
  DeviceMemory& memory() { return memory_; }
  int index() const { return index_; }

  // A kernel's results and partial sums. One operation at a time uses them.
  Reduction reduction();
  // Waits for the work and gives the results that it left.
  std::span<const Element> results(std::size_t count, const char* operation);
  // Waits for all work; throws what went wrong in it.
  void finish(const char* operation);

  // --- Copies of host memory, in the order of the work. `from` may change as soon as copy_in returns.
  void copy_in(void* to, const void* from, std::size_t bytes, const char* operation);
  // Arrives by the next finish().
  void copy_out(void* to, const void* from, std::size_t bytes, const char* operation);

  // --- Large ones, beside the work. `from` may change as soon as send returns; work that reads `to` must wait for `sent`.
  void send(void* to, const void* from, std::size_t bytes, cudaEvent_t sent, const char* operation);
  // After the work that was begun; has arrived when it returns. Beside other operations, too.
  void receive(void* to, const void* from, std::size_t bytes, const char* operation);

  Traffic& traffic() { return traffic_; }

 private:
  class Streams {
   public:
    explicit Streams(int index);
    ~Streams();
    cudaStream_t work = nullptr, copies = nullptr;
  };

  int index_;
  Streams streams_;
  cudaStream_t stream_, copies_;
  DeviceMemory memory_;
  Staging staging_;
  Traffic traffic_;
  Element* results_ = nullptr;  // pinned host memory that kernels write to
  void* scratch_ = nullptr;  // partial sums and the ticket
};
using DeviceHandle = std::shared_ptr<Device>;

// Memory of the device, wiped when it is given back.
template <class T>
class DeviceArray {
 public:
  DeviceArray() = default;
  DeviceArray(DeviceHandle device, std::size_t size, const char* operation) : device_(std::move(device)), size_(size) {
    data_ = static_cast<T*>(device_->memory().allocate(size * sizeof(T), operation));
  }
  DeviceArray(DeviceArray&& o) noexcept { swap(o); }
  DeviceArray& operator=(DeviceArray&& o) noexcept {
    DeviceArray gone(std::move(o));
    swap(gone);
    return *this;
  }
  ~DeviceArray() {
    if (device_) device_->memory().free(data_, size_ * sizeof(T));
  }

  T* data() const { return data_; }
  std::size_t size() const { return size_; }
  const DeviceHandle& device() const { return device_; }
  explicit operator bool() const { return device_ != nullptr; }

 private:
  void swap(DeviceArray& o) noexcept {
    std::swap(device_, o.device_);
    std::swap(data_, o.data_);
    std::swap(size_, o.size_);
  }
  DeviceHandle device_;
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

// A copy of host memory, in the order of the work.
template <class T>
DeviceArray<T> copy_to(const DeviceHandle& device, const void* from, std::size_t size, const char* operation) {
  DeviceArray<T> out(device, size, operation);
  device->copy_in(out.data(), from, size * sizeof(T), operation);
  return out;
}

// Two vectors of field elements in one copy, one after the other.
template <class Values>
DeviceArray<Element> copy_both_to(const DeviceHandle& device, const Values& first, const Values& second, const char* operation) {
  Values both(first.begin(), first.end());
  both.insert(both.end(), second.begin(), second.end());
  return copy_to<Element>(device, both.data(), both.size(), operation);
}

// PrimeField has the same form in memory.
inline Element element(const Fr& x) {
  static_assert(sizeof(Fr) == sizeof(Element));
  Element out;
  std::memcpy(&out, &x, sizeof out);
  return out;
}
inline Fr field(const Element& x) {
  Fr out;
  std::memcpy(static_cast<void*>(&out), &x, sizeof out);
  return out;
}

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_H_
