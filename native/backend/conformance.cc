#include "backend/conformance.h"

#include <random>

#include "util/test.h"

namespace trainproof::conformance {

namespace {

std::mt19937_64& generator() {
  static std::mt19937_64 g(20261124);
  return g;
}

Fr random_fr() {
  auto& g = generator();
  Fr x = Fr::zero();
  for (int i = 0; i < 4; ++i) x = x * Fr::pow2(64) + Fr::from_u64(g());
  return x;
}

std::vector<Fr> random_vector(std::size_t size) {
  std::vector<Fr> out(size);
  for (Fr& x : out) x = random_fr();
  return out;
}

// Integers of a type, its extremes among them.
struct Integers {
  IntType type;
  std::vector<std::int64_t> values;
  std::vector<std::uint8_t> bytes;

  // `bits`: integers of so many bits and their sign, and no extremes.
  Integers(IntType t, std::size_t size, unsigned bits = 64) : type(t) {
    for (std::size_t i = 0; i < size; ++i) values.push_back(bits < 64 ? draw() >> (63 - bits) : draw());
    switch (type) {
      case IntType::kU8: store<std::uint8_t>(); break;
      case IntType::kU16: store<std::uint16_t>(); break;
      case IntType::kU32: store<std::uint32_t>(); break;
      case IntType::kI32: store<std::int32_t>(); break;
      case IntType::kI64: store<std::int64_t>(); break;
    }
  }
  std::int64_t at(const IntView& view, std::size_t row, std::size_t col) const {
    const std::size_t i = view.offset + row * view.stride + col;
    return i < values.size() ? values[i] : 0;
  }

 private:
  template <class T>
  void store() {
    bytes.resize(values.size() * sizeof(T) + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<T>(values[i]);
      const T value = static_cast<T>(values[i]);
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&value), sizeof(T), bytes.data() + i * sizeof(T));
    }
  }
  static std::int64_t draw() {
    auto& g = generator();
    constexpr std::int64_t kExtremes[] = {0,          1,          -1,        255,       65535,    INT32_MAX,
                                          INT32_MIN,  4294967295, INT64_MAX, INT64_MIN};
    return g() % 4 == 0 ? kExtremes[g() % 10] : static_cast<std::int64_t>(g());
  }
};

constexpr IntType kTypes[] = {IntType::kU8, IntType::kU16, IntType::kU32, IntType::kI32, IntType::kI64};

void expect_equal(Backend& backend, const FrBuffer& got, const std::vector<Fr>& want) {
  EXPECT_EQ(got.size, want.size());
  EXPECT(backend.download(got) == want);
}

Fr at(const std::vector<Fr>& v, std::size_t i) { return i < v.size() ? v[i] : Fr::zero(); }

// χ_i(point)
Fr chi(std::size_t i, std::span<const Fr> point) {
  Fr out = Fr::one();
  for (std::size_t k = 0; k < point.size(); ++k) {
    const Fr& c = point[point.size() - 1 - k];
    out *= (i >> k & 1) ? c : Fr::one() - c;
  }
  return out;
}

std::vector<Fr> folded(const std::vector<Fr>& v, const Fr& r) {
  std::vector<Fr> out;
  for (std::size_t y = 0; 2 * y < v.size(); ++y) out.push_back(v[2 * y] + r * (at(v, 2 * y + 1) - v[2 * y]));
  return out;
}

struct Shape {
  std::size_t rows, cols, stride, offset, size;
};
constexpr Shape kShapes[] = {{0, 5, 5, 0, 0},        {3, 0, 4, 0, 12},      {1, 1, 1, 0, 1},
                             {2, 3, 3, 0, 6},        {3, 4, 4, 0, 9},       {5, 6, 9, 2, 31},
                             {4, 2, 7, 3, 5},        {7, 130, 130, 1, 800}, {1, 40002, 40002, 0, 39999},
                             {3001, 2, 3, 1, 9000},  {9, 128, 256, 0, 2176}, {257, 300, 300, 0, 77000}, {30, 2112, 2112, 0, 63360},
                             {2, 8, 8, 100, 50}};

}  // namespace

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

