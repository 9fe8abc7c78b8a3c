// Errors that a caller can act on are exceptions; a broken invariant aborts.
#ifndef TRAINPROOF_UTIL_ERROR_H_
#define TRAINPROOF_UTIL_ERROR_H_

#include <stdexcept>

namespace trainproof {

// What a caller gave is malformed. Messages name the thing, the limit and the way out.
struct InvalidArgument : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// Training left the range that a statement allows.
struct OutOfRange : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// More memory would be needed than allowed.
struct OutOfMemoryLimit : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// An accelerator is not usable, or failed at work.
struct DeviceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("cancelled") {}
};

// Prints where and what, and aborts.
[[noreturn]] void broken_invariant(const char* file, int line, const char* message);

}  // namespace trainproof

// Also checked in release builds.
#define TRAINPROOF_INVARIANT(condition, message)                                     \
  do {                                                                               \
    if (!(condition)) ::trainproof::broken_invariant(__FILE__, __LINE__, (message)); \
  } while (false)

#endif  // TRAINPROOF_UTIL_ERROR_H_
