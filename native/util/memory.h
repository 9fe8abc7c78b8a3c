#ifndef TRAINPROOF_UTIL_MEMORY_H_
#define TRAINPROOF_UTIL_MEMORY_H_

#include <cstdint>

namespace trainproof {

// The most memory that this process has had resident so far; 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_MEMORY_H_
