// What training does entry by entry: ReLU and its mask, the output's gradient, 32 bits to 64, digits and signs for the trace.
#include "backend/cuda/device/carry.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 256;

// body(i) for i < size
template <class Body>
__global__ void __launch_bounds__(kThreads) for_each(std::size_t size, Body body) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i < size) body(i);
}

template <class Body>
void launch(std::size_t size, const char* operation, cudaStream_t stream, Body body) {
  if (size == 0) return;
  for_each<<<blocks_for(size, kThreads, ~0u), kThreads, 0, stream>>>(size, body);
  check_launch(operation);
}

struct Entry {
  EntryOperation operation;
  const std::int64_t *a, *b;
  std::int64_t a_scale, b_scale;
  std::int64_t* out;
  TRAINPROOF_DEVICE void operator()(std::size_t i) const {
    switch (operation) {
      case EntryOperation::kRelu: out[i] = max(a[i], std::int64_t{0}); break;
      case EntryOperation::kMask: out[i] = b[i] >= 0 ? a[i] : 0; break;
      case EntryOperation::kOutputGradient: out[i] = a_scale * a[i] - b_scale * b[i]; break;
    }
  }
};

struct Widen {
  const std::int32_t* from;
  std::int64_t* to;
  TRAINPROOF_DEVICE void operator()(std::size_t i) const { to[i] = from[i]; }
};

TRAINPROOF_DEVICE std::size_t place(const Placement& to, std::size_t i) { return i / to.cols * to.stride + i % to.cols; }

struct SplitDigits {
  const std::int64_t* from;
  Placement to;
  std::uint64_t offset;
  unsigned bits, count;
  std::uint16_t* digits;
  std::size_t digit_stride;
  TRAINPROOF_DEVICE void operator()(std::size_t i) const {
    const std::uint64_t value = static_cast<std::uint64_t>(from[i]) + offset, mask = (std::uint64_t{1} << bits) - 1;
    std::uint16_t* const out = digits + place(to, i);
    for (unsigned d = 0; d < count; ++d) out[d * digit_stride] = static_cast<std::uint16_t>(value >> (bits * d) & mask);
  }
};

struct Signs {
  const std::int64_t* from;
  Placement to;
  std::uint8_t* signs;
  TRAINPROOF_DEVICE void operator()(std::size_t i) const { signs[place(to, i)] = from[i] >= 0 ? 1 : 0; }
};

}  // namespace

void launch_each_entry(EntryOperation operation, const std::int64_t* a, std::int64_t a_scale, const std::int64_t* b,
                       std::int64_t b_scale, std::size_t size, std::int64_t* out, cudaStream_t stream) {
  launch(size, "a kernel over entries", stream, Entry{operation, a, b, a_scale, b_scale, out});
}

void launch_widen(const std::int32_t* from, std::size_t size, std::int64_t* to, cudaStream_t stream) {
  launch(size, "the kernel that widens integers", stream, Widen{from, to});
}

void launch_split_digits(const std::int64_t* from, const Placement& to, std::int64_t offset, unsigned bits, unsigned count,
                         std::uint16_t* digits, std::size_t digit_stride, cudaStream_t stream) {
  launch(to.rows * to.cols, "the digits' kernel", stream,
         SplitDigits{from, to, static_cast<std::uint64_t>(offset), bits, count, digits, digit_stride});
}

void launch_signs(const std::int64_t* from, const Placement& to, std::uint8_t* signs, cudaStream_t stream) {
  launch(to.rows * to.cols, "the signs' kernel", stream, Signs{from, to, signs});
}

}  // namespace trainproof::cuda
