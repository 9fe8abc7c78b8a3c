// v[s · stride + k] ← base[k] + scale · Σ_{s' < s} v[s' · stride + k]. The scans are as short as a segment has steps (at most 64, often
// 16) and there are thousands side by side: a thread each, whose accesses are coalesced over k. CUB's scans go along memory.
#include "backend/cuda/device/field.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 128;

__global__ void __launch_bounds__(kThreads) prefix_sum(Element* v, std::size_t segments, std::size_t stride,
                                                       const Element* base, std::size_t size, Element scale) {
  const std::size_t k = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (k >= size) return;
  FrD sum = base[k];
  for (std::size_t s = 0; s < segments; ++s) {
    Element& entry = v[s * stride + k];
    const FrD next = sum + FrD(scale) * FrD(entry);
    entry = sum;
    sum = next;
  }
}

}  // namespace

void launch_prefix_sum(Element* v, std::size_t segments, std::size_t stride, const Element* base, std::size_t size,
                       const Element& scale, cudaStream_t stream) {
  if (size == 0 || segments == 0) return;
  prefix_sum<<<blocks_for(size, kThreads, ~0u), kThreads, 0, stream>>>(v, segments, stride, base, size, scale);
  check_launch("exclusive_prefix_sum's kernel");
}

}  // namespace trainproof::cuda
