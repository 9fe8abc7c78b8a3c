#include "backend/cpu/limb_operands.h"

#include "backend/cpu/limb_tiles.h"
#include "backend/cpu/training_weights.h"

namespace trainproof {
namespace {

constexpr std::uint64_t kOneLimb = 0x7fff;
// A limb of weights is −2^15 at least, and a sum of 32 bits below 2^31.
constexpr std::uint64_t kBlockSum = 0xffff;
// One limb's blocks are worth more limbs when they are shorter than so many strips on average.
constexpr std::size_t kShortBlock = 2;

// Cuts entries into limbs.
class Limbs {
 public:
  explicit Limbs(std::uint64_t largest) : offset_(0) {
    if (largest <= kOneLimb) return;
    while (kRightLimbBits * count_ - 2 < 64 && largest >> (kRightLimbBits * count_ - 2) != 0) ++count_;
    // Digits of x + offset are those of x, each moved into [0, 2^10).
    for (unsigned i = 0; i < count_; ++i) offset_ += std::uint64_t{kHalf} << (kRightLimbBits * i);
  }
  unsigned count() const { return count_; }
  std::int16_t operator()(std::int64_t x, unsigned i) const {
    if (count_ == 1) return static_cast<std::int16_t>(x);
    const std::uint64_t digits = static_cast<std::uint64_t>(x) + offset_;
    return static_cast<std::int16_t>(static_cast<std::int64_t>(digits >> (kRightLimbBits * i) & (2 * kHalf - 1)) - kHalf);
  }

