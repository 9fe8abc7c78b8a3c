#include "backend/cuda/buffers.h"

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "commit/multiples.h"
#include "util/error.h"
#include "util/secret.h"

namespace trainproof::cuda {

namespace {

Integer integer_type(IntType type) {
  switch (type) {
    case IntType::kU8: return Integer::kU8;
    case IntType::kU16: return Integer::kU16;
    case IntType::kU32: return Integer::kU32;
    case IntType::kI32: return Integer::kI32;
    case IntType::kI64: break;
  }
  return Integer::kI64;
}

std::vector<AffinePoint> copy(std::span<const AffinePoint> points) { return {points.begin(), points.end()}; }

}  // namespace

CudaBackend::CudaBackend(DeviceHandle device, const Generators& generators)
    : device_(std::move(device)),
      columns_(device_, copy(generators.G())),
      pads_(device_, copy(generators.P())),
      blinding_(device_, window_bases(generators.H(), kScalarWindows)) {}

CudaBackend::~CudaBackend() = default;

CudaIntBuffer::CudaIntBuffer(const DeviceHandle& device, IntType integer_type, std::size_t length, const char* operation)
    : entries_(device, length * bytes_of(integer_type), operation) {
  type = integer_type;
  size = length;
}

CudaIntBuffer::CudaIntBuffer(const DeviceHandle& device, IntType integer_type, std::size_t length, const void* from,
                             const char* operation)
    : CudaIntBuffer(device, integer_type, length, operation) {
  sent_ = std::make_unique<Event>(operation);
  device->send(entries_.data(), from, bytes(), sent_->get(), operation);
}

// The memory is wiped in the order of the work, and not before the copy has come.
CudaIntBuffer::~CudaIntBuffer() {
  if (sent_) static_cast<void>(cudaStreamWaitEvent(entries_.device()->stream(), sent_->get(), 0));
}

std::uint8_t* CudaIntBuffer::data() const {
  if (sent_) check(cudaStreamWaitEvent(entries_.device()->stream(), sent_->get(), 0), "waiting for integers");
  sent_.reset();
  return entries_.data();
}

void CudaIntBuffer::read(void* to) const {
  if (size == 0) return;
  entries_.device()->activate();
  entries_.device()->receive(to, entries_.data(), bytes(), "copying integers from the device");
}

IntHandle adopt_on(const DeviceHandle& device, const IntHandle& integers) {
  if (const auto* known = dynamic_cast<const CudaIntBuffer*>(integers.get()); known != nullptr && known->is_on(*device)) {
    return integers;
  }
  SecretVector<std::uint8_t> host(integers->bytes());
  integers->read(host.data());
  device->activate();
  return std::make_shared<CudaIntBuffer>(device, integers->type, integers->size, host.data(), "copying a trace to the device");
}

IntHandle CudaBackend::borrow(IntType type, const void* data, std::size_t size) {
  device_->activate();
  return std::make_shared<CudaIntBuffer>(device_, type, size, data, "copying integers to the device");
}

IntHandle CudaBackend::adopt(const IntHandle& integers) { return adopt_on(device_, integers); }

View CudaBackend::view(const IntView& v) {
  const auto& buffer = static_cast<const CudaIntBuffer&>(*v.data);
  return {buffer.data(), buffer.size, v.offset, v.rows, v.cols, v.stride, integer_type(buffer.type)};
}

std::shared_ptr<CudaFrBuffer> CudaBackend::make_buffer(std::size_t size, const char* operation) const {
  return std::make_shared<CudaFrBuffer>(device_, size, operation);
}

FrHandle CudaBackend::upload(std::span<const Fr> values) {
  constexpr const char* kOperation = "copying field elements to the device";
  device_->activate();
  auto buffer = make_buffer(values.size(), kOperation);
  device_->copy_in(buffer->entries.data(), values.data(), values.size_bytes(), kOperation);
  return buffer;
}

FrHandle CudaBackend::zeros(std::size_t size) {
  constexpr const char* kOperation = "making a vector of zeros";
  device_->activate();
  auto buffer = make_buffer(size, kOperation);
  if (size > 0) check(cudaMemsetAsync(buffer->entries.data(), 0, size * sizeof(Element), device_->stream()), kOperation);
  return buffer;
}

std::vector<Fr> CudaBackend::download(const FrBuffer& v) {
  constexpr const char* kOperation = "copying field elements from the device";
  device_->activate();
  const Element* from = entries(v);
  std::vector<Fr> out(v.size);
  device_->copy_out(out.data(), from, v.size * sizeof(Element), kOperation);
  device_->finish(kOperation);
  return out;
}

}  // namespace trainproof::cuda
