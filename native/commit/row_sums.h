// Sums of multiples of generators for many rows: what commitments to rows are made of.
#ifndef TRAINPROOF_COMMIT_ROW_SUMS_H_
#define TRAINPROOF_COMMIT_ROW_SUMS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "commit/batch_addition.h"
#include "commit/row_sums_ifma.h"

namespace trainproof {

// sum[window][row] for rows in groups of eight. A sum is kept in `lanes` parts, so that more additions share an
// inversion; an addition says which. Where the processor can, eight rows at once: sums then start at a point, the offset,
// so that they are not the identity and do not meet what is added to them, unless a combination of generators is known
// that gives the offset. Should they meet, all goes on in additions that are exact in all cases.
class RowSums {
 public:
  static constexpr std::size_t kGroup = 8;
  static constexpr std::size_t kMaxWindows = 7;

  // The offset is a generator of another family than the columns'; lanes is a power of two.
  RowSums(std::size_t groups, std::size_t lanes, const AffinePoint& offset);

  // sum[window][8·group + i] += digits[i] · B, from d·B at multiples[d − 1], none of which is the identity. Between two
  // flushes once for each lane, window and group. What is pointed to must stay until all is done.
  void add(std::size_t lane, std::size_t window, std::size_t group, const CompactPoint* multiples,
           const std::int16_t* digits) {
    pending_.push_back({window, lane * groups_ + group, multiples, digits});
  }
  // Ends a batch and makes the additions of the one before, while the points of this one are fetched.
  void flush();
  // Makes all additions.
  void drain() {
    flush();
    flush();
  }

  // The lanes' sum of a window, 8·groups points; no additions from now on.
  const SecretVector<CompactPoint>& finish(std::size_t window);

 private:
  struct Addition {
    std::size_t window, group;  // of all lanes' groups
    const CompactPoint* multiples;
    const std::int16_t* digits;
  };
  void add_exactly();
  // The batch that has ended, for vectors.
  void prepare_vectors();
  // Whether all were made; if not, none was.
  bool add_vectors();
  // Moves a window's sums from vectors to points, their offsets included; false if there are none.
  bool read_vectors(std::size_t window);
  void subtract(const CompactPoint& offset, SecretVector<CompactPoint>& points);

  std::size_t groups_, lanes_;
  CompactPoint offset_;
  bool exact_;
  std::vector<Addition> pending_, ready_;  // this batch and the one before
  std::array<SecretVector<CompactPoint>, kMaxWindows> points_;     // empty until needed
  std::array<SecretVector<std::uint64_t>, kMaxWindows> vectors_;
  BatchAdder adder_;
  std::vector<ifma::SumAddition> additions_, next_;  // of ready_ and pending_
  SecretVector<std::uint64_t> space_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_ROW_SUMS_H_