void check_vectors(Backend& backend) {
  const Fr r = random_fr();
  for (const std::size_t size : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 65, 1000, 4095, 4096, 4097, 20001}) {
    const std::vector<Fr> x = random_vector(size), y = random_vector(size);
    const FrHandle v = backend.upload(y);
    std::vector<Fr> want = y;
    for (std::size_t i = 0; i < size; ++i) want[i] += r * x[i];
    backend.add_scaled(*v, r, *backend.upload(x));
    expect_equal(backend, *v, want);
    while (want.size() > 1) {
      want = folded(want, r);
      backend.fold(*v, r);
      expect_equal(backend, *v, want);
    }
    expect_equal(backend, *backend.zeros(size), std::vector<Fr>(size, Fr::zero()));
  }
  for (const std::size_t n : {0, 1, 2, 5, 13}) {
    const std::size_t full = std::size_t{1} << n;
    const std::vector<Fr> point = random_vector(n);
    for (const std::size_t length : {std::size_t{0}, std::size_t{1}, full / 2, full / 2 + 1, full - 1, full}) {
      std::vector<Fr> want;
      for (std::size_t i = 0; i < length; ++i) want.push_back(r * chi(i, point));
      expect_equal(backend, *backend.eq_table(point, length, r), want);
    }
  }
  for (const std::size_t segments : {1, 2, 5}) {
    for (const std::size_t size : {0, 1, 3, 5000}) {
      const std::size_t stride = size + 2;
      std::vector<Fr> values = random_vector(segments * stride);
      const std::vector<Fr> base = random_vector(size);
      const FrHandle v = backend.upload(values);
      backend.exclusive_prefix_sum(*v, segments, stride, *backend.upload(base), r);
      const std::vector<Fr> before = values;
      for (std::size_t s = 0; s < segments; ++s) {
        for (std::size_t k = 0; k < size; ++k) {
          Fr sum = Fr::zero();
          for (std::size_t t = 0; t < s; ++t) sum += before[t * stride + k];
          values[s * stride + k] = base[k] + r * sum;
        }
      }
      expect_equal(backend, *v, values);
    }
  }
}

namespace {

// The value at X of the line through a table's entries 2y, 2y + 1.
Fr line(const std::vector<Fr>& v, std::size_t y, const Fr& X) {
  return at(v, 2 * y) + X * (at(v, 2 * y + 1) - at(v, 2 * y));
}

Fr naive_product(std::size_t pairs, const Fr& coefficient, const std::vector<Fr>* outer, unsigned shift,
                 const std::vector<Fr>* a, const std::vector<Fr>* b, const Fr& X) {
  Fr sum = Fr::zero();
  for (std::size_t y = 0; y < pairs; ++y) {
    Fr value = coefficient;
    if (outer) value *= shift > 0 ? at(*outer, (2 * y) >> shift) : line(*outer, y, X);
    if (a) value *= line(*a, y, X);
    if (b) value *= line(*b, y, X);
    sum += value;
  }
  return sum;
}

}  // namespace

