#include "statement/schedule.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "transcript/transcript.h"

namespace trainproof {
namespace {

// MurmurHash3's 32-bit finaliser.
std::uint32_t mix(std::uint32_t h) {
  h ^= h >> 16;
  h *= 0x85ebca6bu;
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  h ^= h >> 16;
  return h;
}

}  // namespace

Schedule::Schedule(const Bytes32& seed, std::uint64_t samples, std::uint64_t batch)
    : seed_(seed),
      samples_(samples),
      batch_(batch),
      epoch_length_(samples / batch * batch),
      half_bits_(std::max(1u, (log2c(samples) + 1) / 2)) {
  load_epoch(0);
}

void Schedule::load_epoch(std::uint64_t epoch) {
  constexpr std::string_view kDomain = "trainproof/1/schedule";
  std::array<std::uint8_t, kDomain.size() + 32 + 8> message{};
  std::memcpy(message.data(), kDomain.data(), kDomain.size());
  std::memcpy(message.data() + kDomain.size(), seed_.data(), 32);
  for (unsigned i = 0; i < 8; ++i) {
    message[kDomain.size() + 32 + i] = static_cast<std::uint8_t>(epoch >> (8 * (7 - i)));
  }
  const std::array<std::uint8_t, 32> digest = keccak256(message);
  for (unsigned j = 0; j < 8; ++j) {
    keys_[j] = std::uint32_t{digest[4 * j]} << 24 | std::uint32_t{digest[4 * j + 1]} << 16 |
               std::uint32_t{digest[4 * j + 2]} << 8 | std::uint32_t{digest[4 * j + 3]};
  }
  epoch_ = epoch;
}

std::uint64_t Schedule::permute(std::uint64_t epoch, std::uint64_t position) {
  if (epoch != epoch_) load_epoch(epoch);
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  // Cycle walking: the Feistel network permutes [0, 2^(2m)), so the walk from x < S comes back below S.
  std::uint64_t x = position;
  do {
    std::uint64_t left = x >> half_bits_, right = x & mask;
    for (const std::uint32_t key : keys_) {
      const std::uint64_t next = left ^ (mix(static_cast<std::uint32_t>(right) + key) & mask);
      left = right;
      right = next;
    }
    x = left << half_bits_ | right;
  } while (x >= samples_);
  return x;
}

std::uint64_t Schedule::index(std::uint64_t step, std::uint64_t row) {
  const std::uint64_t position = step * batch_ + row;
  return permute(position / epoch_length_, position % epoch_length_);
}

std::vector<std::uint64_t> segment_schedule(const Statement& statement) {
  const std::uint64_t steps = std::uint64_t{1} << statement.tau;
  const std::uint64_t batch = std::uint64_t{1} << statement.beta;
  Schedule schedule(statement.schedule_seed, statement.samples, batch);
  std::vector<std::uint64_t> indices;
  indices.reserve(steps * batch);
  for (std::uint64_t t = 0; t < steps; ++t) {
    for (std::uint64_t i = 0; i < batch; ++i) {
      indices.push_back(schedule.index(statement.first_step + t, i));
    }
  }
  return indices;
}

}  // namespace trainproof
