// The generators of commitments (PROTOCOL §2).
#ifndef TRAINPROOF_COMMIT_GENERATORS_H_
#define TRAINPROOF_COMMIT_GENERATORS_H_

#include <span>
#include <vector>

#include "curve/point.h"

namespace trainproof {

// Com(v; ρ) = Σ v_i G_i + ρ H and Com_P(v; ρ) = Σ v_i P_i + ρ H. Default: no generators; nothing can be committed to.
class Generators {
 public:
  static constexpr std::size_t kColumns = 8192;
  static constexpr std::size_t kPads = 4096;
  static constexpr std::size_t kBytes = (kColumns + kPads + 1) * 64;

  Generators() = default;
  // G_0 … G_8191 ‖ P_0 … P_4095 ‖ H. Throws InvalidArgument for another length or an entry that is no point. The caller
  // compares the table's digest.
  static Generators load(std::span<const std::uint8_t> table);

  std::span<const AffinePoint> G() const { return columns_; }
  std::span<const AffinePoint> P() const { return pads_; }
  const AffinePoint& H() const { return blinding_; }

 private:
  std::vector<AffinePoint> columns_, pads_;
  AffinePoint blinding_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_GENERATORS_H_
