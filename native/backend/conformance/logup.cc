#include "backend/conformance.h"
#include "backend/conformance/samples.h"
#include "util/test.h"

namespace trainproof::conformance {

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

}  // namespace trainproof::conformance
