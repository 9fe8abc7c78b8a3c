#include "util/secret.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace trainproof {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

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
  const bool huge = size >= 4 * kHugePage;
  // aligned_alloc wants a multiple of the alignment, which is at least a pointer's.
  const std::size_t boundary = huge ? kHugePage : std::max(alignment, alignof(std::max_align_t));
  const std::size_t rounded = (std::max<std::size_t>(size, 1) + boundary - 1) / boundary * boundary;
  if (rounded < size) throw std::bad_alloc();
  void* data = std::aligned_alloc(boundary, rounded);
  if (data == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  if (huge) madvise(data, rounded, MADV_HUGEPAGE);  // a hint; failure costs speed only
#endif
  return data;
}

void free_secret(void* data, std::size_t size) noexcept {
  wipe_bytes(data, size);
  std::free(data);
}

}  // namespace trainproof
