#include <array>
#include <atomic>
#include <string>

#include "util/error.h"
#include "util/job.h"
#include "util/memory.h"
#include "util/parallel.h"
#include "util/random.h"
#include "util/secret.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

TEST(a_parallel_loop_visits_every_index_once) {
  for (unsigned threads : {1u, 2u, 5u}) {
    set_thread_count(threads);
    for (std::size_t count : {0u, 1u, 2u, 99u, 10007u}) {
      for (std::size_t grain : {0u, 1u, 7u, 20000u}) {
        std::vector<std::atomic<int>> visits(count + 3);
        parallel_for(3, count + 3, grain, [&](std::size_t begin, std::size_t end) {
          EXPECT(begin < end);
          for (std::size_t i = begin; i < end; ++i) ++visits[i];
        });
        for (std::size_t i = 0; i < visits.size(); ++i) EXPECT_EQ(visits[i].load(), i < 3 ? 0 : 1);
      }
    }
  }
}

TEST(loops_nest_and_run_beside_each_other) {
  set_thread_count(3);
  std::atomic<std::size_t> sum{0};
  const auto outer = [&] {
    parallel_for(0, 50, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        parallel_for(0, 10, 1, [&](std::size_t first, std::size_t last) { sum += last - first; });
      }
    });
  };
  parallel_for(0, 4, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) outer();
  });
  EXPECT_EQ(sum.load(), 2000u);
}

TEST(an_exception_leaves_a_loop_and_the_next_loop_works) {
  set_thread_count(3);
  for (std::size_t bad : {0u, 50u, 999u}) {
    EXPECT_THROWS(parallel_for(0, 1000, 1,
                               [&](std::size_t begin, std::size_t end) {
                                 if (begin <= bad && bad < end) throw InvalidArgument("at " + std::to_string(bad));
                               }),
                  InvalidArgument, "at " + std::to_string(bad));
  }
  std::atomic<std::size_t> count{0};
  parallel_for(0, 100, 1, [&](std::size_t begin, std::size_t end) { count += end - begin; });
  EXPECT_EQ(count.load(), 100u);
}

TEST(a_job_reports_and_is_cancelled) {
  std::string seen;
  Job job([&](std::string_view name, double fraction) { seen = std::string(name) + std::to_string(fraction); });
  job.phase("lookup", 0.5);
  EXPECT_EQ(seen, std::string("lookup0.500000"));
  job.check();
  job.cancel();
  EXPECT_THROWS(job.check(), Cancelled, "cancelled");
  Job silent;
  silent.phase("x", 1);
  EXPECT(!silent.cancelled());
}

TEST(wiping_clears_arrays_and_vectors) {
  std::array<std::uint8_t, 5> bytes = {1, 2, 3, 4, 5};
  wipe(bytes);
  EXPECT(bytes == (std::array<std::uint8_t, 5>{}));
  std::vector<std::uint64_t> words(1000, 7);
  wipe(std::span(words).first(999));
  EXPECT_EQ(words[998], 0u);
  EXPECT_EQ(words[999], 7u);
  wipe(std::vector<int>());
}

TEST(secret_vectors_of_all_sizes_start_at_zero_and_can_be_written) {
  for (std::size_t count : {0u, 1u, 3u, 4096u, 3000001u}) {
    SecretVector<std::uint32_t> v(count);
    for (std::uint32_t x : v) EXPECT_EQ(x, 0u);
    for (std::size_t i = 0; i < count; ++i) v[i] = static_cast<std::uint32_t>(i);
    v.push_back(9);
    if (count > 0) EXPECT_EQ(v[count - 1], count - 1);
  }
}

TEST(unset_secret_vectors_keep_what_is_written_to_them) {
  for (const std::size_t size : {1u, 1000u, 3000000u}) {
    UnsetSecretVector<std::int32_t> v(size, 7);
    v.resize(size + 5);
    std::fill(v.end() - 5, v.end(), 9);
    EXPECT_EQ(std::count(v.begin(), v.end(), 7), static_cast<std::ptrdiff_t>(size));
    UnsetSecretVector<std::int32_t> copy;
    copy.resize(v.size());
    parallel_copy(v.data(), v.size(), copy.data());
    EXPECT(copy == v);
    v.assign(2, 4);
    EXPECT_EQ(v[0] + v[1], 8);
  }
}

TEST(system_randomness_differs_and_seeded_repeats) {
  std::array<std::uint8_t, 600> a{}, b{};
  fill_random(a);
  fill_random(b);
  EXPECT(a != b);
  EXPECT(!std::equal(a.begin() + 512, a.begin() + 544, std::array<std::uint8_t, 32>{}.begin()));
  SeededRandom(5).fill(a);
  SeededRandom(5).fill(b);
  EXPECT(a == b);
  SeededRandom(6).fill(b);
  EXPECT(a != b);
}

TEST(peak_memory_is_known) { EXPECT(peak_memory_bytes() > (1u << 20)); }

}  // namespace
}  // namespace trainproof

RUN_TESTS()
