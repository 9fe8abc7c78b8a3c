#include "backend/conformance.h"
#include "backend/conformance/samples.h"
#include "util/test.h"

namespace trainproof::conformance {

namespace {

void check_integer_products(Backend& backend, IntType type, unsigned bits) {
  for (const Shape& s : kShapes) {
    const Integers integers(type, s.size, bits);
    const IntView view{backend.borrow(type, integers.bytes.data(), s.size), s.offset, s.rows, s.cols, s.stride};
    const std::vector<Fr> weights = random_vector(s.rows), v = random_vector(s.cols);
    std::vector<Fr> sums(s.cols, Fr::zero());
    for (std::size_t row = 0; row < s.rows; ++row) {
      for (std::size_t col = 0; col < s.cols; ++col) {
        sums[col] += weights[row] * Fr::from_i64(integers.at(view, row, col));
      }
    }
    expect_equal(backend, *backend.weighted_row_sum(view, *backend.upload(weights)), sums);

    for (const std::size_t segments : {1, 2, 3}) {
      if (s.cols % segments != 0) continue;
      const std::size_t offset = 2, stride = s.rows + 3;
      std::vector<Fr> want = random_vector(offset + segments * stride);
      const FrHandle out = backend.upload(want);
      for (std::size_t part = 0; part < segments; ++part) {
        for (std::size_t row = 0; row < s.rows; ++row) {
          Fr& sum = want[part * stride + offset + row] = Fr::zero();
          for (std::size_t col = part * s.cols / segments; col < (part + 1) * s.cols / segments; ++col) {
            sum += v[col] * Fr::from_i64(integers.at(view, row, col));
          }
        }
      }
      backend.row_dot(view, *backend.upload(v), segments, *out, offset, stride);
      expect_equal(backend, *out, want);
    }
  }
}

}  // namespace

void check_integer_products(Backend& backend) {
  for (const IntType type : kTypes) check_integer_products(backend, type, 64);
  // About the width of a vector processor's factors.
  for (const unsigned bits : {50u, 51u, 52u}) check_integer_products(backend, IntType::kI64, bits);
}

void check_combine_digits(Backend& backend) {
  for (const IntType type : kTypes) {
    for (const unsigned bits : {8u, 16u, 32u}) {
      for (const std::size_t count : {1, 2, 4}) {
        for (const Shape& s : kShapes) {
          if (s.size > 10000) continue;
          std::vector<Integers> integers;
          std::vector<IntView> views;
          for (std::size_t i = 0; i < count; ++i) integers.emplace_back(type, s.size);
          for (const Integers& part : integers) {
            views.push_back({backend.borrow(type, part.bytes.data(), s.size), s.offset, s.rows, s.cols, s.stride});
          }
          std::vector<Fr> want;
          for (std::size_t row = 0; row < s.rows; ++row) {
            for (std::size_t col = 0; col < s.cols; ++col) {
              Fr sum = Fr::zero();
              for (std::size_t i = 0; i < count; ++i) {
                sum += Fr::pow2(bits * static_cast<unsigned>(i)) * Fr::from_i64(integers[i].at(views[i], row, col));
              }
              want.push_back(sum);
            }
          }
          expect_equal(backend, *backend.combine_digits(views, bits), want);
        }
      }
    }
  }
}

void check_count_values(Backend& backend) {
  for (const IntType type : kTypes) {
    for (const Shape& s : kShapes) {
      for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{7}, std::int64_t{-250}}) {
        const Integers integers(type, s.size);
        const IntView view{backend.borrow(type, integers.bytes.data(), s.size), s.offset, s.rows, s.cols, s.stride};
        std::vector<std::uint32_t> counts(300, 5), want = counts;
        for (std::size_t row = 0; row < s.rows; ++row) {
          for (std::size_t col = 0; col < s.cols; ++col) {
            const __int128 value = static_cast<__int128>(integers.at(view, row, col)) + offset;
            if (value >= 0 && value < 300) ++want[static_cast<std::size_t>(value)];
          }
        }
        backend.count_values(view, offset, counts);
        EXPECT(counts == want);
      }
    }
  }
}

}  // namespace trainproof::conformance
