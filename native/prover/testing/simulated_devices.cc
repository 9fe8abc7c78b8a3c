#include "prover/testing/simulated_devices.h"

#include <dlfcn.h>

#include <deque>
#include <map>
#include <mutex>

#include <cuda_runtime_api.h>

namespace {

using trainproof::testing::DeviceUse;

constexpr int kDevices = 2;
thread_local int current = 0;
thread_local bool inside = false;  // of a function of the runtime that calls others

struct Allocation {
  int device;
  std::size_t size;
};
struct Copy {
  void* to;
  const void* from;
  std::size_t bytes;
  cudaMemcpyKind kind;
};
struct Stream {
  int device = 0;
  std::size_t done = 0;  // copies that ran
  std::deque<Copy> waiting;
};
struct Mark {
  cudaStream_t stream = nullptr;
  std::size_t position = 0;
};

std::recursive_mutex mutex;
std::map<void*, Allocation> allocations;  // of devices
std::map<void*, std::size_t> pinned;
std::map<cudaStream_t, Stream> streams;
std::map<cudaEvent_t, Mark> marks;
DeviceUse use;
int last_device = 0;

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool is_pinned(const void* data) {
  const auto after = pinned.upper_bound(const_cast<void*>(data));
  if (after == pinned.begin()) return false;
  const auto& [begin, size] = *std::prev(after);
  return static_cast<const char*>(data) < static_cast<const char*>(begin) + size;
}

// Runs the copies of a stream before `position`.
cudaError_t run_until(cudaStream_t stream, std::size_t position) {
  static const auto copy = real<cudaError_t (*)(void*, const void*, std::size_t, cudaMemcpyKind)>("cudaMemcpy");
  Stream& s = streams[stream];
  while (s.done < position && !s.waiting.empty()) {
    const Copy next = s.waiting.front();
    s.waiting.pop_front();
    ++s.done;
    const cudaError_t status = copy(next.to, next.from, next.bytes, next.kind);
    if (status != cudaSuccess) return status;
  }
  return cudaSuccess;
}
cudaError_t run_all(cudaStream_t stream) { return run_until(stream, ~std::size_t{0}); }

void expect_own(cudaStream_t stream) {
  if (const auto known = streams.find(stream); known != streams.end() && known->second.device != current) ++use.strangers;
}

}  // namespace

namespace trainproof::testing {

DeviceUse device_use() {
  const std::lock_guard lock(mutex);
  DeviceUse out = use;
  out.live_allocations = allocations.size();
  return out;
}

}  // namespace trainproof::testing

#define SIMULATED extern "C" __attribute__((visibility("default"))) cudaError_t

SIMULATED cudaGetDeviceCount(int* count) {
  *count = kDevices;
  return cudaSuccess;
}

SIMULATED cudaSetDevice(int device) {
  if (device < 0 || device >= kDevices) return cudaErrorInvalidDevice;
  current = device;
  return cudaSuccess;
}

SIMULATED cudaGetDevice(int* device) {
  *device = current;
  return cudaSuccess;
}

// CUB asks for it, too.
SIMULATED cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (device < 0 || device >= kDevices) return cudaErrorInvalidDevice;
  return real<cudaError_t (*)(cudaDeviceProp*, int)>("cudaGetDeviceProperties")(properties, 0);
}

SIMULATED cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  if (device < 0 || device >= kDevices) return cudaErrorInvalidDevice;
  return real<cudaError_t (*)(int*, cudaDeviceAttr, int)>("cudaDeviceGetAttribute")(value, attribute, 0);
}

SIMULATED cudaMalloc(void** data, std::size_t size) {
  const std::lock_guard lock(mutex);
  const cudaError_t status = real<cudaError_t (*)(void**, std::size_t)>("cudaMalloc")(data, size);
  if (status == cudaSuccess && !inside) allocations[*data] = {current, size};
  return status;
}

SIMULATED cudaFree(void* data) {
  const std::lock_guard lock(mutex);
  // As the driver does: it waits for the device.
  for (auto& [stream, s] : streams) static_cast<void>(run_all(stream));
  if (!inside) allocations.erase(data);
  return real<cudaError_t (*)(void*)>("cudaFree")(data);
}

SIMULATED cudaMallocHost(void** data, std::size_t size) {
  const std::lock_guard lock(mutex);
  inside = true;
  const cudaError_t status = real<cudaError_t (*)(void**, std::size_t)>("cudaMallocHost")(data, size);
  inside = false;
  if (status == cudaSuccess) pinned[*data] = size;
  return status;
}

