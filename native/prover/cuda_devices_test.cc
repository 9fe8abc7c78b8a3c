// Several GPUs, and copies beside the work: segments that are proved at once, each on a device of its own, from traces that another
// made; and copies that come as late as they may.
#include <thread>

#include "backend/cuda/cuda.h"
#include "backend/cuda/cuda_backend.h"
#include "prover/testing/segment.h"
#include "prover/testing/simulated_devices.h"
#include "util/error.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

// As small as there are.
testing::SegmentSpec spec_of(std::uint64_t seed) { return {.widths = {3, 2, 2}, .seed = seed}; }

std::vector<std::uint8_t> prove(testing::SegmentSpec spec, Backend* backend, TrainingBackend* training) {
  spec.backend = backend;
  spec.training = training;
  SeededRandom random(spec.seed);
  Transcript transcript;
  return testing::prove_test_segment(spec, {}, random, transcript).proof;
}

// Pieces of 256 bytes: nearly every copy beside the work takes several.
cuda::Backends gpu(int index) { return cuda::make_backends(index, testing::generators(), {0, true, 256}); }

TEST(a_copy_that_comes_as_late_as_it_may_changes_no_proof) {
  const std::size_t before = testing::device_use().late_copies;
  const cuda::Backends backends = gpu(0);
  EXPECT(prove(spec_of(1), backends.proving.get(), backends.training.get()) == prove(spec_of(1), nullptr, nullptr));
  EXPECT(testing::device_use().late_copies > before + 8);
}

TEST(a_trace_from_one_device_is_proved_on_another) {
  {
    const cuda::Backends trainer = gpu(0), prover = gpu(1);
    const std::size_t before = testing::device_use().launches[1];
    EXPECT(prove(spec_of(2), prover.proving.get(), trainer.training.get()) == prove(spec_of(2), nullptr, nullptr));
    EXPECT(testing::device_use().launches[1] > before + 100);
    // And on the CPU, which a run may fall back to.
    EXPECT(prove(spec_of(2), nullptr, trainer.training.get()) == prove(spec_of(2), nullptr, nullptr));
  }
  EXPECT_EQ(testing::device_use().live_allocations, std::size_t{0});
  EXPECT_EQ(testing::device_use().strangers, std::size_t{0});
}

TEST(segments_are_proved_at_once_each_on_its_device) {
  const std::vector<std::uint8_t> want[2] = {prove(spec_of(3), nullptr, nullptr), prove(spec_of(4), nullptr, nullptr)};
  EXPECT(want[0] != want[1]);
  {
    const cuda::Backends devices[2] = {gpu(0), gpu(1)};
    const std::size_t before = testing::device_use().alternations;
    std::vector<std::uint8_t> got[2];
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&, i] {
        got[i] = prove(spec_of(3 + static_cast<std::uint64_t>(i)), devices[i].proving.get(), devices[i].training.get());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT(got[0] == want[0]);
    EXPECT(got[1] == want[1]);
    // They did run at once.
    EXPECT(testing::device_use().alternations > before + 10);
  }
  EXPECT_EQ(testing::device_use().live_allocations, std::size_t{0});
  EXPECT_EQ(testing::device_use().strangers, std::size_t{0});
}

TEST(a_device_that_there_is_not_is_refused) {
  EXPECT_THROWS(gpu(2), DeviceError, "there is no cuda:2; usable devices: 2");
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
