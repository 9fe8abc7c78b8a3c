#include "transcript/transcript.h"

#include <limits>

#include "util/error.h"

namespace trainproof {

namespace {

Digest hash_text(std::string_view text) {
  return keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

template <std::size_t N>
std::array<std::uint8_t, N> big_endian(std::uint64_t value) {
  std::array<std::uint8_t, N> out;
  for (std::size_t i = 0; i < N; ++i) out[i] = static_cast<std::uint8_t>(value >> (8 * (N - 1 - i)));
  return out;
}

constexpr std::array<std::uint8_t, 1> kStateTag = {0x00}, kScalarTag = {0x01};

Keccak256 hash_of_next_state(const Digest& state) {
  Keccak256 hash;
  hash.update(kStateTag);
  hash.update(state);
  return hash;
}

}  // namespace

Transcript::Transcript() : state_(hash_text("trainproof/1/transcript")), next_(hash_of_next_state(state_)) {}

void Transcript::begin_frame(std::string_view label, char type, std::size_t count) {
  TRAINPROOF_INVARIANT(label.size() <= 255, "a transcript label has at most 255 characters");
  TRAINPROOF_INVARIANT(count <= std::numeric_limits<std::uint32_t>::max(), "a frame has fewer than 2^32 items");
  if (recorder_) recorder_(label, type, count);
  next_.update(big_endian<1>(label.size()));
  next_.update({reinterpret_cast<const std::uint8_t*>(label.data()), label.size()});
  next_.update(big_endian<1>(static_cast<std::uint8_t>(type)));
  next_.update(big_endian<4>(count));
}

void Transcript::absorb_bytes(std::string_view label, std::span<const std::uint8_t> bytes) {
  begin_frame(label, 'B', bytes.size());
  next_.update(bytes);
}

void Transcript::absorb_u64s(std::string_view label, std::span<const std::uint64_t> values) {
  begin_frame(label, 'U', values.size());
  for (std::uint64_t value : values) next_.update(big_endian<8>(value));
}

void Transcript::absorb_scalars(std::string_view label, std::span<const Fr> scalars) {
  begin_frame(label, 'S', scalars.size());
  for (const Fr& scalar : scalars) next_.update(scalar.bytes());
}

void Transcript::absorb_points(std::string_view label, std::span<const AffinePoint> points) {
  begin_frame(label, 'P', points.size());
  for (const AffinePoint& point : points) {
    std::array<std::uint8_t, 64> bytes;
    point.write(bytes);
    next_.update(bytes);
  }
}

std::vector<Fr> Transcript::challenge(std::string_view label, std::size_t count) {
  std::vector<Fr> out;
  if (count == 0) return out;
  begin_frame(label, 'C', count);
  state_ = next_.finish();
  next_ = hash_of_next_state(state_);
  out.reserve(count);
  for (std::size_t k = 0; k < count; ++k) {
    std::array<std::uint8_t, 64> wide;
    for (std::size_t half = 0; half < 2; ++half) {
      Keccak256 hash;
      hash.update(kScalarTag);
      hash.update(state_);
      hash.update(big_endian<4>(2 * k + half));
      const Digest digest = hash.finish();
      std::copy(digest.begin(), digest.end(), wide.begin() + static_cast<std::ptrdiff_t>(32 * half));
    }
    out.push_back(Fr::from_hash512(wide));
  }
  return out;
}

}  // namespace trainproof
