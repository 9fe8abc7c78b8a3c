#include "curve/point.h"

#include "util/error.h"

namespace trainproof {

namespace {

// 3, in y² = x³ + 3
constexpr Fq kB = Fq::from_u64(3);

}  // namespace

AffinePoint AffinePoint::generator() { return {Fq::one(), Fq::from_u64(2), false}; }

bool AffinePoint::is_on_curve() const { return infinity || y.square() == x.square() * x + kB; }

bool AffinePoint::read(std::span<const std::uint8_t, 64> bytes, AffinePoint& out) {
  AffinePoint p;
  p.infinity = false;
  // (0, 0), some encodings' identity, is not on the curve.
  if (!Fq::read(bytes.first<32>(), p.x) || !Fq::read(bytes.last<32>(), p.y) || !p.is_on_curve()) return false;
  out = p;
  return true;
}

void AffinePoint::write(std::span<std::uint8_t, 64> out) const {
  TRAINPROOF_INVARIANT(!infinity, "the identity has no encoding");
  x.write(out.first<32>());
  y.write(out.last<32>());
}

std::array<std::uint8_t, 64> AffinePoint::bytes() const {
  std::array<std::uint8_t, 64> out;
  write(out);
  return out;
}

Point::Point(const AffinePoint& p) {
  if (p.infinity) return;
  X = p.x;
  Y = p.y;
  Z = Fq::one();
}

bool Point::operator==(const Point& other) const {
  if (is_identity() || other.is_identity()) return is_identity() == other.is_identity();
  const Fq z = Z.square(), oz = other.Z.square();
  return X * oz == other.X * z && Y * oz * other.Z == other.Y * z * Z;
}

// dbl-2009-l of the Explicit-Formulas Database. No point of odd order has Y = 0, and Z = 0 stays 0.
Point Point::doubled() const {
  const Fq a = X.square(), b = Y.square(), c = b.square();
  const Fq d = ((X + b).square() - a - c).doubled();
  const Fq e = a + a.doubled(), f = e.square();
  const Fq x = f - d.doubled();
  return {x, e * (d - x) - c.doubled().doubled().doubled(), (Y * Z).doubled()};
}

// add-2007-bl
Point Point::add(const Point& o) const {
  if (is_identity()) return o;
  if (o.is_identity()) return *this;
  const Fq z1 = Z.square(), z2 = o.Z.square();
  const Fq u1 = X * z2, u2 = o.X * z1;
  const Fq s1 = Y * o.Z * z2, s2 = o.Y * Z * z1;
  const Fq h = u2 - u1, r = (s2 - s1).doubled();
  if (h.is_zero()) return r.is_zero() ? doubled() : Point();
  const Fq i = h.doubled().square(), j = h * i, v = u1 * i;
  const Fq x = r.square() - j - v.doubled();
  return {x, r * (v - x) - (s1 * j).doubled(), ((Z + o.Z).square() - z1 - z2) * h};
}

// madd-2007-bl
Point Point::add_mixed(const AffinePoint& o) const {
  if (o.infinity) return *this;
  if (is_identity()) return Point(o);
  const Fq zz = Z.square();
  const Fq h = o.x * zz - X, r = (o.y * Z * zz - Y).doubled();
  if (h.is_zero()) return r.is_zero() ? doubled() : Point();
  const Fq hh = h.square(), i = hh.doubled().doubled(), j = h * i, v = X * i;
  const Fq x = r.square() - j - v.doubled();
  return {x, r * (v - x) - (Y * j).doubled(), (Z + h).square() - zz - hh};
}

// Windows of four bits.
Point Point::scale(const Fr& k) const {
  Point multiples[16];
  for (std::size_t i = 1; i < 16; ++i) multiples[i] = multiples[i - 1].add(*this);
  const limbs::U256 integer = k.integer();
  Point out;
  for (std::size_t nibble = 64; nibble-- > 0;) {
    for (int i = 0; i < 4; ++i) out = out.doubled();
    out = out.add(multiples[integer[nibble / 16] >> (4 * (nibble % 16)) & 15]);
  }
  return out;
}

AffinePoint Point::to_affine() const {
  if (is_identity()) return {};
  const Fq inverse = Z.inverse(), square = inverse.square();
  return {X * square, Y * square * inverse, false};
}

std::vector<AffinePoint> batch_to_affine(std::span<const Point> points) {
  std::vector<Fq> inverses(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) inverses[i] = points[i].Z;
  batch_inverse(std::span<Fq>(inverses));
  std::vector<AffinePoint> out(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].is_identity()) continue;
    const Fq square = inverses[i].square();
    out[i] = {points[i].X * square, points[i].Y * square * inverses[i], false};
  }
  return out;
}

}  // namespace trainproof
