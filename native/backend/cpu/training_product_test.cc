#include "backend/cpu/training_product.h"

#include <random>

#include "backend/cpu/training_matrix.h"
#include "backend/training.h"
#include "field/ifma_supported.h"
#include "util/test.h"

namespace trainproof {
namespace {

std::vector<std::int64_t> random_entries(std::size_t count, unsigned bits, std::mt19937_64& rng) {
  std::vector<std::int64_t> entries(count);
  for (std::int64_t& entry : entries) {
    entry = static_cast<std::int64_t>(rng() >> (63 - bits)) - (std::int64_t{1} << bits);
  }
  return entries;
}

struct Size {
  std::size_t rows, cols, length;
};
const std::vector<Size> kSizes = {{1, 1, 1},    {7, 15, 3},  {8, 16, 8},  {9, 17, 9},   {2, 64, 63},
                                  {33, 31, 64}, {31, 5, 65}, {32, 48, 7}, {65, 33, 130}};

// All ways to a product against the plain sum; blocks of `block` entries.
void check(const Size& s, std::size_t block, unsigned left_bits, unsigned right_bits, std::mt19937_64& rng) {
  const std::vector<std::int64_t> a = random_entries(s.rows * s.length, left_bits, rng);
  const std::vector<std::int64_t> b = random_entries(s.cols * s.length, right_bits, rng);
  const auto left = [&](std::size_t k, std::size_t m) { return a[m * s.length + k]; };
  const auto right = [&](std::size_t k, std::size_t n) { return b[k * s.cols + n]; };
  std::vector<std::uint64_t> plain(s.rows * s.cols), sums;
  for (std::size_t m = 0; m < s.rows; ++m) {
    for (std::size_t n = 0; n < s.cols; ++n) {
      for (std::size_t k = 0; k < s.length; ++k) {
        plain[m * s.cols + n] += static_cast<std::uint64_t>(left(k, m)) * static_cast<std::uint64_t>(right(k, n));
      }
    }
  }
  const auto store = [&](std::size_t m, std::size_t first, std::size_t count, const auto* from) {
    for (std::size_t i = 0; i < count; ++i) sums[m * s.cols + first + i] = static_cast<std::uint64_t>(from[i]);
  };
  sums.assign(plain.size(), 1);
  exact_product<std::uint64_t>(s.rows, s.cols, s.length, left, right, store);
  EXPECT(sums == plain);
  sums.assign(plain.size(), 1);
  exact_product<__int128>(s.rows, s.cols, s.length, left, right, store);
  EXPECT(sums == plain);
  if (!ifma::supported()) return;
  BlockEnds blocks;
  for (std::size_t k = block; k < s.length; k += block) blocks.push_back(k);
  blocks.push_back(s.length);
  sums.assign(plain.size(), 1);
  exact_product_ifma(s.rows, s.cols, blocks, left, nullptr, 0, right, store);
  EXPECT(sums == plain);
  sums.assign(plain.size(), 1);
  exact_product_ifma(s.rows, s.cols, blocks, left, a.data(), s.length, right, store);
  EXPECT(sums == plain);
}

TEST(products_of_ragged_sizes_agree_with_the_plain_sum) {
  std::mt19937_64 rng(1);
  for (const Size& size : kSizes) {
    check(size, size.length, 8, 8, rng);
    check(size, 8, 28, 20, rng);   // 8 · 2^48 = 2^51
    check(size, 13, 46, 1, rng);
    check(size, 1, 50, 0, rng);
  }
}

// Entries of one sign, so that sums come close to the bounds that the backend cuts blocks by.
TEST(backend_products_are_exact_at_every_magnitude) {
  const std::unique_ptr<TrainingBackend> backend = make_cpu_training_backend();
  std::mt19937_64 rng(2);
  constexpr std::size_t kInputs = 70, kOutputs = 37, kBatch = 19;
  for (unsigned weight_bits : {4u, 30u, 40u, 47u, 52u, 60u}) {
    for (unsigned input_bits : {1u, 4u, 8u, 16u, 30u}) {
      for (const bool one_sign : {false, true}) {
        auto w = random_entries((kInputs + 1) * kOutputs, weight_bits, rng);
        auto a = random_entries(kInputs * kBatch, input_bits, rng);
        auto g = random_entries(kOutputs * kBatch, input_bits, rng);
        if (one_sign) {
          for (auto* entries : {&w, &a, &g}) {
            for (auto& x : *entries) x = x < 0 ? x : -x - 1;
          }
        }
        const std::int64_t constant = std::int64_t{1} << input_bits;
        const auto weights = backend->upload(HostRows<const std::int64_t>{w.data(), kOutputs}, kInputs + 1, kOutputs);
        const auto inputs = backend->upload(HostRows<const std::int64_t>{a.data(), kBatch}, kInputs, kBatch);
        const auto gradients = backend->upload(HostRows<const std::int64_t>{g.data(), kBatch}, kOutputs, kBatch);
        // Sums take up to this many bits; quotients have room for 32.
        const unsigned sum_bits = weight_bits + input_bits + 8;
        const unsigned shift = std::min(sum_bits > 31 ? sum_bits - 30 : 1, 56u);
        const std::int64_t limit = std::int64_t{1} << 32;
        const Magnitude half = Magnitude{1} << (shift - 1), largest = backend->largest(*weights);

        const auto check_rounded = [&](const RoundedProduct& got, auto sum_at) {
          EXPECT(!got.violation);
          if (got.violation) return;
          const auto &quotient = on_cpu(*got.quotient), &remainder = on_cpu(*got.remainder);
          for (std::size_t m = 0; m < quotient.rows; ++m) {
            for (std::size_t c = 0; c < kBatch; ++c) {
              const __int128 sum = (static_cast<__int128>(quotient.row(m)[c]) << shift) + remainder.row(m)[c] -
                                   static_cast<__int128>(half);
              EXPECT(sum == sum_at(m, c));
            }
          }
        };
        // One product with the caller's usual bound, one that is known to be larger than it need be.
        for (const unsigned slack : {0u, 8u}) {
          if (sum_bits > shift + 32) break;
          const Magnitude column = backend->largest_column_sum(*inputs) + static_cast<Magnitude>(constant);
          check_rounded(backend->forward_product(*weights, *inputs, constant, (column * largest << slack) + half, shift, limit),
                        [&](std::size_t j, std::size_t c) {
                          __int128 sum = static_cast<__int128>(w[kInputs * kOutputs + j]) * constant;
                          for (std::size_t k = 0; k < kInputs; ++k) {
                            sum += static_cast<__int128>(w[k * kOutputs + j]) * a[k * kBatch + c];
                          }
                          return sum;
                        });
          const Magnitude above = backend->largest_column_sum(*gradients);
          check_rounded(backend->backward_product(*weights, *gradients, (above * largest << slack) + half, shift, limit),
                        [&](std::size_t k, std::size_t c) {
                          __int128 sum = 0;
                          for (std::size_t j = 0; j < kOutputs; ++j) {
                            sum += static_cast<__int128>(w[k * kOutputs + j]) * g[j * kBatch + c];
                          }
                          return sum;
                        });
        }
        const std::uint64_t eta = 3;
        const Magnitude input = std::max<Magnitude>(backend->largest(*inputs), static_cast<Magnitude>(constant));
        const Magnitude bound = largest + input * backend->largest(*gradients) * kBatch * eta;
        const auto violation = backend->update_weights(*weights, *inputs, constant, *gradients, eta, bound);
        std::uint64_t next_largest = 0;
        bool fits = true;
        for (std::size_t k = 0; k <= kInputs; ++k) {
          for (std::size_t j = 0; j < kOutputs; ++j) {
            __int128 next = w[k * kOutputs + j];
            for (std::size_t c = 0; c < kBatch; ++c) {
              const std::int64_t factor = k == kInputs ? constant : a[k * kBatch + c];
              next -= static_cast<__int128>(eta) * factor * g[j * kBatch + c];
            }
            if (next >= (static_cast<__int128>(1) << 63) || next <= -(static_cast<__int128>(1) << 63)) {
              fits = false;
              continue;
            }
            const auto got = on_cpu(*weights).row(k)[j];
            EXPECT(violation || got == static_cast<std::int64_t>(next));
            next_largest = std::max(next_largest, absolute(got));
          }
        }
        EXPECT_EQ(violation.has_value(), !fits);
        if (fits) EXPECT_EQ(backend->largest(*weights), next_largest);
      }
    }
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
