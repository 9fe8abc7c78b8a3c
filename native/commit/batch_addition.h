// Many additions of affine points that share one inversion: about six multiplications each, against eleven of a mixed
// Jacobian addition, and the sums stay affine.
#ifndef TRAINPROOF_COMMIT_BATCH_ADDITION_H_
#define TRAINPROOF_COMMIT_BATCH_ADDITION_H_

#include "curve/point.h"
#include "util/secret.h"

namespace trainproof {

// An affine point in one cache line. The identity is (0, 0), which is not on the curve.
struct alignas(64) CompactPoint {
  Fq x, y;

  CompactPoint() = default;
  CompactPoint(const Fq& px, const Fq& py) : x(px), y(py) {}
  explicit CompactPoint(const AffinePoint& p) {
    if (p.infinity) return;
    x = p.x;
    y = p.y;
  }
  // No point of odd order has y = 0.
  bool is_identity() const { return y.is_zero(); }
  AffinePoint affine() const { return {x, y, is_identity()}; }
};
static_assert(sizeof(CompactPoint) == 64);

// target ± addend.
struct Addition {
  CompactPoint* target;
  const CompactPoint* addend;
  bool negative;  // subtract
};

// Collects additions target ± addend and does them all in flush(). Until then a target occurs in one addition only; an
// addend may be any point that is no target of another. All cases are exact: equal, opposite and identity points.
class BatchAdder {
 public:
  void add(CompactPoint* target, const CompactPoint* addend, bool negative = false) {
    __builtin_prefetch(addend);
    pending_.push_back({target, addend, negative});
  }
  void flush();

 private:
  // Additions of points with different x, eight at once where the processor can.
  void add_distinct(std::size_t count);
  void add_scalars(std::size_t count, bool doubling);

  SecretVector<Addition> pending_, doublings_;
  SecretVector<Fq> denominators_, prefixes_;
  SecretVector<std::uint64_t> lanes_;  // the same for eight at once
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_BATCH_ADDITION_H_
