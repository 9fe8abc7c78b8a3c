#include "util/random.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace trainproof {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  // getentropy gives at most 256 bytes a call and never fewer than asked for.
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), 256);
    if (getentropy(bytes.data(), count) != 0) {
      throw std::system_error(errno, std::generic_category(), "the system's random generator");
    }
    bytes = bytes.subspan(count);
  }
}

void fill_random(std::span<std::uint8_t> bytes) { SystemRandom().fill(bytes); }

}  // namespace trainproof
