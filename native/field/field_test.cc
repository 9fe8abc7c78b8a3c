#include "field/field.h"

#include <algorithm>
#include <numeric>

#include "field/testing.h"
#include "util/test.h"
#include "util/testing/json.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

using testing::Json;
using Bytes32 = std::array<std::uint8_t, 32>;

template <class F>
F read(const std::vector<std::uint8_t>& bytes) {
  F out;
  EXPECT_EQ(bytes.size(), 32u);
  EXPECT(F::read(std::span<const std::uint8_t, 32>(bytes.data(), 32), out));
  return out;
}

template <class F>
Bytes32 modulus_bytes() {
  Bytes32 out = (-F::one()).bytes();
  out[31] += 1;  // p − 1 is even
  return out;
}

// Elements near 0, p, powers of two and limbs' borders, and random ones.
template <class F>
std::vector<F> samples() {
  std::vector<F> out = {F::zero(), F::one(), -F::one(), F::from_u64(~std::uint64_t{0}), F::from_i64(INT64_MIN)};
  for (unsigned k : {1u, 63u, 64u, 127u, 128u, 191u, 192u, 253u}) {
    out.insert(out.end(), {F::pow2(k), -F::pow2(k), F::pow2(k) - F::one(), F::pow2(k) + F::one()});
  }
  SeededRandom random(7);
  while (out.size() < 60) out.push_back(random.field<F>());
  return out;
}

TEST(arithmetic_agrees_with_the_shared_vectors) {
  const Json vectors = testing::load_vectors("field.json");
  EXPECT(vectors["pairs"].items().size() > 10);
  for (const Json& pair : vectors["pairs"].items()) {
    const Fr a = read<Fr>(pair["a"].bytes()), b = read<Fr>(pair["b"].bytes());
    EXPECT(a + b == read<Fr>(pair["sum"].bytes()));
    EXPECT(a - b == read<Fr>(pair["difference"].bytes()));
    EXPECT(a * b == read<Fr>(pair["product"].bytes()));
    const auto bytes = a.bytes();
    EXPECT(std::ranges::equal(bytes, pair["a"].bytes()));
  }
}

template <class F>
void check_laws() {
  const std::vector<F> all = samples<F>();
  for (const F& a : all) {
    EXPECT(a + F::zero() == a && a * F::one() == a && (a * F::zero()).is_zero());
    EXPECT((a + -a).is_zero() && (a - a).is_zero() && a.doubled() == a + a && a.square() == a * a);
    EXPECT(a.is_zero() ? a.inverse().is_zero() : a * a.inverse() == F::one());
    F back;
    EXPECT(F::read(a.bytes(), back) && back == a);
    EXPECT_EQ(a.is_odd(), (a.bytes()[31] & 1) == 1);
    for (const F& b : all) {
      EXPECT(a + b == b + a && a * b == b * a && a - b == -(b - a) && (a - b) + b == a);
      const F c = all[17];
      EXPECT((a + b) * c == a * c + b * c && (a * b) * c == a * (b * c));
      // Every result is reduced, so that equality of limbs is equality.
      for (const F& x : {a + b, a - b, a * b}) EXPECT(limbs::less(FieldTesting::limbs_of(x), F::kModulus));
    }
  }
}
TEST(laws_of_fr) { check_laws<Fr>(); }
TEST(laws_of_fq) { check_laws<Fq>(); }

template <class F>
void check_portable() {
  for (const F& a : samples<F>()) {
    for (const F& b : samples<F>()) {
      EXPECT(FieldTesting::multiply(a, b) == a * b);
      EXPECT(FieldTesting::add(a, b) == a + b);
      EXPECT(FieldTesting::subtract(a, b) == a - b);
    }
  }
  for (std::uint64_t x : {0ull, 1ull, 2ull, 0xffffull, ~0ull, 1ull << 63}) {
    EXPECT(FieldTesting::from_u64<F>(x) == F::from_u64(x));
  }
}
TEST(portable_code_agrees_with_what_this_processor_runs) {
  check_portable<Fr>();
  check_portable<Fq>();
}

// At compile time only portable code runs.
static_assert(Fr::from_u64(3) * Fr::from_u64(5) - Fr::from_u64(16) == -Fr::one());
static_assert(Fq::from_u64(7).inverse() * Fq::from_u64(7) == Fq::one());

