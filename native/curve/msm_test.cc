#include "curve/point.h"
#include "util/parallel.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

std::vector<AffinePoint> random_points(SeededRandom& random, std::size_t count) {
  std::vector<Point> points(count);
  for (Point& p : points) p = Point(AffinePoint::generator()).scale(random.field());
  return batch_to_affine(points);
}

Point naive(std::span<const AffinePoint> points, std::span<const Fr> scalars) {
  Point out;
  for (std::size_t i = 0; i < points.size(); ++i) out += Point(points[i]).scale(scalars[i]);
  return out;
}

TEST(sums_of_all_sizes_agree_with_term_by_term_and_any_number_of_threads) {
  SeededRandom random(1);
  const std::vector<AffinePoint> points = random_points(random, 200);
  std::vector<Fr> scalars(200);
  for (Fr& s : scalars) s = random.field();
  for (unsigned threads : {1u, 3u}) {
    set_thread_count(threads);
    for (std::size_t count : {0u, 1u, 2u, 5u, 31u, 32u, 33u, 200u}) {
      const auto p = std::span(points).first(count);
      const auto s = std::span(scalars).first(count);
      EXPECT(msm(p, s) == naive(p, s));
    }
  }
}

TEST(extreme_scalars_and_windows_at_their_limits) {
  SeededRandom random(2);
  std::vector<Fr> scalars = {Fr::zero(), Fr::one(), -Fr::one(), Fr::from_u64(2), -Fr::from_u64(2)};
  for (unsigned k = 1; k < 254; k += 9) {
    scalars.push_back(Fr::pow2(k));
    scalars.push_back(Fr::pow2(k) - Fr::one());
    scalars.push_back(-Fr::pow2(k));
  }
  const std::vector<AffinePoint> points = random_points(random, scalars.size());
  EXPECT(msm(points, scalars) == naive(points, scalars));
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    EXPECT(msm({&points[i], 1}, {&scalars[i], 1}) == Point(points[i]).scale(scalars[i]));
  }
}

TEST(identities_duplicates_and_opposites) {
  SeededRandom random(3);
  const std::vector<AffinePoint> base = random_points(random, 3);
  std::vector<AffinePoint> points;
  std::vector<Fr> scalars;
  for (std::size_t i = 0; i < 120; ++i) {
    const AffinePoint& p = base[i % 3];
    points.push_back(i % 5 == 0 ? AffinePoint() : i % 2 == 0 ? p : -p);
    scalars.push_back(i % 7 == 0 ? Fr::zero() : Fr::from_i64(static_cast<std::int64_t>(i % 4) - 2));
  }
  EXPECT(msm(points, scalars) == naive(points, scalars));
  // Everything cancels.
  const std::vector<AffinePoint> pair = {base[0], -base[0], base[0], base[0]};
  const Fr x = random.field();
  EXPECT(msm(pair, std::vector<Fr>{x, x, x, -x}).is_identity());
  EXPECT(msm(std::vector<AffinePoint>(50), std::vector<Fr>(50, x)).is_identity());
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
