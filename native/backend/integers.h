// Vectors of integers where a backend keeps them: a segment's trace, from training to proving.
#ifndef TRAINPROOF_BACKEND_INTEGERS_H_
#define TRAINPROOF_BACKEND_INTEGERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

namespace trainproof {

enum class IntType : std::uint8_t { kU8, kU16, kU32, kI32, kI64 };

constexpr std::size_t bytes_of(IntType type) {
  switch (type) {
    case IntType::kU8: return 1;
    case IntType::kU16: return 2;
    case IntType::kU32:
    case IntType::kI32: return 4;
    case IntType::kI64: break;
  }
  return 8;
}

template <class T>
constexpr IntType int_type() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return IntType::kU8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return IntType::kU16;
  if constexpr (std::is_same_v<T, std::uint32_t>) return IntType::kU32;
  if constexpr (std::is_same_v<T, std::int32_t>) return IntType::kI32;
  static_assert(sizeof(T) <= 8);
  return IntType::kI64;
}

struct IntBuffer {
  virtual ~IntBuffer() = default;
  // Copies all to host memory, bytes() of it. May be called beside an operation that reads the buffer.
  virtual void read(void* to) const = 0;
  std::size_t bytes() const { return size * bytes_of(type); }

  IntType type{};
  std::size_t size = 0;
};
using IntHandle = std::shared_ptr<const IntBuffer>;
using MutableIntHandle = std::shared_ptr<IntBuffer>;

// rows × cols integers at data[offset + row · stride + col]. Entries at or beyond data->size are zero, so
// that the last row of a matrix cut into rows of 2^kappa may be ragged.
struct IntView {
  IntHandle data;
  std::size_t offset = 0;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t stride = 0;
};

// Where the rows of a matrix go: entry (row, col) to data[offset + row · stride + col].
struct IntRows {
  MutableIntHandle data;
  std::size_t offset = 0;
  std::size_t stride = 0;
};

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_INTEGERS_H_
