// Sums of points over a warp or block by CUB. Not in line: an addition is 3,000 instructions, and these are not the hot ones.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_SUM_POINTS_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_SUM_POINTS_CUH_

#include "backend/cuda/device/curve.cuh"

namespace trainproof::cuda {

struct AddPoints {
  __device__ __noinline__ DevicePoint operator()(const DevicePoint& x, const DevicePoint& y) const { return x + y; }
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_SUM_POINTS_CUH_
