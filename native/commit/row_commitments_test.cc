#include "commit/row_commitments.h"

#include <thread>

#include "commit/testing.h"
#include "util/parallel.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

struct Matrix {
  std::size_t rows, cols;
  std::vector<std::int64_t> values;

  RowReader reader() const {
    return [this](std::size_t row, std::size_t first, std::span<std::int64_t> out) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[row * cols + first + i];
    };
  }
  AffinePoint expected(std::size_t row, const Generators& generators, const Fr& blinding) const {
    Point sum = Point(generators.H()).scale(blinding);
    for (std::size_t col = 0; col < cols; ++col) {
      sum += testing::multiply_signed(generators.G()[col], values[row * cols + col]);
    }
    return sum.to_affine();
  }
};

void check(RowCommitter& committer, const Generators& generators, const Matrix& matrix, std::span<const Fr> blindings) {
  const std::vector<AffinePoint> got = committer.commit(matrix.cols, blindings, matrix.reader());
  EXPECT_EQ(got.size(), matrix.rows);
  for (std::size_t row = 0; row < got.size(); ++row) {
    EXPECT(got[row] == matrix.expected(row, generators, blindings[row]));
  }
}

std::vector<Fr> random_blindings(SeededRandom& random, std::size_t count) {
  std::vector<Fr> out(count);
  for (Fr& x : out) x = random.field();
  return out;
}

TEST(rows_of_any_magnitude_and_sign_at_many_shapes) {
  const Generators& generators = testing::packaged_generators();
  RowCommitter committer(generators);
  SeededRandom random(2);
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{1, 1}, {1, 700}, {3, 33}, {70, 17}, {5, 64}, {2, 0}}) {
    for (const unsigned shift : {0u, 1u, 33u, 48u, 56u, 63u}) {
      Matrix matrix{rows, cols, std::vector<std::int64_t>(rows * cols)};
      for (std::int64_t& x : matrix.values) {
        x = random.word() % 3 == 0 ? 0 : static_cast<std::int64_t>(random.word()) >> shift;
      }
      check(committer, generators, matrix, random_blindings(random, rows));
    }
  }
}

TEST(a_middle_chunk_may_be_absent) {
  const Generators& generators = testing::packaged_generators();
  RowCommitter committer(generators);
  const Matrix matrix{2, 3, {std::int64_t{5} << 48, -7, 65535, INT64_MIN, INT64_MAX, std::int64_t{1} << 32}};
  check(committer, generators, matrix, std::vector<Fr>{Fr::zero(), -Fr::one()});
}

TEST(rows_of_bits_at_many_shapes) {
  const Generators& generators = testing::packaged_generators();
  RowCommitter committer(generators);
  SeededRandom random(5);
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{1, 1}, {9, 7}, {3, 8}, {70, 33}, {2, 700}}) {
    Matrix matrix{rows, cols, std::vector<std::int64_t>(rows * cols)};
    for (std::int64_t& x : matrix.values) x = static_cast<std::int64_t>(random.word() & 1);
    // A column's bits, a row's and a tile's may all be zero, and one tile of a row may have larger integers.
    for (std::size_t row = 0; row < rows; ++row) matrix.values[row * cols] = 0;
    check(committer, generators, matrix, random_blindings(random, rows));
    matrix.values.back() = -1;
    check(committer, generators, matrix, random_blindings(random, rows));
  }
}

// Enough rows for tables of pairs: about where digits and pairs end, beside columns of other integers.
TEST(rows_of_16_bit_integers_at_many_shapes) {
  const Generators& generators = testing::packaged_generators();
  RowCommitter committer(generators);
  SeededRandom random(8);
  constexpr std::int64_t kEdges[] = {0, 1, 1023, 1024, 1025, 2047, 2048, 3071, 3072, 64511, 64512, 65534, 65535};
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{512, 33}, {513, 1}, {600, 6}, {1027, 35}}) {
    for (const std::int64_t other : {0, -1, 65536}) {
      Matrix matrix{rows, cols, std::vector<std::int64_t>(rows * cols)};
      for (std::int64_t& x : matrix.values) {
        x = random.word() % 2 == 0 ? kEdges[random.word() % std::size(kEdges)] : static_cast<std::int64_t>(random.word() % 65536);
      }
      // Columns without second digits, and groups of rows that have none in one column of a pair.
      for (std::size_t row = 0; row < rows; ++row) {
        if (cols > 3) matrix.values[row * cols + 2] = static_cast<std::int64_t>(random.word() % 1024);
        if (cols > 3 && row / 8 % 2 == 0) matrix.values[row * cols + 3] = 0;
        if (row / 8 % 3 == 0) matrix.values[row * cols] = 7;
      }
      matrix.values.back() += other;
      check(committer, generators, matrix, random_blindings(random, rows));
      if (rows > 600) break;
    }
  }
}

