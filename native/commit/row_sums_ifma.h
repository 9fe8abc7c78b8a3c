// Sums of table points for eight rows at once (field/ifma.h): entered after ifma::supported() only.
#ifndef TRAINPROOF_COMMIT_ROW_SUMS_IFMA_H_
#define TRAINPROOF_COMMIT_ROW_SUMS_IFMA_H_

#include <cstddef>
#include <cstdint>

#include "commit/batch_addition.h"

namespace trainproof::ifma {

// Words of eight rows' sums: five limbs each of x and y, lane by lane. Kept on the curve that (x/4, y/8) lie on, as
// x/4 · 2^260 and y/8 · 2^260: table points come to this form by shifts of their words by two bits and one.
constexpr std::size_t kSumWords = 80;
// Words of working space for one addition to eight sums: the denominator and the product of those before.
constexpr std::size_t kSumSpace = 80;
// Additions made side by side, so that their multiplications overlap.
constexpr std::size_t kSumTile = 2;

// sums[row] += digits[row] · B for eight rows, from d·B at multiples[d − 1]; digit 0 leaves a row as it is.
struct SumAddition {
  std::uint64_t* sums;
  const CompactPoint* multiples;
  const std::int16_t* digits;
};

// All eight sums ← the point, which is not the identity.
void fill_sums(std::uint64_t* sums, const CompactPoint& point);
// The eight sums in memory's form.
void read_sums(const std::uint64_t* sums, CompactPoint* out);

// Makes all additions, each to other sums; `additions` has room for kSumTile − 1 more, `space`, whose contents do not
// count, for count + kSumTile − 1 of them. invert inverts eight elements in place. Meanwhile fetches the points of those to
// be made next. False, and no sum is changed, if a sum and what is to be added to it have one x.
bool add_to_sums(SumAddition* additions, std::size_t count, const SumAddition* next, std::size_t next_count,
                 std::uint64_t* space, void (*invert)(Fq* values, std::size_t count));

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_COMMIT_ROW_SUMS_IFMA_H_
