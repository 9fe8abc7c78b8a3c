#include "addon/trace_handle.h"

#include <string>

#include "util/error.h"
#include "util/secret.h"

namespace trainproof::addon {

namespace {

constexpr napi_type_tag kTraceTag = {0x7472616e70726f6fULL, 0x7472616300000001ULL};

struct Holder {
  std::shared_ptr<const Trace> trace;
  std::int64_t bytes = 0;

  void release(Napi::Env env) {
    if (trace == nullptr) return;
    const bool last = trace.use_count() == 1;
    trace.reset();
    if (last) wipe_freed_secrets();
    Napi::MemoryManagement::AdjustExternalMemory(env, -bytes);
  }
};

template <class T>
std::int64_t size_of(const UnsetSecretVector<T>& v) {
  return static_cast<std::int64_t>(v.size() * sizeof(T));
}

Napi::Value release(const Napi::CallbackInfo& info) {
  static_cast<Holder*>(info.Data())->release(info.Env());
  return info.Env().Undefined();
}

}  // namespace

Napi::Object make_trace_handle(Napi::Env env, std::shared_ptr<const Trace> trace) {
  auto* holder = new Holder;
  holder->bytes = size_of(trace->batch) + size_of(trace->digits) + size_of(trace->bits) +
                  size_of(trace->activations) + size_of(trace->gradients) + size_of(trace->weights_in) +
                  size_of(trace->weights_out);
  holder->trace = std::move(trace);
  const auto external = Napi::External<Holder>::New(env, holder, [](Napi::Env e, Holder* h) {
    h->release(e);
    delete h;
  });
  external.TypeTag(&kTraceTag);
  // The garbage collector must feel the weight of what a handle holds.
  Napi::MemoryManagement::AdjustExternalMemory(env, holder->bytes);

  Napi::Function function = Napi::Function::New(env, release, "release", holder);
  function.DefineProperty(Napi::PropertyDescriptor::Value("trace", external, napi_default));
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("release", function);
  handle.Set("bytes", Napi::Number::New(env, static_cast<double>(holder->bytes)));
  handle.Freeze();
  return handle;
}

std::shared_ptr<const Trace> read_trace_handle(const Napi::Value& value, const char* name) {
  if (value.IsObject()) {
    const Napi::Value function = value.As<Napi::Object>().Get("release");
    if (function.IsFunction()) {
      const Napi::Value external = function.As<Napi::Object>().Get("trace");
      if (external.IsExternal() && external.As<Napi::External<Holder>>().CheckTypeTag(&kTraceTag)) {
        const auto& trace = external.As<Napi::External<Holder>>().Data()->trace;
        if (trace == nullptr) throw InvalidArgument(std::string(name) + " was released; train again");
        return trace;
      }
    }
  }
  throw InvalidArgument(std::string(name) + " must be the trace that train() gave");
}

}  // namespace trainproof::addon
