#include "backend/cpu/buffers.h"

#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/digit_leaves.h"

namespace trainproof {

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
