#include "commit/batch_addition.h"

#include "commit/batch_addition_ifma.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

// Independent chains of prefix products, so that multiplications overlap.
constexpr std::size_t kChains = 4;
// Fewer additions are not worth a block of eight and its inversion of lanes.
constexpr std::size_t kFewest = 32;

#ifdef TRAINPROOF_IFMA
void invert_all(Fq* values, std::size_t count) {
  std::array<Fq, ifma::kAdditionLanes> prefix;
  batch_inverse(std::span<Fq>(values, count), std::span<Fq>(prefix));
}
#endif

}  // namespace

void BatchAdder::flush() {
  std::size_t count = 0;  // additions of different x, moved to the front
  for (const Addition& addition : pending_) {
    CompactPoint& target = *addition.target;
    const CompactPoint& addend = *addition.addend;
    if (addend.is_identity()) continue;
    if (target.is_identity()) {
      target = {addend.x, addition.negative ? -addend.y : addend.y};
      continue;
    }
    if (target.x == addend.x) [[unlikely]] {
      if ((target.y == addend.y) == addition.negative) {
        target = {};
      } else {
        doublings_.push_back(addition);
      }
      continue;
    }
    pending_[count++] = addition;
  }
  add_distinct(count);
  if (!doublings_.empty()) {
    std::swap(pending_, doublings_);
    add_scalars(pending_.size(), true);
    doublings_.clear();
  }
  pending_.clear();
}

void BatchAdder::add_distinct(std::size_t count) {
#ifdef TRAINPROOF_IFMA
  if (ifma::supported() && count >= kFewest) {
    // Filled up to whole blocks with an addition of no meaning; 2 ≠ 1 is all it needs.
    const CompactPoint addend(Fq::from_u64(2), Fq::one());
    std::array<CompactPoint, ifma::kAdditionLanes> unused;
    unused.fill(CompactPoint(Fq::one(), Fq::one()));
    pending_.resize(count);
    while (pending_.size() % ifma::kAdditionLanes != 0) pending_.push_back({&unused[pending_.size() - count], &addend, false});
    lanes_.resize(pending_.size() * ifma::kAdditionWords + 8);
    ifma::add_distinct(pending_.data(), pending_.size(), lanes_.data(), invert_all);
    return;
  }
#endif
  add_scalars(count, false);
}

// λ = (y2 − y1)/(x2 − x1), or 3x²/2y for a doubling; x3 = λ² − x1 − x2, y3 = λ(x1 − x3) − y1. The denominators are
// inverted by Montgomery's trick.
void BatchAdder::add_scalars(std::size_t count, bool doubling) {
  if (count == 0) return;
  if (denominators_.size() < count) {
    denominators_.resize(count);
    prefixes_.resize(count);
  }
  std::array<Fq, kChains> chains;
  chains.fill(Fq::one());
  for (std::size_t i = 0; i < count; ++i) {
    const CompactPoint& target = *pending_[i].target;
    Fq& chain = chains[i % kChains];
    denominators_[i] = doubling ? target.y.doubled() : pending_[i].addend->x - target.x;
    prefixes_[i] = chain;
    chain *= denominators_[i];
  }
  std::array<Fq, kChains> scratch;
  batch_inverse(std::span<Fq>(chains), std::span<Fq>(scratch));
  for (std::size_t i = count; i-- > 0;) {
    const Addition& addition = pending_[i];
    CompactPoint& target = *addition.target;
    Fq& chain = chains[i % kChains];
    const Fq inverse = chain * prefixes_[i];
    chain *= denominators_[i];
    const Fq x1 = target.x, y1 = target.y, x2 = addition.addend->x, y2 = addition.addend->y;
    Fq numerator = (addition.negative ? -y2 : y2) - y1;
    if (doubling) {
      const Fq square = x1.square();
      numerator = square.doubled() + square;
    }
    const Fq slope = numerator * inverse;
    target.x = slope.square() - x1 - x2;
    target.y = slope * (x1 - target.x) - y1;
  }
}

}  // namespace trainproof
