// The answers of a build without CUDA.
#include "backend/cuda/cuda.h"
#include "util/error.h"

namespace trainproof::cuda {

Availability availability() {
  Availability out;
  out.reason = "this build has no CUDA: install the CUDA toolkit (nvcc 12.4 or later), then: npm run build:native";
  return out;
}

Backends make_backends(int, const Generators&, const Options&) { throw DeviceError(availability().reason); }

std::size_t memory_limit(const Backend&) { return 0; }

std::size_t memory_in_use(const Backend&) { return 0; }

bool is_on(const Backend&, const IntBuffer&) { return false; }

}  // namespace trainproof::cuda
