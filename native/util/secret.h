// Memory that is cleared when it is no longer needed.
#ifndef TRAINPROOF_UTIL_SECRET_H_
#define TRAINPROOF_UTIL_SECRET_H_

#include <cstddef>
#include <functional>
#include <limits>
#include <new>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace trainproof {

// Clears in a way that the compiler does not optimise away.
void wipe_bytes(void* data, std::size_t size);

// Clears the elements of an array, vector or span.
template <std::ranges::contiguous_range Range>
void wipe(Range&& range) {
  using T = std::ranges::range_value_t<Range>;
  static_assert(std::is_trivially_copyable_v<T>, "wiping needs plain bytes");
  wipe_bytes(std::ranges::data(range), std::ranges::size(range) * sizeof(T));
}

// Large blocks come on 2 MiB boundaries, for huge pages where the system has them, and stay the process's for the next ones
// (util/block_arena.h). Contents are whatever they are.
void* allocate_secret(std::size_t size, std::size_t alignment);
// Wipes, then frees; large blocks are wiped when all of them are:
void free_secret(void* data, std::size_t size) noexcept;
// The end of every operation on secrets.
void wipe_freed_secrets();

// Memory elsewhere, a GPU's, that is wiped likewise: while it lives, wipe_freed_secrets() calls `wipe`, on any thread.
class FreedSecrets {
 public:
  explicit FreedSecrets(std::function<void()> wipe);
  ~FreedSecrets();
  FreedSecrets(const FreedSecrets&) = delete;
  FreedSecrets& operator=(const FreedSecrets&) = delete;

 private:
  std::function<void()> wipe_;
  friend void wipe_freed_secrets();
};

template <class T>
struct WipingAllocator {
  using value_type = T;
  static_assert(std::is_trivially_copyable_v<T>, "wiping needs plain bytes");

  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(allocate_secret(count * sizeof(T), alignof(T)));
  }
  void deallocate(T* data, std::size_t count) noexcept { free_secret(data, count * sizeof(T)); }

  template <class U>
  bool operator==(const WipingAllocator<U>&) const noexcept {
    return true;
  }
};

// A vector whose memory is wiped when it is given back, also when it grows.
template <class T>
using SecretVector = std::vector<T, WipingAllocator<T>>;

// The same, but resize(n) leaves new entries unset: for large ones that are written at once, by all threads.
template <class T>
struct UnsetWipingAllocator : WipingAllocator<T> {
  template <class U>
  struct rebind {
    using other = UnsetWipingAllocator<U>;
  };

  UnsetWipingAllocator() = default;
  template <class U>
  UnsetWipingAllocator(const UnsetWipingAllocator<U>&) noexcept {}

  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
};

template <class T>
using UnsetSecretVector = std::vector<T, UnsetWipingAllocator<T>>;

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_SECRET_H_
