// What launchers share. Host code calls them without seeing a kernel.
#ifndef TRAINPROOF_BACKEND_CUDA_LAUNCH_H_
#define TRAINPROOF_BACKEND_CUDA_LAUNCH_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <cuda_runtime_api.h>

#include "backend/cuda/check.h"
#include "backend/cuda/element.h"

namespace trainproof::cuda {

// Where a grid's blocks put their sums: the last one to come adds them up and writes the results.
struct Reduction {
  static constexpr unsigned kBlocks = 2048;  // the most
  static constexpr unsigned kResults = 4;    // the most

  Element* partials;  // kBlocks · kResults
  unsigned* ticket;   // how many blocks have come; zero between kernels
  Element* results;   // host memory
};

// Blocks of `threads` for `items`, each thread taking one; a kernel's loop takes the rest where that is more than `most`.
inline unsigned blocks_for(std::size_t items, unsigned threads, unsigned most = 1u << 20) {
  return static_cast<unsigned>(std::clamp<std::size_t>((items + threads - 1) / threads, 1, most));
}

inline void copy_bytes(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream,
                       const char* operation) {
  if (bytes != 0) check(cudaMemcpyAsync(to, from, bytes, kind, stream), operation);
}

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_LAUNCH_H_
