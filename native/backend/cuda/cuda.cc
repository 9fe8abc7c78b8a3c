#include "backend/cuda/cuda.h"

#include <cuda_runtime_api.h>

#include "backend/cuda/check.h"
#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/training.h"
#include "util/error.h"

namespace trainproof::cuda {

namespace {

// 13000 is 13.0.
std::string version(int number) { return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10); }

std::string reason_of(cudaError_t status, const Availability& known) {
  switch (status) {
    case cudaErrorInsufficientDriver:
      if (known.driver.empty()) return "no NVIDIA driver is installed (libcuda.so.1 was not found)";
      return "the NVIDIA driver supports CUDA " + known.driver + ", this build needs " + known.runtime + "; update the driver";
    case cudaErrorNoDevice: return "the NVIDIA driver finds no GPU";
    default: return std::string("CUDA does not start: ") + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ")";
  }
}

// Asking a device changes nothing.
Device& device_of(const Backend& proving) {
  return const_cast<CudaBackend&>(dynamic_cast<const CudaBackend&>(proving)).device();
}

}  // namespace

Availability availability() {
  Availability out;
  int number = 0;
  if (cudaRuntimeGetVersion(&number) == cudaSuccess) out.runtime = version(number);
  if (cudaDriverGetVersion(&number) == cudaSuccess && number > 0) out.driver = version(number);
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  static_cast<void>(cudaGetLastError());
  if (status != cudaSuccess) {
    out.reason = reason_of(status, out);
    return out;
  }
  for (int i = 0; i < count; ++i) {
    cudaDeviceProp properties{};
    if (cudaGetDeviceProperties(&properties, i) != cudaSuccess) continue;
    DeviceInfo device;
    device.index = i;
    device.name = properties.name;
    device.compute_capability = std::to_string(properties.major) + "." + std::to_string(properties.minor);
    device.memory_bytes = device.free_bytes = properties.totalGlobalMem;
    device.multiprocessors = properties.multiProcessorCount;
    if (properties.major >= 8) out.devices.push_back(device);
  }
  if (out.devices.empty()) out.reason = "no GPU of compute capability 8.0 or later (Ampere)";
  return out;
}

Backends make_backends(int device, const Generators& generators, const Options& options) {
  const Availability found = availability();
  if (!found.reason.empty()) throw DeviceError("cuda:" + std::to_string(device) + " is not usable: " + found.reason);
  const auto known = [&](const DeviceInfo& d) { return d.index == device; };
  if (std::none_of(found.devices.begin(), found.devices.end(), known)) {
    throw DeviceError("there is no cuda:" + std::to_string(device) + "; usable devices: " + std::to_string(found.devices.size()));
  }
  const auto handle = std::make_shared<Device>(device, options.keep_memory, options.staging_bytes);
  if (options.memory_limit != 0) handle->memory().set_limit(options.memory_limit);
  Backends out;
  out.proving = std::make_unique<CudaBackend>(handle, generators);
  out.training = make_training_backend(handle);
  return out;
}

std::size_t memory_limit(const Backend& proving) { return device_of(proving).memory().limit(); }

std::size_t memory_in_use(const Backend& proving) { return device_of(proving).memory().in_use(); }

bool is_on(const Backend& proving, const IntBuffer& integers) {
  const auto* buffer = dynamic_cast<const CudaIntBuffer*>(&integers);
  return buffer != nullptr && buffer->is_on(device_of(proving));
}

}  // namespace trainproof::cuda
