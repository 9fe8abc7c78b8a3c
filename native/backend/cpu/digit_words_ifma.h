// The integers of digit_words.h for eight nodes at once, and Σ eq·word (field/ifma.h).
#ifndef TRAINPROOF_BACKEND_CPU_DIGIT_WORDS_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_DIGIT_WORDS_IFMA_H_

#include <cstdint>

#include "field/field.h"

namespace trainproof::ifma {

// Nodes that sums may run over at once: more would overflow their columns.
constexpr std::size_t kWordChunk = 4096;

// sums[k][lane] = Σ low[y]·word_k(y) / 2^260 over the lane's y < count, a multiple of 8 and at most kWordChunk, for the words of
// a round over leaves or their parents; `digits` are those of y = 0.
void digit_word_sums(bool parents, bool second, const std::uint16_t* digits, const Fr* low, std::size_t count, Fr (*sums)[8]);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_DIGIT_WORDS_IFMA_H_
