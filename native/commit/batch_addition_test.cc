#include "commit/batch_addition.h"

#include "commit/multiples.h"
#include "commit/testing.h"
#include "util/test.h"

namespace trainproof {
namespace {

// d·(1, 2) for −kRange ≤ d ≤ kRange
constexpr int kRange = 6;
AffinePoint small(int d) { return testing::multiply_signed(AffinePoint::generator(), d).to_affine(); }

TEST(all_pairs_of_small_multiples_add_and_subtract_in_one_batch) {
  std::vector<CompactPoint> points;
  for (int d = -kRange; d <= kRange; ++d) points.push_back(CompactPoint(small(d)));
  std::vector<CompactPoint> sums, differences;
  for (const CompactPoint& a : points) {
    sums.insert(sums.end(), points.size(), a);
    differences.insert(differences.end(), points.size(), a);
  }
  BatchAdder adder;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    adder.add(&sums[i], &points[i % points.size()]);
    adder.add(&differences[i], &points[i % points.size()], true);
  }
  adder.flush();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const int a = static_cast<int>(i / points.size()) - kRange, b = static_cast<int>(i % points.size()) - kRange;
    EXPECT(sums[i].affine() == small(a + b));
    EXPECT(differences[i].affine() == small(a - b));
  }
}

TEST(a_point_added_to_itself_in_place_doubles) {
  std::vector<CompactPoint> points = {CompactPoint(small(5)), CompactPoint()};
  BatchAdder adder;
  for (CompactPoint& point : points) adder.add(&point, &point);
  adder.flush();
  EXPECT(points[0].affine() == small(10));
  EXPECT(points[1].is_identity());
}

TEST(an_adder_is_reused_and_an_empty_flush_does_nothing) {
  BatchAdder adder;
  adder.flush();
  CompactPoint sum;
  const CompactPoint one(small(1));
  for (int d = 1; d <= 9; ++d) {
    adder.add(&sum, &one);
    adder.flush();
    EXPECT(sum.affine() == small(d));
  }
}

TEST(multiples_of_several_bases_and_of_the_identity) {
  const std::vector<AffinePoint> bases = {small(1), AffinePoint(), small(-3)};
  std::vector<CompactPoint> table(bases.size() * kMultiples);
  make_multiples(bases, kMultiples, table.data());
  for (int d = 1; d <= 255; ++d) {
    const auto at = [&](std::size_t base) { return table[base * kMultiples + static_cast<std::size_t>(d) - 1].affine(); };
    EXPECT(at(0) == small(d));
    EXPECT(at(1).infinity);
    EXPECT(at(2) == small(-3 * d));
  }
}

TEST(bases_of_windows_are_256_times_the_one_before) {
  const std::vector<AffinePoint> bases = window_bases(small(1), 4);
  EXPECT_EQ(bases.size(), 4u);
  EXPECT(bases[0] == small(1) && bases[1] == small(256) && bases[3] == small(1 << 24));
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
