#include "backend/cpu/buffers.h"
#include "backend/cpu/cpu_backend.h"

namespace trainproof {

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
  return rows_.commit_columns({on_cpu(scalars).data(), scalars.size}, blinding);
}

AffinePoint CpuBackend::commit_pads(std::span<const Fr> scalars, const Fr& blinding) {
  return rows_.commit_pads(scalars, blinding);
}

}  // namespace trainproof
