#include <algorithm>
#include <limits>
#include <random>

#include "backend/cpu/limb_operands.h"
#include "backend/cpu/training_matrix.h"
#include "backend/cpu/training_weights.h"
#include "backend/training.h"
#include "util/test.h"

namespace trainproof {
namespace {

using Entries = std::vector<std::int64_t>;

Entries random_entries(std::size_t count, unsigned bits, std::mt19937_64& rng) {
  Entries entries(count);
  for (std::int64_t& entry : entries) {
    entry = static_cast<std::int64_t>((rng() >> (63 - bits)) - (std::uint64_t{1} << bits));
  }
  return entries;
}

struct Size {
  std::size_t inputs, outputs, batch;
};

constexpr __int128 kTwo63 = static_cast<__int128>(1) << 63;

// A layer's three products, and the sums that they should give in 128 bits.
class Layer {
 public:
  Layer(const Size& size, Entries w, Entries a, Entries g, std::int64_t constant)
      : size_(size), w_(std::move(w)), a_(std::move(a)), g_(std::move(g)), constant_(constant) {
    const auto& [inputs, outputs, batch] = size_;
    weights_ = backend_->upload_weights({w_.data(), outputs}, inputs + 1, outputs);
    inputs_ = backend_->upload(HostRows<const std::int64_t>{a_.data(), batch}, inputs, batch);
    gradients_ = backend_->upload(HostRows<const std::int64_t>{g_.data(), batch}, outputs, batch);
  }

  // With bounds that are 2^slack times what they need be.
  void check_forward(unsigned slack) {
    const Magnitude column = backend_->largest_column_sum(*inputs_) + static_cast<Magnitude>(constant_);
    check_rounded(column << slack, size_.outputs, [&](std::size_t j, std::size_t c) {
      __int128 sum = 0;
      for (std::size_t k = 0; k <= size_.inputs; ++k) sum += static_cast<__int128>(weight(k, j)) * input(k, c);
      return sum;
    }, [&](Magnitude bound, unsigned shift, std::int64_t limit) {
      return backend_->forward_product(*weights_, *inputs_, constant_, bound, shift, limit);
    });
  }

  void check_backward(unsigned slack) {
    check_rounded(backend_->largest_column_sum(*gradients_) << slack, size_.inputs, [&](std::size_t k, std::size_t c) {
      __int128 sum = 0;
      for (std::size_t j = 0; j < size_.outputs; ++j) sum += static_cast<__int128>(weight(k, j)) * g_[j * size_.batch + c];
      return sum;
    }, [&](Magnitude bound, unsigned shift, std::int64_t limit) {
      return backend_->backward_product(*weights_, *gradients_, bound, shift, limit);
    });
  }

  // Returns whether the weights stayed within 64 bits.
  bool check_update(std::uint64_t eta) {
    const Magnitude input = std::max<Magnitude>(backend_->largest(*inputs_), static_cast<Magnitude>(constant_));
    const Magnitude bound =
        backend_->largest(*weights_) + input * backend_->largest(*gradients_) * size_.batch * eta;
    const auto violation = backend_->update_weights(*weights_, *inputs_, constant_, *gradients_, eta, bound);
    bool fits = true;
    std::uint64_t largest = 0;
    for (std::size_t k = 0; k <= size_.inputs; ++k) {
      for (std::size_t j = 0; j < size_.outputs; ++j) {
        __int128 next = weight(k, j);
        for (std::size_t c = 0; c < size_.batch; ++c) {
          next -= static_cast<__int128>(eta) * input_at(k, c) * g_[j * size_.batch + c];
        }
        fits = fits && next < kTwo63 && next > -kTwo63;
        w_[k * size_.outputs + j] = static_cast<std::int64_t>(next);
        largest = std::max(largest, absolute(static_cast<std::int64_t>(next)));
      }
    }
    EXPECT_EQ(violation.has_value(), !fits);
    if (!fits) return false;
    Entries got(w_.size());
    backend_->download(*weights_, {got.data(), size_.outputs});
    EXPECT(got == w_);
    EXPECT_EQ(backend_->largest(*weights_), largest);
    return true;
  }

 private:
  std::int64_t weight(std::size_t k, std::size_t j) const { return w_[k * size_.outputs + j]; }
  std::int64_t input(std::size_t k, std::size_t c) const { return input_at(k, c); }
  std::int64_t input_at(std::size_t k, std::size_t c) const {
    return k == size_.inputs ? constant_ : a_[k * size_.batch + c];
  }

