#include "backend/cuda/buffers.h"

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "commit/multiples.h"
#include "util/error.h"

namespace trainproof::cuda {

namespace {

std::size_t bytes_of(IntType type) {
  switch (type) {
    case IntType::kU8: return 1;
    case IntType::kU16: return 2;
    case IntType::kU32:
    case IntType::kI32: return 4;
    case IntType::kI64: break;
  }
  return 8;
}

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

// The copy runs beside the work on the other stream, which waits for it when the integers are first read. The block may be
// one that this stream is still wiping.
IntHandle CudaBackend::borrow(IntType type, const void* data, std::size_t size) {
  constexpr const char* kOperation = "copying integers to the device";
  device_->activate();
  std::erase_if(borrowed_, [](const auto& entry) { return entry.second.expired(); });
  if (const auto known = borrowed_.find({data, size}); known != borrowed_.end()) {
    if (IntHandle handle = known->second.lock(); handle && handle->type == type) return handle;
  }
  auto buffer = std::make_shared<CudaIntBuffer>();
  buffer->type = type;
  buffer->size = size;
  buffer->bytes = DeviceArray<std::uint8_t>(device_, size * bytes_of(type), kOperation);
  check(cudaEventCreateWithFlags(&buffer->copied, cudaEventDisableTiming), kOperation);
  check(cudaEventRecord(buffer->copied, device_->stream()), kOperation);
  check(cudaStreamWaitEvent(device_->copies(), buffer->copied, 0), kOperation);
  copy_bytes(buffer->bytes.data(), data, buffer->bytes.size(), cudaMemcpyHostToDevice, device_->copies(), kOperation);
  check(cudaEventRecord(buffer->copied, device_->copies()), kOperation);
  borrowed_[{data, size}] = buffer;
  return buffer;
}

View CudaBackend::view(const IntView& v) {
  // Whether the stream already waits changes no integer.
  auto& buffer = const_cast<CudaIntBuffer&>(static_cast<const CudaIntBuffer&>(*v.data));
  if (!buffer.waited) check(cudaStreamWaitEvent(device_->stream(), buffer.copied, 0), "waiting for integers");
  buffer.waited = true;
  return {buffer.bytes.data(), buffer.size, v.offset, v.rows, v.cols, v.stride, integer_type(buffer.type)};
}

std::shared_ptr<CudaFrBuffer> CudaBackend::make_buffer(std::size_t size, const char* operation) const {
  return std::make_shared<CudaFrBuffer>(device_, size, operation);
}

FrHandle CudaBackend::upload(std::span<const Fr> values) {
  constexpr const char* kOperation = "copying field elements to the device";
  device_->activate();
  auto buffer = make_buffer(values.size(), kOperation);
  copy_bytes(buffer->entries.data(), values.data(), values.size_bytes(), cudaMemcpyHostToDevice, device_->stream(), kOperation);
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
  copy_bytes(out.data(), from, v.size * sizeof(Element), cudaMemcpyDeviceToHost, device_->stream(), kOperation);
  device_->finish(kOperation);
  return out;
}

}  // namespace trainproof::cuda
