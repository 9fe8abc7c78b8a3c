// The tiles of limb_tiles.h for any vector type. Included by two units that are compiled for different processors: what is
// here has internal linkage by its parameter, a type of the unit's unnamed namespace.
//   V::Ints: kLanes sums of 32 bits, or as many pairs of limbs; zero(), load(p), broadcast(p) of one pair,
//   dot(sum, a, b): each lane's sum plus its pairs' two products, mod 2^32;
//   interleave(a, b, x, y): the pairs (a_i, b_i) of two loads in some order, which in_order(x, y) undoes for sums of such lanes;
//   add_shifted(to, x, shift): to[i] += 2^shift · x_i, for to of 32 or 64 bits.
//   kForward, kBackward, kUpdate: rows (or samples) and vectors whose sums stay in registers.
#ifndef TRAINPROOF_BACKEND_CPU_LIMB_TILES_TEMPLATE_H_
#define TRAINPROOF_BACKEND_CPU_LIMB_TILES_TEMPLATE_H_

#include "backend/cpu/limb_tiles.h"

#define TRAINPROOF_LIMB_INLINE inline __attribute__((always_inline))
#define TRAINPROOF_LIMB_UNROLL _Pragma("GCC unroll 16")

namespace trainproof {

// A strip's columns and the length of a block's unit; training_weights.h's.
constexpr std::size_t kLimbStrip = 32, kStripPairs = kLimbStrip / 2;

template <class V>
struct LimbTiles {
  using Ints = typename V::Ints;
  static constexpr std::size_t kLanes = V::kLanes;

