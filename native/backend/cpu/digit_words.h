// What digits add to a LogUp sumcheck's first two rounds (digit_rounds.h), as small integers: written once, for numbers one by
// one and for eight at once.
//
// A node of the leaves' level has two digits, its children are α − d0 and α − d1. A node of the leaves' parents has four; its
// children are p_i = 2α − s_i, q_i = α² − α·s_i + m_i with the sum s_i and the product m_i of two digits. So a node's bracket
// (backend.h) is a polynomial in α and λ whose coefficients are integers: linear in those of Node::finite. Its leading
// part, what differences of nodes leave of it, is linear in Node::leading.
//
// Numbers are words, two's complement modulo 2^52: the unit that multiplies field elements by them. Ops:
//   add, subtract; multiply(x, y) for 0 ≤ x, y < 2^32, all 64 bits;
//   low(sum, x, y): sum plus the low 52 bits of the product of two words;
//   high(sum, x, y): sum plus ⌊x·y / 2^52⌋ of words 0 ≤ x, y; signed_high: of words of any sign;
//   carry(x): x / 2^52 for unsigned x; constant(n).
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_WORDS_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_WORDS_H_

#include <cstddef>
#include <cstdint>

#include "field/limbs.h"

namespace trainproof {

// Added to words that may be negative.
constexpr unsigned kWordOffsetBits = 51;

template <class Ops>
struct LeafNode {
  using Word = typename Ops::Word;
  static constexpr std::size_t kDigits = 2, kFinite = 2, kLeading = 1;

  Word d[2];

  TRAINPROOF_INLINE explicit LeafNode(const Word* digits) : d{digits[0], digits[1]} {}
  TRAINPROOF_INLINE LeafNode(const LeafNode& x, const LeafNode& y)
      : d{Ops::subtract(x.d[0], y.d[0]), Ops::subtract(x.d[1], y.d[1])} {}

  // d0 + d1, d0·d1
  template <class Out>
  TRAINPROOF_INLINE void finite(Out&& out) const {
    out(0, Ops::add(d[0], d[1]));
    out(1, Ops::multiply(d[0], d[1]));
  }
  // d0·d1 of differences
  template <class Out>
  TRAINPROOF_INLINE void leading(Out&& out) const {
    out(0, Ops::low(offset(), d[0], d[1]));
  }
  // Twice the bilinear form whose square that is: x0·y1 + y0·x1.
  template <class Out>
  TRAINPROOF_INLINE static void cross(const LeafNode& x, const LeafNode& y, Out&& out) {
    out(0, Ops::low(Ops::low(offset(), x.d[0], y.d[1]), y.d[0], x.d[1]));
  }

 private:
  TRAINPROOF_INLINE static Word offset() { return Ops::constant(std::uint64_t{1} << kWordOffsetBits); }
};

template <class Ops>
struct ParentNode {
  using Word = typename Ops::Word;
  static constexpr std::size_t kDigits = 4, kFinite = 5, kLeading = 4;

  Word s[2], m[2];

  TRAINPROOF_INLINE explicit ParentNode(const Word* d)
      : s{Ops::add(d[0], d[1]), Ops::add(d[2], d[3])}, m{Ops::multiply(d[0], d[1]), Ops::multiply(d[2], d[3])} {}
  TRAINPROOF_INLINE ParentNode(const ParentNode& x, const ParentNode& y)
      : s{Ops::subtract(x.s[0], y.s[0]), Ops::subtract(x.s[1], y.s[1])},
        m{Ops::subtract(x.m[0], y.m[0]), Ops::subtract(x.m[1], y.m[1])} {}

  // The four digits' elementary symmetric polynomials e1 … e4: below 2^18, 2^35, 2^50, and 2^64 in two words.
  template <class Out>
  TRAINPROOF_INLINE void finite(Out&& out) const {
    const Word zero = Ops::constant(0);
    out(0, Ops::add(s[0], s[1]));
    out(1, Ops::add(Ops::add(m[0], m[1]), Ops::multiply(s[0], s[1])));
    out(2, Ops::add(Ops::multiply(s[0], m[1]), Ops::multiply(s[1], m[0])));
    out(3, Ops::low(zero, m[0], m[1]));
    out(4, Ops::high(zero, m[0], m[1]));
  }
  // Of differences: A = s0·s1, B = s0·m1 + s1·m0, C = m0·m1, which is two words, the upper one signed. |s_i| < 2^17, |m_i| < 2^32.
  template <class Out>
  TRAINPROOF_INLINE void leading(Out&& out) const {
    const Word zero = Ops::constant(0);
    out(0, Ops::low(offset(), s[0], s[1]));
    out(1, Ops::low(Ops::low(offset(), s[0], m[1]), s[1], m[0]));
    out(2, Ops::low(zero, m[0], m[1]));
    out(3, Ops::signed_high(offset(), m[0], m[1]));
  }
  // As leading, of the bilinear forms' doubles. Of differences, |B| < 4 · 2^17 · 2^32.
  template <class Out>
  TRAINPROOF_INLINE static void cross(const ParentNode& x, const ParentNode& y, Out&& out) {
    out(0, Ops::low(Ops::low(offset(), x.s[0], y.s[1]), y.s[0], x.s[1]));
    const Word half = Ops::low(Ops::low(offset(), x.s[0], y.m[1]), y.s[0], x.m[1]);
    out(1, Ops::low(Ops::low(half, x.s[1], y.m[0]), y.s[1], x.m[0]));
    const Word low = Ops::low(Ops::low(Ops::constant(0), x.m[0], y.m[1]), y.m[0], x.m[1]);
    out(2, low);
    const Word high = Ops::signed_high(Ops::signed_high(offset(), x.m[0], y.m[1]), y.m[0], x.m[1]);
    out(3, Ops::add(high, Ops::carry(low)));
  }

 private:
  TRAINPROOF_INLINE static Word offset() { return Ops::constant(std::uint64_t{1} << kWordOffsetBits); }
};

// The first round, over nodes X = 0 and 1: finite at X = 0, leading of the difference.
template <class Node>
constexpr std::size_t kFirstWords = Node::kFinite + Node::kLeading;
// The second, where the first variable, X1, is to be bound: nodes 2·X2 + X1. Quadratic in X1: at X2 = 0 finite for X1 = 0, for
// X1 = 1, and leading of their difference; of the differences in X2 leading for X1 = 0, for X1 = 1, and cross of both.
template <class Node>
constexpr std::size_t kSecondWords = 2 * Node::kFinite + 4 * Node::kLeading;

// out(k, word) for all words of a round; digits of two nodes, or of four.
template <class Node, bool kSecond, class Word, class Out>
TRAINPROOF_INLINE void round_words(const Word* digits, Out&& out) {
  const auto from = [&](std::size_t first) __attribute__((always_inline)) {
    return [&out, first](std::size_t k, const Word& word) __attribute__((always_inline)) { out(first + k, word); };
  };
  constexpr std::size_t kFinite = Node::kFinite, kLeading = Node::kLeading;
  const Node a(digits), b(digits + Node::kDigits);
  a.finite(from(0));
  if constexpr (!kSecond) {
    Node(b, a).leading(from(kFinite));
  } else {
    b.finite(from(kFinite));
    Node(b, a).leading(from(2 * kFinite));
    const Node x(Node(digits + 2 * Node::kDigits), a), y(Node(digits + 3 * Node::kDigits), b);
    x.leading(from(2 * kFinite + kLeading));
    y.leading(from(2 * kFinite + 2 * kLeading));
    Node::cross(x, y, from(2 * kFinite + 3 * kLeading));
  }
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_WORDS_H_
