// Whether this processor has what field/ifma.h is compiled for.
#ifndef TRAINPROOF_FIELD_IFMA_SUPPORTED_H_
#define TRAINPROOF_FIELD_IFMA_SUPPORTED_H_

#include <cstdlib>

namespace trainproof::ifma {

// False, too, where TRAINPROOF_PORTABLE is set in the environment: for tests and comparisons.
inline bool supported() {
#if defined(TRAINPROOF_IFMA)
  static const bool yes = [] {
    __builtin_cpu_init();
    return std::getenv("TRAINPROOF_PORTABLE") == nullptr && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512ifma") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vnni") &&
           __builtin_cpu_supports("adx") && __builtin_cpu_supports("bmi2");
  }();
  return yes;
#else
  return false;
#endif
}

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_FIELD_IFMA_SUPPORTED_H_
