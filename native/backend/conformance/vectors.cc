#include "backend/conformance.h"
#include "backend/conformance/samples.h"
#include "util/test.h"

namespace trainproof::conformance {

void check_vectors(Backend& backend) {
  const Fr r = random_fr();
  for (const std::size_t size : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 65, 1000, 4095, 4096, 4097, 20001}) {
    const std::vector<Fr> x = random_vector(size), y = random_vector(size);
    const FrHandle v = backend.upload(y);
    std::vector<Fr> want = y;
    for (std::size_t i = 0; i < size; ++i) want[i] += r * x[i];
    backend.add_scaled(*v, r, *backend.upload(x));
    expect_equal(backend, *v, want);
    while (want.size() > 1) {
      want = folded(want, r);
      backend.fold(*v, r);
      expect_equal(backend, *v, want);
    }
    expect_equal(backend, *backend.zeros(size), std::vector<Fr>(size, Fr::zero()));
  }
  for (const std::size_t n : {0, 1, 2, 5, 13}) {
    const std::size_t full = std::size_t{1} << n;
    const std::vector<Fr> point = random_vector(n);
    for (const std::size_t length : {std::size_t{0}, std::size_t{1}, full / 2, full / 2 + 1, full - 1, full}) {
      std::vector<Fr> want;
      for (std::size_t i = 0; i < length; ++i) want.push_back(r * chi(i, point));
      expect_equal(backend, *backend.eq_table(point, length, r), want);
    }
  }
  for (const std::size_t segments : {1, 2, 5}) {
    for (const std::size_t size : {0, 1, 3, 5000}) {
      const std::size_t stride = size + 2;
      std::vector<Fr> values = random_vector(segments * stride);
      const std::vector<Fr> base = random_vector(size);
      const FrHandle v = backend.upload(values);
      backend.exclusive_prefix_sum(*v, segments, stride, *backend.upload(base), r);
      const std::vector<Fr> before = values;
      for (std::size_t s = 0; s < segments; ++s) {
        for (std::size_t k = 0; k < size; ++k) {
          Fr sum = Fr::zero();
          for (std::size_t t = 0; t < s; ++t) sum += before[t * stride + k];
          values[s * stride + k] = base[k] + r * sum;
        }
      }
      expect_equal(backend, *v, values);
    }
  }
}

}  // namespace trainproof::conformance
