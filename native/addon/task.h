// Long operations off the event loop: a promise, progress, cancellation.
#ifndef TRAINPROOF_ADDON_TASK_H_
#define TRAINPROOF_ADDON_TASK_H_

#include <functional>
#include <memory>
#include <mutex>

#include <napi.h>

#include "addon/job.h"

namespace trainproof::addon {

// Makes the result's JavaScript value, on the event loop.
using Finish = std::function<Napi::Value(Napi::Env)>;
// The operation, on a thread of its own; what it throws rejects the promise.
using Work = std::function<Finish(Job&)>;

// Held while an operation runs; operations of one device run one after another. Null: it runs beside any.
using Turn = std::shared_ptr<std::timed_mutex>;

// Starts `work` and returns its promise. `progress` is undefined or a function (phase: string, fraction: number),
// called on the event loop at most some ten times a second and when a phase begins.
Napi::Value start_task(Napi::Env env, const Napi::Value& job, const Napi::Value& progress, Turn turn, Work work);

// For functions that give a promise: an exception of `function` becomes a rejected promise.
Napi::Value promise_of(const Napi::CallbackInfo& info,
                       const std::function<Napi::Value(const Napi::CallbackInfo&)>& function);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_TASK_H_
