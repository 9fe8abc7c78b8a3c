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

// Device memory that the backends may use, and whether freed blocks are kept for the next use (see DeviceMemory).
struct Options {
  std::size_t memory_limit = 0;  // 0: what the device has free
  bool keep_memory = true;
};

// Throws DeviceError with availability()'s reason, or when there is no such device.
Backends make_backends(int device, const Generators& generators, const Options& options = {});

// Bytes of device memory that a backend may use in all.
std::size_t memory_limit(const Backend& proving);

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_CUDA_H_
