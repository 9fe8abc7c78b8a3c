// Test-only: a trace in host memory, to be read and corrupted entry by entry.
#ifndef TRAINPROOF_TRACE_TESTING_HOST_TRACE_H_
#define TRAINPROOF_TRACE_TESTING_HOST_TRACE_H_

#include "trace/trace.h"
#include "util/secret.h"

namespace trainproof::testing {

// trace/trace.h says what each holds.
struct HostTrace {
  SecretVector<std::int32_t> batch;
  SecretVector<std::uint16_t> digits;
  SecretVector<std::uint8_t> bits;
  SecretVector<std::int64_t> activations, gradients, weights_in, weights_out;

  HostTrace() = default;
  // A copy.
  explicit HostTrace(const Trace& trace);
  // A trace of copies in host memory.
  Trace trace() const;
};

}  // namespace trainproof::testing

#endif  // TRAINPROOF_TRACE_TESTING_HOST_TRACE_H_
