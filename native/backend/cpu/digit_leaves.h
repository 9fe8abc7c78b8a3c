// Tree 1's two lowest levels (PROTOCOL §10) as the digits that they come from: leaves (1, α − d), and their parents. At the
// headline's size they would be five gigabytes; each is read twice only, in the first round of its sumcheck and by the
// fold after it.
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_H_

#include <array>
#include <optional>
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
  static constexpr std::size_t kBlock = 128;
  const std::uint16_t* at(std::size_t leaf) const {
    return leaf < first.size() ? first.data() + leaf : rest.data() + (leaf - first.size());
  }
  std::array<std::pair<std::size_t, std::size_t>, 2> stretches(std::size_t block) const {
    return {{{0, first.size() / block}, {first.size() / block, size() / block}}};
  }
};

// A level's p or q. Backend operations other than LogUp's do not take it.
struct DigitBuffer final : FrBuffer {
  enum Part { kLeaves, kParentP, kParentQ };
  DigitBuffer(std::shared_ptr<const DigitLeaves> digits, Part which) : leaves(std::move(digits)), part(which) {
    size = which == kLeaves ? leaves->size() : leaves->size() / 2;
  }
  std::shared_ptr<const DigitLeaves> leaves;
  Part part;
};

// Null where the leaves are few or not digits of 16 bits.
FrHandle digit_leaves(std::span<const Backend::LeafRows> rows, const Fr& alpha);

// Null for other buffers.
inline const DigitBuffer* as_digits(const FrHandle& handle) { return dynamic_cast<const DigitBuffer*>(handle.get()); }

void digit_parents(const DigitBuffer& q, FrHandle& parent_p, FrHandle& parent_q);
// As Backend::logup_round, q (and p) being digits, eight nodes at once; nothing where the processor has no instructions for
// that or eq has too few low bits.
std::optional<std::array<Fr, 2>> digit_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                             const Fr& lambda);
// Its entries from `begin` on go to out[0], ….
void entries(const DigitBuffer& buffer, std::size_t begin, std::size_t count, Fr* out);
std::shared_ptr<CpuFrBuffer> stored(const DigitBuffer& buffer);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_LEAVES_H_
