#include "backend/cuda/device_memory.h"

#include <algorithm>
#include <bit>
#include <string>

#include "backend/cuda/check.h"
#include "util/error.h"

namespace trainproof::cuda {

namespace {

std::string mebibytes(std::size_t bytes) { return std::to_string((bytes >> 20) + (bytes % (1 << 20) != 0)) + " MiB"; }

}  // namespace

DeviceMemory::DeviceMemory(int device, cudaStream_t stream, bool keep)
    : device_(device), stream_(stream), keep_(keep), freed_([this] {
        const std::lock_guard lock(mutex_);
        wipe_free();
      }) {
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total), "reading the device's memory size");
  limit_ = free;
}

DeviceMemory::~DeviceMemory() { trim(); }

// To an eighth of the power of two below: sizes that halve from round to round meet the same classes again.
std::size_t DeviceMemory::rounded(std::size_t bytes) {
  constexpr std::size_t kLeast = 512;
  if (bytes <= kLeast) return kLeast;
  const std::size_t step = std::max<std::size_t>(std::bit_floor(bytes - 1) / 8, kLeast);
  return (bytes + step - 1) / step * step;
}

void* DeviceMemory::allocate(std::size_t bytes, const char* operation) {
  if (bytes == 0) return nullptr;
  const std::lock_guard lock(mutex_);
  const std::size_t size = keep_ ? rounded(bytes) : bytes;
  const auto refuse = [&](std::size_t most) {
    throw OutOfMemoryLimit(std::string(operation) + " needs " + mebibytes(size) + " of device memory beside the " +
                           mebibytes(in_use_) + " in use, and " + mebibytes(most) +
                           " is the most; shorten the segment (tau) or use --device cpu");
  };
  if (in_use_ + size > limit_) refuse(limit_);
  void* data = nullptr;
  if (const auto kept = free_.find(size); kept != free_.end()) {
    data = kept->second.data;
    free_.erase(kept);
    kept_ -= size;
  } else {
    cudaError_t status = cudaMalloc(&data, size);
    if (status == cudaErrorMemoryAllocation && !free_.empty()) {
      static_cast<void>(cudaGetLastError());
      trim();
      status = cudaMalloc(&data, size);
    }
    if (status == cudaErrorMemoryAllocation) {
      static_cast<void>(cudaGetLastError());
      refuse(in_use_);
    }
    check(status, operation);
  }
  in_use_ += size;
  peak_ = std::max(peak_, in_use_);
  return data;
}

// In destructors, on any thread: after an error nothing can be wiped any more, and what the driver says is of no interest.
void DeviceMemory::free(void* data, std::size_t bytes) noexcept {
  if (data == nullptr) return;
  const std::lock_guard lock(mutex_);
  const std::size_t size = keep_ ? rounded(bytes) : bytes;
  in_use_ -= size;
  if (keep_) {
    kept_ += size;
    free_.emplace(size, Block{data, false});
    return;
  }
  static_cast<void>(cudaSetDevice(device_));
  static_cast<void>(cudaMemsetAsync(data, 0, size, stream_));
  static_cast<void>(cudaFree(data));
}

void DeviceMemory::wipe_free() noexcept {
  for (auto& [size, block] : free_) {
    if (block.wiped) continue;
    static_cast<void>(cudaSetDevice(device_));
    static_cast<void>(cudaMemsetAsync(block.data, 0, size, stream_));
    block.wiped = true;
  }
}

// cudaFree waits for the device, so that wiping comes first.
void DeviceMemory::trim() noexcept {
  wipe_free();
  for (const auto& [size, block] : free_) static_cast<void>(cudaFree(block.data));
  free_.clear();
  kept_ = 0;
}

}  // namespace trainproof::cuda
