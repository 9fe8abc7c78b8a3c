// createJob(): what cancels an operation from JavaScript.
#ifndef TRAINPROOF_ADDON_JOB_H_
#define TRAINPROOF_ADDON_JOB_H_

#include <memory>
#include <mutex>
#include <vector>

#include <napi.h>

#include "util/job.h"

namespace trainproof::addon {

// Operations that run under one JavaScript job. Cancelling reaches those that run and those that come.
class JobGroup {
 public:
  void add(const std::shared_ptr<Job>& job);
  void cancel();

 private:
  std::mutex mutex_;
  bool cancelled_ = false;
  std::vector<std::weak_ptr<Job>> running_;
};

Napi::Value create_job(const Napi::CallbackInfo& info);

// The group behind a value that create_job made. Throws InvalidArgument for any other.
std::shared_ptr<JobGroup> read_job(const Napi::Value& value);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_JOB_H_