  template <class SumAt, class Product>
  void check_rounded(Magnitude column, std::size_t rows, SumAt&& sum_at, Product&& product) {
    // Quotients have room for 32 bits.
    const Magnitude largest = column * backend_->largest(*weights_);
    unsigned shift = 1;
    while (shift < 56 && largest >> shift >= Magnitude{1} << 31) ++shift;
    if (largest >> shift >= Magnitude{1} << 31) return;
    const Magnitude half = Magnitude{1} << (shift - 1);
    const RoundedProduct got = product(largest + half, shift, std::int64_t{1} << 32);
    EXPECT(!got.violation);
    if (got.violation) return;
    const auto &quotient = on_cpu(*got.quotient), &remainder = on_cpu(*got.remainder);
    EXPECT_EQ(quotient.rows, rows);
    bool equal = true;
    for (std::size_t m = 0; m < rows; ++m) {
      for (std::size_t c = 0; c < size_.batch; ++c) {
        const __int128 sum = (static_cast<__int128>(quotient.row(m)[c]) << shift) + remainder.row(m)[c] -
                             static_cast<__int128>(half);
        equal = equal && sum == sum_at(m, c);
      }
    }
    EXPECT(equal);
  }

  const std::unique_ptr<TrainingBackend> backend_ = make_cpu_training_backend();
  Size size_;
  Entries w_, a_, g_;
  std::int64_t constant_;
  WeightsHandle weights_;
  TrainingHandle inputs_, gradients_;
};

Layer random_layer(const Size& s, unsigned weight_bits, unsigned input_bits, bool one_sign, std::mt19937_64& rng) {
  Entries w = random_entries((s.inputs + 1) * s.outputs, weight_bits, rng);
  Entries a = random_entries(s.inputs * s.batch, input_bits, rng), g = random_entries(s.outputs * s.batch, input_bits, rng);
  // Sums then come close to the bounds that blocks are cut by.
  if (one_sign) {
    for (Entries* entries : {&w, &a, &g}) {
      for (auto& x : *entries) x = x < 0 ? x : -x - 1;
    }
  }
  return {s, std::move(w), std::move(a), std::move(g), std::int64_t{1} << input_bits};
}

TEST(products_of_ragged_sizes_are_exact) {
  std::mt19937_64 rng(1);
  for (const Size& size : std::vector<Size>{{1, 1, 1}, {2, 31, 2}, {5, 32, 8}, {6, 33, 9}, {31, 7, 16}, {32, 64, 17},
                                            {33, 65, 63}, {64, 10, 64}, {63, 96, 65}, {130, 3, 129}, {7, 100, 1}}) {
    for (const unsigned weight_bits : {14u, 30u, 40u}) {
      for (const unsigned input_bits : {7u, 14u, 17u}) {
        Layer layer = random_layer(size, weight_bits, input_bits, false, rng);
        layer.check_forward(0);
        layer.check_backward(0);
        EXPECT(layer.check_update(5));
        // With the weights that the update left.
        layer.check_forward(0);
        layer.check_backward(0);
      }
    }
  }
}

TEST(products_are_exact_at_every_magnitude) {
  std::mt19937_64 rng(2);
  unsigned fitting = 0, leaving = 0;
  for (const unsigned weight_bits : {4u, 14u, 15u, 30u, 31u, 40u, 46u, 47u, 52u, 60u, 62u}) {
    for (const unsigned input_bits : {1u, 4u, 8u, 9u, 14u, 15u, 16u, 22u, 30u}) {
      for (const bool one_sign : {false, true}) {
        Layer layer = random_layer({70, 37, 19}, weight_bits, input_bits, one_sign, rng);
        // One with the caller's usual bound, one that is known to be larger than it need be.
        for (const unsigned slack : {0u, 8u}) {
          layer.check_forward(slack);
          layer.check_backward(slack);
        }
        ++(layer.check_update(3) ? fitting : leaving);
      }
    }
  }
  EXPECT(fitting > 100);
  EXPECT(leaving > 10);
}

// Every limb at an end of its range, in blocks as full as they may be.
TEST(sums_at_the_ends_of_their_ranges_are_exact) {
  for (const std::int64_t weight : {-(std::int64_t{0x8000} + (std::int64_t{0x8000} << 16)), std::int64_t{0x7fff7fff},
                                    std::int64_t{0x7fff7fff} + 1, -(std::int64_t{1} << 47), std::int64_t{0x7fff7fff7fff}}) {
    for (const std::int64_t input : {32767, -32767, -32768, 32768, 65535, 1023, 511, -512, 2047, 2048}) {
      Layer layer({256, 64, 64}, Entries(257 * 64, weight), Entries(256 * 64, input), Entries(64 * 64, input), 512);
      layer.check_forward(0);
      layer.check_backward(0);
      EXPECT(layer.check_update(1));
    }
  }
}

TEST(a_batch_of_more_samples_than_an_updates_block_is_exact) {
  std::mt19937_64 rng(3);
  for (const unsigned weight_bits : {20u, 40u}) {
    for (const bool one_sign : {false, true}) {
      EXPECT(random_layer({3, 5, 4096}, weight_bits, 9, one_sign, rng).check_update(1));
      EXPECT(random_layer({3, 5, 4096}, weight_bits, 16, one_sign, rng).check_update(1));
    }
  }
}

TEST(weights_that_grow_beyond_their_planes_get_more) {
  // 2^31 − 2^15 − 1 is the most that two planes hold.
  Layer layer({1, 1, 1}, {0x7fff7ffe, 5}, {1}, {-1}, 1);
  for (unsigned i = 0; i < 4; ++i) EXPECT(layer.check_update(1));
  EXPECT(layer.check_update(std::uint64_t{1} << 47));
  EXPECT(layer.check_update(std::uint64_t{1} << 62));
  layer.check_forward(0);
}

TEST(planes_hold_what_they_are_said_to_hold) {
  EXPECT_EQ(planes_for(0), 2u);
  EXPECT_EQ(planes_for(0x7fff7fff), 2u);
  EXPECT_EQ(planes_for(0x7fff8000), 3u);
  EXPECT_EQ(planes_for(0x7fff7fff7fff), 3u);
  EXPECT_EQ(planes_for(0x7fff7fff8000), 4u);
  EXPECT_EQ(planes_for(std::uint64_t{1} << 63), 4u);
}

TEST(weights_come_back_as_they_were) {
  std::mt19937_64 rng(4);
  const std::unique_ptr<TrainingBackend> backend = make_cpu_training_backend();
  for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>{1, 1}, {7, 31}, {8, 32}, {33, 65}}) {
    for (const unsigned bits : {1u, 15u, 30u, 31u, 46u, 47u, 63u}) {
      // Rows lie apart in memory, and what is between them stays.
      const std::size_t stride = cols + 3;
      Entries from = random_entries(rows * stride, bits, rng), to(rows * stride, 77), expected(rows * stride, 77);
      from[0] = std::numeric_limits<std::int64_t>::max() >> (63 - bits);
      for (std::size_t k = 0; k < rows; ++k) std::copy_n(from.data() + k * stride, cols, expected.data() + k * stride);
      const WeightsHandle weights = backend->upload_weights({from.data(), stride}, rows, cols);
      backend->download(*weights, {to.data(), stride});
      EXPECT(to == expected);
    }
  }
}

