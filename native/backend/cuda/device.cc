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

Device::Device(int index, bool keep_memory)
    : index_(index), streams_(index), stream_(streams_.work), copies_(streams_.copies), memory_(streams_.work, keep_memory) {
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
  return {results_, count};
}

void Device::finish(const char* operation) { check(cudaStreamSynchronize(stream_), operation); }

}  // namespace trainproof::cuda
