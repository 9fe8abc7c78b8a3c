// The CPU's buffers, and reading integers of any type from a view.
#ifndef TRAINPROOF_BACKEND_CPU_BUFFERS_H_
#define TRAINPROOF_BACKEND_CPU_BUFFERS_H_

#include <algorithm>

#include "backend/backend.h"
#include "util/error.h"
#include "util/secret.h"

namespace trainproof {

// Integers in host memory: the caller's, or its own.
struct CpuIntBuffer final : IntBuffer {
  const void* data = nullptr;
  void* writable = nullptr;    // the same, of a buffer that may be stored to
  std::shared_ptr<void> owner;  // what holds the memory; null: the caller does

  void read(void* to) const override;
};

// Entries unset.
MutableIntHandle make_cpu_integers(IntType type, std::size_t size);
// Backend::adopt of the CPU.
IntHandle adopt_on_cpu(const IntHandle& integers);

// A SecretVector or an UnsetSecretVector.
template <class T, class Allocator>
std::shared_ptr<CpuIntBuffer> own_on_cpu(std::vector<T, Allocator>&& values) {
  static_assert(std::is_base_of_v<WipingAllocator<T>, Allocator>, "a trace's memory is wiped");
  auto owner = std::make_shared<std::vector<T, Allocator>>(std::move(values));
  auto buffer = std::make_shared<CpuIntBuffer>();
  buffer->type = int_type<T>();
  buffer->size = owner->size();
  buffer->data = buffer->writable = owner->data();
  buffer->owner = std::move(owner);
  return buffer;
}

// Its first `size` entries count; wiped on destruction.
struct CpuFrBuffer final : FrBuffer {
  struct Uninitialized {};
  // For a caller that writes every entry.
  CpuFrBuffer(std::size_t length, Uninitialized)
      : capacity_(length), data_(static_cast<Fr*>(allocate_secret(length * sizeof(Fr), alignof(Fr)))) {
    size = length;
  }
  // Zeros.
  explicit CpuFrBuffer(std::size_t length) : CpuFrBuffer(length, Uninitialized()) {
    std::fill(data_, data_ + length, Fr::zero());
  }
  ~CpuFrBuffer() override { free_secret(data_, capacity_ * sizeof(Fr)); }
  CpuFrBuffer(const CpuFrBuffer&) = delete;
  CpuFrBuffer& operator=(const CpuFrBuffer&) = delete;

  Fr* data() { return data_; }
  const Fr* data() const { return data_; }

 private:
  std::size_t capacity_;
  Fr* data_;
};

inline std::shared_ptr<CpuFrBuffer> uninitialized_buffer(std::size_t length) {
  return std::make_shared<CpuFrBuffer>(length, CpuFrBuffer::Uninitialized());
}

inline CpuFrBuffer& on_cpu(FrBuffer& v) { return static_cast<CpuFrBuffer&>(v); }
inline const CpuFrBuffer& on_cpu(const FrBuffer& v) { return static_cast<const CpuFrBuffer&>(v); }

// A view with its type known: row(i) are the stored entries of row i, at most cols; those that follow are zero.
template <class T>
struct TypedView {
  const T* data;
  std::size_t size, offset, rows, cols, stride;

  std::span<const T> row(std::size_t i) const {
    const std::size_t begin = offset + i * stride;
    if (begin >= size) return {};
    return {data + begin, std::min(cols, size - begin)};
  }
};

// f(TypedView<T>) with the T of the view's integers.
template <class F>
decltype(auto) with_type(const IntView& view, F&& f) {
  const auto& buffer = static_cast<const CpuIntBuffer&>(*view.data);
  const auto typed = [&]<class T>(const T* data) -> decltype(auto) {
    return f(TypedView<T>{data, buffer.size, view.offset, view.rows, view.cols, view.stride});
  };
  switch (buffer.type) {
    case IntType::kU8: return typed(static_cast<const std::uint8_t*>(buffer.data));
    case IntType::kU16: return typed(static_cast<const std::uint16_t*>(buffer.data));
    case IntType::kU32: return typed(static_cast<const std::uint32_t*>(buffer.data));
    case IntType::kI32: return typed(static_cast<const std::int32_t*>(buffer.data));
    case IntType::kI64: break;
  }
  return typed(static_cast<const std::int64_t*>(buffer.data));
}

// Field multiplications that make a chunk worth a thread: about 50 µs.
constexpr std::size_t kFieldGrain = 2048;

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_BUFFERS_H_
