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

  Integers(IntType t, std::size_t size) : type(t) {
    for (std::size_t i = 0; i < size; ++i) values.push_back(draw());
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
                             {3001, 2, 3, 1, 9000},  {9, 128, 256, 0, 2176}, {257, 300, 300, 0, 77000},
                             {2, 8, 8, 100, 50}};

}  // namespace

void check_integer_products(Backend& backend) {
  for (const IntType type : kTypes) {
    for (const Shape& s : kShapes) {
      const Integers integers(type, s.size);
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

struct NaiveZkRelu {
  std::size_t features, length;
  std::vector<Fr> m, v, r, g, h;
  std::array<std::vector<Fr>, kZkReluKinds> weights;  // features × length
  Fr theta, two_r, half_r, two_v, g_offset, gl_scale;

  Fr sum(const Fr& X) const {
    Fr total = Fr::zero();
    const Fr one = Fr::one();
    for (std::size_t i = 0; i < features * length / 2; ++i) {
      const Fr M = line(m, i, X), V = line(v, i, X), R = line(r, i, X);
      const auto w = [&](ZkReluKind kind) { return line(weights[kind], i, X); };
      const Fr z = two_v * (M - one) + V;
      Fr inner = w(kWeightA) * V + theta * w(kWeightEq) * (M - one);
      if (!g.empty()) {
        const Fr G = line(g, i, X) - g_offset, H = line(h, i, X);
        inner += w(kWeightG) * G;
        total += w(kWeightGA) * (two_r * G + H - half_r);
      }
      total += M * inner + w(kWeightZ) * (two_r * z + R - half_r) + w(kWeightGL) * gl_scale * z;
    }
    return total;
  }
  void bind(const Fr& c) {
    for (std::vector<Fr>* column : {&m, &v, &r, &g, &h}) *column = folded(*column, c);
    for (std::vector<Fr>& column : weights) column = folded(column, c);
    length /= 2;
  }
};

void check_zkrelu_shape(Backend& backend, std::size_t features, unsigned time_bits, bool single_layer) {
  const std::size_t length = std::size_t{1} << time_bits, size = features * length;
  NaiveZkRelu naive{features,           length,      random_vector(size), random_vector(size), random_vector(size),
                    {},                 {},          {},                  random_fr(),         random_fr(),
                    random_fr(),        random_fr(), random_fr(),         random_fr()};
  if (!single_layer) naive.g = random_vector(size), naive.h = random_vector(size);
  ZkReluState state;
  state.features = features;
  state.length = length;
  state.m = backend.upload(naive.m);
  state.v = backend.upload(naive.v);
  state.r = backend.upload(naive.r);
  if (!single_layer) state.g = backend.upload(naive.g), state.h = backend.upload(naive.h);
  state.theta = naive.theta, state.two_r = naive.two_r, state.half_r = naive.half_r;
  state.two_v = naive.two_v, state.g_offset = naive.g_offset, state.gl_scale = naive.gl_scale;
  std::vector<std::vector<Fr>> times;
  for (int i = 0; i < 3; ++i) {
    times.push_back(random_vector(length));
    state.times.push_back(backend.upload(times.back()));
  }
  for (std::size_t kind = 0; kind < kZkReluKinds; ++kind) {
    naive.weights[kind].assign(size, Fr::zero());
    if (single_layer && (kind == kWeightA || kind == kWeightG || kind == kWeightGA)) continue;
    for (std::size_t i = 0; i < 1 + kind % 3; ++i) {
      std::vector<Fr> factors = random_vector(features);
      for (std::size_t f = 0; f < features; ++f) {
        if ((f + kind) % 3 == 0) factors[f] = Fr::zero();
      }
      const std::size_t time = (kind + i) % 3;
      state.weights[kind].push_back({time, backend.upload(factors)});
      for (std::size_t j = 0; j < size; ++j) naive.weights[kind][j] += factors[j / length] * times[time][j % length];
    }
  }
  while (naive.length > 1) {
    const std::array<Fr, 3> got = backend.zkrelu_round(state);
    EXPECT(got[0] == naive.sum(Fr::zero()));
    EXPECT(got[1] == naive.sum(Fr::from_u64(2)));
    EXPECT(got[2] == naive.sum(Fr::from_u64(3)));
    const Fr r = random_fr();
    naive.bind(r);
    backend.zkrelu_fold(state, r);
    EXPECT_EQ(state.length, naive.length);
    expect_equal(backend, *state.m, naive.m);
  }
  expect_equal(backend, *state.v, naive.v);
  expect_equal(backend, *state.r, naive.r);
  if (!single_layer) expect_equal(backend, *state.g, naive.g), expect_equal(backend, *state.h, naive.h);
}

}  // namespace

void check_zkrelu(Backend& backend) {
  for (const bool single_layer : {false, true}) {
    for (const std::size_t features : {1, 2, 3, 7, 70}) {
      for (const unsigned time_bits : {0u, 1u, 3u, 4u, 6u, 9u}) {
        if (features > 7 && time_bits > 6) continue;
        check_zkrelu_shape(backend, features, time_bits, single_layer);
      }
    }
  }
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
