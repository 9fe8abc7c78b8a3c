#include "field/field.h"
#include "field/testing.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

constexpr std::int64_t kIntegers[] = {0, 1, -1, 255, -256, 65535, INT32_MIN, INT64_MAX, INT64_MIN, INT64_MIN + 1};

TEST(sums_of_both_kinds_agree_with_term_by_term) {
  SeededRandom random(1);
  FrAccumulator sum, portable;
  EXPECT(sum.reduce().is_zero());
  Fr expected;
  for (int i = 0; i < 2000; ++i) {
    const Fr x = i % 50 == 0 ? -Fr::one() : random.field(), y = i % 30 == 0 ? -Fr::one() : random.field();
    const std::int64_t n = i % 3 == 0 ? kIntegers[i % 10] : static_cast<std::int64_t>(random.word());
    sum.add_product(x, y);
    sum.add_product(y, n);
    FieldTesting::add_product(portable, x, y);
    FieldTesting::add_product(portable, y, n);
    expected += x * y + y * Fr::from_i64(n);
    if (i % 100 == 0) EXPECT(sum.reduce() == expected && portable.reduce() == expected);
  }
  EXPECT(sum.reduce() == expected && portable.reduce() == expected);
}

TEST(the_largest_terms_carry_into_all_limbs) {
  const Fr x = -Fr::one();
  // The limbs of x are at most p − 1, those of elements with the largest Montgomery form exactly that.
  std::uint64_t rounds = 1 << 17;
  FrAccumulator products, positive, negative;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    products.add_product(x, x);
    positive.add_product(x, INT64_MAX);
    negative.add_product(x, INT64_MIN);
  }
  EXPECT(products.reduce() == Fr::from_u64(rounds));
  EXPECT(positive.reduce() == -Fr::from_u64(rounds) * Fr::from_i64(INT64_MAX));
  EXPECT(negative.reduce() == Fr::from_u64(rounds) * Fr::pow2(63));
}

TEST(accumulators_add_up) {
  // Doubling reaches sums of 2^59 terms.
  FrAccumulator sum;
  const Fr x = -Fr::from_u64(3);
  sum.add_product(x, x);
  sum.add_product(x, std::int64_t{INT64_MIN});
  sum.add_product(x, std::int64_t{INT64_MAX});
  Fr expected = Fr::from_u64(9) + Fr::from_u64(3);
  for (int i = 0; i < 59; ++i) {
    const FrAccumulator same = sum;
    sum.add(same);
    expected = expected.doubled();
    EXPECT(sum.reduce() == expected);
  }
}

template <class T>
void check_type() {
  SeededRandom random(sizeof(T));
  FrAccumulator sum;
  Fr expected;
  for (int i = 0; i < 300; ++i) {
    const T n = static_cast<T>(random.word());
    const Fr x = random.field();
    sum.add_product(x, static_cast<std::int64_t>(n));
    expected += x * Fr::from_i64(static_cast<std::int64_t>(n));
  }
  EXPECT(sum.reduce() == expected);
}
TEST(integers_of_every_type) {
  check_type<std::uint8_t>();
  check_type<std::uint16_t>();
  check_type<std::uint32_t>();
  check_type<std::int32_t>();
  check_type<std::int64_t>();
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
