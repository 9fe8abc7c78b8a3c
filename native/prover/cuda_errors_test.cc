// What can go wrong on a GPU, in whole segments: memory that runs out, launches and kernels that fail, cancellation in every
// phase. Each must be a clear error and leave no device memory behind.
//
// On the simulator the runtime is a shared library, so that this program may stand before some of its functions: they count what is
// alive, and fail when they are told to.
#include <dlfcn.h>

#include <set>

#include <cuda_runtime_api.h>

#include "backend/cuda/cuda.h"
#include "backend/cuda/cuda_backend.h"
#include "prover/testing/segment.h"
#include "util/error.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace {

std::set<void*> alive;
// The call that fails, counted from now on; 0: none.
[[maybe_unused]] int failing_malloc = 0, failing_launch = 0;
[[maybe_unused]] int launches = 0, mallocs = 0;

}  // namespace

#ifdef TRAINPROOF_PTXSIM
extern "C" {

__attribute__((visibility("default"))) cudaError_t cudaMalloc(void** data, std::size_t size) {
  static const auto real = reinterpret_cast<cudaError_t (*)(void**, std::size_t)>(dlsym(RTLD_NEXT, "cudaMalloc"));
  ++mallocs;
  if (failing_malloc > 0 && --failing_malloc == 0) return cudaErrorMemoryAllocation;
  const cudaError_t status = real(data, size);
  if (status == cudaSuccess) alive.insert(*data);
  return status;
}

__attribute__((visibility("default"))) cudaError_t cudaFree(void* data) {
  static const auto real = reinterpret_cast<cudaError_t (*)(void*)>(dlsym(RTLD_NEXT, "cudaFree"));
  alive.erase(data);
  return real(data);
}

// What <<<>>> calls.
__attribute__((visibility("default"))) cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** args,
                                                                      std::size_t shared, cudaStream_t stream) {
  using Launch = cudaError_t (*)(cudaKernel_t, dim3, dim3, void**, std::size_t, cudaStream_t);
  static const auto real = reinterpret_cast<Launch>(dlsym(RTLD_NEXT, "__cudaLaunchKernel"));
  ++launches;
  // More threads than a block may have are what the runtime itself refuses.
  if (failing_launch > 0 && --failing_launch == 0) block.x = 2048;
  return real(kernel, grid, block, args, shared, stream);
}

}  // extern "C"
#endif

