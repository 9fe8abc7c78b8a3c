#include "ledger/ledger.h"

#include "util/error.h"

namespace trainproof {

namespace {

// x + scale · y on term lists with ascending indices.
std::vector<std::pair<std::uint32_t, Fr>> merge(
    std::span<const std::pair<std::uint32_t, Fr>> x,
    std::span<const std::pair<std::uint32_t, Fr>> y, bool negate) {
  std::vector<std::pair<std::uint32_t, Fr>> out;
  out.reserve(x.size() + y.size());
  std::size_t i = 0;
  for (const auto& [index, coefficient] : y) {
    while (i < x.size() && x[i].first < index) out.push_back(x[i++]);
    Fr value = negate ? -coefficient : coefficient;
    if (i < x.size() && x[i].first == index) value += x[i++].second;
    if (!value.is_zero()) out.emplace_back(index, value);
  }
  out.insert(out.end(), x.begin() + static_cast<std::ptrdiff_t>(i), x.end());
  return out;
}

}  // namespace

Affine Affine::hidden(std::uint32_t index) {
  Affine out;
  out.terms_.emplace_back(index, Fr::one());
  return out;
}

Affine& Affine::operator+=(const Affine& other) {
  constant_ += other.constant_;
  terms_ = merge(terms_, other.terms_, false);
  return *this;
}

Affine& Affine::operator-=(const Affine& other) {
  constant_ -= other.constant_;
  terms_ = merge(terms_, other.terms_, true);
  return *this;
}

Affine& Affine::operator*=(const Fr& scale) {
  constant_ *= scale;
  if (scale.is_zero()) terms_.clear();
  for (auto& term : terms_) term.second *= scale;
  return *this;
}

Affine& Affine::operator+=(const Fr& constant) {
  constant_ += constant;
  return *this;
}

Ledger::Ledger(Transcript& transcript, SecretVector<Fr> pads)
    : transcript_(transcript), pads_(std::move(pads)) {
  values_.reserve(pads_.size());
  said_.reserve(pads_.size());
}

std::vector<Affine> Ledger::say(std::string_view label, std::span<const Fr> values) {
  const std::size_t first = said_.size();
  TRAINPROOF_INVARIANT(values.size() <= pads_.size() - first,
                       "more hidden values said than the shape has");
  std::vector<Affine> expressions;
  expressions.reserve(values.size());
  for (const Fr& value : values) {
    const std::size_t index = said_.size();
    said_.push_back(value + pads_[index]);
    values_.push_back(value);
    expressions.push_back(Affine::hidden(static_cast<std::uint32_t>(index)));
  }
  transcript_.absorb_scalars(label, std::span<const Fr>(said_).subspan(first));
  return expressions;
}

Affine Ledger::say(std::string_view label, const Fr& value) {
  return say(label, std::span<const Fr>(&value, 1)).front();
}

Fr Ledger::challenge(std::string_view label) { return transcript_.challenge(label, 1).front(); }

std::vector<Fr> Ledger::challenges(std::string_view label, std::size_t count) {
  return transcript_.challenge(label, count);
}

void Ledger::require_zero(Affine expression) { zeros_.push_back(std::move(expression)); }

void Ledger::require_product(Affine x, Affine y, Affine z) {
  products_.push_back({std::move(x), std::move(y), std::move(z)});
}

Fr Ledger::value(const Affine& expression) const {
  Fr sum = expression.constant();
  for (const auto& [index, coefficient] : expression.terms()) sum += coefficient * values_[index];
  return sum;
}

}  // namespace trainproof
