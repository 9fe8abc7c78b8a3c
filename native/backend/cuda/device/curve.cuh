// BN254's group on the device: extended Jacobian coordinates (x, y) = (X/ZZ, Y/ZZZ), ZZ³ = ZZZ²; ZZ = 0 is the identity. A mixed
// addition is 8 products and 2 squares. Formulas of the Explicit-Formulas Database; all are exact for all inputs: equal,
// opposite and identity points included.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_CURVE_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_CURVE_CUH_

#include "backend/cuda/device/field.cuh"

namespace trainproof::cuda {

struct DevicePoint {
  FqD X, Y, ZZ, ZZZ;

  TRAINPROOF_DEVICE static DevicePoint identity() { return {FqD::one(), FqD::one(), FqD::zero(), FqD::zero()}; }
  TRAINPROOF_DEVICE bool is_identity() const { return ZZ.is_zero(); }

  // dbl-2008-s-1. No point of odd order has Y = 0, and ZZ = 0 stays 0.
  TRAINPROOF_DEVICE DevicePoint doubled() const {
    const FqD u = Y.doubled(), v = u.square(), w = u * v, s = X * v, square = X.square();
    const FqD m = square.doubled() + square;
    DevicePoint out;
    out.X = m.square() - s.doubled();
    out.Y = m * (s - out.X) - w * Y;
    out.ZZ = v * ZZ;
    out.ZZZ = w * ZZZ;
    return out;
  }

  // madd-2008-s: this ± p.
  TRAINPROOF_DEVICE void add(const PackedPoint& packed, bool negative) {
    const FqD x = packed.x;
    FqD y = packed.y;
    if (y.is_zero()) return;
    if (negative) y = -y;
    if (is_identity()) {
      X = x, Y = y, ZZ = FqD::one(), ZZZ = FqD::one();
      return;
    }
    const FqD p = x * ZZ - X, r = y * ZZZ - Y;
    if (p.is_zero()) {
      *this = r.is_zero() ? doubled() : identity();
      return;
    }
    const FqD pp = p.square(), ppp = p * pp, q = X * pp;
    X = r.square() - ppp - q.doubled();
    Y = r * (q - X) - Y * ppp;
    ZZ *= pp;
    ZZZ *= ppp;
  }

  // add-2008-s
  TRAINPROOF_DEVICE DevicePoint operator+(const DevicePoint& o) const {
    if (is_identity()) return o;
    if (o.is_identity()) return *this;
    const FqD u1 = X * o.ZZ, s1 = Y * o.ZZZ;
    const FqD p = o.X * ZZ - u1, r = o.Y * ZZZ - s1;
    if (p.is_zero()) return r.is_zero() ? doubled() : identity();
    const FqD pp = p.square(), ppp = p * pp, q = u1 * pp;
    DevicePoint out;
    out.X = r.square() - ppp - q.doubled();
    out.Y = r * (q - out.X) - s1 * ppp;
    out.ZZ = ZZ * o.ZZ * pp;
    out.ZZZ = ZZZ * o.ZZZ * ppp;
    return out;
  }

  // Given 1/ZZZ; (ZZ/ZZZ)² = 1/ZZ.
  TRAINPROOF_DEVICE PackedPoint affine(const FqD& inverse) const {
    return {X * (ZZ * inverse).square(), Y * inverse};
  }
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_CURVE_CUH_
