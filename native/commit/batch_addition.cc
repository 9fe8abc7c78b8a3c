#include "commit/batch_addition.h"

namespace trainproof {

namespace {

// Independent chains of prefix products, so that multiplications overlap.
constexpr std::size_t kChains = 4;

}  // namespace

// λ = (y2 − y1)/(x2 − x1), or 3x²/2y for a doubling; x3 = λ² − x1 − x2, y3 = λ(x1 − x3) − y1. The denominators are
// inverted by Montgomery's trick.
void BatchAdder::flush() {
  if (denominators_.size() < pending_.size()) {
    denominators_.resize(pending_.size());
    prefixes_.resize(pending_.size());
  }
  std::array<Fq, kChains> chains;
  chains.fill(Fq::one());
  std::size_t count = 0;  // additions that need a denominator, moved to the front
  for (Addition addition : pending_) {
    CompactPoint& target = *addition.target;
    const CompactPoint& addend = *addition.addend;
    if (addend.is_identity()) continue;
    if (target.is_identity()) {
      target = {addend.x, addition.negative ? -addend.y : addend.y};
      continue;
    }
    Fq denominator = addend.x - target.x;
    if (denominator.is_zero()) [[unlikely]] {
      if ((target.y == addend.y) == addition.negative) {
        target = {};
        continue;
      }
      addition.doubling = true;
      denominator = target.y.doubled();
    }
    Fq& chain = chains[count % kChains];
    denominators_[count] = denominator;
    prefixes_[count] = chain;
    chain *= denominator;
    pending_[count++] = addition;
  }
  std::array<Fq, kChains> scratch;
  batch_inverse(std::span<Fq>(chains), std::span<Fq>(scratch));
  while (count-- > 0) {
    const Addition& addition = pending_[count];
    CompactPoint& target = *addition.target;
    Fq& chain = chains[count % kChains];
    const Fq inverse = chain * prefixes_[count];
    chain *= denominators_[count];
    const Fq x1 = target.x, y1 = target.y, x2 = addition.addend->x, y2 = addition.addend->y;
    Fq numerator = (addition.negative ? -y2 : y2) - y1;
    if (addition.doubling) [[unlikely]] {
      const Fq square = x1.square();
      numerator = square.doubled() + square;
    }
    const Fq slope = numerator * inverse;
    target.x = slope.square() - x1 - x2;
    target.y = slope * (x1 - target.x) - y1;
  }
  pending_.clear();
}

}  // namespace trainproof
