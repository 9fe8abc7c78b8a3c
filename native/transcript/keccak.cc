#include "transcript/keccak.h"

#include <bit>
#include <cstring>

#include "util/secret.h"

namespace trainproof {

namespace {

using State = std::array<std::uint64_t, 25>;

constexpr std::uint64_t kRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// ρ's rotations of lane x + 5y.
constexpr int kRotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

// Keccak-f[1600]
void permute(State& a) {
  for (std::uint64_t constant : kRoundConstants) {
    // θ
    std::uint64_t parity[5];
    for (int x = 0; x < 5; ++x) parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; ++x) {
      const std::uint64_t d = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) a[x + y] ^= d;
    }
    // ρ and π: lane (x, y) moves to (y, 2x + 3y).
    State b;
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 5; ++x) b[y + 5 * ((2 * x + 3 * y) % 5)] = std::rotl(a[x + 5 * y], kRotations[x + 5 * y]);
    }
    // χ
    for (int y = 0; y < 25; y += 5) {
      for (int x = 0; x < 5; ++x) a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
    }
    // ι
    a[0] ^= constant;
  }
}

}  // namespace

Keccak256::~Keccak256() { wipe(state_); }

void Keccak256::xor_byte(std::size_t at, std::uint8_t byte) {
  state_[at / 8] ^= static_cast<std::uint64_t>(byte) << (8 * (at % 8));
}

void Keccak256::update(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (position_ % 8 == 0 && bytes.size() >= 8) {
      std::uint64_t lane = 0;
      for (int i = 7; i >= 0; --i) lane = lane << 8 | bytes[static_cast<std::size_t>(i)];
      state_[position_ / 8] ^= lane;
      position_ += 8;
      bytes = bytes.subspan(8);
    } else {
      xor_byte(position_++, bytes[0]);
      bytes = bytes.subspan(1);
    }
    if (position_ == kRate) {
      permute(state_);
      position_ = 0;
    }
  }
}

Digest Keccak256::finish() {
  xor_byte(position_, 0x01);
  xor_byte(kRate - 1, 0x80);
  permute(state_);
  Digest out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(state_[i / 8] >> (8 * (i % 8)));
  return out;
}

Digest keccak256(std::span<const std::uint8_t> bytes) {
  Keccak256 hash;
  hash.update(bytes);
  return hash.finish();
}

}  // namespace trainproof
