// Activations and gradients as the limbs of 16 bits that limb_tiles.h multiplies by. Entries within 16 bits, as they usually are, stay
// one limb; else Σ_i 2^(10i) · limb_i with limbs in [−512, 512).
#ifndef TRAINPROOF_BACKEND_CPU_LIMB_OPERANDS_H_
#define TRAINPROOF_BACKEND_CPU_LIMB_OPERANDS_H_

#include <cstdint>
#include <vector>

#include "backend/cpu/training_matrix.h"
#include "util/secret.h"

namespace trainproof {

// The right operand of a product with weights: length × samples, in panels of `panel_cols` samples.
// Limb i of (2q + h, panel · panel_cols + c) at (panel · limbs + i) · limb_stride + 2 · (q · panel_cols + c) + h.
struct LimbPanels {
  unsigned limbs = 1;
  std::size_t pairs = 0, panel_cols = 0, panels = 0, limb_stride = 0;
  // Ends of blocks in units of kStrip: Σ_{k in block} |limb_i(k, c)| < 2^16 for all i, c, so that their products with limbs of
  // weights, of at most 2^15, come to less than 2^31.
  std::vector<std::size_t> block_ends;
  UnsetSecretVector<std::int16_t> data;

  const std::int16_t* panel(std::size_t i) const { return data.data() + i * limbs * limb_stride; }
};

// [A_{l−1}, constant]: one row more than the matrix.
LimbPanels forward_inputs(const CpuTrainingMatrix& inputs, std::int64_t constant);
LimbPanels backward_gradients(const CpuTrainingMatrix& gradients);

// Both operands of a product over samples, in pairs of samples (limb_tiles.h's UpdateTile says where each limb lies).
struct UpdateOperands {
  unsigned input_limbs = 1, gradient_limbs = 1;
  std::size_t pairs = 0, input_stride = 0, gradient_stride = 0;  // gradients: of a limb within its strip
  UnsetSecretVector<std::int16_t> inputs, gradients;
};
// With `narrow`, sums are wanted mod 2^32 only. `largest_sum` is at least every Σ_c |inputs(k, c) · gradients(j, c)|.
UpdateOperands update_operands(const CpuTrainingMatrix& inputs, std::int64_t constant, const CpuTrainingMatrix& gradients,
                               bool narrow, Magnitude largest_sum);

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_LIMB_OPERANDS_H_
