#include "statement/schedule.h"

#include <set>

#include "statement/testing/statements.h"
#include "util/test.h"

namespace trainproof {
namespace {

Bytes32 seed(std::uint8_t value) {
  Bytes32 bytes;
  bytes.fill(value);
  return bytes;
}

TEST(each_epoch_is_a_permutation_of_the_samples) {
  for (const std::uint64_t samples : {1u, 2u, 3u, 4u, 5u, 63u, 64u, 65u, 1000u}) {
    Schedule schedule(seed(7), samples, 1);
    for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
      std::set<std::uint64_t> seen;
      for (std::uint64_t q = 0; q < samples; ++q) {
        const std::uint64_t x = schedule.permute(epoch, q);
        EXPECT(x < samples);
        seen.insert(x);
      }
      EXPECT_EQ(seen.size(), static_cast<std::size_t>(samples));
    }
  }
}

TEST(an_epoch_has_whole_batches_only_and_no_sample_twice) {
  const std::uint64_t samples = 23, batch = 4;  // 5 steps an epoch, 3 samples left out
  Schedule schedule(seed(9), samples, batch);
  std::set<std::uint64_t> seen;
  for (std::uint64_t step = 0; step < 5; ++step) {
    for (std::uint64_t i = 0; i < batch; ++i) seen.insert(schedule.index(step, i));
  }
  EXPECT_EQ(seen.size(), std::size_t{20});
  EXPECT_EQ(schedule.index(5, 0), schedule.permute(1, 0));
  EXPECT_EQ(schedule.index(14, 3), schedule.permute(2, 19));
}

TEST(epochs_and_seeds_differ) {
  Schedule a(seed(1), 1000, 8), b(seed(2), 1000, 8);
  unsigned same_epoch = 0, same_seed = 0;
  for (std::uint64_t q = 0; q < 1000; ++q) {
    same_epoch += a.permute(0, q) == a.permute(1, q);
    same_seed += a.permute(0, q) == b.permute(0, q);
  }
  EXPECT(same_epoch < 20);
  EXPECT(same_seed < 20);
}

TEST(the_largest_data_set_stays_in_range) {
  const std::uint64_t samples = std::uint64_t{1} << 32;
  Schedule schedule(seed(3), samples, 64);
  std::set<std::uint64_t> seen;
  for (std::uint64_t q = 0; q < 1000; ++q) seen.insert(schedule.permute(5, samples - 1 - q));
  EXPECT_EQ(seen.size(), std::size_t{1000});
  EXPECT(*seen.rbegin() < samples);
}

TEST(a_segment_continues_at_its_first_step) {
  Statement s = testing::sample_statement({4, 2}, 2, 3);
  s.samples = 50;
  s.first_step = 5;
  const std::vector<std::uint64_t> indices = segment_schedule(s);
  EXPECT_EQ(indices.size(), std::size_t{32});
  Schedule schedule(s.schedule_seed, 50, 8);
  for (std::uint64_t t = 0; t < 4; ++t) {
    for (std::uint64_t i = 0; i < 8; ++i) EXPECT_EQ(indices[t * 8 + i], schedule.index(5 + t, i));
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
