// What becomes of freed blocks of the device's memory.
#include <algorithm>
#include <vector>

#include "backend/cuda/device.h"
#include "util/error.h"
#include "util/secret.h"
#include "util/test.h"

namespace trainproof::cuda {
namespace {

constexpr std::size_t kBytes = 5000;
constexpr const char* kOperation = "a test";

void* filled(Device& device, std::uint8_t value) {
  void* data = device.memory().allocate(kBytes, kOperation);
  check(cudaMemsetAsync(data, value, kBytes, device.stream()), kOperation);
  return data;
}

bool holds_only(Device& device, const void* data, std::uint8_t value) {
  std::vector<std::uint8_t> bytes(kBytes, static_cast<std::uint8_t>(value + 1));
  device.copy_out(bytes.data(), data, kBytes, kOperation);
  device.finish(kOperation);
  return std::all_of(bytes.begin(), bytes.end(), [&](std::uint8_t byte) { return byte == value; });
}

TEST(free_blocks_are_wiped_at_the_end_of_an_operation_and_others_are_not) {
  Device device(0, true, 4096);
  void *freed = filled(device, 0x5a), *live = filled(device, 0x5b);
  device.memory().free(freed, kBytes);
  wipe_freed_secrets();
  EXPECT(holds_only(device, freed, 0));
  EXPECT(holds_only(device, live, 0x5b));
  device.memory().free(live, kBytes);
}

TEST(a_block_serves_again_and_is_counted_once) {
  Device device(0, true, 4096);
  const std::size_t before = device.memory().in_use();
  void* first = filled(device, 1);
  EXPECT(device.memory().in_use() >= before + kBytes);
  device.memory().free(first, kBytes);
  EXPECT_EQ(device.memory().in_use(), before);
  EXPECT(device.memory().kept() >= kBytes);
  // Of the same class of sizes.
  void* second = device.memory().allocate(kBytes - 100, kOperation);
  EXPECT(second == first);
  EXPECT_EQ(device.memory().kept(), std::size_t{0});
  // What is in use is not wiped, whatever it was.
  check(cudaMemsetAsync(second, 7, kBytes - 100, device.stream()), kOperation);
  wipe_freed_secrets();
  std::uint8_t last = 0;
  device.copy_out(&last, static_cast<std::uint8_t*>(second) + kBytes - 101, 1, kOperation);
  device.finish(kOperation);
  EXPECT_EQ(last, 7);
  device.memory().free(second, kBytes - 100);
}

TEST(a_limit_refuses_what_is_beyond_it_with_the_figures) {
  Device device(0, true, 4096);
  device.memory().set_limit(device.memory().in_use() + 2 * kBytes);
  void* first = filled(device, 1);
  EXPECT_THROWS(device.memory().allocate(2 * kBytes, kOperation), OutOfMemoryLimit, "a test needs 1 MiB of device memory beside the 1 MiB in use");
  device.memory().free(first, kBytes);
  // Kept blocks are not in use.
  device.memory().free(device.memory().allocate(2 * kBytes - 1000, kOperation), 2 * kBytes - 1000);
}

}  // namespace
}  // namespace trainproof::cuda

RUN_TESTS()
