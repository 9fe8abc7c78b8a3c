#include <fstream>
#include <iterator>
#include <limits>

#include "commit/commit_rows.h"
#include "util/error.h"
#include "util/parallel.h"
#include "util/test.h"
#include "util/testing/json.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

std::vector<std::uint8_t> table_bytes() {
  std::ifstream file(TRAINPROOF_DATA "/generators.bin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const Generators& generators() {
  static const Generators loaded = Generators::load(table_bytes());
  return loaded;
}

// Few different points, so that sums meet equal and opposite points all the time.
const Generators& degenerate() {
  static const Generators loaded = [] {
    std::vector<std::uint8_t> bytes;
    const Point base(AffinePoint::generator());
    for (std::size_t i = 0; i < Generators::kTableBytes / 64; ++i) {
      const AffinePoint p = base.scale(Fr::from_i64(i % 3 == 0 ? 1 : i % 3 == 1 ? -1 : 2)).to_affine();
      const auto encoding = p.bytes();
      bytes.insert(bytes.end(), encoding.begin(), encoding.end());
    }
    return Generators::load(bytes);
  }();
  return loaded;
}

std::vector<Fr> random_scalars(SeededRandom& random, std::size_t count) {
  std::vector<Fr> out(count);
  for (Fr& x : out) x = random.field();
  return out;
}

// Term by term.
template <class T>
AffinePoint naive(const Generators& g, std::span<const T> row, const Fr& blinding) {
  Point out = Point(g.H()).scale(blinding);
  std::vector<Fr> scalars;
  for (T x : row) scalars.push_back(Fr::from_i64(static_cast<std::int64_t>(x)));
  return (out + msm(g.G().first(row.size()), scalars)).to_affine();
}

template <class T>
void expect_rows(const Generators& g, ColumnTables& tables, const std::vector<std::vector<T>>& rows,
                 std::size_t columns, const std::vector<Fr>& blindings) {
  const std::vector<AffinePoint> got =
      commit_rows<T>(tables, [&](std::size_t row) { return std::span<const T>(rows[row]); }, columns, blindings);
  EXPECT_EQ(got.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT(got[i] == naive<T>(g, rows[i], blindings[i]));
    EXPECT(got[i].is_on_curve());
  }
}

// Rows that are dense, sparse, ragged, empty, and of extremes.
template <class T>
std::vector<std::vector<T>> sample_rows(SeededRandom& random, std::size_t count, std::size_t columns) {
  constexpr T kExtremes[] = {std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), T{1}, static_cast<T>(-1),
                             static_cast<T>(0x80), static_cast<T>(0x100)};
  std::vector<std::vector<T>> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    rows[i].resize(i % 5 == 4 ? random.word() % (columns + 1) : columns);
    for (T& x : rows[i]) {
      const std::uint64_t word = random.word();
      x = i % 5 == 1 ? (word % 16 == 0 ? static_cast<T>(word >> 8) : T{0})
          : i % 5 == 2 ? T{0}
          : i % 5 == 3 ? kExtremes[word % 6]
                       : static_cast<T>(word >> 8);
    }
  }
  return rows;
}

template <class T>
void expect_type(const Generators& g, ColumnTables& tables) {
  SeededRandom random(sizeof(T));
  for (const auto& [count, columns] : std::vector<std::pair<std::size_t, std::size_t>>{
           {1, 1}, {1, 300}, {7, 33}, {40, 100}, {0, 10}, {3, 0}}) {
    expect_rows<T>(g, tables, sample_rows<T>(random, count, columns), columns, random_scalars(random, count));
  }
}

TEST(rows_of_every_type_agree_with_term_by_term) {
  for (unsigned threads : {1u, 3u}) {
    set_thread_count(threads);
    ColumnTables tables(generators());
    expect_type<std::uint8_t>(generators(), tables);
    expect_type<std::uint16_t>(generators(), tables);
    expect_type<std::uint32_t>(generators(), tables);
    expect_type<std::int32_t>(generators(), tables);
    expect_type<std::int64_t>(generators(), tables);
  }
}