namespace trainproof {
namespace {

using testing::generators;

// A whole segment, as small as there are; throws what goes wrong.
std::vector<std::uint8_t> prove(const cuda::Backends& backends, Job* job = nullptr) {
  testing::SegmentSpec spec;
  spec.widths = {3, 2, 2};
  spec.backend = backends.proving.get();
  spec.training = backends.training.get();
  spec.job = job;
  SeededRandom random(1);
  Transcript transcript;
  return testing::prove_test_segment(spec, {}, random, transcript).proof;
}

std::size_t in_use(const cuda::Backends& backends) {
  return static_cast<cuda::CudaBackend&>(*backends.proving).device().memory().in_use();
}

// The message of the error that must come; all memory must be given back once the backends are gone.
template <class Error>
std::string error_of(const cuda::Options& options, int malloc_call, int launch_call) {
  std::string message;
  {
    const cuda::Backends backends = cuda::make_backends(0, generators(), options);
    failing_malloc = malloc_call;
    failing_launch = launch_call;
    try {
      static_cast<void>(prove(backends));
      test::fail(__FILE__, __LINE__, "no error came");
    } catch (const Error& e) {
      message = e.what();
    }
    failing_malloc = failing_launch = 0;
  }
  EXPECT_EQ(alive.size(), std::size_t{0});
  return message;
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

TEST(memory_that_is_too_little_is_refused_with_the_figure) {
  for (const std::size_t limit : {std::size_t{400} << 10, std::size_t{2} << 20, std::size_t{5} << 20}) {
    for (const bool keep : {false, true}) {
      const std::string message = error_of<OutOfMemoryLimit>({limit, keep}, 0, 0);
      EXPECT(contains(message, "MiB of device memory"));
      EXPECT(contains(message, "shorten the segment"));
    }
  }
}

TEST(memory_is_given_back_after_a_proof_but_for_the_generators) {
  {
    const cuda::Backends backends = cuda::make_backends(0, generators(), {0, true});
    const std::vector<std::uint8_t> proof = prove(backends);
    const std::size_t kept = in_use(backends);
    EXPECT(prove(backends) == proof);
    EXPECT_EQ(in_use(backends), kept);
  }
  EXPECT_EQ(alive.size(), std::size_t{0});
}

TEST(cancelling_in_any_phase_leaves_nothing_behind) {
  {
    const cuda::Backends backends = cuda::make_backends(0, generators(), {0, true});
    std::vector<std::string> phases;
    Job listing([&](std::string_view phase, double) {
      if (phases.empty() || phases.back() != phase) phases.emplace_back(phase);
    });
    const std::vector<std::uint8_t> proof = prove(backends, &listing);
    EXPECT(phases.size() >= 10);
    const std::size_t kept = in_use(backends);
    for (std::size_t i = 0; i + 1 < phases.size(); ++i) {  // after the last there is nothing left to cancel
      Job* running = nullptr;
      std::size_t seen = 0;
      std::string last;
      Job job([&](std::string_view phase, double) {
        if (last != phase) {
          last = phase;
          if (seen++ == i) running->cancel();
        }
      });
      running = &job;
      try {
        static_cast<void>(prove(backends, &job));
        test::fail(__FILE__, __LINE__, "not cancelled in phase " + phases[i]);
      } catch (const Cancelled&) {
      }
      EXPECT_EQ(in_use(backends), kept);
    }
    EXPECT(prove(backends) == proof);
  }
  EXPECT_EQ(alive.size(), std::size_t{0});
}

#ifdef TRAINPROOF_PTXSIM
TEST(an_allocation_that_the_driver_refuses_is_an_error_with_figures) {
  mallocs = 0;
  static_cast<void>(prove(cuda::make_backends(0, generators(), {0, false})));
  const int all = mallocs;
  for (const int call : {1, 2, all / 8, all / 4, all / 2, all * 3 / 4, all - 2}) {
    EXPECT(contains(error_of<OutOfMemoryLimit>({0, false}, call, 0), "MiB of device memory"));
  }
}

TEST(a_launch_that_fails_is_an_error_that_names_the_operation) {
  launches = 0;
  static_cast<void>(prove(cuda::make_backends(0, generators(), {0, false})));
  const int all = launches;
  for (const int call : {1, 2, all / 8, all / 4, all / 2, all * 3 / 4, all - 2}) {
    const std::string message = error_of<DeviceError>({0, false}, 0, call);
    EXPECT(contains(message, "CUDA failed in ") && contains(message, "kernel"));
  }
}

// The last: the process cannot use the device after it.
TEST(a_kernel_that_faults_is_an_error_that_says_what_it_means) {
  const auto set_option = reinterpret_cast<int (*)(const char*, long long)>(dlsym(RTLD_DEFAULT, "ptx_set_option"));
  EXPECT(set_option != nullptr);
  if (set_option == nullptr) return;
  const cuda::Backends backends = cuda::make_backends(0, generators(), {0, false});
  set_option("max_instr", 100);  // of a thread; longer ones are stopped as endless
  std::string message;
  try {
    static_cast<void>(prove(backends));
  } catch (const DeviceError& e) {
    message = e.what();
  }
  set_option("max_instr", 0);
  EXPECT(contains(message, "CUDA failed in "));
  EXPECT(contains(message, "cannot use the device any more"));
}
#endif

}  // namespace
}  // namespace trainproof

RUN_TESTS()
