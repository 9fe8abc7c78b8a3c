// What the rest of the program knows of CUDA: whether there is a usable device, and the backends on it. Without CUDA in the build
// every question has an answer all the same (no_cuda.cc).
#ifndef TRAINPROOF_BACKEND_CUDA_CUDA_H_
#define TRAINPROOF_BACKEND_CUDA_CUDA_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/training.h"
#include "commit/generators.h"

namespace trainproof::cuda {

struct DeviceInfo {
  int index = 0;
  std::string name;
  std::string compute_capability;  // "9.0"
  std::size_t memory_bytes = 0, free_bytes = 0;
  int multiprocessors = 0;
};

struct Availability {
  std::vector<DeviceInfo> devices;
  std::string runtime, driver;  // versions such as "13.0"; empty where there is none
  std::string reason;           // why no device is usable; empty where one is
};

// Starts nothing; never throws.
Availability availability();

// Both backends on one device. `generators` must outlive it.
struct Backends {
  std::unique_ptr<Backend> proving;
  std::unique_ptr<TrainingBackend> training;
};

// Device memory that the backends may use, whether freed blocks are kept for the next use (see DeviceMemory), and bytes of pinned
// memory that a large copy goes through at once (see Staging).
struct Options {
  std::size_t memory_limit = 0;  // 0: what the device has free
  bool keep_memory = true;
  std::size_t staging_bytes = std::size_t{4} << 20;
};

// Throws DeviceError with availability()'s reason, or when there is no such device.
Backends make_backends(int device, const Generators& generators, const Options& options = {});

// Of such a backend: bytes of device memory that may be used in all, and that are in use; whether integers are on its device.
std::size_t memory_limit(const Backend& proving);
std::size_t memory_in_use(const Backend& proving);
bool is_on(const Backend& proving, const IntBuffer& integers);

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_CUDA_H_
