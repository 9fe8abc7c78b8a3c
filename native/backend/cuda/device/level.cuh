// A LogUp level (PROTOCOL §10): entry 2x + i is child i of node x; beyond size it is (0, 1). A round binds bit 1 of the index.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_LEVEL_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_LEVEL_CUH_

#include "backend/cuda/device/field.cuh"

namespace trainproof::cuda {

struct DeviceLevel {
  const Element* p;  // null: ones below size
  const Element* q;
  std::size_t size;

  TRAINPROOF_DEVICE FrD p_at(std::size_t i) const {
    if (i >= size) return FrD::zero();
    return p ? FrD(p[i]) : FrD::one();
  }
  TRAINPROOF_DEVICE FrD q_at(std::size_t i) const { return i < size ? FrD(q[i]) : FrD::one(); }

  // new[2y + i] = old[4y + i] + r · (old[4y + 2 + i] − old[4y + i]), at index 2y + i
  TRAINPROOF_DEVICE FrD folded_p(std::size_t index, const FrD& r) const {
    const std::size_t i = index / 2 * 4 + index % 2;
    if (!p && i + 2 < size) return FrD::one();
    const FrD even = p_at(i);
    return even + r * (p_at(i + 2) - even);
  }
  TRAINPROOF_DEVICE FrD folded_q(std::size_t index, const FrD& r) const {
    const std::size_t i = index / 2 * 4 + index % 2;
    const FrD even = q_at(i);
    return even + r * (q_at(i + 2) - even);
  }
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_LEVEL_CUH_
