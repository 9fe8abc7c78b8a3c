#include "util/block_arena.h"

#include <cstdint>
#include <cstring>

#include "util/secret.h"
#include "util/test.h"

namespace trainproof {
namespace {

constexpr std::size_t kPage = BlockArena::kPage;

TEST(blocks_are_apart_on_page_boundaries_and_used_again) {
  BlockArena arena(16 * kPage);
  char* a = static_cast<char*>(arena.allocate(kPage + 1));
  char* b = static_cast<char*>(arena.allocate(1));
  char* c = static_cast<char*>(arena.allocate(3 * kPage));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(a) % kPage, 0u);
  EXPECT(b >= a + 2 * kPage && c >= b + kPage);
  EXPECT_EQ(arena.bytes_touched(), 6 * kPage);
  EXPECT(arena.free(a, kPage + 1));
  EXPECT(arena.free(c, 3 * kPage));
  // The smallest that is large enough.
  EXPECT(arena.allocate(2 * kPage) == a);
  EXPECT(arena.free(b, 1));
  // b and c are one block now, and at the end, where it grows.
  EXPECT(arena.allocate(6 * kPage) == b);
  EXPECT_EQ(arena.bytes_touched(), 8 * kPage);
  EXPECT_EQ(arena.bytes_free(), 0u);
}

TEST(a_full_arena_gives_nothing_and_takes_nothing_foreign) {
  BlockArena arena(2 * kPage);
  EXPECT(arena.allocate(3 * kPage) == nullptr);
  EXPECT(arena.allocate(~std::size_t{0}) == nullptr);
  void* all = arena.allocate(2 * kPage);
  EXPECT(all != nullptr);
  EXPECT(arena.allocate(1) == nullptr);
  int other = 0;
  EXPECT(!arena.free(&other, sizeof other));
  EXPECT(arena.free(all, 2 * kPage));
  EXPECT(arena.allocate(1) == all);
  BlockArena none(0);
  EXPECT(none.allocate(1) == nullptr);
  EXPECT(!none.free(&other, sizeof other));
}

TEST(free_blocks_are_wiped_and_others_are_not) {
  BlockArena arena(8 * kPage);
  char* kept = static_cast<char*>(arena.allocate(kPage));
  char* freed = static_cast<char*>(arena.allocate(2 * kPage));
  std::memset(kept, 7, kPage);
  std::memset(freed, 7, 2 * kPage);
  EXPECT(arena.free(freed, 2 * kPage));
  arena.wipe_free();
  EXPECT(kept[0] == 7 && kept[kPage - 1] == 7);
  EXPECT(freed[0] == 0 && freed[2 * kPage - 1] == 0);
}

TEST(a_large_secret_is_gone_after_the_operation) {
  constexpr std::size_t kSize = std::size_t{5} << 20;
  char* data = static_cast<char*>(allocate_secret(kSize, 64));
  std::memset(data, 7, kSize);
#if !defined(__SANITIZE_ADDRESS__)
  free_secret(data, kSize);
  wipe_freed_secrets();
  for (std::size_t i = 0; i < kSize; i += 4096) EXPECT_EQ(data[i], 0);
#else
  free_secret(data, kSize);
#endif
}

TEST(memory_elsewhere_is_wiped_with_it_while_it_lives) {
  int wiped = 0, others = 0;
  const FreedSecrets other([&] { ++others; });
  {
    const FreedSecrets memory([&] { ++wiped; });
    wipe_freed_secrets();
    wipe_freed_secrets();
  }
  wipe_freed_secrets();
  EXPECT_EQ(wiped, 2);
  EXPECT_EQ(others, 3);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