// The sums' offset is P_0.
TEST(sums_that_meet_what_is_added_to_them_are_right) {
  std::vector<std::uint8_t> table = testing::packaged_table();
  const std::span<std::uint8_t> pad = std::span<std::uint8_t>(table).subspan(Generators::kColumns * 64).first<64>();
  SeededRandom random(6);
  for (const int offset : {3, -7, 300}) {
    testing::multiply_signed(testing::packaged_generators().G()[1], offset).to_affine().write(pad.first<64>());
    const Generators generators = Generators::load(table);
    RowCommitter committer(generators);
    for (const std::size_t rows : {1u, 20u}) {
      Matrix matrix{rows, 60, std::vector<std::int64_t>(rows * 60)};
      for (std::int64_t& x : matrix.values) x = static_cast<std::int64_t>(random.word() % 2048) - 1024;
      // From P_0 on: equal, opposite, and once more so in the digit above.
      for (std::size_t row = 0; row < rows; row += 2) {
        matrix.values[row * 60] = 0;
        matrix.values[row * 60 + 1] = row % 4 == 0 ? offset : -offset * 1023;
      }
      check(committer, generators, matrix, random_blindings(random, rows));
    }
  }
}

TEST(zero_rows_without_blinding_are_the_identity) {
  RowCommitter committer(testing::packaged_generators());
  const Matrix matrix{3, 40, std::vector<std::int64_t>(120)};
  for (const AffinePoint& point : committer.commit(40, std::vector<Fr>(3), matrix.reader())) EXPECT(point.infinity);
  EXPECT(committer.commit(40, {}, matrix.reader()).empty());
}

// Equal generators make sums meet themselves and their opposites, which random points never do.
TEST(duplicate_and_opposite_generators) {
  std::vector<std::uint8_t> table = testing::packaged_table();
  const AffinePoint first = testing::packaged_generators().G()[0], negative = -first;
  for (std::size_t i = 0; i < 100; ++i) {
    (i % 3 == 2 ? negative : first).write(std::span<std::uint8_t>(table).subspan(i * 64).first<64>());
  }
  first.write(std::span<std::uint8_t>(table).last<64>());
  const Generators generators = Generators::load(table);
  RowCommitter committer(generators);
  SeededRandom random(3);
  Matrix matrix{40, 100, std::vector<std::int64_t>(4000)};
  for (std::int64_t& x : matrix.values) x = static_cast<std::int64_t>(random.word() % 5) - 2;
  std::fill_n(matrix.values.begin(), 100, 1);
  std::fill_n(matrix.values.begin() + 100, 100, 256);
  std::vector<Fr> blindings(40);
  for (std::size_t i = 0; i < 40; ++i) blindings[i] = Fr::from_i64(static_cast<std::int64_t>(i) - 20);
  check(committer, generators, matrix, blindings);
  // Some subsets of such generators have no sum.
  for (std::int64_t& x : matrix.values) x = static_cast<std::int64_t>(random.word() & 1);
  check(committer, generators, matrix, blindings);
  // And some pairs.
  Matrix pairs{512, 6, std::vector<std::int64_t>(512 * 6)};
  for (std::int64_t& x : pairs.values) x = 2048 * static_cast<std::int64_t>(random.word() % 32);
  check(committer, generators, pairs, random_blindings(random, 512));
}

TEST(vectors_of_scalars_at_many_lengths) {
  const Generators& generators = testing::packaged_generators();
  RowCommitter committer(generators);
  SeededRandom random(8);
  for (const std::size_t count : {0u, 1u, 2u, 9u, 100u}) {
    std::vector<Fr> scalars(count);
    for (Fr& x : scalars) x = random.field();
    // Digits that carry into the next, and the ends of the field.
    const Fr special[] = {-Fr::one(), Fr::zero(), Fr::pow2(253) - Fr::one(), Fr::pow2(9), Fr::pow2(4) - Fr::pow2(252)};
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 5); ++i) scalars[i] = special[i];
    const Fr blinding = random.field();
    Point columns = Point(generators.H()).scale(blinding), pads = columns;
    for (std::size_t i = 0; i < count; ++i) {
      columns += Point(generators.G()[i]).scale(scalars[i]);
      pads += Point(generators.P()[i]).scale(scalars[i]);
    }
    EXPECT(committer.commit_columns(scalars, blinding) == columns.to_affine());
    EXPECT(committer.commit_pads(scalars, blinding) == pads.to_affine());
  }
}

TEST(the_number_of_threads_and_concurrent_callers_do_not_matter) {
  const Generators& generators = testing::packaged_generators();
  SeededRandom random(4);
  Matrix matrix{37, 50, std::vector<std::int64_t>(37 * 50)};
  for (std::int64_t& x : matrix.values) x = static_cast<std::int64_t>(random.word() & 0xffff);
  const std::vector<Fr> blindings = random_blindings(random, 37);
  const unsigned before = thread_count();
  set_thread_count(1);
  RowCommitter alone(generators);
  const std::vector<AffinePoint> want = alone.commit(50, blindings, matrix.reader());
  set_thread_count(3);
  RowCommitter shared(generators);
  std::vector<AffinePoint> got[2];
  std::thread other([&] { got[0] = shared.commit(50, blindings, matrix.reader()); });
  got[1] = shared.commit(50, blindings, matrix.reader());
  other.join();
  set_thread_count(before);
  EXPECT(got[0] == want);
  EXPECT(got[1] == want);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
