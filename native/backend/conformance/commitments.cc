#include "backend/conformance.h"
#include "backend/conformance/samples.h"
#include "util/test.h"

namespace trainproof::conformance {

namespace {

// Bit by bit.
Point multiply(const AffinePoint& point, const Fr& k) {
  const auto bytes = k.bytes();
  Point out;
  for (std::size_t bit = 0; bit < 256; ++bit) {
    out = out.doubled();
    if (bytes[bit / 8] >> (7 - bit % 8) & 1) out = out.add_mixed(point);
  }
  return out;
}
Point multiply(const AffinePoint& point, std::int64_t k) {
  std::uint64_t magnitude = k < 0 ? 0 - static_cast<std::uint64_t>(k) : static_cast<std::uint64_t>(k);
  Point out, power{point};
  for (; magnitude != 0; magnitude >>= 1, power = power.doubled()) {
    if (magnitude & 1) out += power;
  }
  return k < 0 ? out.negate() : out;
}

// Some are zero or small.
std::vector<Fr> random_scalars(std::size_t size) {
  std::vector<Fr> out = random_vector(size);
  for (std::size_t i = 0; i < size; i += 3) out[i] = Fr::from_i64(static_cast<std::int64_t>(i) - 3);
  return out;
}

}  // namespace

void check_commit_rows(Backend& backend, const Generators& generators) {
  constexpr Shape kMatrices[] = {{0, 5, 5, 0, 0},    {1, 1, 1, 0, 1},   {3, 4, 4, 0, 9},    {5, 6, 9, 2, 31},
                                 {2, 8, 8, 100, 50}, {4, 2, 7, 3, 5},   {70, 9, 9, 1, 600}, {2, 300, 301, 0, 580},
                                 {3, 0, 1, 0, 3}};
  for (const IntType type : kTypes) {
    for (const Shape& s : kMatrices) {
      const Integers integers(type, s.size);
      const IntView view{backend.borrow(type, integers.bytes.data(), s.size), s.offset, s.rows, s.cols, s.stride};
      const std::vector<Fr> blindings = random_scalars(s.rows);
      const std::vector<AffinePoint> got = backend.commit_rows(view, blindings);
      EXPECT_EQ(got.size(), s.rows);
      for (std::size_t row = 0; row < s.rows; ++row) {
        Point want = multiply(generators.H(), blindings[row]);
        for (std::size_t col = 0; col < s.cols; ++col) {
          want += multiply(generators.G()[col], integers.at(view, row, col));
        }
        EXPECT(got[row] == want.to_affine());
      }
    }
  }
  // One row twice, and equal entries; without blinding.
  const std::vector<std::uint8_t> ones(400, 1);
  const IntView view{backend.borrow(IntType::kU8, ones.data(), ones.size()), 0, 2, 200, 200};
  Point sum;
  for (std::size_t col = 0; col < 200; ++col) sum += generators.G()[col];
  for (const AffinePoint& row : backend.commit_rows(view, std::vector<Fr>(2))) EXPECT(row == sum.to_affine());
  // A row of zeros.
  const std::vector<std::int32_t> zeros(20);
  const IntView nothing{backend.borrow(IntType::kI32, zeros.data(), zeros.size()), 0, 2, 10, 10};
  for (const AffinePoint& row : backend.commit_rows(nothing, std::vector<Fr>(2))) EXPECT(row.infinity);
}

void check_commit_scalars(Backend& backend, const Generators& generators) {
  for (const std::size_t size : {0, 1, 2, 7, 65, 300}) {
    for (const Fr& blinding : {Fr::zero(), random_fr()}) {
      const std::vector<Fr> scalars = random_scalars(size);
      Point columns = multiply(generators.H(), blinding), pads = columns;
      for (std::size_t i = 0; i < size; ++i) {
        columns += multiply(generators.G()[i], scalars[i]);
        pads += multiply(generators.P()[i], scalars[i]);
      }
      EXPECT(backend.commit_columns(*backend.upload(scalars), blinding) == columns.to_affine());
      EXPECT(backend.commit_pads(scalars, blinding) == pads.to_affine());
    }
  }
}

}  // namespace trainproof::conformance
