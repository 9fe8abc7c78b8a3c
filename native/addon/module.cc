// The addon's exports, as src/prover/addon.ts declares them.
#include <napi.h>

#include "addon/errors.h"
#include "addon/job.h"
#include "addon/operations.h"
#include "addon/task.h"

namespace trainproof::addon {

namespace {

template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value at_once(const Napi::CallbackInfo& info) {
  return guarded(info, function);
}

template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value promised(const Napi::CallbackInfo& info) {
  return promise_of(info, function);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("info", at_once<info>);
  add("setThreads", at_once<set_threads>);
  add("selectDevice", at_once<select_device>);
  add("loadGenerators", at_once<load_generators>);
  add("schedule", at_once<schedule>);
  add("initialWeights", at_once<initial_weights>);
  add("predictMemory", at_once<predict_memory>);
  add("createJob", at_once<create_job>);
  add("commitSamples", promised<commit_samples>);
  add("commitWeights", promised<commit_weights>);
  add("readWeights", promised<read_weights>);
  add("sendBatch", promised<send_batch>);
  add("train", promised<train>);
  add("prove", promised<prove>);
  return exports;
}

}  // namespace

}  // namespace trainproof::addon

static Napi::Object initialize_module(Napi::Env env, Napi::Object exports) {
  return trainproof::addon::initialize(env, exports);
}

NODE_API_MODULE(trainproof_native, initialize_module)