void check_product_rounds(Backend& backend) {
  for (const unsigned bits : {1u, 2u, 5u, 13u}) {
    const std::size_t full = std::size_t{1} << bits;
    for (const unsigned shift : {0u, 1u, 2u, 4u}) {
      if (shift > bits) continue;
      for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, full / 2, full / 2 + 1}) {
        std::vector<Fr> outer = random_vector(((full - 1) >> shift) + 1), a = random_vector(full - cut),
                        b = random_vector(full - cut / 2);
        if (cut == 1 && outer.size() > 1) outer.pop_back();
        const FrHandle o = backend.upload(outer), u = backend.upload(a), w = backend.upload(b);
        const Fr k1 = random_fr(), k2 = random_fr(), k3 = random_fr();
        std::vector<ProductTerm> terms = {{k1, o, shift, u, w}, {k2, nullptr, 0, u, w}, {k3, o, shift, nullptr, w}};
        for (unsigned left = bits; left > 0; --left) {
          const unsigned degree = terms[0].outer_shift > 0 ? 2 : 3;
          const std::size_t pairs = std::size_t{1} << (left - 1);
          const std::vector<Fr> got = backend.product_round(terms, degree);
          EXPECT_EQ(got.size(), static_cast<std::size_t>(degree));
          Fr total = Fr::zero();
          for (const Fr& X : {Fr::zero(), Fr::one()}) {
            total += naive_product(pairs, k1, &outer, terms[0].outer_shift, &a, &b, X) +
                     naive_product(pairs, k2, nullptr, 0, &a, &b, X) +
                     naive_product(pairs, k3, &outer, terms[0].outer_shift, nullptr, &b, X);
          }
          EXPECT(backend.product_sum(terms) == total);
          for (unsigned i = 0; i < degree; ++i) {
            const Fr X = Fr::from_u64(i == 0 ? 0 : i + 1);
            EXPECT(got[i] == naive_product(pairs, k1, &outer, terms[0].outer_shift, &a, &b, X) +
                                 naive_product(pairs, k2, nullptr, 0, &a, &b, X) +
                                 naive_product(pairs, k3, &outer, terms[0].outer_shift, nullptr, &b, X));
          }
          const Fr r = random_fr();
          a = folded(a, r), b = folded(b, r);
          backend.fold(*u, r), backend.fold(*w, r);
          for (const std::size_t i : {0, 2}) {
            if (terms[i].outer_shift > 0) {
              --terms[i].outer_shift;
            } else if (i == 0) {
              outer = folded(outer, r);
              backend.fold(*o, r);
            }
          }
        }
      }
    }
  }
}

void check_lookup_leaves(Backend& backend) {
  const Fr alpha = random_fr();
  for (const IntType type : kTypes) {
    std::vector<Integers> integers;
    std::vector<Backend::LeafRows> rows;
    for (const Shape& s : kShapes) integers.emplace_back(type, s.size);
    std::vector<Fr> want;
    for (std::size_t i = 0; i < integers.size(); ++i) {
      const Shape& s = kShapes[i];
      if (s.size > 10000) continue;
      const std::int64_t offset = static_cast<std::int64_t>(i) - 3;
      rows.push_back({{backend.borrow(type, integers[i].bytes.data(), s.size), s.offset, s.rows, s.cols, s.stride},
                      offset});
      for (std::size_t row = 0; row < s.rows; ++row) {
        for (std::size_t col = 0; col < s.cols; ++col) {
          want.push_back(alpha - Fr::from_i64(integers[i].at(rows.back().view, row, col)) - Fr::from_i64(offset));
        }
      }
    }
    expect_equal(backend, *backend.lookup_leaves(rows, alpha), want);
  }
}

namespace {

// A level in full: 2^(n+1) entries, defaults written out.
struct FullLevel {
  std::vector<Fr> p, q;

