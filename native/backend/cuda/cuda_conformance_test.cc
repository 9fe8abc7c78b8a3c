// The suite that every backend must pass, on a GPU or its simulator.
#include "backend/conformance.h"
#include "backend/cuda/cuda.h"
#include "commit/testing.h"
#include "util/test.h"

namespace trainproof {
namespace {

// Each buffer is an allocation of its own, so that the simulator sees accesses beyond its end.
Backend& backend() {
  static const cuda::Backends backends = cuda::make_backends(0, testing::packaged_generators(), {0, false});
  return *backends.proving;
}

TEST(integers_times_field_elements_of_any_type_and_ragged_shape) {
  conformance::check_integer_products(backend());
}
TEST(digits_combine) { conformance::check_combine_digits(backend()); }
TEST(values_are_counted) { conformance::check_count_values(backend()); }
TEST(field_vectors) { conformance::check_vectors(backend()); }
TEST(rounds_of_products_agree_with_brute_force_to_the_end) { conformance::check_product_rounds(backend()); }
TEST(lookup_leaves_of_stacked_views) { conformance::check_lookup_leaves(backend()); }
TEST(every_round_polynomial_of_logup) { conformance::check_logup(backend()); }
TEST(zkrelu_agrees_with_brute_force_to_the_end) { conformance::check_zkrelu(backend()); }
TEST(commitments_to_rows_of_integers) {
  conformance::check_commit_rows(backend(), testing::packaged_generators());
}
TEST(commitments_to_field_elements) {
  conformance::check_commit_scalars(backend(), testing::packaged_generators());
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
