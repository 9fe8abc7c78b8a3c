// Measures what this processor can at best do (bench/roof.h) on one thread and on all, and prints it as JSON.
//   bench_limits [--threads n] [--quick]
#include <time.h>

#include <algorithm>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include <unistd.h>

#include "bench/roof.h"
#include "field/ifma_supported.h"

namespace trainproof::roof {
namespace {

// The thread's own time on a processor: whoever else is on the machine takes none of it.
double thread_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Options {
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  bool quick = false;
};

// Seconds for each item, with all threads at work together, each on data of its own. The least of several runs: others
// may have had their data in the caches during some.
double measure(const RoofKind& kind, unsigned threads, bool quick) {
  const int least = quick ? 2 : 5, most = quick ? 2 : 200;
  const double budget = quick ? 0 : 0.6;
  std::vector<double> seconds(threads);
  double best = 1e30, total = 0, items = 0;
  int runs = 0;
  bool done = false;
  std::barrier start(threads);
  std::barrier stop(threads, [&]() noexcept {
    const double slowest = *std::max_element(seconds.begin(), seconds.end());
    best = std::min(best, slowest);
    total += slowest;
    done = ++runs >= least && (total > budget || runs >= most);
  });
  const auto work = [&](unsigned thread) {
    const std::unique_ptr<Roof> roof = kind.make(quick);
    if (thread == 0) items = roof->items();
    roof->run();  // brings data and code into the caches
    while (!done) {
      start.arrive_and_wait();
      const double since = thread_seconds();
      roof->run();
      seconds[thread] = thread_seconds() - since;
      stop.arrive_and_wait();
    }
  };
  std::vector<std::jthread> others;
  for (unsigned thread = 1; thread < threads; ++thread) others.emplace_back(work, thread);
  work(0);
  others.clear();
  return best / (items * threads);
}

int run(const Options& options) {
#ifdef TRAINPROOF_IFMA_PROGRAM
  const std::vector<RoofKind> kinds = ifma_roofs();
  const char* instructions = "AVX-512 IFMA";
#else
  const std::vector<RoofKind> kinds = portable_roofs();
  const char* instructions = "portable";
#endif
  std::printf("{\n  \"threads\": %u,\n  \"instructions\": \"%s\",\n  \"roofs\": {", options.threads,
              instructions);
  const char* separator = "\n";
  for (const RoofKind& kind : kinds) {
    const double one = measure(kind, 1, options.quick);
    const double all = options.threads == 1 ? one : measure(kind, options.threads, options.quick);
    std::printf("%s    \"%s\": { \"item\": \"%s\", \"oneThreadSeconds\": %.4g, \"allThreadsSeconds\": %.4g }",
                separator, kind.name, kind.item, one, all);
    separator = ",\n";
  }
  std::printf("\n  }\n}\n");
  return 0;
}

}  // namespace
}  // namespace trainproof::roof

int main(int argc, char** argv) {
#if defined(TRAINPROOF_IFMA) && !defined(TRAINPROOF_IFMA_PROGRAM)
  // A program of its own, so that none of its code can meet a processor without IFMA.
  if (trainproof::ifma::supported()) {
    const std::string program = std::string(argv[0]) + "_ifma";
    execv(program.c_str(), argv);
    std::perror(program.c_str());
    return 1;
  }
#endif
  trainproof::roof::Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      options.quick = true;
    } else if (std::strcmp(argv[i], "--threads") == 0 && i + 1 < argc) {
      options.threads = static_cast<unsigned>(std::clamp(std::atoi(argv[++i]), 1, 1024));
    } else {
      std::fprintf(stderr, "bench_limits: unknown argument %s; usage: bench_limits [--threads n] [--quick]\n", argv[i]);
      return 2;
    }
  }
  return trainproof::roof::run(options);
}
