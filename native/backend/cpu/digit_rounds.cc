#include "backend/cpu/digit_rounds.h"

#include "backend/cpu/digit_leaves_ifma.h"
#include "backend/cpu/digit_words.h"
#include "backend/cpu/digit_words_ifma.h"
#include "backend/cpu/vector_sums.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

struct WordOps {
  using Word = std::uint64_t;
  using Signed = std::int64_t;
  static constexpr Word kMask = (Word{1} << 52) - 1;

  static Word constant(Word n) { return n; }
  static Word add(Word x, Word y) { return x + y; }
  static Word subtract(Word x, Word y) { return x - y; }
  static Word multiply(Word x, Word y) { return x * y; }
  static Word low(Word sum, Word x, Word y) { return sum + ((x * y) & kMask); }
  static Word high(Word sum, Word x, Word y) { return sum + static_cast<Word>(static_cast<limbs::u128>(x) * y >> 52); }
  static Word signed_high(Word sum, Word x, Word y) {
    return sum + static_cast<Word>(static_cast<limbs::i128>(static_cast<Signed>(x)) * static_cast<Signed>(y) >> 52);
  }
  static Word carry(Word x) { return x >> 52; }
};
using Leaf = LeafNode<WordOps>;
using Parent = ParentNode<WordOps>;

template <class Node, bool kSecond>
constexpr std::size_t kWords = kSecond ? kSecondWords<Node> : kFirstWords<Node>;
// Digits of what a round sums over at one y.
template <class Node, bool kSecond>
constexpr std::size_t kGroup = Node::kDigits * (kSecond ? 4 : 2);

// For each word Σ_y eq(y)·word(y), and last Σ_y eq(y).
template <class Node, bool kSecond>
using Totals = std::array<Fr, kWords<Node, kSecond> + 1>;

// Nodes [y, y + count), whose eq are low[0], …, times `high`.
template <class Node, bool kSecond>
void add_totals(const DigitLeaves& leaves, const Fr& high, const Fr* low, std::size_t y, std::size_t count, bool vectors,
                Totals<Node, kSecond>& totals) {
  constexpr std::size_t kCount = kWords<Node, kSecond>, kDigits = kGroup<Node, kSecond>;
  const std::uint16_t* from = leaves.at(kDigits * y);
#ifdef TRAINPROOF_IFMA
  if (vectors) {
    Fr sums[kCount][8];
    ifma::digit_word_sums(std::is_same_v<Node, Parent>, kSecond, from, low, count, sums);
    for (std::size_t k = 0; k < kCount; ++k) totals[k] += high * lane_sum(sums[k]);
  }
#endif
  Fr weights = Fr::zero();
  for (std::size_t i = 0; i < count; ++i) weights += low[i];
  totals[kCount] += high * weights;
  if (vectors) return;
  std::array<FrAccumulator, kCount> sums{};
  for (std::size_t i = 0; i < count; ++i, from += kDigits) {
    const Fr weight = low[i];
    WordOps::Word digits[kDigits];
    for (std::size_t k = 0; k < kDigits; ++k) digits[k] = from[k];
    round_words<Node, kSecond>(digits, [&](std::size_t k, WordOps::Word word) __attribute__((always_inline)) {
      sums[k].add_product(weight, static_cast<WordOps::Signed>(word & WordOps::kMask));
    });
  }
  for (std::size_t k = 0; k < kCount; ++k) totals[k] += high * sums[k].reduce();
}

template <class Node, bool kSecond>
Totals<Node, kSecond> totals_of(const DigitLeaves& leaves, const SplitEq& eq) {
  constexpr std::size_t kCount = kWords<Node, kSecond>;
  const bool vectors = ifma::supported() && eq.low_bits >= kVectorBits;
  Totals<Node, kSecond> totals{};
  for (const auto& [begin, end] : leaves.stretches(8 * kGroup<Node, kSecond>)) {
    const auto part = parallel_sums<kCount + 1>(begin, end, kVectorBlockGrain, [&](std::size_t first, std::size_t last) {
      Totals<Node, kSecond> sums{};
      for (std::size_t y = 8 * first; y < 8 * last;) {
        const std::size_t high = y >> eq.low_bits, low = y - (high << eq.low_bits);
        const std::size_t count = std::min({8 * last - y, (std::size_t{1} << eq.low_bits) - low, ifma::kWordChunk});
        add_totals<Node, kSecond>(leaves, eq.high[high], &eq.low[low], y, count, vectors, sums);
        y += count;
      }
      return sums;
    });
    for (std::size_t k = 0; k <= kCount; ++k) totals[k] += part[k];
  }
  if (vectors) {
    constexpr Fr scale = Fr::pow2(260);
    for (std::size_t k = 0; k < kCount; ++k) totals[k] *= scale;
  }
  return totals;
}

// A node's bracket less its default, and the leading part of it: a constant, and each word's coefficient.
template <class Node>
struct Bracket;

// (α − d0 + λ)(α − d1 + λ) − λ² − 1
template <>
struct Bracket<Leaf> {
  Fr constant, leading_constant;
  std::array<Fr, Leaf::kFinite> finite;
  std::array<Fr, Leaf::kLeading> leading;
  Bracket(const Fr& alpha, const Fr& lambda)
      : constant(alpha * (alpha + lambda.doubled()) - Fr::one()), leading_constant(-Fr::pow2(kWordOffsetBits)),
        finite{-(alpha + lambda), Fr::one()}, leading{Fr::one()} {}
};

