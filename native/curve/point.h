// BN254's group G1: y² = x³ + 3 over Fq, of prime order r (PROTOCOL §1).
#ifndef TRAINPROOF_CURVE_POINT_H_
#define TRAINPROOF_CURVE_POINT_H_

#include <span>
#include <vector>

#include "field/field.h"

namespace trainproof {

// Default: the identity.
struct AffinePoint {
  Fq x, y;
  bool infinity = true;

  // (1, 2)
  static AffinePoint generator();

  // x ‖ y, 64 bytes. False, and out unchanged, unless canonical, on the curve and hence not the identity.
  [[nodiscard]] static bool read(std::span<const std::uint8_t, 64> bytes, AffinePoint& out);
  // The identity has no encoding: writing it is a broken invariant.
  void write(std::span<std::uint8_t, 64> out) const;
  std::array<std::uint8_t, 64> bytes() const;

  bool is_on_curve() const;  // the identity is
  bool operator==(const AffinePoint& other) const {
    return infinity == other.infinity && (infinity || (x == other.x && y == other.y));
  }
  AffinePoint operator-() const { return {x, -y, infinity}; }
};

// Jacobian coordinates (X/Z², Y/Z³); Z = 0 is the identity. All operations are exact for all inputs: equal, opposite and
// identity points included.
struct Point {
  Fq X = Fq::one(), Y = Fq::one(), Z;

  Point() = default;  // the identity
  explicit Point(const AffinePoint& p);
  Point(const Fq& x, const Fq& y, const Fq& z) : X(x), Y(y), Z(z) {}

  bool is_identity() const { return Z.is_zero(); }
  bool operator==(const Point& other) const;

  Point add(const Point& other) const;
  Point add_mixed(const AffinePoint& other) const;
  Point doubled() const;
  Point negate() const { return {X, -Y, Z}; }
  // k·this; not for many at once (see msm and commit/).
  Point scale(const Fr& k) const;
  AffinePoint to_affine() const;

  Point operator+(const Point& other) const { return add(other); }
  Point& operator+=(const Point& other) { return *this = add(other); }
  Point& operator+=(const AffinePoint& other) { return *this = add_mixed(other); }
  Point operator-() const { return negate(); }
};

// All with one inversion.
std::vector<AffinePoint> batch_to_affine(std::span<const Point> points);

// Σ scalars[i]·points[i] by Pippenger's buckets, on all threads. Sizes equal; any points and scalars.
Point msm(std::span<const AffinePoint> points, std::span<const Fr> scalars);

}  // namespace trainproof

#endif  // TRAINPROOF_CURVE_POINT_H_
