// The device's memory: blocks that are used again, counted, limited, and wiped.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_MEMORY_H_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_MEMORY_H_

#include <cstddef>
#include <map>
#include <mutex>

#include <cuda_runtime_api.h>

#include "util/secret.h"

namespace trainproof::cuda {

// All work on the blocks is on one stream, in whose order a freed block may serve again. Free blocks are wiped as the host's are
// (util/secret.h): all of them at the end of an operation, not each when it is freed, which is thousands of times a segment.
class DeviceMemory {
 public:
  // `keep`: freed blocks stay the process's. Else each allocation is the driver's own of exactly its size, which a
  // simulator checks the bounds of, and is wiped when it is freed.
  DeviceMemory(int device, cudaStream_t stream, bool keep);
  ~DeviceMemory();
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  // Throws OutOfMemoryLimit with the figures where the limit or the device is exceeded.
  void* allocate(std::size_t bytes, const char* operation);
  void free(void* data, std::size_t bytes) noexcept;

  // Bytes that may be in use at once. The default is what the device has.
  void set_limit(std::size_t bytes) { limit_ = bytes; }
  std::size_t limit() const { return limit_; }
  std::size_t in_use() const {
    const std::lock_guard lock(mutex_);
    return in_use_;
  }
  std::size_t peak() const { return peak_; }
  std::size_t kept() const { return kept_; }
  // Wipes kept blocks and gives them back to the driver.
  void trim() noexcept;

 private:
  struct Block {
    void* data;
    bool wiped;
  };
  static std::size_t rounded(std::size_t bytes);
  // Free blocks that hold something.
  void wipe_free() noexcept;

  int device_;
  cudaStream_t stream_;
  bool keep_;
  mutable std::mutex mutex_;
  std::size_t limit_ = ~std::size_t{0}, in_use_ = 0, peak_ = 0, kept_ = 0;
  std::multimap<std::size_t, Block> free_;  // by size
  FreedSecrets freed_;  // last: nobody calls it while what stands above goes
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_MEMORY_H_