  FullLevel bind(const Fr& r) const {
    FullLevel out;
    for (std::size_t i = 0; i < p.size() / 2; ++i) {
      const std::size_t even = i / 2 * 4 + i % 2, odd = even + 2;
      out.p.push_back(p[even] + r * (p[odd] - p[even]));
      out.q.push_back(q[even] + r * (q[odd] - q[even]));
    }
    return out;
  }
  FullLevel parents() const {
    FullLevel out;
    for (std::size_t y = 0; 2 * y < p.size(); ++y) {
      out.p.push_back(p[2 * y] * q[2 * y + 1] + p[2 * y + 1] * q[2 * y]);
      out.q.push_back(q[2 * y] * q[2 * y + 1]);
    }
    return out;
  }
  // Σ_y eq(y) · (q1·(λ·p0 + q0) + λ·p1·q0 − 1)(X, y)
  Fr sum(std::span<const Fr> e, const Fr& lambda, const Fr& X) const {
    Fr total = Fr::zero();
    for (std::size_t y = 0; y < p.size() / 4; ++y) {
      const auto at_x = [&](const std::vector<Fr>& v, std::size_t i) {
        return v[4 * y + i] + X * (v[4 * y + 2 + i] - v[4 * y + i]);
      };
      const Fr p0 = at_x(p, 0), p1 = at_x(p, 1), q0 = at_x(q, 0), q1 = at_x(q, 1);
      total += chi(y, e) * (q1 * (lambda * p0 + q0) + lambda * p1 * q0 - Fr::one());
    }
    return total;
  }
};

SplitEq split(std::span<const Fr> e) {
  SplitEq out;
  out.low_bits = static_cast<unsigned>(e.size() / 2);
  const auto high = e.first(e.size() - out.low_bits), low = e.last(out.low_bits);
  for (std::size_t i = 0; i < std::size_t{1} << high.size(); ++i) out.high.push_back(chi(i, high));
  for (std::size_t i = 0; i < std::size_t{1} << low.size(); ++i) out.low.push_back(chi(i, low));
  return out;
}

void check_rounds(Backend& backend, unsigned n, FrHandle p, FrHandle q, FullLevel level, const Fr& lambda) {
  const std::vector<Fr> e = random_vector(n);
  Fr r;
  for (unsigned k = 0; k < n; ++k) {
    if (k > 0) level = level.bind(r);
    const auto rest = std::span<const Fr>(e).first(n - 1 - k);
    const std::array<Fr, 2> got = backend.logup_round(p, q, k == 0 ? nullptr : &r, split(rest), lambda);
    std::array<Fr, 3> h;
    for (unsigned X = 0; X < 3; ++X) h[X] = level.sum(rest, lambda, Fr::from_u64(X));
    EXPECT(got[0] == h[0]);
    EXPECT(got[1].doubled() == h[2] - h[1].doubled() + h[0]);
    r = random_fr();
  }
  if (n > 0) level = level.bind(r);
  const std::array<Fr, 4> got = backend.logup_finish(p, q, n == 0 ? nullptr : &r);
  EXPECT(got == (std::array<Fr, 4>{level.p[0], level.p[1], level.q[0], level.q[1]}));
}

void check_level(Backend& backend, unsigned n, std::size_t size, bool ones, const Fr& lambda) {
  const std::size_t full = std::size_t{2} << n;
  const std::vector<Fr> stored_q = random_vector(size);
  const std::vector<Fr> stored_p = ones ? std::vector<Fr>(size, Fr::one()) : random_vector(size);
  FullLevel level{stored_p, stored_q};
  level.p.resize(full, Fr::zero());
  level.q.resize(full, Fr::one());
  FrHandle p = ones ? nullptr : backend.upload(stored_p), q = backend.upload(stored_q);

  FrHandle parent_p, parent_q;
  backend.fraction_parents(p, q, parent_p, parent_q);
  std::vector<Fr> want_p, want_q;
  for (std::size_t y = 0; 2 * y < size; ++y) {
    want_p.push_back(level.p[2 * y] * level.q[2 * y + 1] + level.p[2 * y + 1] * level.q[2 * y]);
    want_q.push_back(level.q[2 * y] * level.q[2 * y + 1]);
  }
  expect_equal(backend, *parent_p, want_p);
  expect_equal(backend, *parent_q, want_q);

  check_rounds(backend, n, p, q, level, lambda);
}

// Integers as leaves, and their parents, which a backend may keep as integers: through all rounds of both levels.
void check_integer_leaves(Backend& backend, std::size_t digit_rows, std::size_t columns, std::int32_t largest) {
  const std::int64_t offset = 5;
  std::mt19937_64 random(columns);
  std::vector<std::uint16_t> digits(digit_rows * columns);
  for (auto& d : digits) d = static_cast<std::uint16_t>(random() % 3 == 0 ? 0xffff * (random() % 2) : random());
  std::vector<std::int32_t> data(3 * columns);
  for (auto& x : data) x = static_cast<std::int32_t>(random() % 65536) - 5;
  data.back() = largest;
  const std::vector<Backend::LeafRows> rows = {
      {{backend.borrow(IntType::kU16, digits.data(), digits.size()), 0, digit_rows, columns, columns}, 0},
      {{backend.borrow(IntType::kI32, data.data(), data.size()), 0, 3, columns, columns}, offset}};
  const Fr alpha = random_fr();
  std::vector<Fr> leaves;
  for (const auto d : digits) leaves.push_back(alpha - Fr::from_u64(d));
  for (const auto x : data) leaves.push_back(alpha - Fr::from_i64(x + offset));

  unsigned n = 0;
  while ((std::size_t{2} << n) < leaves.size()) ++n;
  const std::size_t full = std::size_t{2} << n;
  FullLevel level{std::vector<Fr>(leaves.size(), Fr::one()), leaves};
  level.p.resize(full, Fr::zero());
  level.q.resize(full, Fr::one());
  FrHandle p, q = backend.lookup_leaves(rows, alpha), parent_p, parent_q, grand_p, grand_q;
  expect_equal(backend, *q, leaves);
  backend.fraction_parents(nullptr, q, parent_p, parent_q);
  FullLevel parents = level.parents();
  const auto stored = [&](std::vector<Fr> v, std::size_t size) {
    v.resize(size);
    return v;
  };
  expect_equal(backend, *parent_p, stored(parents.p, (leaves.size() + 1) / 2));
  expect_equal(backend, *parent_q, stored(parents.q, (leaves.size() + 1) / 2));
  backend.fraction_parents(parent_p, parent_q, grand_p, grand_q);
  const FullLevel grandparents = parents.parents();
  expect_equal(backend, *grand_p, stored(grandparents.p, (leaves.size() + 3) / 4));
  expect_equal(backend, *grand_q, stored(grandparents.q, (leaves.size() + 3) / 4));
  check_rounds(backend, n - 1, parent_p, parent_q, parents, random_fr());
  check_rounds(backend, n, p, q, level, random_fr());
}

}  // namespace

