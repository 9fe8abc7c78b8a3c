#include "addon/errors.h"

#include <new>
#include <string>

#include "util/error.h"

namespace trainproof::addon {

namespace {

struct Description {
  const char* code;
  std::string message;
};

Description describe(std::exception_ptr exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const InvalidArgument& e) {
    return {"InvalidArgument", e.what()};
  } catch (const OutOfRange& e) {
    return {"OutOfRange", e.what()};
  } catch (const OutOfMemoryLimit& e) {
    return {"MemoryLimit", e.what()};
  } catch (const DeviceError& e) {
    return {"Device", e.what()};
  } catch (const Cancelled&) {
    return {"Cancelled", "the operation was cancelled"};
  } catch (const std::bad_alloc&) {
    return {"MemoryLimit", "the system has no memory left; shorten the segment (tau) or free memory"};
  } catch (const std::exception& e) {
    return {"Internal", e.what()};
  } catch (...) {
    return {"Internal", "unknown exception"};
  }
}

}  // namespace

Napi::Value to_error(Napi::Env env, std::exception_ptr exception) {
  const Description description = describe(exception);
  Napi::Error error = Napi::Error::New(env, description.message);
  error.Set("code", Napi::String::New(env, description.code));
  return error.Value();
}

}  // namespace trainproof::addon
