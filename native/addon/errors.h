// C++ exceptions as JavaScript errors with a `code`.
#ifndef TRAINPROOF_ADDON_ERRORS_H_
#define TRAINPROOF_ADDON_ERRORS_H_

#include <exception>

#include <napi.h>

namespace trainproof::addon {

// An Error whose `code` is "InvalidArgument", "OutOfRange", "MemoryLimit", "Device", "Cancelled" or "Internal".
Napi::Value to_error(Napi::Env env, std::exception_ptr exception);

// Calls `function` and turns what it throws into a JavaScript exception.
template <class F>
Napi::Value guarded(const Napi::CallbackInfo& info, F&& function) {
  try {
    return function(info);
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw Napi::Error(info.Env(), to_error(info.Env(), std::current_exception()));
  }
}

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_ERRORS_H_
