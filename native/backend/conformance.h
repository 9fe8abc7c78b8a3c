// What every backend must compute: each operation against a twin written from backend.h's comment in plain loops, at
// ragged sizes. A backend's test calls these from its TESTs.
#ifndef TRAINPROOF_BACKEND_CONFORMANCE_H_
#define TRAINPROOF_BACKEND_CONFORMANCE_H_

#include "backend/backend.h"
#include "commit/generators.h"

namespace trainproof::conformance {

void check_integer_products(Backend& backend);
void check_combine_digits(Backend& backend);
void check_count_values(Backend& backend);
void check_vectors(Backend& backend);
void check_product_rounds(Backend& backend);
void check_lookup_leaves(Backend& backend);
void check_logup(Backend& backend);
void check_zkrelu(Backend& backend);
// `generators` are the ones that the backend was made with.
void check_commit_rows(Backend& backend, const Generators& generators);
void check_commit_scalars(Backend& backend, const Generators& generators);

}  // namespace trainproof::conformance

#endif  // TRAINPROOF_BACKEND_CONFORMANCE_H_
