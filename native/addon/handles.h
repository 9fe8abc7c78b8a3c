// What JavaScript holds of a trained segment, where it was trained: { bytes, release() }.
#ifndef TRAINPROOF_ADDON_HANDLES_H_
#define TRAINPROOF_ADDON_HANDLES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include <napi.h>

#include "trace/trace.h"

namespace trainproof::addon {

// Weights of a network of these widths, |W| entries by linear address.
struct HeldWeights {
  IntHandle weights;
  std::vector<std::uint32_t> widths;
};

// Memory is given back at release() or when the handle is collected, and once no operation uses it.
Napi::Object make_trace_handle(Napi::Env env, std::shared_ptr<const Trace> trace);
Napi::Object make_weights_handle(Napi::Env env, std::shared_ptr<const HeldWeights> weights);

// Throw InvalidArgument when the value is no such handle or was released.
std::shared_ptr<const Trace> read_trace_handle(const Napi::Value& value, const char* name);
std::shared_ptr<const HeldWeights> read_weights_handle(const Napi::Value& value, const char* name);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_HANDLES_H_
