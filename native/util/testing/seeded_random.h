// Test-only: a RandomSource that repeats itself. No secret may come from it.
#ifndef TRAINPROOF_UTIL_TESTING_SEEDED_RANDOM_H_
#define TRAINPROOF_UTIL_TESTING_SEEDED_RANDOM_H_

#ifndef TRAINPROOF_TEST_HOOKS
#error "SeededRandom is for tests only"
#endif

#include <random>

#include "util/random.h"

namespace trainproof {

class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine_() >> 32);
  }
  std::uint64_t word() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_TESTING_SEEDED_RANDOM_H_
