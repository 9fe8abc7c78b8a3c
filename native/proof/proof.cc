#include "proof/proof.h"

#include <span>

namespace trainproof {

namespace {

class Writer {
 public:
  void point(const AffinePoint& p) {
    const std::size_t at = grow(64);
    p.write(std::span<std::uint8_t, 64>(bytes_.data() + at, 64));
  }
  void points(std::span<const AffinePoint> points) {
    for (const AffinePoint& p : points) point(p);
  }
  void scalar(const Fr& x) {
    const std::size_t at = grow(32);
    x.write(std::span<std::uint8_t, 32>(bytes_.data() + at, 32));
  }
  void scalars(std::span<const Fr> scalars) {
    for (const Fr& x : scalars) scalar(x);
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::size_t grow(std::size_t count) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + count);
    return at;
  }
  std::vector<std::uint8_t> bytes_ = {'T', 'P', 'P', '1'};
};

}  // namespace

std::vector<std::uint8_t> Proof::encode() const {
  Writer out;
  out.points(digits);
  out.points(bits);
  out.points(multiplicities);
  out.point(pads);
  out.scalars(said);
  out.point(sigma.S_u);
  out.point(sigma.S_k);
  out.scalar(sigma.form);
  out.point(sigma.E0);
  out.point(sigma.E1);
  out.scalars(sigma.z_u);
  out.scalars(sigma.z_k);
  out.scalar(sigma.z_rho_u);
  out.scalar(sigma.z_rho_k);
  out.scalar(sigma.z_rho_E);
  return out.take();
}

}  // namespace trainproof
