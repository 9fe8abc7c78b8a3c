#include "util/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace trainproof {

namespace {

unsigned hardware_threads() {
  static const unsigned count = std::max(1u, std::thread::hardware_concurrency());
  return count;
}

std::atomic<unsigned>& configured_threads() {
  static std::atomic<unsigned> count{hardware_threads()};
  return count;
}

thread_local bool inside_loop = false;

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Waits for done() without sleeping, for about as long as it takes to wake a thread: loops follow each other closely, and in a virtual
// machine sleeping and waking took a fifth of training's time. Not with more threads than processors, which others then need.
template <class Done>
void spin_until(Done&& done) {
  constexpr auto kLongest = std::chrono::microseconds(50);
  if (configured_threads().load(std::memory_order_relaxed) > hardware_threads()) return;
  const auto start = std::chrono::steady_clock::now();
  while (!done()) {
    for (unsigned i = 0; i < 16 && !done(); ++i) pause_briefly();
    if (std::chrono::steady_clock::now() - start > kLongest) return;
  }
}

// One running parallel_for. Lives on its caller's stack; threads join under the pool's lock.
struct Loop {
  std::size_t end, chunk;
  detail::LoopBody body;
  void* context;
  unsigned seats;  // threads that may still join; guarded by the pool
  std::atomic<std::size_t> next{};
  std::atomic<unsigned> joined = 0;  // written under the pool's lock
  std::exception_ptr failure;      // guarded by the pool
  std::condition_variable idle{};  // joined has become 0

  // Runs chunks until none is left.
  std::exception_ptr work() {
    const bool before = inside_loop;
    inside_loop = true;
    std::exception_ptr thrown;
    try {
      while (true) {
        const std::size_t first = next.fetch_add(chunk, std::memory_order_relaxed);
        if (first >= end) break;
        body(context, first, first + std::min(chunk, end - first));
      }
    } catch (...) {
      thrown = std::current_exception();
      next.store(end, std::memory_order_relaxed);
    }
    inside_loop = before;
    return thrown;
  }
};

// Sleeping threads that join running loops. Never destroyed: its threads end with the process.
class Pool {
 public:
  static Pool& instance() {
    static Pool* const pool = new Pool;
    return *pool;
  }

  void run(Loop& loop) {
    const bool one = loop.seats == 1;
    std::unique_lock lock(mutex_);
    hire(loop.seats);
    loops_.push_back(&loop);
    posted_.fetch_add(1, std::memory_order_relaxed);
    lock.unlock();
    if (one) {
      wake_.notify_one();
    } else {
      wake_.notify_all();
    }
    const std::exception_ptr mine = loop.work();
    lock.lock();
    std::erase(loops_, &loop);  // nobody joins from here on
    if (loop.joined != 0) {
      lock.unlock();
      spin_until([&] { return loop.joined == 0; });
      lock.lock();
    }
    loop.idle.wait(lock, [&] { return loop.joined == 0; });
    if (mine && !loop.failure) loop.failure = mine;
    lock.unlock();
    if (loop.failure) std::rethrow_exception(loop.failure);
  }

 private:
  // Where the system has no more threads, a loop does with fewer.
  void hire(unsigned count) {
    try {
      for (; workers_ < count; ++workers_) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
    }
  }

  Loop* open_loop() const {
    const auto open = std::find_if(loops_.begin(), loops_.end(), [](const Loop* l) { return l->seats > 0; });
    return open == loops_.end() ? nullptr : *open;
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (open_loop() == nullptr) {
        const unsigned seen = posted_.load(std::memory_order_relaxed);
        lock.unlock();
        spin_until([&] { return posted_.load(std::memory_order_relaxed) != seen; });
        lock.lock();
      }
      Loop* loop = nullptr;
      wake_.wait(lock, [&] {
        loop = open_loop();
        return loop != nullptr;
      });
      --loop->seats;
      ++loop->joined;
      lock.unlock();
      std::exception_ptr thrown = loop->work();
      lock.lock();
      if (thrown && !loop->failure) loop->failure = std::move(thrown);
      if (--loop->joined == 0) loop->idle.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Loop*> loops_;
  unsigned workers_ = 0;
  std::atomic<unsigned> posted_ = 0;  // loops so far; written under the lock
};

}  // namespace

void set_thread_count(unsigned count) { configured_threads().store(std::max(1u, count)); }

unsigned thread_count() { return configured_threads().load(); }

namespace detail {

void run_loop(std::size_t begin, std::size_t end, std::size_t grain, LoopBody body, void* context) {
  grain = std::max<std::size_t>(grain, 1);
  const std::size_t count = end - begin;
  const std::size_t threads = std::min<std::size_t>(thread_count(), (count + grain - 1) / grain);
  if (threads <= 1 || inside_loop) {
    body(context, begin, end);
    return;
  }
  // Four chunks a thread even out chunks of unequal cost.
  const std::size_t chunk = std::max(grain, (count + 4 * threads - 1) / (4 * threads));
  // next may pass end by one chunk for each thread; ranges that close to the largest index do not occur.
  Loop loop{end, chunk, body, context, static_cast<unsigned>(threads - 1), {}, 0, {}, {}};
  loop.next.store(begin);
  Pool::instance().run(loop);
}

}  // namespace detail

}  // namespace trainproof
