#include "statement/wide_integer.h"

namespace trainproof {

WideInteger WideInteger::pow2(unsigned exponent) {
  if (exponent >= 32 * kLimbs) return largest();
  WideInteger result;
  result.limbs_[exponent / 32] = std::uint32_t{1} << (exponent % 32);
  return result;
}

WideInteger WideInteger::from_bytes(std::span<const std::uint8_t, 32> big_endian) {
  WideInteger result;
  for (unsigned i = 0; i < 32; ++i) {
    const unsigned from_end = 31 - i;
    result.limbs_[from_end / 4] |= std::uint32_t{big_endian[i]} << (8 * (from_end % 4));
  }
  return result;
}

WideInteger WideInteger::largest() {
  WideInteger result;
  result.limbs_.fill(0xffffffffu);
  return result;
}

bool WideInteger::write(std::span<std::uint8_t, 32> big_endian) const {
  for (unsigned i = 8; i < kLimbs; ++i) {
    if (limbs_[i] != 0) return false;
  }
  for (unsigned i = 0; i < 32; ++i) {
    const unsigned from_end = 31 - i;
    big_endian[i] = static_cast<std::uint8_t>(limbs_[from_end / 4] >> (8 * (from_end % 4)));
  }
  return true;
}

WideInteger operator+(const WideInteger& a, const WideInteger& b) {
  WideInteger result;
  std::uint64_t carry = 0;
  for (unsigned i = 0; i < WideInteger::kLimbs; ++i) {
    carry += std::uint64_t{a.limbs_[i]} + b.limbs_[i];
    result.limbs_[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  return carry != 0 ? WideInteger::largest() : result;
}

WideInteger operator*(const WideInteger& a, const WideInteger& b) {
  std::array<std::uint32_t, 2 * WideInteger::kLimbs> product{};
  for (unsigned i = 0; i < WideInteger::kLimbs; ++i) {
    std::uint64_t carry = 0;
    for (unsigned j = 0; j < WideInteger::kLimbs; ++j) {
      carry += std::uint64_t{a.limbs_[i]} * b.limbs_[j] + product[i + j];
      product[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    product[i + WideInteger::kLimbs] = static_cast<std::uint32_t>(carry);
  }
  WideInteger result;
  for (unsigned i = 0; i < WideInteger::kLimbs; ++i) {
    if (product[i + WideInteger::kLimbs] != 0) return WideInteger::largest();
    result.limbs_[i] = product[i];
  }
  return result;
}

std::strong_ordering operator<=>(const WideInteger& a, const WideInteger& b) {
  for (unsigned i = WideInteger::kLimbs; i-- > 0;) {
    if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
  }
  return std::strong_ordering::equal;
}

}  // namespace trainproof
