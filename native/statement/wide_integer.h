// Unsigned integers of 512 bits for the wrap rule (PROTOCOL §5, V1), where a weight bound of 256 bits meets
// factors of up to 95 more. A result that does not fit becomes the largest value, so that a comparison
// "below a limit" cannot be passed by wrapping.
#ifndef TRAINPROOF_STATEMENT_WIDE_INTEGER_H_
#define TRAINPROOF_STATEMENT_WIDE_INTEGER_H_

#include <array>
#include <compare>
#include <cstdint>
#include <span>

namespace trainproof {

class WideInteger {
 public:
  static constexpr unsigned kLimbs = 16;  // of 32 bits, least significant first

  WideInteger() = default;
  WideInteger(std::uint64_t value) {
    limbs_[0] = static_cast<std::uint32_t>(value);
    limbs_[1] = static_cast<std::uint32_t>(value >> 32);
  }
  static WideInteger pow2(unsigned exponent);
  static WideInteger from_bytes(std::span<const std::uint8_t, 32> big_endian);
  static WideInteger largest();

  // The value as 32 bytes big-endian; false if it does not fit.
  bool write(std::span<std::uint8_t, 32> big_endian) const;

  friend WideInteger operator+(const WideInteger& a, const WideInteger& b);
  friend WideInteger operator*(const WideInteger& a, const WideInteger& b);
  friend bool operator==(const WideInteger& a, const WideInteger& b) = default;
  friend std::strong_ordering operator<=>(const WideInteger& a, const WideInteger& b);

 private:
  std::array<std::uint32_t, kLimbs> limbs_{};
};

}  // namespace trainproof

#endif  // TRAINPROOF_STATEMENT_WIDE_INTEGER_H_
