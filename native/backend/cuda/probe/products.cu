// Not part of any program: chains of field operations whose lengths differ, so that scripts/ci/cudaReport.ts finds the
// instructions of one by subtraction.
#include "backend/cuda/device/curve.cuh"
#include "backend/cuda/device/wide.cuh"

namespace trainproof::cuda {

template <int kLength, class Operation>
TRAINPROOF_DEVICE void chain(Element* out, const Element* a, const Element* b, Operation operation) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  FrD x = a[i];
  const FrD y = b[i];
#pragma unroll
  for (int k = 0; k < kLength; ++k) x = operation(x, y);
  out[i] = x;
}

#define TRAINPROOF_PROBE(name, length, expression)                                                \
  extern "C" __global__ void probe_##name##_##length(Element* out, const Element* a, const Element* b) { \
    chain<length>(out, a, b, [](const FrD& x, const FrD& y) { return expression; });              \
  }
TRAINPROOF_PROBE(product, 1, x* y)
TRAINPROOF_PROBE(product, 5, x* y)
TRAINPROOF_PROBE(sum, 1, x + y)
TRAINPROOF_PROBE(sum, 5, x + y)
TRAINPROOF_PROBE(difference, 1, x - y)
TRAINPROOF_PROBE(difference, 5, x - y)

template <int kLength>
TRAINPROOF_DEVICE void lazy(Element* out, const Element* a) {
  FrProductSum sum;
#pragma unroll
  for (int k = 0; k < kLength; ++k) sum.add(FrD(a[2 * k]), FrD(a[2 * k + 1]));
  *out = sum.reduce();
}
extern "C" __global__ void probe_lazy_1(Element* out, const Element* a) { lazy<1>(out, a); }
extern "C" __global__ void probe_lazy_5(Element* out, const Element* a) { lazy<5>(out, a); }

}  // namespace trainproof::cuda