// λ·(p0·q1 + p1·q0) + q0·q1 − 1, which is λ·Q'(α) + Q(α) − 1 for Q(α) = Π (α − d_i).
template <>
struct Bracket<Parent> {
  Fr constant, leading_constant;
  std::array<Fr, Parent::kFinite> finite;
  std::array<Fr, Parent::kLeading> leading;
  Bracket(const Fr& alpha, const Fr& lambda) {
    const Fr square = alpha.square(), cube = square * alpha, upper = Fr::pow2(52);
    const Fr e1 = cube + Fr::from_u64(3) * lambda * square, e2 = square + (lambda * alpha).doubled(), e3 = alpha + lambda;
    constant = square.square() + (lambda * cube).doubled().doubled() - Fr::one();
    finite = {-e1, e2, -e3, Fr::one(), upper};
    leading = {e2, -e3, Fr::one(), upper};
    leading_constant = -((e2 - e3 + upper) * Fr::pow2(kWordOffsetBits));
  }
};

// The round's h(0) and coefficient of X² from the totals (digit_words.h); r binds the first bit in the second round.
template <class Node, bool kSecond>
Values round_values(const Totals<Node, kSecond>& totals, const Bracket<Node>& bracket, const Fr& r) {
  constexpr std::size_t kFinite = Node::kFinite, kLeading = Node::kLeading;
  const auto value = [&](std::size_t first, const Fr& constant, const auto& coefficients) {
    Fr sum = constant * totals.back();
    for (std::size_t k = 0; k < coefficients.size(); ++k) sum += coefficients[k] * totals[first + k];
    return sum;
  };
  const auto finite = [&](std::size_t first) { return value(first, bracket.constant, bracket.finite); };
  const auto leading = [&](std::size_t first) { return value(first, bracket.leading_constant, bracket.leading); };
  if constexpr (!kSecond) {
    return {finite(0), leading(kFinite)};
  } else {
    // f(r) = f(0) + r·(f(1) − f(0)) + (r² − r)·f's leading coefficient, or with the cross term.
    const Fr s = Fr::one() - r;
    const std::size_t at = 2 * kFinite;
    return {s * finite(0) + r * finite(kFinite) - r * s * leading(at),
            s * s * leading(at + kLeading) + r * r * leading(at + 2 * kLeading) + r * s * leading(at + 3 * kLeading)};
  }
}

template <class Node>
Values integer_round(const DigitLeaves& leaves, const Fr* fold_by, const SplitEq& eq, const Fr& lambda) {
  const Bracket<Node> bracket(leaves.alpha, lambda);
  if (fold_by) return round_values<Node, true>(totals_of<Node, true>(leaves, eq), bracket, *fold_by);
  return round_values<Node, false>(totals_of<Node, false>(leaves, eq), bracket, Fr::zero());
}

#ifdef TRAINPROOF_IFMA
// The third round: binds both bits and sums up what that gives.
Values vector_third_round(FrHandle& p, FrHandle& q, const DigitBuffer& bound, const Fr& r, const SplitEq& eq, const Fr& lambda) {
  const DigitLeaves& leaves = *bound.leaves;
  const bool parents = p != nullptr;
  const std::array<Fr, 4> at = DigitBuffer(bound, r).weights;
  const std::size_t group = parents ? 32 : 16;
  const auto new_q = uninitialized_buffer(q->size / 2), new_p = parents ? uninitialized_buffer(q->size / 2) : nullptr;
  const bool stream = streams(new_q->data(), new_q->size) && (!parents || streams(new_p->data(), new_p->size));
  const auto sums = [&](const Fr* low, std::size_t y, std::size_t count, const Fr& weights) -> Values {
    ifma::LevelSums level;
    if (parents) {
      ifma::bind_parents(leaves.at(group * y), leaves.alpha, at, low, count, new_p->data() + 4 * y, new_q->data() + 4 * y, stream, level);
    } else {
      ifma::bind_leaves(leaves.at(group * y), leaves.alpha, at, lambda, low, count, new_q->data() + 4 * y, stream, level);
    }
    return bracket_sums(level, lambda, !parents, weights);
  };
  Values total = {Fr::zero(), Fr::zero()};
  for (const auto& [begin, end] : leaves.stretches(8 * group)) {
    const Values part = parallel_sums<2>(begin, end, kVectorBlockGrain, [&](std::size_t first, std::size_t last) {
      return vector_round(eq, first, last, sums);
    });
    for (std::size_t i = 0; i < 2; ++i) total[i] += part[i];
  }
  p = new_p;
  q = new_q;
  return total;
}
#endif

}  // namespace

std::optional<std::array<Fr, 2>> digit_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                             const Fr& lambda) {
  const DigitBuffer digits = *as_digits(q);
  if (digits.grandparents()) {
    TRAINPROOF_INVARIANT(fold_by == nullptr, "grandparents are stored from the first round on");
    store_grandparents(p, q);
    return std::nullopt;
  }
  if (digits.bound == 0) {
    const Values values = p ? integer_round<Parent>(*digits.leaves, fold_by, eq, lambda)
                            : integer_round<Leaf>(*digits.leaves, fold_by, eq, lambda);
    if (fold_by) {
      if (p) p = std::make_shared<DigitBuffer>(*as_digits(p), *fold_by);
      q = std::make_shared<DigitBuffer>(digits, *fold_by);
    }
    return values;
  }
  TRAINPROOF_INVARIANT(fold_by != nullptr, "a level's third round binds the second's bit");
#ifdef TRAINPROOF_IFMA
  if (ifma::supported() && eq.low_bits >= kVectorBits) return vector_third_round(p, q, digits, *fold_by, eq, lambda);
#endif
  if (p) p = stored(DigitBuffer(*as_digits(p), *fold_by));
  q = stored(DigitBuffer(digits, *fold_by));
  return std::nullopt;
}

}  // namespace trainproof
