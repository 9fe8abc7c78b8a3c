#include "backend/cpu/buffers.h"

#include <cstddef>

#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/digit_leaves.h"
#include "util/parallel.h"

namespace trainproof {

void CpuIntBuffer::read(void* to) const {
  parallel_copy(static_cast<const std::byte*>(data), bytes(), static_cast<std::byte*>(to));
}

MutableIntHandle make_cpu_integers(IntType type, std::size_t size) {
  switch (type) {
    case IntType::kU8: return own_on_cpu(UnsetSecretVector<std::uint8_t>(size));
    case IntType::kU16: return own_on_cpu(UnsetSecretVector<std::uint16_t>(size));
    case IntType::kU32: return own_on_cpu(UnsetSecretVector<std::uint32_t>(size));
    case IntType::kI32: return own_on_cpu(UnsetSecretVector<std::int32_t>(size));
    case IntType::kI64: break;
  }
  return own_on_cpu(UnsetSecretVector<std::int64_t>(size));
}

IntHandle adopt_on_cpu(const IntHandle& integers) {
  if (dynamic_cast<const CpuIntBuffer*>(integers.get()) != nullptr) return integers;
  MutableIntHandle copy = make_cpu_integers(integers->type, integers->size);
  integers->read(static_cast<CpuIntBuffer&>(*copy).writable);
  return copy;
}

IntHandle CpuBackend::adopt(const IntHandle& integers) { return adopt_on_cpu(integers); }

IntHandle CpuBackend::borrow(IntType type, const void* data, std::size_t size) {
  auto buffer = std::make_shared<CpuIntBuffer>();
  buffer->type = type;
  buffer->size = size;
  buffer->data = data;
  return buffer;
}

FrHandle CpuBackend::upload(std::span<const Fr> values) {
  auto buffer = uninitialized_buffer(values.size());
  std::copy(values.begin(), values.end(), buffer->data());
  return buffer;
}

FrHandle CpuBackend::zeros(std::size_t size) { return std::make_shared<CpuFrBuffer>(size); }

std::vector<Fr> CpuBackend::download(const FrBuffer& v) {
  if (const auto* digits = dynamic_cast<const DigitBuffer*>(&v)) return download(*stored(*digits));
  const Fr* data = on_cpu(v).data();
  return {data, data + v.size};
}

std::unique_ptr<Backend> make_cpu_backend(const Generators& generators) {
  return std::make_unique<CpuBackend>(generators);
}

}  // namespace trainproof
