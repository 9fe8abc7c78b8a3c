// A trace in native memory, held by JavaScript: { bytes, release() }.
#ifndef TRAINPROOF_ADDON_TRACE_HANDLE_H_
#define TRAINPROOF_ADDON_TRACE_HANDLE_H_

#include <memory>

#include <napi.h>

#include "trace/trace.h"

namespace trainproof::addon {

// Memory is freed at release() or when the handle is collected.
Napi::Object make_trace_handle(Napi::Env env, std::shared_ptr<const Trace> trace);

// Throws InvalidArgument when the value is no trace handle or was released.
std::shared_ptr<const Trace> read_trace_handle(const Napi::Value& value, const char* name);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_TRACE_HANDLE_H_
