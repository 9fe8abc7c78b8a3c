// The generators of commitments (PROTOCOL §2).
#ifndef TRAINPROOF_COMMIT_GENERATORS_H_
#define TRAINPROOF_COMMIT_GENERATORS_H_

#include <span>
#include <vector>

#include "curve/point.h"

namespace trainproof {

class Generators {
 public:
  static constexpr std::size_t kColumns = 8192;  // G
  static constexpr std::size_t kPads = 4096;     // P
  static constexpr std::size_t kTableBytes = (kColumns + kPads + 1) * 64;

  Generators() = default;  // none

  // From G_0 … G_8191 ‖ P_0 … P_4095 ‖ H_0 as points. Throws InvalidArgument for another length and for what is no
  // point; that they are PROTOCOL §2's is for the caller to check by their digest.
  static Generators load(std::span<const std::uint8_t> table);

  std::span<const AffinePoint> G() const { return part(0, kColumns); }
  std::span<const AffinePoint> P() const { return part(kColumns, kPads); }
  const AffinePoint& H() const { return part(kColumns + kPads, 1)[0]; }

 private:
  std::span<const AffinePoint> part(std::size_t first, std::size_t count) const;

  std::vector<AffinePoint> points_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_GENERATORS_H_
