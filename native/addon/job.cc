#include "addon/job.h"

#include <algorithm>

#include "util/error.h"

namespace trainproof::addon {

namespace {

constexpr napi_type_tag kJobTag = {0x7472616e70726f6fULL, 0x6a6f62000000a001ULL};

using Holder = std::shared_ptr<JobGroup>;

Napi::Value cancel(const Napi::CallbackInfo& info) {
  (*static_cast<Holder*>(info.Data()))->cancel();
  return info.Env().Undefined();
}

}  // namespace

void JobGroup::add(const std::shared_ptr<Job>& job) {
  const std::lock_guard lock(mutex_);
  std::erase_if(running_, [](const std::weak_ptr<Job>& j) { return j.expired(); });
  running_.push_back(job);
  if (cancelled_) job->cancel();
}

void JobGroup::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  for (const std::weak_ptr<Job>& weak : running_) {
    if (const std::shared_ptr<Job> job = weak.lock()) job->cancel();
  }
}

Napi::Value create_job(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto* holder = new Holder(std::make_shared<JobGroup>());
  const Napi::External<Holder> external =
      Napi::External<Holder>::New(env, holder, [](Napi::Env, Holder* h) { delete h; });
  external.TypeTag(&kJobTag);
  Napi::Function function = Napi::Function::New(env, cancel, "cancel", holder);
  // The function keeps the holder alive, also when it is taken out of its object.
  function.DefineProperty(Napi::PropertyDescriptor::Value("job", external, napi_default));
  Napi::Object job = Napi::Object::New(env);
  job.Set("cancel", function);
  job.Freeze();
  return job;
}

std::shared_ptr<JobGroup> read_job(const Napi::Value& value) {
  if (value.IsObject()) {
    const Napi::Value function = value.As<Napi::Object>().Get("cancel");
    if (function.IsFunction()) {
      const Napi::Value external = function.As<Napi::Object>().Get("job");
      if (external.IsExternal() && external.As<Napi::External<Holder>>().CheckTypeTag(&kJobTag)) {
        return *external.As<Napi::External<Holder>>().Data();
      }
    }
  }
  throw InvalidArgument("job must be what createJob() gave");
}

}  // namespace trainproof::addon
