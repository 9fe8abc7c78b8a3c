// Tiles of training's exact integer products, from limbs of 16 bits: a processor multiplies pairs of them, adds the two products and
// adds that to a sum of 32 bits in one or two instructions (pmaddwd, vpdpwssd), eight or 32 limbs at once.
//   Σ_k left(k) · right(k) = Σ_p Σ_i 2^(16p + 10i) Σ_blocks Σ_{k in block} left_p(k) · right_i(k)   mod 2^64
// with blocks short enough that no sum of 32 bits overflows (limb_operands.h). left are weights (training_weights.h). Twice: with AVX-512,
// entered only where ifma::supported(), and portably, from one template (limb_tiles_template.h).
#ifndef TRAINPROOF_BACKEND_CPU_LIMB_TILES_H_
#define TRAINPROOF_BACKEND_CPU_LIMB_TILES_H_

#include <cstddef>
#include <cstdint>

namespace trainproof {

// Right operands that need more than one limb are cut into limbs of so many bits.
constexpr unsigned kRightLimbBits = 10;

constexpr std::size_t kForwardCols = 8;      // samples in a forward tile, by kStrip outputs
constexpr std::size_t kBackwardRows = 6;     // inputs in a backward tile
constexpr std::size_t kBackwardCols = 64;    // samples in a backward tile at most, a multiple of kBackwardLanes
constexpr std::size_t kBackwardLanes = 16;
constexpr std::size_t kUpdateRows = 8;       // inputs in an update's tile, by kStrip outputs
constexpr std::size_t kUpdateBlock = 1024;   // samples after which an update's sums go to 64 bits

// How many times 32 of k's values each block of the common index has: [0, ends[0]), [ends[0], ends[1]), …
struct LimbBlocks {
  const std::size_t* ends;
  std::size_t count;
};

// sums[c · kStrip + j] = Σ_k weights(k, j) · inputs(k, c) for a strip of outputs j and kForwardCols samples c.
struct ForwardTile {
  const std::int16_t* weights;  // the strip's first plane
  std::size_t plane_stride;
  unsigned planes;
  const std::int16_t* inputs;  // limb i of (2q + h, c) at i · limb_stride + 2 · (q · kForwardCols + c) + h
  std::size_t limb_stride;
  unsigned limbs;
  std::size_t pairs;  // q < pairs: half of the length
  LimbBlocks blocks;
};

// sums[r · cols + c] = Σ_j weights(first + r, j) · gradients(j, c) for r < kBackwardRows and cols samples.
struct BackwardTile {
  const std::int16_t* weights;  // row `first` of the first strip's first plane
  std::size_t plane_stride, strip_stride;
  unsigned planes;
  const std::int16_t* gradients;  // limb i of (2q + h, c) at i · limb_stride + 2 · (q · cols + c) + h
  std::size_t limb_stride;
  unsigned limbs;
  std::size_t cols;  // a multiple of kBackwardLanes, ≤ kBackwardCols
  LimbBlocks blocks;
};

// weights(k, j) −= eta · Σ_c inputs(k, c) · gradients(j, c) for `rows` ≤ kUpdateRows inputs and a strip of outputs. Returns the
// largest |weight| after it. With two planes all of it is mod 2^32.
struct UpdateTile {
  std::int16_t* weights;  // row k of the strip's first plane
  std::size_t plane_stride;
  unsigned planes;
  std::size_t rows;
  const std::int16_t* inputs;  // limb i of (k, c) at i · input_stride + k · 2 · pairs + c; kUpdateRows of them may be read
  std::size_t input_stride;
  unsigned input_limbs;
  const std::int16_t* gradients;  // limb i of (j, 2q + h) at i · gradient_stride + 2 · (q · kStrip + j) + h
  std::size_t gradient_stride;
  unsigned gradient_limbs;
  std::size_t pairs;  // q < pairs: half of the batch
  std::uint64_t eta;
};

void forward_tile(const ForwardTile& tile, std::int64_t* sums);
void backward_tile(const BackwardTile& tile, std::int64_t* sums);
std::uint64_t update_tile(const UpdateTile& tile);

namespace ifma {

void forward_tile(const ForwardTile& tile, std::int64_t* sums);
void backward_tile(const BackwardTile& tile, std::int64_t* sums);
std::uint64_t update_tile(const UpdateTile& tile);

}  // namespace ifma

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_LIMB_TILES_H_