void check_logup(Backend& backend) {
  for (const std::size_t rows : {30, 32, 47}) check_integer_leaves(backend, rows, 512, 7);
  check_integer_leaves(backend, 40, 500, 7);         // no whole blocks
  check_integer_leaves(backend, 32, 512, 0x7fffffff);  // no digit
  // Sizes about which blocks of vectors end.
  for (const std::size_t size : {4, 5, 31, 32, 33, 63, 64, 65, 127, 128, 129, 260, 1000, 1004, 5003, 8192, 40000}) {
    unsigned n = 0;
    while ((std::size_t{2} << n) < size) ++n;
    for (const bool ones : {false, true}) check_level(backend, n, size, ones, random_fr());
  }
  for (const unsigned n : {0u, 1u, 2u, 3u, 7u, 12u}) {
    const std::size_t full = std::size_t{2} << n;
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, full / 2, full / 2 + 1, full / 4 * 3, full - 1, full}) {
      if (size > full) continue;
      for (const bool ones : {false, true}) check_level(backend, n, size, ones, random_fr());
      if (n <= 3) check_level(backend, n, size, false, Fr::zero());
    }
  }
}

namespace {

// Both factors of the summand at each (φ, c), in full.
struct NaiveZkRelu {
  std::vector<Fr> m;
  struct Part {
    std::vector<Fr> time, value;  // time is repeated for each feature
  };
  std::vector<Part> parts;

