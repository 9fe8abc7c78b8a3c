// The operations that JavaScript calls; src/prover/addon.ts has their types.
#ifndef TRAINPROOF_ADDON_OPERATIONS_H_
#define TRAINPROOF_ADDON_OPERATIONS_H_

#include <napi.h>

namespace trainproof::addon {

// Answered at once.
Napi::Value info(const Napi::CallbackInfo& info);
Napi::Value set_threads(const Napi::CallbackInfo& info);
Napi::Value select_device(const Napi::CallbackInfo& info);
Napi::Value load_generators(const Napi::CallbackInfo& info);
Napi::Value schedule(const Napi::CallbackInfo& info);
Napi::Value initial_weights(const Napi::CallbackInfo& info);
Napi::Value predict_memory(const Napi::CallbackInfo& info);

// Promises.
Napi::Value commit_samples(const Napi::CallbackInfo& info);
Napi::Value commit_weights(const Napi::CallbackInfo& info);
Napi::Value read_weights(const Napi::CallbackInfo& info);
Napi::Value send_batch(const Napi::CallbackInfo& info);
Napi::Value train(const Napi::CallbackInfo& info);
Napi::Value prove(const Napi::CallbackInfo& info);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_OPERATIONS_H_
