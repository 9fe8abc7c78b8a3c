// Exact integer matrix products with sums of 128 bits, over all threads: for operands whose sums may leave 64 bits.
#ifndef TRAINPROOF_BACKEND_CPU_WIDE_PRODUCT_H_
#define TRAINPROOF_BACKEND_CPU_WIDE_PRODUCT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "util/parallel.h"
#include "util/secret.h"

namespace trainproof {

// Σ_k left(k, m) · right(k, n) for all m < rows, n < cols. left and right give int64. store(m, n, count, sums) takes the sums of
// n, …, n + count − 1; it is called once for each entry, from several threads, for one row m from one thread.
template <class Left, class Right, class Store>
void wide_product(std::size_t rows, std::size_t cols, std::size_t length, Left&& left, Right&& right, Store&& store) {
  parallel_for(0, rows, 65536 / (cols * length) + 1, [&](std::size_t begin, std::size_t end) {
    SecretVector<__int128> sums(cols);
    for (std::size_t m = begin; m < end; ++m) {
      std::fill(sums.begin(), sums.end(), 0);
      for (std::size_t k = 0; k < length; ++k) {
        const __int128 factor = left(k, m);
        for (std::size_t n = 0; n < cols; ++n) sums[n] += factor * right(k, n);
      }
      store(m, std::size_t{0}, cols, sums.data());
    }
  });
}

}  // namespace trainproof

#endif  // TRAINPROOF_BACKEND_CPU_WIDE_PRODUCT_H_