 private:
  static constexpr std::int64_t kHalf = std::int64_t{1} << (kRightLimbBits - 1);
  unsigned count_ = 1;
  std::uint64_t offset_;
};

constexpr std::size_t round_up(std::size_t x, std::size_t unit) { return (x + unit - 1) / unit * unit; }

// Fills panels.data; sums[unit] becomes the largest Σ_{k in unit} |limb_i(k, c)|.
template <class Row>
void fill(LimbPanels& panels, std::size_t length, std::size_t cols, const Limbs& limbs, Row&& row,
          std::vector<std::uint64_t>& sums) {
  panels.limbs = limbs.count();
  panels.limb_stride = 2 * panels.pairs * panels.panel_cols;
  panels.data.resize(panels.panels * panels.limbs * panels.limb_stride);
  const std::size_t units = (panels.pairs + kStrip / 2 - 1) / (kStrip / 2);
  sums.assign(units, 0);
  const std::size_t padded = panels.panels * panels.panel_cols;
  const auto read = [&](std::size_t k, std::int64_t* to) {
    if (k < length) {
      row(k, to);
    } else {
      std::fill_n(to, cols, 0);
    }
  };
  parallel_for(0, units, kTrainingGrain / (kStrip * padded) + 1, [&](std::size_t begin, std::size_t end) {
    SecretVector<std::uint32_t> totals(padded);
    SecretVector<std::int64_t> first(padded), second(padded);
    for (std::size_t unit = begin; unit < end; ++unit) {
      const std::size_t last = std::min((unit + 1) * kStrip / 2, panels.pairs);
      for (unsigned i = 0; i < panels.limbs; ++i) {
        std::fill(totals.begin(), totals.end(), 0);
        for (std::size_t q = unit * kStrip / 2; q < last; ++q) {
          read(2 * q, first.data());
          read(2 * q + 1, second.data());
          for (std::size_t panel = 0; panel < panels.panels; ++panel) {
            std::int16_t* to = panels.data.data() + (panel * panels.limbs + i) * panels.limb_stride + 2 * q * panels.panel_cols;
            const std::size_t c0 = panel * panels.panel_cols;
            for (std::size_t c = 0; c < panels.panel_cols; ++c) {
              const std::int16_t x = limbs(first[c0 + c], i), y = limbs(second[c0 + c], i);
              to[2 * c] = x;
              to[2 * c + 1] = y;
              totals[c0 + c] += static_cast<std::uint32_t>((x < 0 ? -x : x) + (y < 0 ? -y : y));
            }
          }
        }
        for (const std::uint32_t total : totals) sums[unit] = std::max<std::uint64_t>(sums[unit], total);
      }
    }
  });
}

// Blocks as long as can be; none if a unit is too much.
std::vector<std::size_t> cut(const std::vector<std::uint64_t>& sums) {
  std::vector<std::size_t> ends;
  std::uint64_t sum = 0;
  for (std::size_t unit = 0; unit < sums.size(); ++unit) {
    if (sums[unit] > kBlockSum) return {};
    if (sum + sums[unit] > kBlockSum) {
      ends.push_back(unit);
      sum = 0;
    }
    sum += sums[unit];
  }
  ends.push_back(sums.size());
  return ends;
}

template <class Row>
LimbPanels pack(std::size_t length, std::size_t padded_length, std::size_t cols, std::size_t panel_cols,
                std::uint64_t largest, Row&& row) {
  LimbPanels panels;
  panels.pairs = padded_length / 2;
  panels.panel_cols = panel_cols;
  panels.panels = (cols + panel_cols - 1) / panel_cols;
  std::vector<std::uint64_t> sums;
  if (largest <= kOneLimb) {
    fill(panels, length, cols, Limbs(0), row, sums);
    panels.block_ends = cut(sums);
    if (!panels.block_ends.empty() && (panels.block_ends.size() - 1) * kShortBlock <= sums.size()) return panels;
  }
  // 32 limbs of at most 2^9 are no more than 2^14: there are such blocks.
  fill(panels, length, cols, Limbs(std::max(largest, kOneLimb + 1)), row, sums);
  panels.block_ends = cut(sums);
  return panels;
}

}  // namespace

LimbPanels forward_inputs(const CpuTrainingMatrix& inputs, std::int64_t constant) {
  const std::size_t length = inputs.rows + 1;
  const std::uint64_t largest = std::max(inputs.largest(), absolute(constant));
  return pack(length, round_up(length, 2), inputs.cols, kForwardCols, largest, [&](std::size_t k, std::int64_t* to) {
    if (k < inputs.rows) {
      std::copy_n(inputs.row(k), inputs.cols, to);
    } else {
      std::fill_n(to, inputs.cols, constant);
    }
  });
}

LimbPanels backward_gradients(const CpuTrainingMatrix& gradients) {
  const std::size_t panel_cols = std::min(kBackwardCols, round_up(gradients.cols, kBackwardLanes));
  return pack(gradients.rows, round_up(gradients.rows, kStrip), gradients.cols, panel_cols, gradients.largest(),
              [&](std::size_t j, std::int64_t* to) { std::copy_n(gradients.row(j), gradients.cols, to); });
}

UpdateOperands update_operands(const CpuTrainingMatrix& inputs, std::int64_t constant, const CpuTrainingMatrix& gradients,
                               bool narrow, Magnitude largest_sum) {
  const std::uint64_t largest_input = std::max(inputs.largest(), absolute(constant));
  const bool one = narrow || largest_sum < Magnitude{1} << 31;
  const Limbs input_limbs(one ? largest_input : std::max(largest_input, kOneLimb + 1));
  const Limbs gradient_limbs(one ? gradients.largest() : std::max(gradients.largest(), kOneLimb + 1));
  UpdateOperands out;
  out.input_limbs = input_limbs.count();
  out.gradient_limbs = gradient_limbs.count();
  out.pairs = (inputs.cols + 1) / 2;
  const std::size_t row_size = 2 * out.pairs, rows = inputs.rows + 1, strips = (gradients.rows + kStrip - 1) / kStrip;
  out.input_stride = round_up(rows, kUpdateRows) * row_size;
  out.inputs.resize(out.input_limbs * out.input_stride);
  parallel_for(0, rows, kTrainingGrain / row_size + 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      for (unsigned i = 0; i < out.input_limbs; ++i) {
        std::int16_t* to = out.inputs.data() + i * out.input_stride + k * row_size;
        to[row_size - 1] = 0;  // where the batch is odd
        if (k == inputs.rows) {
          std::fill_n(to, inputs.cols, input_limbs(constant, i));
        } else {
          for (std::size_t c = 0; c < inputs.cols; ++c) to[c] = input_limbs(inputs.row(k)[c], i);
        }
      }
    }
  });
  out.gradient_stride = row_size * kStrip;
  out.gradients.resize(strips * out.gradient_limbs * out.gradient_stride);
  parallel_for(0, strips, kTrainingGrain / (row_size * kStrip) + 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      for (unsigned i = 0; i < out.gradient_limbs; ++i) {
        std::int16_t* to = out.gradients.data() + (s * out.gradient_limbs + i) * out.gradient_stride;
        const std::size_t count = std::min(kStrip, gradients.rows - s * kStrip);
        if (count < kStrip || row_size > gradients.cols) std::fill_n(to, out.gradient_stride, 0);
        for (std::size_t j = 0; j < count; ++j) {
          const std::int64_t* row = gradients.row(s * kStrip + j);
          for (std::size_t c = 0; c < gradients.cols; ++c) to[2 * (c / 2 * kStrip + j) + c % 2] = gradient_limbs(row[c], i);
        }
      }
    }
  });
  return out;
}

}  // namespace trainproof
