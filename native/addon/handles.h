// What JavaScript holds of a segment where it is trained, before and after: { bytes, release() }.
#ifndef TRAINPROOF_ADDON_HANDLES_H_
#define TRAINPROOF_ADDON_HANDLES_H_

#include <cstdint>
#include <memory>
#include <vector>

#include <napi.h>

#include "statement/statement.h"
#include "trace/trace.h"
#include "util/secret.h"

namespace trainproof::addon {

// Weights of a network of these widths, |W| entries by linear address.
struct HeldWeights {
  IntHandle weights;
  std::vector<std::uint32_t> widths;
};

// A batch that was sent ahead, and the caller's rows, of which a step's report is made.
struct HeldBatch {
  UnsetSecretVector<std::int32_t> rows;
  IntHandle sent;
  std::size_t TB, width;
};

// Memory is given back at release() or when the handle is collected, and once no operation uses it.
Napi::Object make_trace_handle(Napi::Env env, std::shared_ptr<const Trace> trace);
Napi::Object make_weights_handle(Napi::Env env, std::shared_ptr<const HeldWeights> weights);
Napi::Object make_batch_handle(Napi::Env env, std::shared_ptr<const HeldBatch> batch);

// Throw InvalidArgument when the value is no such handle or was released.
std::shared_ptr<const Trace> read_trace_handle(const Napi::Value& value, const char* name);
std::shared_ptr<const HeldWeights> read_weights_handle(const Napi::Value& value, const char* name);
std::shared_ptr<const HeldBatch> read_batch_handle(const Napi::Value& value, const char* name);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_HANDLES_H_
