#include "backend/conformance.h"
#include "backend/conformance/samples.h"
#include "util/test.h"

namespace trainproof::conformance {

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
    for (unsigned d = 0; d < k.v_digits + k.g_digits; ++d) {
      const Fr digit = Fr::from_u64(digits[5 + d * size + i]);
      if (d < k.v_digits) {
        v[i] += Fr::pow2(k.digit_bits * d) * digit;
      } else {
        g[i] += Fr::pow2(k.digit_bits * (d - k.v_digits)) * digit;
      }
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

}  // namespace trainproof::conformance
