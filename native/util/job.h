// Progress and cancellation of a long operation.
#ifndef TRAINPROOF_UTIL_JOB_H_
#define TRAINPROOF_UTIL_JOB_H_

#include <atomic>
#include <functional>
#include <string_view>

namespace trainproof {

class Job {
 public:
  // Called on the thread that does the work; fraction, of the phase, from 0 to 1.
  using Progress = std::function<void(std::string_view phase, double fraction)>;

  Job() = default;
  explicit Job(Progress progress) : progress_(std::move(progress)) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  void phase(std::string_view name, double fraction);

  // Throws Cancelled after cancel().
  void check() const;

  // From any thread.
  void cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  Progress progress_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_JOB_H_