  // Samples c, …, c + kCols − 1 and outputs j, …, j + kVectors · kLanes − 1 of one block.
  static TRAINPROOF_LIMB_INLINE void forward_block(const std::int16_t* weights, const std::int16_t* inputs,
                                                   std::size_t first, std::size_t last, unsigned shift,
                                                   std::int64_t* sums) {
    constexpr std::size_t kCols = V::kForwardCols, kVectors = V::kForwardVectors;
    Ints acc[kCols][kVectors];
    TRAINPROOF_LIMB_UNROLL for (std::size_t c = 0; c < kCols; ++c) {
      TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) acc[c][v] = V::zero();
    }
    for (std::size_t q = first; q < last; ++q) {
      const std::int16_t* row = weights + 2 * q * kLimbStrip;
      Ints pairs[kVectors];
      TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; v += 2) {
        V::interleave(V::load(row + v * kLanes), V::load(row + kLimbStrip + v * kLanes), pairs[v], pairs[v + 1]);
      }
      TRAINPROOF_LIMB_UNROLL for (std::size_t c = 0; c < kCols; ++c) {
        const Ints factor = V::broadcast(inputs + 2 * (q * kForwardCols + c));
        TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) acc[c][v] = V::dot(acc[c][v], factor, pairs[v]);
      }
    }
    TRAINPROOF_LIMB_UNROLL for (std::size_t c = 0; c < kCols; ++c) {
      TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; v += 2) {
        V::in_order(acc[c][v], acc[c][v + 1]);
        V::add_shifted(sums + c * kLimbStrip + v * kLanes, acc[c][v], shift);
        V::add_shifted(sums + c * kLimbStrip + (v + 1) * kLanes, acc[c][v + 1], shift);
      }
    }
  }

  static TRAINPROOF_LIMB_INLINE void forward(const ForwardTile& t, std::int64_t* sums) {
    for (std::size_t i = 0; i < kForwardCols * kLimbStrip; ++i) sums[i] = 0;
    for (unsigned p = 0; p < t.planes; ++p) {
      for (unsigned i = 0; i < t.limbs; ++i) {
        const unsigned shift = 16 * p + kRightLimbBits * i;
        if (shift >= 64) break;
        for (std::size_t block = 0, q = 0; block < t.blocks.count; ++block) {
          const std::size_t end = t.blocks.ends[block] * kStripPairs, last = end < t.pairs ? end : t.pairs;
          for (std::size_t c = 0; c < kForwardCols; c += V::kForwardCols) {
            for (std::size_t j = 0; j < kLimbStrip; j += V::kForwardVectors * kLanes) {
              forward_block(t.weights + p * t.plane_stride + j, t.inputs + i * t.limb_stride + 2 * c, q, last, shift,
                            sums + c * kLimbStrip + j);
            }
          }
          q = last;
        }
      }
    }
  }

  // Rows r, …, r + kRows − 1 and samples c, …, c + kVectors · kLanes − 1 of one block of strips.
  template <std::size_t kVectors>
  static TRAINPROOF_LIMB_INLINE void backward_block(const BackwardTile& t, const std::int16_t* weights,
                                                    const std::int16_t* gradients, std::size_t first, std::size_t last,
                                                    unsigned shift, std::int64_t* sums) {
    constexpr std::size_t kRows = V::kBackwardRows;
    Ints acc[kRows][kVectors];
    TRAINPROOF_LIMB_UNROLL for (std::size_t r = 0; r < kRows; ++r) {
      TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) acc[r][v] = V::zero();
    }
    for (std::size_t s = first; s < last; ++s) {
      // The next tile's rows: in each strip it reads a few lines far from those before it, which no processor foresees.
      TRAINPROOF_LIMB_UNROLL for (std::size_t r = 0; r < kRows; ++r) {
        __builtin_prefetch(weights + s * t.strip_stride + (kBackwardRows + r) * kLimbStrip);
      }
      const std::int16_t *row = weights + s * t.strip_stride, *from = gradients + 2 * s * kStripPairs * t.cols;
      for (std::size_t q = 0; q < kStripPairs; ++q, row += 2, from += 2 * t.cols) {
        Ints pairs[kVectors];
        TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) pairs[v] = V::load(from + 2 * v * kLanes);
        TRAINPROOF_LIMB_UNROLL for (std::size_t r = 0; r < kRows; ++r) {
          const Ints factor = V::broadcast(row + r * kLimbStrip);
          TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) acc[r][v] = V::dot(acc[r][v], factor, pairs[v]);
        }
      }
    }
    TRAINPROOF_LIMB_UNROLL for (std::size_t r = 0; r < kRows; ++r) {
      TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
        V::add_shifted(sums + r * t.cols + v * kLanes, acc[r][v], shift);
      }
    }
  }

  static TRAINPROOF_LIMB_INLINE void backward(const BackwardTile& t, std::int64_t* sums) {
    static_assert(kBackwardRows % V::kBackwardRows == 0 && kBackwardLanes % kLanes == 0);
    constexpr std::size_t kVectors = V::kBackwardVectors, kFewest = kBackwardLanes / kLanes;
    for (std::size_t i = 0; i < kBackwardRows * t.cols; ++i) sums[i] = 0;
    for (unsigned p = 0; p < t.planes; ++p) {
      for (unsigned i = 0; i < t.limbs; ++i) {
        const unsigned shift = 16 * p + kRightLimbBits * i;
        if (shift >= 64) break;
        const std::int16_t *weights = t.weights + p * t.plane_stride, *gradients = t.gradients + i * t.limb_stride;
        for (std::size_t block = 0, s = 0; block < t.blocks.count; s = t.blocks.ends[block++]) {
          const std::size_t last = t.blocks.ends[block];
          for (std::size_t r = 0; r < kBackwardRows; r += V::kBackwardRows) {
            std::size_t c = 0;
            for (; c + kVectors * kLanes <= t.cols; c += kVectors * kLanes) {
              backward_block<kVectors>(t, weights + r * kLimbStrip, gradients + 2 * c, s, last, shift, sums + r * t.cols + c);
            }
            for (; c < t.cols; c += kFewest * kLanes) {
              backward_block<kFewest>(t, weights + r * kLimbStrip, gradients + 2 * c, s, last, shift, sums + r * t.cols + c);
            }
          }
        }
      }
    }
  }

  // Word: std::int32_t with two planes, else std::int64_t.
  template <class Word>
  static TRAINPROOF_LIMB_INLINE void update_sums(const UpdateTile& t, Word* sums) {
    constexpr std::size_t kRows = V::kUpdateRows, kVectors = V::kUpdateVectors;
    for (std::size_t i = 0; i < kUpdateRows * kLimbStrip; ++i) sums[i] = 0;
    // Sums mod 2^32 need no blocks.
    const std::size_t block = sizeof(Word) == 4 ? t.pairs : kUpdateBlock / 2;
    for (unsigned a = 0; a < t.input_limbs; ++a) {
      for (unsigned g = 0; g < t.gradient_limbs; ++g) {
        const unsigned shift = kRightLimbBits * (a + g);
        if (shift >= 8 * sizeof(Word)) break;
        for (std::size_t first = 0; first < t.pairs; first += block) {
          const std::size_t last = first + block < t.pairs ? first + block : t.pairs;
          for (std::size_t r = 0; r < kUpdateRows; r += kRows) {
            const std::int16_t* inputs = t.inputs + a * t.input_stride + r * 2 * t.pairs;
            for (std::size_t j = 0; j < kLimbStrip; j += kVectors * kLanes) {
              const std::int16_t* gradients = t.gradients + g * t.gradient_stride + 2 * j;
              Ints acc[kRows][kVectors];
              TRAINPROOF_LIMB_UNROLL for (std::size_t m = 0; m < kRows; ++m) {
                TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) acc[m][v] = V::zero();
              }
              for (std::size_t q = first; q < last; ++q) {
                Ints pairs[kVectors];
                TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
                  pairs[v] = V::load(gradients + 2 * (q * kLimbStrip + v * kLanes));
                }
                TRAINPROOF_LIMB_UNROLL for (std::size_t m = 0; m < kRows; ++m) {
                  const Ints factor = V::broadcast(inputs + m * 2 * t.pairs + 2 * q);
                  TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
                    acc[m][v] = V::dot(acc[m][v], factor, pairs[v]);
                  }
                }
              }
              TRAINPROOF_LIMB_UNROLL for (std::size_t m = 0; m < kRows; ++m) {
                TRAINPROOF_LIMB_UNROLL for (std::size_t v = 0; v < kVectors; ++v) {
                  V::add_shifted(sums + (r + m) * kLimbStrip + j + v * kLanes, acc[m][v], shift);
                }
              }
            }
          }
        }
      }
    }
  }

  // Word and Signed of one width; the weight is a number of it. One loop over all entries: compilers make vectors of such.
  template <class Word, class Signed, unsigned kPlanes>
  static TRAINPROOF_LIMB_INLINE std::uint64_t update_as(const UpdateTile& t) {
    alignas(64) Signed sums[kUpdateRows * kLimbStrip];
    update_sums<Signed>(t, sums);
    const Word eta = static_cast<Word>(t.eta);
    // Missing planes are the first one again and not looked at.
    std::int16_t *__restrict p0 = t.weights, *__restrict p1 = t.weights + t.plane_stride,
                 *__restrict p2 = t.weights + (kPlanes > 2 ? 2 : 0) * t.plane_stride,
                 *__restrict p3 = t.weights + (kPlanes > 3 ? 3 : 0) * t.plane_stride;
    Word largest = 0;
    const std::size_t count = t.rows * kLimbStrip;
    for (std::size_t i = 0; i < count; ++i) {
      Word x = static_cast<Word>(Signed{p0[i]}) + (static_cast<Word>(Signed{p1[i]}) << 16);
      if constexpr (kPlanes > 2) x += static_cast<Word>(Signed{p2[i]}) << 32;
      if constexpr (kPlanes > 3) x += static_cast<Word>(Signed{p3[i]}) << 48;
      x -= eta * static_cast<Word>(sums[i]);
      const Word sign = static_cast<Word>(static_cast<Signed>(x) >> (8 * sizeof(Word) - 1)), size = (x ^ sign) - sign;
      largest = largest > size ? largest : size;
      // Limbs are signed: those above a negative one have a carry.
      p0[i] = static_cast<std::int16_t>(x);
      p1[i] = static_cast<std::int16_t>((x + 0x8000) >> 16);
      if constexpr (kPlanes > 2) p2[i] = static_cast<std::int16_t>((x + 0x80008000) >> 32);
      if constexpr (kPlanes > 3) p3[i] = static_cast<std::int16_t>((x + 0x800080008000) >> 48);
    }
    return largest;
  }

  static TRAINPROOF_LIMB_INLINE std::uint64_t update(const UpdateTile& t) {
    if (t.planes == 2) return update_as<std::uint32_t, std::int32_t, 2>(t);
    if (t.planes == 3) return update_as<std::uint64_t, std::int64_t, 3>(t);
    return update_as<std::uint64_t, std::int64_t, 4>(t);
  }
};

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_LIMB_TILES_TEMPLATE_H_