TEST(equal_and_opposite_points_are_doubled_and_cancel) {
  ColumnTables tables(degenerate());
  expect_type<std::uint8_t>(degenerate(), tables);
  expect_type<std::uint16_t>(degenerate(), tables);
  expect_type<std::int64_t>(degenerate(), tables);
  // G_0 = G_3 = −G_1: 5 + 5 doubles; 5 and 5 cancel; then a sum starts again from nothing.
  const std::vector<std::vector<std::int32_t>> rows = {{5, 0, 0, 5}, {5, 5}, {5, 5, 7}, {5, 5, 0, 5, 5, 0, 9}, {-5, 0, 0, 5}};
  expect_rows<std::int32_t>(degenerate(), tables, rows, 7, std::vector<Fr>(5, Fr::from_u64(3)));
  const std::vector<AffinePoint> nothing =
      commit_rows<std::int32_t>(tables, [&](std::size_t) { return std::span<const std::int32_t>(rows[1]); }, 7,
                                std::vector<Fr>{Fr::zero()});
  EXPECT(nothing[0].infinity);
}

TEST(more_columns_are_added_to_tables_and_all_columns_work) {
  SeededRandom random(9);
  ColumnTables tables(generators());
  for (std::size_t columns : {3u, 2u, 100u, 8192u}) {
    expect_rows<std::uint8_t>(generators(), tables, sample_rows<std::uint8_t>(random, 4, columns), columns,
                              random_scalars(random, 4));
  }
  EXPECT(tables.multiple(8191, 255).x == Point(generators().G()[8191]).scale(Fr::from_u64(255)).to_affine().x);
  EXPECT(ColumnTables::memory_bytes(8192) > 8192u * 255 * 64);
}

TEST(commitments_add_up_with_their_blindings) {
  ColumnTables tables(generators());
  const std::vector<std::vector<std::uint16_t>> rows = {{1, 65535, 0, 7}, {9, 0, 300, 1}, {10, 65535, 300, 8}};
  const Fr a = Fr::from_u64(5).inverse(), b = Fr::from_u64(7).inverse();
  const auto c = commit_rows<std::uint16_t>(tables, [&](std::size_t i) { return std::span<const std::uint16_t>(rows[i]); },
                                            4, std::vector<Fr>{a, b, a + b});
  EXPECT(Point(c[0]).add_mixed(c[1]) == Point(c[2]));
  EXPECT(!(c[0] == c[1]));
}

TEST(general_scalars_over_both_families) {
  SeededRandom random(3);
  for (const auto bases : {generators().G(), generators().P()}) {
    for (std::size_t count : {0u, 1u, 70u}) {
      const std::vector<Fr> scalars = random_scalars(random, count);
      const Fr blinding = random.field();
      Point sum = Point(generators().H()).scale(blinding);
      for (std::size_t i = 0; i < count; ++i) sum += Point(bases[i]).scale(scalars[i]);
      EXPECT(commit_scalars(bases, scalars, generators().H(), blinding) == sum.to_affine());
    }
  }
}

TEST(a_fixed_base_gives_its_multiples) {
  SeededRandom random(4);
  const FixedBase base(generators().H());
  for (const Fr& k : {Fr::zero(), Fr::one(), -Fr::one(), Fr::pow2(8), Fr::pow2(253), random.field()}) {
    EXPECT(base.multiple(k) == Point(generators().H()).scale(k));
  }
}

TEST(the_table_holds_the_shared_generators) {
  for (const auto& entry : testing::load_vectors("generators.json")["points"].items()) {
    const std::string family = entry["family"].text();
    const std::size_t index = entry["index"].number();
    const AffinePoint& p = family == "G"   ? generators().G()[index]
                           : family == "P" ? generators().P()[index]
                                           : generators().H();
    const std::vector<std::uint8_t> expected = entry["point"].bytes();
    const auto bytes = p.bytes();
    EXPECT(std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end()));
  }
}

TEST(broken_tables_are_refused) {
  std::vector<std::uint8_t> bytes = table_bytes();
  bytes[64 * 77 + 5] ^= 1;
  EXPECT_THROWS(Generators::load(bytes), InvalidArgument, "point 77");
  bytes.pop_back();
  EXPECT_THROWS(Generators::load(bytes), InvalidArgument, "786495 bytes, not 786496");
  EXPECT_THROWS(Generators::load({}), InvalidArgument, "0 bytes");
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
