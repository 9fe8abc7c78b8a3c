// What zkReLU's loops over the digits read and write (backend/cpu/zkrelu.cc), portable and vector code alike.
#ifndef TRAINPROOF_BACKEND_CPU_ZKRELU_TILE_H_
#define TRAINPROOF_BACKEND_CPU_ZKRELU_TILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "field/field.h"

namespace trainproof {

// The first bits are summed over on integers, at {0, 1, ∞} for each: ∞ stands for a polynomial's leading coefficient.
constexpr unsigned kGridBits = 3;
constexpr std::size_t kGrid = 27;
constexpr std::size_t kGridBlock = 1 << kGridBits;
constexpr std::size_t kMaxDigits = 4;
constexpr std::size_t kZkReluParts = 8;  // at most

enum ZkReluValue { kValueV, kValueG, kValueM, kZkReluValues };  // v, ĝ − offset, m − 1

// factors[φ] of a value, one of those that a part sums up; as many as there are features, then zeros to a multiple of eight.
struct ZkReluFactor {
  std::size_t part;
  ZkReluValue value;
  const Fr* factors;
};

// Integers of feature φ at time c: at [φ · length + c].
struct ZkReluIntegers {
  std::size_t features, length;
  const std::uint8_t* m;
  std::array<const std::uint16_t*, kMaxDigits> v, g;
  unsigned v_digits, g_digits, digit_bits;
  std::int64_t g_offset;
  Fr g_offset_element;
};

// Column 0 is m, column 1 + p part p: [c · padded + φ].
struct ZkReluColumns {
  std::vector<Fr*> data;
  std::size_t padded;
};

// From values at {0, 1}^bits to those at {0, 1, ∞}^bits of the multilinear polynomial through them, in place: index Σ 3^i x_i.
template <class T, class Subtract>
TRAINPROOF_INLINE void extend_to_grid(T* x, unsigned bits, Subtract subtract) {
  std::size_t below = 1;
  for (unsigned i = 0; i < bits; ++i, below *= 3) {
    for (std::size_t high = std::size_t{1} << (bits - 1 - i); high-- > 0;) {
      for (std::size_t low = 0; low < below; ++low) {
        const T at0 = x[2 * high * below + low], at1 = x[(2 * high + 1) * below + low];
        T* to = x + 3 * high * below + low;
        to[0] = at0;
        to[below] = at1;
        to[2 * below] = subtract(at1, at0);
      }
    }
  }
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_ZKRELU_TILE_H_
