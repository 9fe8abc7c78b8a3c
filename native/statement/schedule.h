// The public batch schedule (PROTOCOL §6): which sample is row i of the batch at an absolute step.
#ifndef TRAINPROOF_STATEMENT_SCHEDULE_H_
#define TRAINPROOF_STATEMENT_SCHEDULE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "statement/statement.h"

namespace trainproof {

// idx for one schedule seed, data set and batch. Keeps the keys of the epoch last asked for: not for
// use by several threads at once.
class Schedule {
 public:
  // 1 ≤ batch ≤ samples ≤ 2^32.
  Schedule(const Bytes32& seed, std::uint64_t samples, std::uint64_t batch);

  // The sample in [0, samples) at row `row` < batch of absolute step `step` (step·batch < 2^63).
  std::uint64_t index(std::uint64_t step, std::uint64_t row);

  // π_e(position), a permutation of [0, samples) for each epoch.
  std::uint64_t permute(std::uint64_t epoch, std::uint64_t position);

 private:
  void load_epoch(std::uint64_t epoch);

  Bytes32 seed_;
  std::uint64_t samples_, batch_, epoch_length_;
  unsigned half_bits_;
  std::uint64_t epoch_ = 0;
  std::array<std::uint32_t, 8> keys_{};
};

// The T·B sample indices of a segment, entry t·B + i.
std::vector<std::uint64_t> segment_schedule(const Statement& statement);

}  // namespace trainproof

#endif  // TRAINPROOF_STATEMENT_SCHEDULE_H_
