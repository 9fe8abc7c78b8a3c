// Integers of any type as kernels read them: backend.h's IntView with the device's address.
#ifndef TRAINPROOF_BACKEND_CUDA_VIEW_H_
#define TRAINPROOF_BACKEND_CUDA_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace trainproof::cuda {

enum class Integer : std::uint8_t { kU8, kU16, kU32, kI32, kI64 };

struct View {
  const void* data;
  std::size_t size, offset, rows, cols, stride;
  Integer type;
};

// Entry (row, col) is zero at or beyond size.
template <class T>
struct Entries {
  const T* data;
  std::size_t size, offset, rows, cols, stride;

  explicit Entries(const View& v)
      : data(static_cast<const T*>(v.data)), size(v.size), offset(v.offset), rows(v.rows), cols(v.cols), stride(v.stride) {}
#ifdef __CUDACC__
  __device__ __forceinline__ T at(std::size_t row, std::size_t col) const {
    const std::size_t i = offset + row * stride + col;
    return i < size ? data[i] : T{0};
  }
#endif
};

// n < 0, without a warning where no n is.
template <class T>
#ifdef __CUDACC__
__host__ __device__ __forceinline__
#endif
constexpr bool is_negative(T n) {
  if constexpr (std::is_signed_v<T>) return n < 0;
  return false;
}

// f(Entries<T>) with the T of the view's integers.
template <class F>
void with_type(const View& view, F&& f) {
  switch (view.type) {
    case Integer::kU8: return f(Entries<std::uint8_t>(view));
    case Integer::kU16: return f(Entries<std::uint16_t>(view));
    case Integer::kU32: return f(Entries<std::uint32_t>(view));
    case Integer::kI32: return f(Entries<std::int32_t>(view));
    case Integer::kI64: break;
  }
  f(Entries<std::int64_t>(view));
}

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_VIEW_H_
