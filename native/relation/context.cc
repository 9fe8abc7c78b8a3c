#include "relation/context.h"

#include "util/error.h"

namespace trainproof {

namespace {

template <class T>
IntHandle borrow(Backend& backend, IntType type, std::span<const T> values, std::size_t size,
                 const char* what) {
  if (values.size() != size) {
    throw InvalidArgument(std::string("the trace's ") + what + " has " +
                          std::to_string(values.size()) + " entries, the statement implies " +
                          std::to_string(size));
  }
  return backend.borrow(type, values.data(), values.size());
}

IntView whole_rows(const IntHandle& data, std::size_t first_row, std::size_t rows,
                   std::size_t cols) {
  return {data, first_row * cols, rows, cols, cols};
}

}  // namespace

Witness::Witness(Backend& backend, const Shape& s, const Trace& trace,
                 std::span<const std::uint32_t> multiplicities) {
  const auto take = [&]<class T>(IntType type, const UnsetSecretVector<T>& v, std::size_t size,
                                 const char* what) {
    return borrow(backend, type, std::span<const T>(v), size, what);
  };
  batch = take(IntType::kI32, trace.batch, (s.n[0] + s.n[s.L]) * s.TB, "batch");
  digits = take(IntType::kU16, trace.digits, s.kinds * s.phi * s.TB, "digit matrix");
  bits = take(IntType::kU8, trace.bits, s.phi * s.TB, "bit matrix");
  activations = take(IntType::kI64, trace.activations, (s.phi - s.n[s.L]) * s.TB, "activations");
  gradients = take(IntType::kI64, trace.gradients, s.phi * s.TB, "gradients");
  weights_in = take(IntType::kI64, trace.weights_in, s.weight_size, "input weights");
  weights_out = take(IntType::kI64, trace.weights_out, s.weight_size, "output weights");
  mu = borrow(backend, IntType::kU32, multiplicities, std::size_t{1} << s.b, "multiplicities");
}

IntView Witness::features(const Shape& s) const { return whole_rows(batch, 0, s.n[0], s.TB); }

IntView Witness::labels(const Shape& s) const { return whole_rows(batch, s.n[0], s.n[s.L], s.TB); }

IntView Witness::activation(const Shape& s, unsigned layer) const {
  if (layer == 0) return features(s);
  return whole_rows(activations, s.offset[layer], s.n[layer], s.TB);
}

IntView Witness::gradient(const Shape& s, unsigned layer) const {
  return whole_rows(gradients, s.offset[layer], s.n[layer], s.TB);
}

IntView Witness::digit_rows(const Shape& s, std::size_t first_row) const {
  return whole_rows(digits, first_row, s.phi, s.TB);
}

IntView Witness::bit_rows(const Shape& s) const { return whole_rows(bits, 0, s.phi, s.TB); }

IntView Witness::weight(const Shape& s, const IntHandle& weights, unsigned layer) const {
  const std::size_t stride = std::size_t{1} << s.weight_stride_bits[layer];
  return {weights, s.weight_base[layer], s.n[layer - 1] + 1, s.n[layer], stride};
}

}  // namespace trainproof