  Fr sum(const Fr& X) const {
    Fr total = Fr::zero();
    for (std::size_t i = 0; 2 * i < m.size(); ++i) {
      for (const Part& part : parts) total += line(m, i, X) * line(part.time, i, X) * line(part.value, i, X);
    }
    return total;
  }
  void bind(const Fr& r) {
    m = folded(m, r);
    for (Part& part : parts) part.time = folded(part.time, r), part.value = folded(part.value, r);
  }
};

struct ZkReluCase {
  std::size_t features;
  unsigned time_bits, digit_bits, v_digits, g_digits;
  bool masks_only;  // one part, of m alone
};

void check_zkrelu_case(Backend& backend, const ZkReluCase& k) {
  const std::size_t length = std::size_t{1} << k.time_bits, size = k.features * length;
  const std::uint16_t largest = k.digit_bits == 16 ? 65535 : 255;
  // m, then the digits of v and g; views start anywhere.
  std::vector<std::uint8_t> bits(size + 3);
  for (std::uint8_t& bit : bits) bit = static_cast<std::uint8_t>(generator()() % 2);
  bits.back() = 255;  // no bit at all: a prover that cheats
  std::vector<std::uint16_t> digits((k.v_digits + k.g_digits) * size + 5);
  for (std::uint16_t& digit : digits) {
    const std::uint64_t x = generator()();
    digit = x % 4 == 0 ? largest : x % 4 == 1 ? 0 : static_cast<std::uint16_t>(x >> 20 & largest);
  }
  const IntHandle bit_data = backend.borrow(IntType::kU8, bits.data(), bits.size());
  const IntHandle digit_data = backend.borrow(IntType::kU16, digits.data(), digits.size());
  ZkReluSum sum;
  sum.features = k.features, sum.length = length, sum.digit_bits = k.digit_bits;
  sum.m = {bit_data, 3, k.features, length, length};
  for (unsigned i = 0; i < k.v_digits; ++i) sum.v.push_back({digit_data, 5 + i * size, k.features, length, length});
  for (unsigned i = 0; i < k.g_digits; ++i) {
    sum.g.push_back({digit_data, 5 + (k.v_digits + i) * size, k.features, length, length});
  }
  if (k.g_digits > 0) sum.g_offset = std::int64_t{1} << (k.digit_bits * k.g_digits - 1);

  NaiveZkRelu naive;
  std::vector<Fr> v(size, Fr::zero()), g(size, -Fr::from_i64(sum.g_offset)), m(size);
  for (std::size_t i = 0; i < size; ++i) {
    m[i] = Fr::from_u64(bits[3 + i]);
    for (unsigned d = 0; d < k.v_digits; ++d) v[i] += Fr::pow2(k.digit_bits * d) * Fr::from_u64(digits[5 + d * size + i]);
    for (unsigned d = 0; d < k.g_digits; ++d) {
      g[i] += Fr::pow2(k.digit_bits * d) * Fr::from_u64(digits[5 + (k.v_digits + d) * size + i]);
    }
  }
  naive.m = m;
  for (std::size_t p = 0; p < (k.masks_only ? 1 : 4); ++p) {
    const std::vector<Fr> time = random_vector(length);
    ZkReluSum::Part part{backend.upload(time), nullptr, nullptr, nullptr};
    NaiveZkRelu::Part want{{}, std::vector<Fr>(size, Fr::zero())};
    for (std::size_t i = 0; i < k.features; ++i) want.time.insert(want.time.end(), time.begin(), time.end());
    const auto add = [&](FrHandle& handle, const std::vector<Fr>& value, const Fr& constant) {
      std::vector<Fr> factors = random_vector(k.features);
      for (std::size_t f = p; f < k.features; f += 3) factors[f] = Fr::zero();
      handle = backend.upload(factors);
      for (std::size_t i = 0; i < size; ++i) want.value[i] += factors[i / length] * (value[i] + constant);
    };
    if (!k.masks_only && p != 1) add(part.v, v, Fr::zero());
    if (!k.masks_only && p != 0) add(part.g, g, Fr::zero());
    if (k.masks_only || p >= 2) add(part.m, m, -Fr::one());
    sum.parts.push_back(std::move(part));
    naive.parts.push_back(std::move(want));
  }
  const std::unique_ptr<ZkReluRounds> rounds = backend.zkrelu_rounds(sum);
  Fr r;
  for (unsigned bit = 0; bit < k.time_bits; ++bit) {
    const std::array<Fr, 3> got = rounds->round(bit == 0 ? nullptr : &r);
    EXPECT(got[0] == naive.sum(Fr::zero()));
    EXPECT(got[1] == naive.sum(Fr::from_u64(2)));
    EXPECT(got[2] == naive.sum(Fr::from_u64(3)));
    r = random_fr();
    naive.bind(r);
  }
}

}  // namespace

void check_zkrelu(Backend& backend) {
  for (const std::size_t features : {1, 7, 8, 9, 70}) {
    for (const unsigned time_bits : {0u, 1u, 2u, 3u, 4u, 6u, 7u}) {
      check_zkrelu_case(backend, {features, time_bits, 16, 1, 1, false});
      check_zkrelu_case(backend, {features, time_bits, 16, 1, 0, true});
    }
  }
  check_zkrelu_case(backend, {5, 7, 8, 3, 4, false});
  check_zkrelu_case(backend, {5, 7, 16, 2, 2, false});
  check_zkrelu_case(backend, {261, 6, 16, 2, 1, false});
  check_zkrelu_case(backend, {2100, 6, 8, 2, 1, false});
}

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
