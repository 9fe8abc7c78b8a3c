#include "backend/cpu/buffers.h"
#include "backend/cpu/cpu_backend.h"

namespace trainproof {

namespace {

// Σ scalars[i] · points[i] + blinding · H
AffinePoint commit_scalars(std::span<const AffinePoint> points, const AffinePoint& H, std::span<const Fr> scalars,
                           const Fr& blinding) {
  TRAINPROOF_INVARIANT(scalars.size() <= points.size(), "more scalars are committed to than there are generators");
  std::vector<AffinePoint> bases(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(scalars.size()));
  bases.push_back(H);
  SecretVector<Fr> factors(scalars.begin(), scalars.end());
  factors.push_back(blinding);
  return msm(bases, factors).to_affine();
}

}  // namespace

std::vector<AffinePoint> CpuBackend::commit_rows(const IntView& view, std::span<const Fr> blindings) {
  TRAINPROOF_INVARIANT(blindings.size() == view.rows, "commit_rows: a blinding for each row");
  return with_type(view, [&](const auto& typed) {
    return rows_.commit(view.cols, blindings, [&](std::size_t row, std::size_t first, std::span<std::int64_t> out) {
      const auto entries = typed.row(row);
      const std::size_t begin = std::min(first, entries.size());
      const std::size_t stored = std::min(out.size(), entries.size() - begin);
      for (std::size_t i = 0; i < stored; ++i) out[i] = static_cast<std::int64_t>(entries[begin + i]);
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(stored), out.end(), 0);
    });
  });
}

AffinePoint CpuBackend::commit_columns(const FrBuffer& scalars, const Fr& blinding) {
  return commit_scalars(generators_.G(), generators_.H(), {on_cpu(scalars).data(), scalars.size}, blinding);
}

AffinePoint CpuBackend::commit_pads(std::span<const Fr> scalars, const Fr& blinding) {
  return commit_scalars(generators_.P(), generators_.H(), scalars, blinding);
}

}  // namespace trainproof
