#include "statement/initial_weights.h"

#include <array>
#include <cstring>
#include <string_view>

#include "transcript/transcript.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

using uint128 = unsigned __int128;

constexpr std::string_view kDomain = "trainproof/1/weights";

// keccak256(domain ‖ seed ‖ u32 layer ‖ u64 block): eight u32.
class WeightStream {
 public:
  WeightStream(const Bytes32& seed, unsigned layer) {
    std::memcpy(message_.data(), kDomain.data(), kDomain.size());
    std::memcpy(message_.data() + kDomain.size(), seed.data(), 32);
    write_big_endian(kDomain.size() + 32, layer, 4);
  }

  std::uint32_t at(std::uint64_t entry) {
    if (entry / 8 != block_) {
      block_ = entry / 8;
      write_big_endian(kDomain.size() + 36, block_, 8);
      digest_ = keccak256(message_);
    }
    const std::uint8_t* p = digest_.data() + 4 * (entry % 8);
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
  }

 private:
  void write_big_endian(std::size_t at, std::uint64_t value, unsigned length) {
    for (unsigned i = 0; i < length; ++i) {
      message_[at + i] = static_cast<std::uint8_t>(value >> (8 * (length - 1 - i)));
    }
  }

  std::array<std::uint8_t, kDomain.size() + 32 + 4 + 8> message_{};
  std::array<std::uint8_t, 32> digest_{};
  std::uint64_t block_ = ~std::uint64_t{0};
};

}  // namespace

std::uint64_t initial_weight_bound(unsigned R, std::uint64_t inputs) {
  const uint128 square = (uint128{6} << (2 * R)) / inputs;
  std::uint64_t root = 0;
  for (unsigned bit = 58; bit-- > 0;) {
    const std::uint64_t candidate = root | std::uint64_t{1} << bit;
    if (uint128{candidate} * candidate <= square) root = candidate;
  }
  return root;
}

std::vector<std::int64_t> initial_weights(const Bytes32& seed, unsigned R, const Shape& shape) {
  std::vector<std::int64_t> weights(shape.weight_size, 0);
  for (unsigned l = 1; l <= shape.L; ++l) {
    const std::size_t inputs = shape.n[l - 1], outputs = shape.n[l];
    const std::uint64_t bound = initial_weight_bound(R, inputs);
    const std::size_t grain = 4096 / outputs + 1;
    parallel_for(0, inputs, grain, [&](std::size_t begin, std::size_t end) {
      WeightStream stream(seed, l);
      for (std::size_t k = begin; k < end; ++k) {
        std::int64_t* row = weights.data() + shape.weight_base[l] + (k << shape.weight_stride_bits[l]);
        for (std::size_t j = 0; j < outputs; ++j) {
          const uint128 product = uint128{stream.at(std::uint64_t{k} * outputs + j)} * (2 * bound + 1);
          row[j] = static_cast<std::int64_t>(static_cast<std::uint64_t>(product >> 32)) -
                   static_cast<std::int64_t>(bound);
        }
      }
    });
  }
  return weights;
}

}  // namespace trainproof
