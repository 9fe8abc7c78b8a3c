// 1·B, …, 255·B of many points B, affine. A thread a point: 254 additions, then one inversion for all of its multiples.
#include "backend/cuda/device/curve.cuh"
#include "backend/cuda/operations.h"

namespace trainproof::cuda {

namespace {

constexpr unsigned kThreads = 64;

// A multiple before it is affine, and the product of the ZZZ of those before it.
struct Unfinished {
  Element X, Y, ZZ, ZZZ, product;
};

// scratch[(d − 1) · count + i]: neighbouring threads write side by side.
__global__ void __launch_bounds__(kThreads) make_multiples(const PackedPoint* bases, std::size_t count, PackedPoint* out,
                                                           Unfinished* scratch) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i >= count) return;
  const PackedPoint base = bases[i];
  DevicePoint multiple = DevicePoint::identity();
  FqD product = FqD::one();
#pragma unroll 1
  for (unsigned d = 0; d < kMultiples; ++d) {
    multiple.add(base, false);
    scratch[d * count + i] = {multiple.X, multiple.Y, multiple.ZZ, multiple.ZZZ, product};
    product *= multiple.ZZZ;  // never zero: the group's order is a large prime
  }
  FqD inverse = product.inverse();
#pragma unroll 1
  for (unsigned d = kMultiples; d-- > 0;) {
    const Unfinished u = scratch[d * count + i];
    const DevicePoint point{u.X, u.Y, u.ZZ, u.ZZZ};
    out[i * kMultiples + d] = point.affine(inverse * FqD(u.product));
    inverse *= point.ZZZ;
  }
}

}  // namespace

std::size_t multiples_scratch_bytes(std::size_t count) { return count * kMultiples * sizeof(Unfinished); }

void launch_multiples(const PackedPoint* bases, std::size_t count, PackedPoint* out, void* scratch, cudaStream_t stream) {
  if (count == 0) return;
  make_multiples<<<blocks_for(count, kThreads, ~0u), kThreads, 0, stream>>>(bases, count, out, static_cast<Unfinished*>(scratch));
  check_launch("the generator tables' kernel");
}

}  // namespace trainproof::cuda