TEST(integers_enter_by_reduction) {
  EXPECT(Fr::from_i64(-5) + Fr::from_u64(5) == Fr::zero());
  EXPECT(Fr::from_i64(INT64_MIN) == -Fr::pow2(63));
  EXPECT(Fr::from_u64(~std::uint64_t{0}) == Fr::pow2(64) - Fr::one());
  const limbs::u128 top = static_cast<limbs::u128>(1) << 127;
  EXPECT(Fr::from_u128(top) == Fr::pow2(127));
  EXPECT(Fr::from_u128(top - 1 + top) == Fr::pow2(128) - Fr::one());
  EXPECT(Fr::from_i128(static_cast<limbs::i128>(top)) == -Fr::pow2(127));
  EXPECT(Fr::from_i128(-7) == -Fr::from_u64(7));
  EXPECT(Fr::pow2(0) == Fr::one() && Fr::pow2(300) == Fr::pow2(150) * Fr::pow2(150));
}

TEST(reading_is_strict) {
  for (const Bytes32& p : {modulus_bytes<Fr>()}) {
    Fr out = Fr::from_u64(77);
    EXPECT(!Fr::read(p, out) && out == Fr::from_u64(77));
    Bytes32 below = p;
    below[31] -= 1;
    EXPECT(Fr::read(below, out) && out == -Fr::one());
    Bytes32 above = p;
    above[31] += 1;
    EXPECT(!Fr::read(above, out));
    above.fill(0xff);
    EXPECT(!Fr::read(above, out));
  }
  Fr scalar;
  Fq coordinate;
  // r < q: r is a coordinate and no scalar.
  EXPECT(!Fr::read(modulus_bytes<Fr>(), scalar) && Fq::read(modulus_bytes<Fr>(), coordinate));
  EXPECT(!Fq::read(modulus_bytes<Fq>(), coordinate));
}

TEST(wide_hashes_are_reduced) {
  std::array<std::uint8_t, 64> wide{};
  wide[63] = 9;
  EXPECT(Fr::from_hash512(wide) == Fr::from_u64(9));
  wide[31] = 2;
  EXPECT(Fr::from_hash512(wide) == Fr::from_u64(9) + Fr::pow2(257));
  wide.fill(0xff);
  EXPECT(Fr::from_hash512(wide) == Fr::pow2(512) - Fr::one());
  EXPECT(Fq::from_hash512(wide) == Fq::pow2(512) - Fq::one());
  // p itself, in the low half.
  wide.fill(0);
  const Bytes32 p = modulus_bytes<Fr>();
  std::copy(p.begin(), p.end(), wide.begin() + 32);
  EXPECT(Fr::from_hash512(wide).is_zero());
}

TEST(powers) {
  const Fr x = samples<Fr>()[40];
  Fr product = Fr::one();
  for (std::uint64_t k = 0; k < 40; ++k) {
    EXPECT(x.power(k) == product);
    product *= x;
  }
  const Fr two = Fr::from_u64(2);
  EXPECT(two.power(~std::uint64_t{0}) * two == two.power(std::uint64_t{1} << 63).square());
  EXPECT(Fr::zero().power(std::uint64_t{0}) == Fr::one());
}

// x^(p−2), and numbers of few bits, whose inverses are done early.
template <class F>
void check_inverses() {
  const limbs::U256& p = F::kModulus;
  std::vector<F> values = samples<F>();
  for (int i = 0; i < 2000; ++i) values.push_back(random_field<F>());
  for (unsigned bit = 0; bit < 254; ++bit) {
    // As they are in memory, too: x·2^256 = 2^bit.
    for (const F& x : {F::pow2(bit), F::pow2(bit) * F::pow2(256).power(limbs::U256{p[0] - 2, p[1], p[2], p[3]})}) {
      values.insert(values.end(), {x, -x, x + F::one()});
    }
  }
  for (const F& x : values) EXPECT(x.inverse() == x.power(limbs::U256{p[0] - 2, p[1], p[2], p[3]}));
  EXPECT(F::zero().inverse().is_zero());
}

TEST(inverses_are_those_of_fermat) {
  check_inverses<Fq>();
  check_inverses<Fr>();
}

TEST(batches_are_inverted_with_zeros_among_them) {
  std::vector<Fq> values = samples<Fq>();
  values.push_back(Fq::zero());
  const std::vector<Fq> before = values;
  batch_inverse(std::span<Fq>(values));
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT(values[i] == before[i].inverse());
  batch_inverse(std::span<Fq>());
  std::vector<Fq> zeros(3);
  batch_inverse(std::span<Fq>(zeros));
  EXPECT(zeros[0].is_zero() && zeros[2].is_zero());
}

TEST(random_elements_differ) {
  SystemRandom system;
  EXPECT(system.field() != system.field());
  EXPECT(random_field<Fq>() != random_field<Fq>());
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
