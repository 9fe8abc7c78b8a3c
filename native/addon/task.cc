#include "addon/task.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <string>

#include "addon/errors.h"
#include "util/error.h"
#include "util/secret.h"

namespace trainproof::addon {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kProgressInterval = std::chrono::milliseconds(80);
constexpr auto kTurnPoll = std::chrono::milliseconds(50);

struct ProgressReport {
  std::string phase;
  double fraction;
};

// Hands a job's progress to the event loop.
class ProgressChannel {
 public:
  ProgressChannel(Napi::Env env, const Napi::Function& callback)
      : function_(Napi::ThreadSafeFunction::New(env, callback, "trainproof progress", 0, 1)) {}
  ~ProgressChannel() { function_.Release(); }

  void report(std::string_view phase, double fraction) {
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    const bool new_phase = phase != phase_;
    if (!new_phase && fraction < 1 && now - last_ < kProgressInterval) return;
    last_ = now;
    phase_ = phase;
    auto* report = new ProgressReport{phase_, fraction};
    const napi_status status = function_.NonBlockingCall(
        report, [](Napi::Env env, Napi::Function callback, ProgressReport* raw) {
          const std::unique_ptr<ProgressReport> r(raw);
          if (env == nullptr) return;  // the environment is going away
          callback.Call({Napi::String::New(env, r->phase), Napi::Number::New(env, r->fraction)});
        });
    if (status != napi_ok) delete report;
  }

 private:
  Napi::ThreadSafeFunction function_;
  std::mutex mutex_;
  std::string phase_;
  Clock::time_point last_{};
};

class Task : public Napi::AsyncWorker {
 public:
  Task(Napi::Env env, Turn turn, Work work, std::shared_ptr<JobGroup> group, std::unique_ptr<ProgressChannel> channel)
      : Napi::AsyncWorker(env, "trainproof"),
        deferred_(Napi::Promise::Deferred::New(env)),
        turn_(std::move(turn)),
        work_(std::move(work)),
        channel_(std::move(channel)),
        job_(std::make_shared<Job>([channel = channel_.get()](std::string_view phase, double fraction) {
          if (channel != nullptr) channel->report(phase, fraction);
        })) {
    group->add(job_);
  }

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      // A waiting one can be cancelled.
      std::unique_lock<std::timed_mutex> lock;
      if (turn_) lock = std::unique_lock(*turn_, std::defer_lock);
      while (turn_ && !lock.try_lock_for(kTurnPoll)) job_->check();
      job_->check();
      finish_ = work_(*job_);
    } catch (...) {
      exception_ = std::current_exception();
    }
    work_ = nullptr;  // gives back what it held
    wipe_freed_secrets();
  }

  void OnOK() override {
    const Napi::Env env = Env();
    if (exception_ == nullptr) {
      try {
        deferred_.Resolve(finish_(env));
        return;
      } catch (const Napi::Error& e) {
        deferred_.Reject(e.Value());
        return;
      } catch (...) {
        exception_ = std::current_exception();
      }
    }
    deferred_.Reject(to_error(env, exception_));
  }

 private:
  Napi::Promise::Deferred deferred_;
  Turn turn_;
  Work work_;
  Finish finish_;
  std::unique_ptr<ProgressChannel> channel_;
  std::shared_ptr<Job> job_;
  std::exception_ptr exception_;
};

}  // namespace

Napi::Value start_task(Napi::Env env, const Napi::Value& job, const Napi::Value& progress, Turn turn, Work work) {
  std::shared_ptr<JobGroup> group = read_job(job);
  std::unique_ptr<ProgressChannel> channel;
  if (progress.IsFunction()) {
    channel = std::make_unique<ProgressChannel>(env, progress.As<Napi::Function>());
  } else if (!progress.IsUndefined()) {
    throw InvalidArgument("onProgress must be a function");
  }
  auto* task = new Task(env, std::move(turn), std::move(work), std::move(group), std::move(channel));  // deletes itself
  task->Queue();
  return task->promise();
}

Napi::Value promise_of(const Napi::CallbackInfo& info,
                       const std::function<Napi::Value(const Napi::CallbackInfo&)>& function) {
  const Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(info.Env());
  try {
    return function(info);
  } catch (const Napi::Error& e) {
    deferred.Reject(e.Value());
  } catch (...) {
    deferred.Reject(to_error(info.Env(), std::current_exception()));
  }
  return deferred.Promise();
}

}  // namespace trainproof::addon
