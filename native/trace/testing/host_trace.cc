#include "trace/testing/host_trace.h"

#include "backend/cpu/buffers.h"

namespace trainproof::testing {

namespace {

template <class T>
void read(const IntHandle& from, SecretVector<T>& to) {
  TRAINPROOF_INVARIANT(from->type == int_type<T>(), "a trace's tensor has its type");
  to.resize(from->size);
  from->read(to.data());
}

template <class T>
IntHandle copy(const SecretVector<T>& values) {
  return own_on_cpu(SecretVector<T>(values));
}

}  // namespace

HostTrace::HostTrace(const Trace& trace) {
  read(trace.batch, batch);
  read(trace.digits, digits);
  read(trace.bits, bits);
  read(trace.activations, activations);
  read(trace.gradients, gradients);
  read(trace.weights_in, weights_in);
  read(trace.weights_out, weights_out);
}

Trace HostTrace::trace() const {
  return {copy(batch),     copy(digits),     copy(bits),       copy(activations),
          copy(gradients), copy(weights_in), copy(weights_out)};
}

}  // namespace trainproof::testing
