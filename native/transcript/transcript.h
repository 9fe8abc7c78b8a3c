// The Fiat–Shamir transcript (PROTOCOL §3).
#ifndef TRAINPROOF_TRANSCRIPT_TRANSCRIPT_H_
#define TRAINPROOF_TRANSCRIPT_TRANSCRIPT_H_

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "curve/point.h"
#include "field/field.h"
#include "transcript/keccak.h"

namespace trainproof {

class Transcript {
 public:
  Transcript();

  // Called for each frame, in order; for tests of the inventory (PROTOCOL §20). type: 'B', 'U', 'S', 'P' or 'C'.
  using Recorder = std::function<void(std::string_view label, char type, std::size_t count)>;
  void record_to(Recorder recorder) { recorder_ = std::move(recorder); }

  // Labels have at most 255 characters, frames fewer than 2^32 items; points are not the identity.
  void absorb_bytes(std::string_view label, std::span<const std::uint8_t> bytes);
  void absorb_u64s(std::string_view label, std::span<const std::uint64_t> values);
  void absorb_scalars(std::string_view label, std::span<const Fr> scalars);
  void absorb_points(std::string_view label, std::span<const AffinePoint> points);

  // count 0 gives the empty list and leaves no trace.
  std::vector<Fr> challenge(std::string_view label, std::size_t count);

 private:
  void begin_frame(std::string_view label, char type, std::size_t count);

  Digest state_;
  Keccak256 next_;  // 0x00 ‖ state ‖ the frames so far
  Recorder recorder_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_TRANSCRIPT_TRANSCRIPT_H_
