// The exact product of 64 × 1024 by 1024 × 1024 integers, a layer's in training, for any tile kernel.
#ifndef TRAINPROOF_BENCH_ROOF_PRODUCT_H_
#define TRAINPROOF_BENCH_ROOF_PRODUCT_H_

#include <algorithm>

#include "bench/roof.h"
#include "util/error.h"

namespace trainproof::roof {

// Tile: kRows × kColumns sums, kBits of them kept;
//   add(left, stride, right, length, sums): sums(m, n) += Σ_k left[m·stride + k]·right[k·kColumns + n], where the sums
//   stand in rows of kSize.
template <class Tile>
class ProductRoof : public Roof {
 public:
  ProductRoof() : left_(kBatch * kSize), right_(kSize * kSize), sums_(kBatch * kSize) {
    Random random(1);
    // Activations of 17 bits, weights of 24: sums stay below 2^51.
    for (std::int64_t& x : left_) x = static_cast<std::int64_t>(random.next() >> 47) - (1 << 16);
    for (std::int64_t& x : right_) x = static_cast<std::int64_t>(random.next() >> 40) - (1 << 23);
    check();
  }
  void run() override {
    // A block of `right` stays in the first cache for all rows.
    constexpr std::size_t kBlock = 128;
    std::fill(sums_.begin(), sums_.end(), 0);
    for (std::size_t k = 0; k < kSize; k += kBlock) {
      for (std::size_t n = 0; n < kSize; n += Tile::kColumns) {
        for (std::size_t m = 0; m < kBatch; m += Tile::kRows) {
          Tile::add(left_.data() + m * kSize + k, kSize, right_.data() + n * kSize + k * Tile::kColumns, kBlock,
                    sums_.data() + m * kSize + n);
        }
      }
    }
  }
  double items() const override { return static_cast<double>(kBatch * kSize * kSize); }

 private:
  static constexpr std::size_t kBatch = 64, kSize = 1024;

  void check() {
    run();
    for (std::size_t m = 0; m < kBatch; m += 7) {
      for (std::size_t n = 0; n < kSize; n += 13) {
        // Panels of kColumns columns, row by row.
        const std::int64_t* column = right_.data() + n / Tile::kColumns * Tile::kColumns * kSize + n % Tile::kColumns;
        std::int64_t sum = 0;
        for (std::size_t k = 0; k < kSize; ++k) sum += left_[m * kSize + k] * column[k * Tile::kColumns];
        const std::uint64_t difference =
            static_cast<std::uint64_t>(sum) - static_cast<std::uint64_t>(sums_[m * kSize + n]);
        TRAINPROOF_INVARIANT(difference << (64 - Tile::kBits) == 0, "a product of matrices");
      }
    }
  }

  std::vector<std::int64_t> left_, right_, sums_;
};

}  // namespace trainproof::roof

#endif  // TRAINPROOF_BENCH_ROOF_PRODUCT_H_
