// What goes between host and device, counted by operation: docs/CUDA.md says what may, and a test holds a segment to it.
#ifndef TRAINPROOF_BACKEND_CUDA_TRAFFIC_H_
#define TRAINPROOF_BACKEND_CUDA_TRAFFIC_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace trainproof::cuda {

class Traffic {
 public:
  struct Bytes {
    std::uint64_t to_device = 0, to_host = 0;
  };

  // `operation` is a literal.
  void count_to_device(std::string_view operation, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    by_operation_[operation].to_device += bytes;
  }
  void count_to_host(std::string_view operation, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    by_operation_[operation].to_host += bytes;
  }
  // Since the device was opened, or since the last call.
  std::map<std::string_view, Bytes> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(by_operation_, {});
  }

 private:
  std::mutex mutex_;
  std::map<std::string_view, Bytes> by_operation_;
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_TRAFFIC_H_
