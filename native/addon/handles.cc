#include "addon/handles.h"

#include <string>

#include "util/error.h"
#include "util/secret.h"

namespace trainproof::addon {

namespace {

// How a kind of handle is known, and what it is called.
template <class T>
struct Kind;
template <>
struct Kind<Trace> {
  static constexpr napi_type_tag kTag = {0x7472616e70726f6fULL, 0x7472616300000001ULL};
  static constexpr const char* kName = "the trace that train() gave";
  static constexpr const char* kAgain = "train again";
};
template <>
struct Kind<HeldWeights> {
  static constexpr napi_type_tag kTag = {0x7472616e70726f6fULL, 0x7765696700000001ULL};
  static constexpr const char* kName = "the weights that train() gave";
  static constexpr const char* kAgain = "train again";
};
template <>
struct Kind<HeldBatch> {
  static constexpr napi_type_tag kTag = {0x7472616e70726f6fULL, 0x6261746300000001ULL};
  static constexpr const char* kName = "the batch that sendBatch() gave";
  static constexpr const char* kAgain = "send it again";
};

template <class T>
struct Holder {
  std::shared_ptr<const T> held;
  std::int64_t bytes = 0;

  void release(Napi::Env env) {
    if (held == nullptr) return;
    held.reset();
    wipe_freed_secrets();
    Napi::MemoryManagement::AdjustExternalMemory(env, -bytes);
  }
};

template <class T>
Napi::Object make_handle(Napi::Env env, std::shared_ptr<const T> held, std::uint64_t bytes) {
  auto* holder = new Holder<T>{std::move(held), static_cast<std::int64_t>(bytes)};
  const auto external = Napi::External<Holder<T>>::New(env, holder, [](Napi::Env e, Holder<T>* h) {
    h->release(e);
    delete h;
  });
  external.TypeTag(&Kind<T>::kTag);
  // The garbage collector must feel the weight of what a handle holds.
  Napi::MemoryManagement::AdjustExternalMemory(env, holder->bytes);

  const auto release = [](const Napi::CallbackInfo& info) -> Napi::Value {
    static_cast<Holder<T>*>(info.Data())->release(info.Env());
    return info.Env().Undefined();
  };
  Napi::Function function = Napi::Function::New(env, release, "release", holder);
  // The function keeps the holder alive, also when it is taken out of its object.
  function.DefineProperty(Napi::PropertyDescriptor::Value("held", external, napi_default));
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("release", function);
  handle.Set("bytes", Napi::Number::New(env, static_cast<double>(bytes)));
  handle.Freeze();
  return handle;
}

template <class T>
std::shared_ptr<const T> read_handle(const Napi::Value& value, const char* name) {
  if (value.IsObject()) {
    const Napi::Value function = value.As<Napi::Object>().Get("release");
    if (function.IsFunction()) {
      const Napi::Value external = function.As<Napi::Object>().Get("held");
      if (external.IsExternal() && external.As<Napi::External<Holder<T>>>().CheckTypeTag(&Kind<T>::kTag)) {
        const auto& held = external.As<Napi::External<Holder<T>>>().Data()->held;
        if (held == nullptr) throw InvalidArgument(std::string(name) + " was released; " + Kind<T>::kAgain);
        return held;
      }
    }
  }
  throw InvalidArgument(std::string(name) + " must be " + Kind<T>::kName);
}

}  // namespace

Napi::Object make_trace_handle(Napi::Env env, std::shared_ptr<const Trace> trace) {
  const std::uint64_t bytes = trace->bytes();
  return make_handle(env, std::move(trace), bytes);
}

Napi::Object make_weights_handle(Napi::Env env, std::shared_ptr<const HeldWeights> weights) {
  const std::uint64_t bytes = weights->weights->bytes();
  return make_handle(env, std::move(weights), bytes);
}

Napi::Object make_batch_handle(Napi::Env env, std::shared_ptr<const HeldBatch> batch) {
  const std::uint64_t bytes = 2 * batch->sent->bytes();
  return make_handle(env, std::move(batch), bytes);
}

std::shared_ptr<const Trace> read_trace_handle(const Napi::Value& value, const char* name) {
  return read_handle<Trace>(value, name);
}

std::shared_ptr<const HeldWeights> read_weights_handle(const Napi::Value& value, const char* name) {
  return read_handle<HeldWeights>(value, name);
}

std::shared_ptr<const HeldBatch> read_batch_handle(const Napi::Value& value, const char* name) {
  return read_handle<HeldBatch>(value, name);
}

}  // namespace trainproof::addon
