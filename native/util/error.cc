#include "util/error.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace trainproof {

void broken_invariant(const char* file, int line, const char* message) {
  const char* slash = std::strrchr(file, '/');
  std::fprintf(stderr, "trainproof: broken invariant at %s:%d: %s\n", slash ? slash + 1 : file, line, message);
  std::abort();
}

}  // namespace trainproof
