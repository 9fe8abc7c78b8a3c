// A field element as kernels see it: eight 32-bit limbs, least significant first, x·2^256 mod p as PrimeField stores it.
#ifndef TRAINPROOF_BACKEND_CUDA_ELEMENT_H_
#define TRAINPROOF_BACKEND_CUDA_ELEMENT_H_

#include <cstdint>

namespace trainproof::cuda {

// 16 bytes are the widest load.
struct alignas(16) Element {
  std::uint32_t limb[8];
};

// An affine point of the curve; y = 0 is the identity, which is no y of a point of odd order.
struct PackedPoint {
  Element x, y;
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_ELEMENT_H_
