#include "statement/initial_weights.h"

#include <cstdlib>

#include "statement/testing/statements.h"
#include "util/test.h"

namespace trainproof {
namespace {

TEST(bound_is_the_integer_square_root) {
  EXPECT_EQ(initial_weight_bound(32, 784), std::uint64_t{375731369});
  EXPECT_EQ(initial_weight_bound(32, 128), std::uint64_t{929887696});
  EXPECT_EQ(initial_weight_bound(56, 1), std::uint64_t{176504337485538767});
  EXPECT_EQ(initial_weight_bound(56, 3), std::uint64_t{101904826760412361});
  EXPECT_EQ(initial_weight_bound(8, 1000000), std::uint64_t{0});
  for (unsigned R = 1; R <= 56; R += 5) {
    for (std::uint64_t n = 1; n < 5000; n = n * 3 + 1) {
      const unsigned __int128 square = (static_cast<unsigned __int128>(6) << (2 * R)) / n;
      const unsigned __int128 root = initial_weight_bound(R, n);
      EXPECT(root * root <= square && square < (root + 1) * (root + 1));
    }
  }
}

TEST(weights_fill_the_range_and_biases_and_padding_are_zero) {
  const Statement s = testing::sample_statement({50, 30, 7}, 1, 1);
  const Shape shape(s);
  const std::vector<std::int64_t> weights = initial_weights(s.start, s.R, shape);
  EXPECT_EQ(weights.size(), shape.weight_size);
  std::size_t zeros = 0, expected_zeros = shape.weight_size;
  for (unsigned l = 1; l <= shape.L; ++l) {
    const auto bound = static_cast<std::int64_t>(initial_weight_bound(s.R, shape.n[l - 1]));
    std::int64_t largest = 0, smallest = 0;
    for (std::size_t k = 0; k < shape.n[l - 1]; ++k) {
      for (std::size_t j = 0; j < shape.n[l]; ++j) {
        const std::int64_t w = weights[shape.weight_address(l, k, j)];
        EXPECT(std::llabs(w) <= bound);
        largest = std::max(largest, w);
        smallest = std::min(smallest, w);
      }
    }
    EXPECT(largest > bound / 10 * 9 && smallest < -bound / 10 * 9);
    expected_zeros -= shape.n[l - 1] * shape.n[l];
  }
  for (const std::int64_t w : weights) zeros += w == 0;
  EXPECT_EQ(zeros, expected_zeros);
}

TEST(another_seed_gives_other_weights) {
  const Statement s = testing::sample_statement({50, 30, 7}, 1, 1);
  const Shape shape(s);
  Bytes32 other = s.start;
  other[31] ^= 1;
  EXPECT(initial_weights(s.start, s.R, shape) == initial_weights(s.start, s.R, shape));
  EXPECT(initial_weights(s.start, s.R, shape) != initial_weights(other, s.R, shape));
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
