#include "backend/cuda/device.h"

#include <string>

#include "backend/cuda/check.h"
#include "util/error.h"

namespace trainproof::cuda {

namespace {

constexpr std::size_t kScratchElements = std::size_t{Reduction::kBlocks} * Reduction::kResults;
constexpr std::size_t kScratchBytes = kScratchElements * sizeof(Element) + sizeof(Element);

}  // namespace

Device::Streams::Streams(int index) {
  check(cudaSetDevice(index), "choosing the device");
  check(cudaStreamCreateWithFlags(&work, cudaStreamNonBlocking), "making a stream");
  const cudaError_t status = cudaStreamCreateWithFlags(&copies, cudaStreamNonBlocking);
  if (status != cudaSuccess) static_cast<void>(cudaStreamDestroy(work));
  check(status, "making a stream");
}

Device::Streams::~Streams() {
  static_cast<void>(cudaStreamDestroy(copies));
  static_cast<void>(cudaStreamDestroy(work));
}

Device::Device(int index, bool keep_memory, std::size_t staging_bytes)
    : index_(index),
      streams_(index),
      stream_(streams_.work),
      copies_(streams_.copies),
      memory_(index, streams_.work, keep_memory),
      staging_(streams_.copies, staging_bytes) {
  scratch_ = memory_.allocate(kScratchBytes, "making a device's working space");
  try {
    check(cudaMemsetAsync(scratch_, 0, kScratchBytes, stream_), "making a device's working space");
    check(cudaMallocHost(reinterpret_cast<void**>(&results_), Reduction::kResults * sizeof(Element)),
          "reserving host memory for results");
  } catch (...) {
    memory_.free(scratch_, kScratchBytes);
    throw;
  }
}

Device::~Device() {
  static_cast<void>(cudaSetDevice(index_));
  static_cast<void>(cudaStreamSynchronize(copies_));
  static_cast<void>(cudaStreamSynchronize(stream_));
  std::memset(static_cast<void*>(results_), 0, Reduction::kResults * sizeof(Element));
  static_cast<void>(cudaFreeHost(results_));
  memory_.free(scratch_, kScratchBytes);
}

void Device::activate() const { check(cudaSetDevice(index_), "choosing the device"); }

Reduction Device::reduction() {
  auto* partials = static_cast<Element*>(scratch_);
  return {partials, reinterpret_cast<unsigned*>(partials + kScratchElements), results_};
}

std::span<const Element> Device::results(std::size_t count, const char* operation) {
  finish(operation);
  traffic_.count_to_host(operation, count * sizeof(Element));
  return {results_, count};
}

void Device::finish(const char* operation) { check(cudaStreamSynchronize(stream_), operation); }

// From pageable memory CUDA returns when it has read all of it.
void Device::copy_in(void* to, const void* from, std::size_t bytes, const char* operation) {
  traffic_.count_to_device(operation, bytes);
  copy_bytes(to, from, bytes, cudaMemcpyHostToDevice, stream_, operation);
}

void Device::copy_out(void* to, const void* from, std::size_t bytes, const char* operation) {
  traffic_.count_to_host(operation, bytes);
  copy_bytes(to, from, bytes, cudaMemcpyDeviceToHost, stream_, operation);
}

// The memory may be some that the work is still wiping.
void Device::send(void* to, const void* from, std::size_t bytes, cudaEvent_t sent, const char* operation) {
  traffic_.count_to_device(operation, bytes);
  check(cudaEventRecord(sent, stream_), operation);
  check(cudaStreamWaitEvent(copies_, sent, 0), operation);
  staging_.to_device(to, from, bytes, operation);
  check(cudaEventRecord(sent, copies_), operation);
}

void Device::receive(void* to, const void* from, std::size_t bytes, const char* operation) {
  traffic_.count_to_host(operation, bytes);
  const Event begun(operation);
  check(cudaEventRecord(begun.get(), stream_), operation);
  check(cudaStreamWaitEvent(copies_, begun.get(), 0), operation);
  staging_.to_host(to, from, bytes, operation);
}

}  // namespace trainproof::cuda