// What the products' exactness rests on.
TEST(no_block_of_limbs_sums_up_to_two_to_the_16) {
  std::mt19937_64 rng(5);
  for (const unsigned bits : {3u, 9u, 12u, 14u, 15u, 20u, 40u, 61u}) {
    constexpr std::size_t kRows = 300, kCols = 70;
    CpuTrainingMatrix m(kRows, kCols);
    const Entries entries = random_entries(m.values.size(), bits, rng);
    std::copy(entries.begin(), entries.end(), m.values.begin());
    const LimbPanels panels = backward_gradients(m);
    EXPECT_EQ(panels.block_ends.back() * kStrip, std::size_t{320});
    for (std::size_t c = 0; c < kCols; ++c) {
      const std::size_t panel = c / panels.panel_cols, col = c % panels.panel_cols;
      for (std::size_t j = 0; j < kRows; ++j) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < panels.limbs; ++i) {
          const std::int64_t limb =
              panels.panel(panel)[i * panels.limb_stride + 2 * (j / 2 * panels.panel_cols + col) + j % 2];
          value += static_cast<std::uint64_t>(limb) << (10 * i);
        }
        EXPECT_EQ(value, static_cast<std::uint64_t>(m.row(j)[c]));
      }
      for (unsigned i = 0; i < panels.limbs; ++i) {
        for (std::size_t block = 0, j = 0; block < panels.block_ends.size(); ++block) {
          std::uint64_t sum = 0;
          for (; j < std::min(kRows, panels.block_ends[block] * kStrip); ++j) {
            sum += absolute(panels.panel(panel)[i * panels.limb_stride + 2 * (j / 2 * panels.panel_cols + col) + j % 2]);
          }
          EXPECT(sum < 1 << 16);
        }
      }
    }
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
