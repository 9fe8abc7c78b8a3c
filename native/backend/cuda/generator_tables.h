// Multiples of fixed points on the device: 255 of each, 16,320 bytes.
#ifndef TRAINPROOF_BACKEND_CUDA_GENERATOR_TABLES_H_
#define TRAINPROOF_BACKEND_CUDA_GENERATOR_TABLES_H_

#include <vector>

#include "backend/cuda/buffers.h"
#include "curve/point.h"

namespace trainproof::cuda {

// Made when they are first needed, for as many points as are needed, and kept.
class GeneratorTables {
 public:
  GeneratorTables(DeviceHandle device, std::vector<AffinePoint> points)
      : device_(std::move(device)), points_(std::move(points)) {}

  // d · points[i] at i · 255 + d − 1, for i < count.
  const PackedPoint* multiples(std::size_t count);

 private:
  DeviceHandle device_;
  std::vector<AffinePoint> points_;
  DeviceArray<PackedPoint> multiples_;
};

PackedPoint pack(const AffinePoint& point);
AffinePoint unpack(const PackedPoint& point);

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_GENERATOR_TABLES_H_
