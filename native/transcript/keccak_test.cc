#include "transcript/keccak.h"

#include <string>
#include <vector>

#include "util/test.h"

namespace trainproof {
namespace {

std::string hex(const Digest& digest) {
  std::string out;
  for (std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

Digest hash(const std::string& text) {
  return keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(known_digests) {
  EXPECT_EQ(hex(hash("")), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(hex(hash("abc")), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  EXPECT_EQ(hex(hash("The quick brown fox jumps over the lazy dog")),
            "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15");
}

TEST(pieces_hash_like_the_whole_at_every_length_around_the_block) {
  for (std::size_t length : {1u, 7u, 8u, 9u, 134u, 135u, 136u, 137u, 143u, 271u, 272u, 273u, 1000u}) {
    std::vector<std::uint8_t> message(length);
    for (std::size_t i = 0; i < length; ++i) message[i] = static_cast<std::uint8_t>(i * 7 + 1);
    const Digest whole = keccak256(message);
    for (std::size_t cut : {std::size_t{0}, std::size_t{1}, length / 2, length - 1}) {
      Keccak256 pieces;
      pieces.update(std::span(message).first(cut));
      pieces.update(std::span(message).subspan(cut));
      EXPECT(pieces.finish() == whole);
    }
    message[length - 1] ^= 1;
    EXPECT(keccak256(message) != whole);
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
