#include "commit/row_sums.h"

#include "field/ifma_supported.h"

namespace trainproof {

namespace {

#ifdef TRAINPROOF_IFMA
void invert_all(Fq* values, std::size_t count) {
  std::array<Fq, RowSums::kGroup> prefix;
  batch_inverse(std::span<Fq>(values, count), std::span<Fq>(prefix));
}
#endif

}  // namespace

RowSums::RowSums(std::size_t groups, std::size_t lanes, const AffinePoint& offset)
    : groups_(groups), lanes_(lanes), offset_(offset), exact_(!ifma::supported()) {}

void RowSums::flush() {
  if (!exact_) prepare_vectors();
  if (!exact_ && !add_vectors()) {
    for (std::size_t w = 0; w < kMaxWindows; ++w) {
      if (read_vectors(w)) subtract(offset_, points_[w]);
    }
    exact_ = true;
  }
  if (exact_) add_exactly();
  std::swap(ready_, pending_);
  std::swap(additions_, next_);
  pending_.clear();
}

void RowSums::add_exactly() {
  for (const Addition& addition : ready_) {
    SecretVector<CompactPoint>& points = points_[addition.window];
    if (points.empty()) points.resize(lanes_ * groups_ * kGroup);
    for (std::size_t i = 0; i < kGroup; ++i) {
      const int digit = addition.digits[i];
      if (digit == 0) continue;
      const auto multiple = static_cast<std::size_t>(digit < 0 ? -digit : digit);
      adder_.add(&points[addition.group * kGroup + i], addition.multiples + multiple - 1, digit < 0);
    }
  }
  adder_.flush();
}

void RowSums::prepare_vectors() {
#ifdef TRAINPROOF_IFMA
  next_.clear();
  for (const Addition& addition : pending_) {
    SecretVector<std::uint64_t>& sums = vectors_[addition.window];
    if (sums.empty()) {
      sums.resize(lanes_ * groups_ * ifma::kSumWords);
      for (std::size_t at = 0; at < sums.size(); at += ifma::kSumWords) ifma::fill_sums(&sums[at], offset_);
    }
    next_.push_back({&sums[addition.group * ifma::kSumWords], addition.multiples, addition.digits});
  }
#endif
}

bool RowSums::add_vectors() {
#ifdef TRAINPROOF_IFMA
  const std::size_t count = additions_.size(), room = count + ifma::kSumTile - 1;
  if (count == 0) return true;
  additions_.resize(room);
  if (space_.size() < room * ifma::kSumSpace) space_.resize(room * ifma::kSumSpace);
  return ifma::add_to_sums(additions_.data(), count, next_.data(), next_.size(), space_.data(), invert_all);
#else
  return false;
#endif
}

bool RowSums::read_vectors(std::size_t window) {
#ifdef TRAINPROOF_IFMA
  SecretVector<std::uint64_t>& sums = vectors_[window];
  if (sums.empty()) return false;
  SecretVector<CompactPoint>& points = points_[window];
  points.resize(lanes_ * groups_ * kGroup);
  for (std::size_t group = 0; group < lanes_ * groups_; ++group) {
    ifma::read_sums(&sums[group * ifma::kSumWords], &points[group * kGroup]);
  }
  sums = {};
  return true;
#else
  static_cast<void>(window);
  return false;
#endif
}

void RowSums::subtract(const CompactPoint& offset, SecretVector<CompactPoint>& points) {
  for (CompactPoint& point : points) adder_.add(&point, &offset, true);
  adder_.flush();
}

const SecretVector<CompactPoint>& RowSums::finish(std::size_t window) {
  const bool has_offset = read_vectors(window);
  SecretVector<CompactPoint>& points = points_[window];
  const std::size_t rows = groups_ * kGroup;
  if (points.empty()) points.resize(rows);
  CompactPoint offset = offset_;
  while (points.size() > rows) {
    const std::size_t half = points.size() / 2;
    for (std::size_t i = 0; i < half; ++i) adder_.add(&points[i], &points[half + i]);
    adder_.add(&offset, &offset);
    adder_.flush();
    points.resize(half);
  }
  if (has_offset) subtract(offset, points);
  return points;
}

}  // namespace trainproof
