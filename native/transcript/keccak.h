// Keccak-256 as Ethereum uses it: Keccak[c = 512] with the original padding, not SHA-3's.
#ifndef TRAINPROOF_TRANSCRIPT_KECCAK_H_
#define TRAINPROOF_TRANSCRIPT_KECCAK_H_

#include <array>
#include <cstdint>
#include <span>

namespace trainproof {

using Digest = std::array<std::uint8_t, 32>;

// Hashes bytes that come in pieces.
class Keccak256 {
 public:
  ~Keccak256();
  void update(std::span<const std::uint8_t> bytes);
  // Once, at the end.
  Digest finish();

 private:
  static constexpr std::size_t kRate = 136;
  void xor_byte(std::size_t at, std::uint8_t byte);

  std::array<std::uint64_t, 25> state_{};
  std::size_t position_ = 0;  // bytes of the current block
};

Digest keccak256(std::span<const std::uint8_t> bytes);

}  // namespace trainproof

#endif  // TRAINPROOF_TRANSCRIPT_KECCAK_H_
