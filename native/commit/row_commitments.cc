#include "commit/row_commitments.h"

#include "util/error.h"

namespace trainproof {

namespace {

// Scalars of 254 bits in signed digits; the last takes no carry that it cannot hold.
constexpr unsigned kScalarBits = 255;
constexpr std::size_t windows_of(unsigned bits) { return (kScalarBits + bits - 1) / bits; }

// digits[window · scalars + i]: −2^(bits−1) ≤ digit < 2^(bits−1).
SecretVector<std::int16_t> signed_digits(std::span<const Fr> scalars, unsigned bits) {
  const std::size_t windows = windows_of(bits);
  SecretVector<std::int16_t> digits(windows * scalars.size());
  const int base = 1 << bits;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    limbs::U256 k = scalars[i].integer();
    int carry = 0;
    for (std::size_t w = 0; w < windows; ++w) {
      const std::size_t bit = w * bits, limb = bit / 64, shift = bit % 64;
      std::uint64_t part = k[limb] >> shift;
      if (shift + bits > 64 && limb + 1 < 4) part |= k[limb + 1] << (64 - shift);
      const int digit = (static_cast<int>(part) & (base - 1)) + carry;
      carry = digit >= base / 2;
      digits[w * scalars.size() + i] = static_cast<std::int16_t>(digit - carry * base);
    }
    TRAINPROOF_INVARIANT(carry == 0, "windows hold the scalar");
    wipe(k);
  }
  return digits;
}

}  // namespace

RowCommitter::RowCommitter(const Generators& generators)
    : generators_(generators), columns_(generators.G(), kDigitBits), pads_(generators.P(), kPadBits),
      subsets_(generators.G()), pairs_(generators.G()) {}

void RowCommitter::prepare_blinding() {
  blinding_.resize(kScalarWindows * kMultiples);
  make_multiples(window_bases(generators_.H(), kScalarWindows), kMultiples, blinding_.data());
}

std::vector<AffinePoint> RowCommitter::commit(std::size_t cols, std::span<const Fr> blindings, const RowReader& read) {
  std::call_once(blinding_made_, [this] { prepare_blinding(); });
  columns_.prepare(cols);
  PairTables* const pairs = blindings.size() >= kFewestPairRows ? &pairs_ : nullptr;
  return commit_rows({columns_, &subsets_, pairs, generators_.P()[0], blinding_.data()}, read, cols, blindings);
}

AffinePoint RowCommitter::commit_columns(std::span<const Fr> scalars, const Fr& blinding) {
  return commit_scalars(columns_, generators_.P()[0], scalars, blinding);
}

AffinePoint RowCommitter::commit_pads(std::span<const Fr> scalars, const Fr& blinding) {
  return commit_scalars(pads_, generators_.G()[0], scalars, blinding);
}

// Each digit's place is a row, which has the place's digits of all scalars: Σ_w 2^(bits·w) row_w.
AffinePoint RowCommitter::commit_scalars(ColumnTables& tables, const AffinePoint& offset, std::span<const Fr> scalars,
                                         const Fr& blinding) {
  std::call_once(blinding_made_, [this] { prepare_blinding(); });
  tables.prepare(scalars.size());
  const SecretVector<std::int16_t> digits = signed_digits(scalars, tables.bits());
  SecretVector<Fr> blindings(windows_of(tables.bits()), Fr::zero());
  blindings[0] = blinding;
  const RowReader read = [&](std::size_t row, std::size_t first, std::span<std::int64_t> out) {
    const auto from = digits.begin() + static_cast<std::ptrdiff_t>(row * scalars.size() + first);
    std::copy(from, from + static_cast<std::ptrdiff_t>(out.size()), out.begin());
  };
  const std::vector<AffinePoint> rows =
      commit_rows({tables, nullptr, nullptr, offset, blinding_.data()}, read, scalars.size(), blindings);
  Point sum;
  for (std::size_t w = rows.size(); w-- > 0;) {
    for (unsigned i = 0; i < tables.bits(); ++i) sum = sum.doubled();
    sum += rows[w];
  }
  return sum.to_affine();
}

}  // namespace trainproof
