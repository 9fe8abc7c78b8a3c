#include "train/ranges.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <limits>

#include "statement/wide_integer.h"
#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

// Entries that make a chunk worth a thread.
constexpr std::size_t kGrain = std::size_t{1} << 15;

void check_length(const char* what, std::size_t length, std::size_t expected) {
  if (length == expected) return;
  throw InvalidArgument(std::string("training: ") + what + " has " + std::to_string(length) + " entries; the statement needs " +
                        std::to_string(expected));
}

// What an input weight must lie in, both ends included.
struct WeightRange {
  std::int64_t least, most;

  bool holds(std::int64_t weight) const { return least <= weight && weight <= most; }
};

// Compared as integers of 64 bits; a larger W0 bounds nothing that this prover's numbers could exceed.
WeightRange weight_range(const Statement& s) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  if (WideInteger::from_bytes(s.W0) >= WideInteger::pow2(63)) return {-kLargest, kLargest};
  std::int64_t bound = 0;
  for (unsigned i = 24; i < 32; ++i) bound = bound << 8 | s.W0[i];
  return {-bound, s.start_kind == StartKind::kUndisclosed ? bound - 1 : bound};
}

[[noreturn]] void refuse_weight(unsigned layer, double value, const WeightRange& range) {
  throw OutOfRange("training: an input weight of layer " + std::to_string(layer) + " is about " + power_of_two(value) +
                   ", above W0 = about " + power_of_two(-static_cast<double>(range.least)) + "; raise W0");
}

// Whether every part of [0, count) is good, by all threads. Who looks for the first fault then does so alone.
template <class Good>
bool all_good(std::size_t count, std::size_t grain, Good&& good) {
  std::atomic<bool> all = true;
  parallel_for(0, count, grain, [&](std::size_t begin, std::size_t end) {
    if (!good(begin, end)) all.store(false, std::memory_order_relaxed);
  });
  return all;
}

bool batch_is_good(const Statement& s, const Shape& shape, std::span<const std::int32_t> batch) {
  const std::size_t n0 = shape.n[0], width = n0 + shape.n[shape.L];
  const std::uint64_t size = std::uint64_t{1} << s.b;
  // −offset ≤ x < size − offset, in one comparison.
  const auto outside = [&](const std::int32_t* x, std::size_t count, std::int64_t offset) {
    bool any = false;
    for (std::size_t i = 0; i < count; ++i) any |= static_cast<std::uint64_t>(x[i] + offset) >= size;
    return any;
  };
  return all_good(batch.size() / width, kGrain / width + 1, [&](std::size_t begin, std::size_t end) {
    bool any = false;
    for (std::size_t row = begin; row < end; ++row) {
      any |= outside(batch.data() + row * width, n0, s.x0);
      any |= outside(batch.data() + row * width + n0, width - n0, s.y0);
    }
    return !any;
  });
}

bool weights_are_good(const Shape& shape, std::span<const std::int64_t> weights, const WeightRange& range) {
  for (unsigned l = 1; l <= shape.L; ++l) {
    const std::size_t base = shape.weight_base[l], stride = std::size_t{1} << shape.weight_stride_bits[l], cols = shape.n[l];
    const bool good = all_good(shape.n[l - 1] + 1, kGrain / stride + 1, [&](std::size_t begin, std::size_t end) {
      std::int64_t least = 0, most = 0;
      std::uint64_t padding = 0;
      for (std::size_t k = begin; k < end; ++k) {
        const std::int64_t* row = weights.data() + base + k * stride;
        for (std::size_t j = 0; j < cols; ++j) {
          least = std::min(least, row[j]);
          most = std::max(most, row[j]);
        }
        // What lies after the last row is looked at below.
        const std::size_t row_end = k == shape.n[l - 1] ? cols : stride;
        for (std::size_t j = cols; j < row_end; ++j) padding |= static_cast<std::uint64_t>(row[j]);
      }
      return range.holds(least) && range.holds(most) && padding == 0;
    });
    if (!good) return false;
    const std::size_t matrix_end = shape.weight_address(l, shape.n[l - 1], 0) + cols;
    const std::size_t next = l == shape.L ? weights.size() : shape.weight_base[l + 1];
    for (std::size_t a = matrix_end; a < next; ++a) {
      if (weights[a] != 0) return false;
    }
  }
  return true;
}

}  // namespace

std::string power_of_two(double value) {
  if (value == 0) return "0";
  char text[32];
  std::snprintf(text, sizeof text, "%s2^%.1f", value < 0 ? "-" : "", std::log2(std::fabs(value)));
  return text;
}

void check_batch_length(const Shape& shape, std::size_t length) {
  check_length("the batch", length, shape.TB * (shape.n[0] + shape.n[shape.L]));
}

void check_batch(const Statement& s, const Shape& shape, std::span<const std::int32_t> batch) {
  const std::size_t width = shape.n[0] + shape.n[shape.L];
  check_batch_length(shape, batch.size());
  if (batch_is_good(s, shape, batch)) return;
  const std::int64_t size = std::int64_t{1} << s.b;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::size_t column = i % width;
    const bool feature = column < shape.n[0];
    const std::int64_t offset = feature ? s.x0 : s.y0;
    const std::int64_t shifted = batch[i] + offset;
    if (shifted >= 0 && shifted < size) continue;
    throw OutOfRange("training: " +
                     (feature ? "feature " + std::to_string(column)
                              : "label " + std::to_string(column - shape.n[0])) +
                     " of batch row " + std::to_string(i / width) + " is about " +
                     power_of_two(static_cast<double>(batch[i])) + ", outside [-" + std::to_string(offset) + ", " +
                     std::to_string(size - offset) + "); change " + (feature ? "x0 or fA" : "y0 or sigma") +
                     ", scale the data, or take b = 16");
  }
}

void check_weights_length(const Shape& shape, std::size_t length) {
  check_length("the input weights", length, shape.weight_size);
}

void check_largest_weight(const Statement& statement, unsigned layer, std::uint64_t largest) {
  const WeightRange range = weight_range(statement);
  if (largest > static_cast<std::uint64_t>(range.most)) refuse_weight(layer, static_cast<double>(largest), range);
}

void check_weights(const Statement& s, const Shape& shape, std::span<const std::int64_t> weights) {
  check_weights_length(shape, weights.size());
  const WeightRange range = weight_range(s);
  if (weights_are_good(shape, weights, range)) return;
  std::size_t expected = 0;  // linear address that the next used row starts at
  const auto check_padding = [&](std::size_t begin, std::size_t end) {
    for (std::size_t a = begin; a < end; ++a) {
      if (weights[a] != 0) throw InvalidArgument("training: input weights hold a value between matrices' entries");
    }
  };
  for (unsigned l = 1; l <= shape.L; ++l) {
    for (std::size_t k = 0; k <= shape.n[l - 1]; ++k) {
      const std::size_t row = shape.weight_address(l, k, 0);
      check_padding(expected, row);
      for (std::size_t j = 0; j < shape.n[l]; ++j) {
        const std::int64_t w = weights[row + j];
        if (!range.holds(w)) refuse_weight(l, static_cast<double>(w), range);
      }
      expected = row + shape.n[l];
    }
  }
  check_padding(expected, weights.size());
}

void throw_out_of_range(unsigned layer, std::uint64_t step, const std::string& quantity, double value,
                        const std::string& limit, const std::string& way_out) {
  throw OutOfRange("training: layer " + std::to_string(layer) + ", step " + std::to_string(step) + ": a " + quantity + " of about " +
                   power_of_two(value) + " is outside " + limit + "; " + way_out);
}

}  // namespace trainproof
