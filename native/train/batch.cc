#include "train/batch.h"

#include <algorithm>

#include "train/ranges.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

// In squares that stay in the cache.
void transpose(std::span<const std::int32_t> batch, std::size_t rows, std::size_t width, std::int32_t* out) {
  constexpr std::size_t kSquare = 32;
  parallel_for(0, (width + kSquare - 1) / kSquare, 1, [&](std::size_t begin, std::size_t end) {
    const std::size_t last = std::min(end * kSquare, width);
    for (std::size_t c0 = 0; c0 < rows; c0 += kSquare) {
      for (std::size_t f = begin * kSquare; f < last; ++f) {
        for (std::size_t c = c0; c < std::min(c0 + kSquare, rows); ++c) out[f * rows + c] = batch[c * width + f];
      }
    }
  });
}

}  // namespace

IntHandle send_batch(const Shape& shape, TrainingBackend& backend, std::span<const std::int32_t> rows) {
  check_batch_length(shape, rows.size());
  const std::size_t width = shape.n[0] + shape.n[shape.L];
  UnsetSecretVector<std::int32_t> columns(width * shape.TB);
  transpose(rows, shape.TB, width, columns.data());
  return backend.own(std::move(columns));
}

}  // namespace trainproof
