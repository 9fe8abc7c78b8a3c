// The CPU's TrainingWeights: limbs of 16 bits in planes, so that a product reads two bytes a limb and multiplies 32 limbs in an
// instruction. A weight is Σ_p 2^(16p) · limb_p mod 2^64, limbs signed. Planes are cut into strips of 32 columns: limb p of weight (k, j)
// at strip(j / 32, p)[32k + j % 32].
#ifndef TRAINPROOF_BACKEND_CPU_TRAINING_WEIGHTS_H_
#define TRAINPROOF_BACKEND_CPU_TRAINING_WEIGHTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend/cpu/training_matrix.h"
#include "backend/training.h"
#include "util/secret.h"

namespace trainproof {

constexpr std::size_t kStrip = 32;
// Fewer are not worth kernels of their own.
constexpr unsigned kFewestPlanes = 2, kMostPlanes = 4;

class CpuTrainingWeights final : public TrainingWeights {
 public:
  CpuTrainingWeights(HostRows<const std::int64_t> from, std::size_t row_count, std::size_t col_count);

  void download(HostRows<std::int64_t> to) const;
  // All of them as int64, and back.
  CpuTrainingMatrix unpacked() const;
  void assign(const CpuTrainingMatrix& matrix);
  // Makes room for weights of this size.
  void widen(std::uint64_t largest);

  std::size_t strips() const { return (cols + kStrip - 1) / kStrip; }
  unsigned planes() const { return planes_; }
  std::size_t plane_stride() const { return padded_rows_ * kStrip; }
  std::size_t strip_stride() const { return planes_ * plane_stride(); }
  std::int16_t* strip(std::size_t s, unsigned plane = 0) { return limbs_.data() + s * strip_stride() + plane * plane_stride(); }
  const std::int16_t* strip(std::size_t s, unsigned plane = 0) const {
    return limbs_.data() + s * strip_stride() + plane * plane_stride();
  }

  std::uint64_t largest() const { return largest_; }  // max |weight|
  void remember_largest(std::uint64_t largest) { largest_ = largest; }

 private:
  void pack(HostRows<const std::int64_t> from, std::uint64_t largest);

  unsigned planes_ = 0;
  std::size_t padded_rows_;  // even, and rows beyond are zero
  SecretVector<std::int16_t> limbs_;
  std::uint64_t largest_ = 0;
};

// How many planes hold weights of at most this size.
unsigned planes_for(std::uint64_t largest);

inline const CpuTrainingWeights& on_cpu(const TrainingWeights& weights) {
  return static_cast<const CpuTrainingWeights&>(weights);
}
inline CpuTrainingWeights& on_cpu(TrainingWeights& weights) { return static_cast<CpuTrainingWeights&>(weights); }

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_TRAINING_WEIGHTS_H_
