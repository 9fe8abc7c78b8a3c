#include "curve/point.h"

#include "util/test.h"
#include "util/testing/json.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

Point generator() { return Point(AffinePoint::generator()); }

Point times(std::uint64_t k) {
  Point out;
  for (std::uint64_t i = 0; i < k; ++i) out = out.add(generator());
  return out;
}

TEST(small_multiples_agree_by_every_way) {
  const Point five = times(5);
  EXPECT(five == generator().scale(Fr::from_u64(5)));
  EXPECT(five == generator().doubled().doubled().add_mixed(AffinePoint::generator()));
  EXPECT(five.to_affine().is_on_curve());
  // 2·(1, 2), from the addition law: slope 3/4.
  const AffinePoint two = generator().doubled().to_affine();
  const Fq slope = Fq::from_u64(3) * Fq::from_u64(4).inverse();
  EXPECT(two.x == slope.square() - Fq::from_u64(2));
  EXPECT(two.y == slope * (Fq::one() - two.x) - Fq::from_u64(2));
}

TEST(addition_is_exact_for_equal_opposite_and_identity_points) {
  const Point p = times(3), o;
  const AffinePoint a = p.to_affine();
  EXPECT(p.add(p) == times(6) && p.add_mixed(a) == times(6));
  EXPECT(times(6).add(times(4).add(times(2))) == times(12));  // equal, other coordinates
  EXPECT(p.add(-p).is_identity() && p.add_mixed(-a).is_identity());
  EXPECT(p.add(o) == p && o.add(p) == p && o.add_mixed(a) == p && p.add_mixed({}) == p);
  EXPECT(o.add(o).is_identity() && o.doubled().is_identity() && (-o).is_identity());
  EXPECT(o.to_affine().infinity && AffinePoint().is_on_curve());
  EXPECT(!(o == p) && !(p == o) && !(p == -p));
  EXPECT(Point(AffinePoint()).is_identity());
}

TEST(the_order_is_r) {
  const Fr last = -Fr::one();
  EXPECT(generator().scale(last) == -generator());
  EXPECT(generator().scale(Fr::zero()).is_identity());
  SeededRandom random(1);
  const Fr a = random.field(), b = random.field();
  EXPECT(generator().scale(a).scale(b) == generator().scale(a * b));
  EXPECT(generator().scale(a).add(generator().scale(b)) == generator().scale(a + b));
}

TEST(batches_become_affine_with_identities_among_them) {
  const std::vector<Point> points = {Point(), times(2).add(times(5)), Point(), times(9), times(1)};
  const std::vector<AffinePoint> affine = batch_to_affine(points);
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT(affine[i] == points[i].to_affine());
  EXPECT(batch_to_affine({}).empty());
  EXPECT(batch_to_affine(std::vector<Point>(3))[1].infinity);
}

TEST(points_are_read_strictly) {
  const AffinePoint p = times(7).to_affine();
  AffinePoint q;
  std::array<std::uint8_t, 64> bytes = p.bytes();
  EXPECT(AffinePoint::read(bytes, q) && q == p);

  AffinePoint untouched;
  const auto rejected = [&](std::array<std::uint8_t, 64> changed) {
    return !AffinePoint::read(changed, untouched) && untouched.infinity;
  };
  for (std::size_t i : {0u, 31u, 32u, 63u}) {
    auto changed = bytes;
    changed[i] ^= 1;
    EXPECT(rejected(changed));
  }
  EXPECT(rejected({}));  // (0, 0)
  std::array<std::uint8_t, 64> ones;
  ones.fill(0xff);
  EXPECT(rejected(ones));
  // x + q and y + q are the same residues, not the canonical ones.
  for (std::size_t half : {0u, 32u}) {
    auto changed = bytes;
    unsigned carry = 0;
    const Fq minus_one = -Fq::one();
    const auto q_minus_one = minus_one.bytes();
    for (std::size_t i = 32; i-- > 0;) {
      carry += changed[half + i] + q_minus_one[i] + (i == 31 ? 1u : 0u);
      changed[half + i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    EXPECT_EQ(carry, 0u);
    EXPECT(rejected(changed));
  }
}

TEST(generators_of_the_shared_vectors_are_on_the_curve_with_even_y) {
  const auto vectors = testing::load_vectors("generators.json");
  EXPECT(vectors["points"].items().size() >= 3);
  for (const auto& entry : vectors["points"].items()) {
    const std::vector<std::uint8_t> bytes = entry["point"].bytes();
    AffinePoint p;
    EXPECT_EQ(bytes.size(), 64u);
    EXPECT(AffinePoint::read(std::span(bytes).first<64>(), p));
    EXPECT(!p.y.is_odd());
    const auto again = p.bytes();
    EXPECT(std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()));
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
