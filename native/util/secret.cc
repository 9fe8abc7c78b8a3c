#include "util/secret.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "util/block_arena.h"

namespace trainproof {

namespace {

// Blocks from this size on are the arena's.
constexpr std::size_t kLarge = 2 * BlockArena::kPage;

#if defined(__SANITIZE_ADDRESS__)
#define TRAINPROOF_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRAINPROOF_ADDRESS_SANITIZER 1
#endif
#endif

// Never destroyed: blocks may be freed by other static objects' destructors. None under the address sanitizer, which
// would not see a block's ends.
BlockArena& arena() {
#ifdef TRAINPROOF_ADDRESS_SANITIZER
  static BlockArena* const blocks = new BlockArena(0);
#else
  static BlockArena* const blocks = new BlockArena(std::size_t{1} << 40);
#endif
  return *blocks;
}

struct Elsewhere {
  std::mutex mutex;
  std::vector<FreedSecrets*> all;
};
Elsewhere& elsewhere() {
  static Elsewhere* const memories = new Elsewhere;
  return *memories;
}

}  // namespace

void wipe_bytes(void* data, std::size_t size) {
  if (size == 0) return;
#ifdef __APPLE__
  memset_s(data, size, 0, size);
#else
  explicit_bzero(data, size);
#endif
}

void* allocate_secret(std::size_t size, std::size_t alignment) {
  if (size >= kLarge) {
    if (void* data = arena().allocate(size)) return data;
  }
  // aligned_alloc wants a multiple of the alignment, which is at least a cache line.
  const std::size_t boundary = std::max<std::size_t>(alignment, 64);
  const std::size_t rounded = (std::max<std::size_t>(size, 1) + boundary - 1) / boundary * boundary;
  if (rounded < size) throw std::bad_alloc();
  void* data = std::aligned_alloc(boundary, rounded);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

void free_secret(void* data, std::size_t size) noexcept {
  if (size >= kLarge && arena().free(data, size)) return;
  wipe_bytes(data, size);
  std::free(data);
}

FreedSecrets::FreedSecrets(std::function<void()> wipe) : wipe_(std::move(wipe)) {
  const std::lock_guard lock(elsewhere().mutex);
  elsewhere().all.push_back(this);
}

FreedSecrets::~FreedSecrets() {
  const std::lock_guard lock(elsewhere().mutex);
  std::erase(elsewhere().all, this);
}

void wipe_freed_secrets() {
  arena().wipe_free();
  const std::lock_guard lock(elsewhere().mutex);
  for (const FreedSecrets* memory : elsewhere().all) memory->wipe_();
}

}  // namespace trainproof
