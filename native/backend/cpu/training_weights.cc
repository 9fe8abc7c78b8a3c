#include "backend/cpu/training_weights.h"

#include <atomic>

#include "backend/cpu/limb_tiles.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

// Limb p of x is the low 16 bits of (x − limbs below it) / 2^(16p): those of x + 2^15 + … + 2^(16p − 1), a carry for each negative limb.
constexpr std::uint64_t kCarries[kMostPlanes] = {0, 0x8000, 0x80008000, 0x800080008000};

std::int16_t limb(std::int64_t x, unsigned plane) {
  return static_cast<std::int16_t>((static_cast<std::uint64_t>(x) + kCarries[plane]) >> (16 * plane));
}

}  // namespace

unsigned planes_for(std::uint64_t largest) {
  for (unsigned planes = kFewestPlanes; planes < kMostPlanes; ++planes) {
    // 2^15 − 1 in each limb.
    if (largest <= (std::uint64_t{0x7fff7fff7fff7fff} >> (64 - 16 * planes))) return planes;
  }
  return kMostPlanes;
}

CpuTrainingWeights::CpuTrainingWeights(HostRows<const std::int64_t> from, std::size_t row_count, std::size_t col_count)
    : padded_rows_((row_count + 1) / 2 * 2) {
  rows = row_count;
  cols = col_count;
  std::atomic<std::uint64_t> largest = 0;
  parallel_for(0, rows, kTrainingGrain / std::max<std::size_t>(cols, 1) + 1, [&](std::size_t begin, std::size_t end) {
    std::uint64_t part = 0;
    for (std::size_t k = begin; k < end; ++k) {
      for (std::size_t j = 0; j < cols; ++j) part = std::max(part, absolute(from.data[k * from.stride + j]));
    }
    raise(largest, part);
  });
  pack(from, largest);
}

void CpuTrainingWeights::pack(HostRows<const std::int64_t> from, std::uint64_t largest) {
  planes_ = planes_for(largest);
  largest_ = largest;
  // A tile of the backward product may read rows beyond the last strip's.
  limbs_.assign(strips() * strip_stride() + kBackwardRows * kStrip, 0);
  parallel_for(0, rows, kTrainingGrain / std::max<std::size_t>(cols, 1) + 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = 0; s < strips(); ++s) {
      const std::size_t first = s * kStrip, count = std::min(kStrip, cols - first);
      for (unsigned p = 0; p < planes_; ++p) {
        std::int16_t* to = strip(s, p);
        for (std::size_t k = begin; k < end; ++k) {
          const std::int64_t* row = from.data + k * from.stride + first;
          for (std::size_t j = 0; j < count; ++j) to[k * kStrip + j] = limb(row[j], p);
        }
      }
    }
  });
}

void CpuTrainingWeights::download(HostRows<std::int64_t> to) const {
  parallel_for(0, rows, kTrainingGrain / std::max<std::size_t>(cols, 1) + 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      for (std::size_t s = 0; s < strips(); ++s) {
        const std::size_t first = s * kStrip, count = std::min(kStrip, cols - first);
        std::int64_t* row = to.data + k * to.stride + first;
        for (std::size_t j = 0; j < count; ++j) {
          std::uint64_t x = 0;
          for (unsigned p = 0; p < planes_; ++p) {
            x += static_cast<std::uint64_t>(std::int64_t{strip(s, p)[k * kStrip + j]}) << (16 * p);
          }
          row[j] = static_cast<std::int64_t>(x);
        }
      }
    }
  });
}

CpuTrainingMatrix CpuTrainingWeights::unpacked() const {
  CpuTrainingMatrix matrix(rows, cols);
  download({matrix.values.data(), cols});
  return matrix;
}

void CpuTrainingWeights::assign(const CpuTrainingMatrix& matrix) {
  pack({matrix.values.data(), matrix.cols}, matrix.largest());
}

void CpuTrainingWeights::widen(std::uint64_t largest) {
  if (planes_for(largest) <= planes_) return;
  const std::uint64_t known = largest_;
  const CpuTrainingMatrix matrix = unpacked();
  pack({matrix.values.data(), cols}, largest);
  largest_ = known;
}

}  // namespace trainproof
