// Where secrets come from. Code that needs randomness takes a RandomSource&, so that tests may seed it
// (util/testing/) without a switch in the libraries.
#ifndef TRAINPROOF_UTIL_RANDOM_H_
#define TRAINPROOF_UTIL_RANDOM_H_

#include <array>
#include <cstdint>
#include <span>

#include "util/secret.h"

namespace trainproof {

template <class Params>
class PrimeField;
struct FrParams;

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  // Uniform up to a bias of 2^-258: 512 bits reduced. Callers include field/field.h.
  template <class Field = PrimeField<FrParams>>
  Field field() {
    std::array<std::uint8_t, 64> bytes;
    fill(bytes);
    const Field out = Field::from_hash512(bytes);
    wipe(bytes);
    return out;
  }
};

// The operating system's generator. Throws std::system_error when it fails.
class SystemRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

void fill_random(std::span<std::uint8_t> bytes);

template <class Field>
Field random_field() {
  return SystemRandom().field<Field>();
}

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_RANDOM_H_