SIMULATED cudaFreeHost(void* data) {
  const std::lock_guard lock(mutex);
  pinned.erase(data);
  inside = true;
  const cudaError_t status = real<cudaError_t (*)(void*)>("cudaFreeHost")(data);
  inside = false;
  return status;
}

SIMULATED cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  const std::lock_guard lock(mutex);
  const cudaError_t status = real<cudaError_t (*)(cudaStream_t*, unsigned)>("cudaStreamCreateWithFlags")(stream, flags);
  if (status == cudaSuccess) streams[*stream] = {current, 0, {}};
  return status;
}

SIMULATED cudaStreamDestroy(cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  static_cast<void>(run_all(stream));
  streams.erase(stream);
  return real<cudaError_t (*)(cudaStream_t)>("cudaStreamDestroy")(stream);
}

SIMULATED cudaStreamSynchronize(cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  const cudaError_t status = run_all(stream);
  if (status != cudaSuccess) return status;
  return real<cudaError_t (*)(cudaStream_t)>("cudaStreamSynchronize")(stream);
}

SIMULATED cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  marks[event] = {stream, streams[stream].done + streams[stream].waiting.size()};
  return cudaSuccess;
}

SIMULATED cudaEventSynchronize(cudaEvent_t event) {
  const std::lock_guard lock(mutex);
  return marks.contains(event) ? run_until(marks[event].stream, marks[event].position) : cudaSuccess;
}

SIMULATED cudaStreamWaitEvent(cudaStream_t, cudaEvent_t event, unsigned) {
  const std::lock_guard lock(mutex);
  return marks.contains(event) ? run_until(marks[event].stream, marks[event].position) : cudaSuccess;
}

SIMULATED cudaEventDestroy(cudaEvent_t event) {
  const std::lock_guard lock(mutex);
  marks.erase(event);
  return real<cudaError_t (*)(cudaEvent_t)>("cudaEventDestroy")(event);
}

SIMULATED cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  expect_own(stream);
  const bool late = (kind == cudaMemcpyHostToDevice && is_pinned(from)) || (kind == cudaMemcpyDeviceToHost && is_pinned(to));
  if (late) {
    ++use.late_copies;
    streams[stream].waiting.push_back({to, from, bytes, kind});
    return cudaSuccess;
  }
  const cudaError_t status = run_all(stream);
  if (status != cudaSuccess) return status;
  return real<cudaError_t (*)(void*, const void*, std::size_t, cudaMemcpyKind)>("cudaMemcpy")(to, from, bytes, kind);
}

SIMULATED cudaMemcpy2DAsync(void* to, std::size_t to_pitch, const void* from, std::size_t from_pitch, std::size_t width,
                            std::size_t height, cudaMemcpyKind kind, cudaStream_t stream) {
  using Copy2D = cudaError_t (*)(void*, std::size_t, const void*, std::size_t, std::size_t, std::size_t, cudaMemcpyKind);
  const std::lock_guard lock(mutex);
  expect_own(stream);
  const cudaError_t status = run_all(stream);
  if (status != cudaSuccess) return status;
  return real<Copy2D>("cudaMemcpy2D")(to, to_pitch, from, from_pitch, width, height, kind);
}

SIMULATED cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  const std::lock_guard lock(mutex);
  expect_own(stream);
  const cudaError_t status = run_all(stream);
  if (status != cudaSuccess) return status;
  return real<cudaError_t (*)(void*, int, std::size_t)>("cudaMemset")(to, value, bytes);
}

SIMULATED __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** args, std::size_t shared, cudaStream_t stream) {
  using Launch = cudaError_t (*)(cudaKernel_t, dim3, dim3, void**, std::size_t, cudaStream_t);
  static const auto launch = real<Launch>("__cudaLaunchKernel");
  static const auto hide = real<int (*)(const void*)>("ptx_unregister_range");
  static const auto show = real<void (*)(const void*, std::size_t)>("ptx_register_range");
  const std::lock_guard lock(mutex);
  expect_own(stream);
  ++use.launches[current];
  use.alternations += last_device != current;
  last_device = current;
  cudaError_t status = run_all(stream);
  for (const auto& [data, allocation] : allocations) {
    if (allocation.device != current) hide(data);
  }
  if (status == cudaSuccess) status = launch(kernel, grid, block, args, shared, stream);
  for (const auto& [data, allocation] : allocations) {
    if (allocation.device != current) show(data, allocation.size);
  }
  return status;
}
