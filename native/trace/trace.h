// What training hands to proving: one segment's tensors (PROTOCOL §4, §8), and nothing derived from a proof.
// Proving takes it as it is; tests corrupt it.
#ifndef TRAINPROOF_TRACE_TRACE_H_
#define TRAINPROOF_TRACE_TRACE_H_

#include <cstdint>

#include "util/secret.h"

namespace trainproof {

// Feature-major: entry (row, c) at row · TB + c, with c = t·B + i.
struct Trace {
  UnsetSecretVector<std::int32_t> batch;         // n_0 rows of features x, then n_L rows of labels y
  UnsetSecretVector<std::uint16_t> digits;       // kinds·Φ rows, row kind·Φ + o_l + j; digits below 2^b
  UnsetSecretVector<std::uint8_t> bits;          // Φ rows, m
  UnsetSecretVector<std::int64_t> activations;   // Φ − n_L rows o_l + j: A_l, 1 ≤ l < L
  UnsetSecretVector<std::int64_t> gradients;     // Φ rows o_l + j: G_l, 1 ≤ l ≤ L
  UnsetSecretVector<std::int64_t> weights_in;    // |W| entries by linear address (PROTOCOL §7)
  UnsetSecretVector<std::int64_t> weights_out;   // likewise
};

}  // namespace trainproof

#endif  // TRAINPROOF_TRACE_TRACE_H_
