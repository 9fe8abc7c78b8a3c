#include "relation/context.h"

#include "util/error.h"

namespace trainproof {

namespace {

void require_size(std::size_t size, std::size_t expected, const char* what) {
  if (size == expected) return;
  throw InvalidArgument(std::string("the trace's ") + what + " has " + std::to_string(size) +
                        " entries, the statement implies " + std::to_string(expected));
}

IntView whole_rows(const IntHandle& data, std::size_t first_row, std::size_t rows,
                   std::size_t cols) {
  return {data, first_row * cols, rows, cols, cols};
}

}  // namespace

Witness::Witness(Backend& backend, const Shape& s, const Trace& trace) {
  const auto take = [&](const IntHandle& tensor, IntType type, std::size_t size, const char* what) {
    require_size(tensor->size, size, what);
    TRAINPROOF_INVARIANT(tensor->type == type, "a trace's tensor has its type");
    return backend.adopt(tensor);
  };
  batch = take(trace.batch, IntType::kI32, (s.n[0] + s.n[s.L]) * s.TB, "batch");
  digits = take(trace.digits, IntType::kU16, s.digit_rows * s.TB, "digit matrix");
  bits = take(trace.bits, IntType::kU8, s.phi * s.TB, "bit matrix");
  activations = take(trace.activations, IntType::kI64, (s.phi - s.n[s.L]) * s.TB, "activations");
  gradients = take(trace.gradients, IntType::kI64, s.phi * s.TB, "gradients");
  weights_in = take(trace.weights_in, IntType::kI64, s.weight_size, "input weights");
  weights_out = take(trace.weights_out, IntType::kI64, s.weight_size, "output weights");
}

void Witness::set_multiplicities(Backend& backend, const Shape& s, std::span<const std::uint32_t> multiplicities) {
  require_size(multiplicities.size(), std::size_t{1} << s.b, "multiplicities");
  mu = backend.borrow(IntType::kU32, multiplicities.data(), multiplicities.size());
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

IntView Witness::all_digits(const Shape& s) const { return whole_rows(digits, 0, s.digit_rows, s.TB); }

IntView Witness::digit_rows(const Shape& s, std::size_t first_row) const {
  return whole_rows(digits, first_row, s.phi, s.TB);
}

IntView Witness::bit_rows(const Shape& s) const { return whole_rows(bits, 0, s.phi, s.TB); }

IntView Witness::weight(const Shape& s, const IntHandle& weights, unsigned layer) const {
  const std::size_t stride = std::size_t{1} << s.weight_stride_bits[layer];
  return {weights, s.weight_base[layer], s.n[layer - 1] + 1, s.n[layer], stride};
}

}  // namespace trainproof
