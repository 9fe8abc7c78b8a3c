// Tree 1's three lowest levels (PROTOCOL §10) as the digits that they come from: leaves (1, α − d), their parents and grandparents. At
// the headline's size they would be six gigabytes. Sumchecks' first rounds over the two lowest read digits, too
// (digit_rounds.h); grandparents are made for theirs, when the levels above are gone.
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_H_

#include <array>
#include <utility>

#include "backend/cpu/buffers.h"

namespace trainproof {

struct DigitLeaves {
  IntHandle first_data;  // kept alive
  std::span<const std::uint16_t> first;
  SecretVector<std::uint16_t> rest;
  Fr alpha;

  std::size_t size() const { return first.size() + rest.size(); }
  // Blocks of kBlock leaves from a multiple of it on are contiguous, and stretches of blocks of a divisor of it that do not cross
  // from the first digits to the rest.
  static constexpr std::size_t kBlock = 256;
  const std::uint16_t* at(std::size_t leaf) const {
    return leaf < first.size() ? first.data() + leaf : rest.data() + (leaf - first.size());
  }
  std::array<std::pair<std::size_t, std::size_t>, 2> stretches(std::size_t block) const {
    return {{{0, first.size() / block}, {first.size() / block, size() / block}}};
  }
};

// A level's p or q, from whose index up to two bits have been bound. Backend operations other than LogUp's do not take it.
struct DigitBuffer final : FrBuffer {
  enum Part { kLeaves, kParentP, kParentQ, kGrandparentP, kGrandparentQ };
  DigitBuffer(std::shared_ptr<const DigitLeaves> digits, Part which) : leaves(std::move(digits)), part(which) {
    size = leaves->size() >> (which == kLeaves ? 0 : grandparents() ? 2 : 1);
  }
  // With the lowest bit of the nodes' index bound to r.
  DigitBuffer(const DigitBuffer& other, const Fr& r) : DigitBuffer(other) {
    const std::size_t count = std::size_t{1} << bound;
    TRAINPROOF_INVARIANT(2 * count <= weights.size() && !grandparents(), "digits are bound twice at most");
    for (std::size_t j = 0; j < count; ++j) {
      weights[count + j] = weights[j] * r;
      weights[j] -= weights[count + j];
    }
    ++bound;
    size /= 2;
  }

  bool grandparents() const { return part >= kGrandparentP; }

  std::shared_ptr<const DigitLeaves> leaves;
  Part part;
  // Entry i of node y is Σ_j weights[j] · (child i of node 2^bound · y + j).
  unsigned bound = 0;
  std::array<Fr, 4> weights = {Fr::one()};
};

// Null where the leaves are few or not digits of 16 bits.
FrHandle digit_leaves(std::span<const Backend::LeafRows> rows, const Fr& alpha);

// Null for other buffers.
inline const DigitBuffer* as_digits(const FrHandle& handle) { return dynamic_cast<const DigitBuffer*>(handle.get()); }

// The level above q's.
void digit_parents(const DigitBuffer& q, FrHandle& parent_p, FrHandle& parent_q);
// Replaces the grandparents by their entries.
void store_grandparents(FrHandle& p, FrHandle& q);
// All its entries.
std::shared_ptr<CpuFrBuffer> stored(const DigitBuffer& buffer);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_H_
