#include "backend/cpu/digit_words_ifma.h"

#include "backend/cpu/digit_lanes.h"
#include "backend/cpu/digit_words.h"

namespace trainproof::ifma {

namespace {

struct WordOps {
  using Word = Vector;
  TRAINPROOF_INLINE static Vector constant(u64 n) { return all(n); }
  TRAINPROOF_INLINE static Vector add(Vector x, Vector y) { return _mm512_add_epi64(x, y); }
  TRAINPROOF_INLINE static Vector subtract(Vector x, Vector y) { return _mm512_sub_epi64(x, y); }
  TRAINPROOF_INLINE static Vector multiply(Vector x, Vector y) { return _mm512_mul_epu32(x, y); }
  TRAINPROOF_INLINE static Vector low(Vector sum, Vector x, Vector y) { return ifma::low(sum, x, y); }
  TRAINPROOF_INLINE static Vector high(Vector sum, Vector x, Vector y) { return ifma::high(sum, x, y); }
  // A negative x is taken as x + 2^52, and so adds y to the upper word.
  TRAINPROOF_INLINE static Vector signed_high(Vector sum, Vector x, Vector y) {
    Vector out = ifma::high(sum, x, y);
    out = _mm512_mask_sub_epi64(out, _mm512_movepi64_mask(x), out, y);
    return _mm512_mask_sub_epi64(out, _mm512_movepi64_mask(y), out, x);
  }
  TRAINPROOF_INLINE static Vector carry(Vector x) { return _mm512_srli_epi64(x, 52); }
};

// Vectors of nodes at a time: their words and weights stay in the first-level cache.
constexpr std::size_t kTile = 16;

// Adds Σ weight·word of kCount words to their columns: lo[0 … 4] and hi[1 … 5].
template <std::size_t kCount>
TRAINPROOF_INLINE void add_words(Vector (*columns)[10], const Vector (*words)[kTile], const Vector (*weights)[5], std::size_t size) {
  Vector sums[kCount][10];
  TRAINPROOF_UNROLL for (std::size_t k = 0; k < kCount; ++k) {
    TRAINPROOF_UNROLL for (int j = 0; j < 10; ++j) sums[k][j] = columns[k][j];
  }
  for (std::size_t i = 0; i < size; ++i) {
    TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) {
      const Vector limb = weights[i][j];
      TRAINPROOF_UNROLL for (std::size_t k = 0; k < kCount; ++k) {
        sums[k][j] = low(sums[k][j], limb, words[k][i]);
        sums[k][5 + j] = high(sums[k][5 + j], limb, words[k][i]);
      }
    }
  }
  TRAINPROOF_UNROLL for (std::size_t k = 0; k < kCount; ++k) {
    TRAINPROOF_UNROLL for (int j = 0; j < 10; ++j) columns[k][j] = sums[k][j];
  }
}

template <class Node, bool kSecond>
TRAINPROOF_INLINE void word_sums(const std::uint16_t* digits, const Fr* low, std::size_t count, Fr (*sums)[8]) {
  constexpr std::size_t kWords = kSecond ? kSecondWords<Node> : kFirstWords<Node>;
  constexpr int kDigits = static_cast<int>(Node::kDigits) * (kSecond ? 4 : 2);
  Vector columns[kWords][10], words[kWords][kTile], weights[kTile][5];
  for (auto& column : columns) {
    for (Vector& x : column) x = _mm512_setzero_si512();
  }
  for (std::size_t begin = 0; begin < count; begin += 8 * kTile) {
    const std::size_t size = count - begin < 8 * kTile ? (count - begin) / 8 : kTile;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t y = begin + 8 * i;
      const Lanes<Fr> weight = load(low + y);
      TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) weights[i][j] = weight.at[j];
      Vector d[kDigits];
      load_digits<kDigits>(digits + kDigits * y, d);
      round_words<Node, kSecond>(d, [&](std::size_t k, Vector word) __attribute__((always_inline)) { words[k][i] = word; });
    }
    for (std::size_t k = 0; k + 2 <= kWords; k += 2) add_words<2>(columns + k, words + k, weights, size);
    if constexpr (kWords % 2 == 1) add_words<1>(columns + kWords - 1, words + kWords - 1, weights, size);
  }
  for (std::size_t k = 0; k < kWords; ++k) {
    Columns<Fr> c;
    TRAINPROOF_UNROLL for (int j = 0; j < 5; ++j) {
      c.lo[j] = columns[k][j];
      c.hi[j + 1] = columns[k][5 + j];
    }
    store(sums[k], 1, c.reduce());
  }
}

}  // namespace

void digit_word_sums(bool parents, bool second, const std::uint16_t* digits, const Fr* low, std::size_t count, Fr (*sums)[8]) {
  if (parents) {
    if (second) return word_sums<ParentNode<WordOps>, true>(digits, low, count, sums);
    return word_sums<ParentNode<WordOps>, false>(digits, low, count, sums);
  }
  if (second) return word_sums<LeafNode<WordOps>, true>(digits, low, count, sums);
  return word_sums<LeafNode<WordOps>, false>(digits, low, count, sums);
}

}  // namespace trainproof::ifma
