// Pinned host memory that large copies go through, piece by piece: the device reads and writes it at the full speed of its bus,
// while the processor fills or empties the other piece.
#ifndef TRAINPROOF_BACKEND_CUDA_STAGING_H_
#define TRAINPROOF_BACKEND_CUDA_STAGING_H_

#include <array>
#include <cstddef>
#include <mutex>

#include <cuda_runtime_api.h>

namespace trainproof::cuda {

// For one stream. The memory is reserved when it is first needed.
class Staging {
 public:
  Staging(cudaStream_t stream, std::size_t piece_bytes) : stream_(stream), piece_bytes_(piece_bytes) {}
  // Wipes what was staged; the stream must have done its work.
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  // In the stream's order; `from` has been read when it returns.
  void to_device(void* to, const void* from, std::size_t bytes, const char* operation);
  // All has arrived when it returns.
  void to_host(void* to, const void* from, std::size_t bytes, const char* operation);

 private:
  struct Piece {
    unsigned char* data = nullptr;
    cudaEvent_t done = nullptr;  // the copy that uses it
  };
  // Copies of less gain nothing by the detour.
  bool is_small(std::size_t bytes) const { return bytes <= piece_bytes_ / 64; }
  void reserve(const char* operation);

  cudaStream_t stream_;
  std::size_t piece_bytes_;
  std::mutex mutex_;
  std::array<Piece, 2> pieces_;
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_STAGING_H_
