#include "mle/eq.h"

#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

Fr brute_chi(std::size_t index, std::span<const Fr> point) {
  Fr out = Fr::one();
  for (std::size_t k = 0; k < point.size(); ++k) {
    const Fr& coordinate = point[point.size() - 1 - k];  // bit k's
    out *= (index >> k & 1) ? coordinate : Fr::one() - coordinate;
  }
  return out;
}

std::vector<Fr> random_point(SeededRandom& random, std::size_t n) {
  std::vector<Fr> out(n);
  for (Fr& x : out) x = random.field();
  return out;
}

std::vector<Fr> bits_of(std::size_t index, std::size_t n) {
  std::vector<Fr> out;
  for (std::size_t k = n; k-- > 0;) out.push_back(Fr::from_u64(index >> k & 1));
  return out;
}

TEST(chi_of_a_vertex_is_one_at_its_index_only) {
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t j = 0; j < 8; ++j) {
      EXPECT(chi(i, bits_of(j, 3)) == Fr::from_u64(i == j));
      EXPECT(eq(bits_of(i, 3), bits_of(j, 3)) == Fr::from_u64(i == j));
      EXPECT(less_than(bits_of(i, 3), bits_of(j, 3)) == Fr::from_u64(i < j));
    }
  }
}

TEST(a_point_of_no_coordinates_belongs_to_index_zero) {
  EXPECT(chi(0, {}) == Fr::one());
  EXPECT(eq({}, {}) == Fr::one());
  EXPECT(less_than({}, {}) == Fr::zero());
  EXPECT(prefix_weight({}, 0) == Fr::zero());
  EXPECT(prefix_weight({}, 1) == Fr::one());
  EXPECT(eq_table({}, 1) == std::vector<Fr>{Fr::one()});
  EXPECT(eq_table({}, 0).empty());
  const SplitEq split = split_eq({});
  EXPECT(split.high == std::vector<Fr>{Fr::one()} && split.low == std::vector<Fr>{Fr::one()});
}

TEST(tables_of_any_length_agree_with_chi) {
  SeededRandom random(1);
  for (std::size_t n = 0; n <= 6; ++n) {
    const std::vector<Fr> point = random_point(random, n);
    Fr sum = Fr::zero();
    for (std::size_t length = 0; length <= std::size_t{1} << n; ++length) {
      EXPECT(prefix_weight(point, length) == sum);
      const std::vector<Fr> table = eq_table(point, length);
      EXPECT_EQ(table.size(), length);
      const std::size_t first = length / 3;
      const std::vector<Fr> part = chi_between(point, first, length - first, Fr::from_u64(5));
      EXPECT_EQ(part.size(), length - first);
      for (std::size_t i = 0; i < part.size(); ++i) EXPECT(part[i] == Fr::from_u64(5) * table[first + i]);
      for (std::size_t i = 0; i < length; ++i) EXPECT(table[i] == brute_chi(i, point));
      if (length < std::size_t{1} << n) {
        EXPECT(chi(length, point) == brute_chi(length, point));
        sum += brute_chi(length, point);
      }
    }
    EXPECT(sum == Fr::one());
  }
}

TEST(a_point_wider_than_the_index_takes_the_bits_above_as_zero) {
  SeededRandom random(2);
  const std::vector<Fr> point = random_point(random, 70);
  Fr above = Fr::one();
  for (std::size_t k = 0; k < 67; ++k) above *= Fr::one() - point[k];
  const std::span<const Fr> low = std::span<const Fr>(point).last(3);
  EXPECT(chi(5, point) == above * brute_chi(5, low));
  EXPECT(eq_table(point, 7)[6] == above * brute_chi(6, low));
  EXPECT(prefix_weight(point, 3) == above * prefix_weight(low, 3));
}

TEST(less_than_agrees_with_its_double_sum) {
  SeededRandom random(3);
  for (std::size_t n = 1; n <= 4; ++n) {
    const std::vector<Fr> a = random_point(random, n), b = random_point(random, n);
    Fr sum = Fr::zero(), equal = Fr::zero();
    for (std::size_t t = 0; t < std::size_t{1} << n; ++t) {
      equal += brute_chi(t, a) * brute_chi(t, b);
      for (std::size_t u = t + 1; u < std::size_t{1} << n; ++u) sum += brute_chi(t, a) * brute_chi(u, b);
    }
    EXPECT(less_than(a, b) == sum);
    EXPECT(eq(a, b) == equal);
    EXPECT(less_than(a, b) + less_than(b, a) + eq(a, b) == Fr::one());
    EXPECT(less_than(a, b) != less_than(b, a));
  }
}

TEST(split_tables_multiply_to_the_whole) {
  SeededRandom random(4);
  for (std::size_t n = 0; n <= 7; ++n) {
    const std::vector<Fr> point = random_point(random, n);
    const SplitEq split = split_eq(point);
    for (std::size_t i = 0; i < std::size_t{1} << n; ++i) {
      EXPECT(split.high[i >> split.low_bits] * split.low[i & ((1u << split.low_bits) - 1)] == brute_chi(i, point));
    }
  }
}

TEST(evaluation_is_linear_in_each_coordinate_and_hits_the_values) {
  SeededRandom random(5);
  const std::vector<Fr> values = random_point(random, 5);  // of 8
  for (std::size_t i = 0; i < 8; ++i) EXPECT(evaluate(values, bits_of(i, 3)) == (i < 5 ? values[i] : Fr::zero()));
  std::vector<Fr> point = random_point(random, 3);
  const Fr c = point[1];
  const Fr whole = evaluate(values, point);
  point[1] = Fr::zero();
  const Fr at0 = evaluate(values, point);
  point[1] = Fr::one();
  const Fr at1 = evaluate(values, point);
  EXPECT(whole == at0 + c * (at1 - at0));
  EXPECT(at0 != at1);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
