// What training hands to proving: one segment's tensors (PROTOCOL §4, §8), and nothing derived from a proof. They are where
// the backend that trained keeps them; proving on the same device takes them there.
#ifndef TRAINPROOF_TRACE_TRACE_H_
#define TRAINPROOF_TRACE_TRACE_H_

#include <cstdint>

#include "backend/integers.h"

namespace trainproof {

// Feature-major: entry (row, c) at row · TB + c, with c = t·B + i.
struct Trace {
  IntHandle batch;        // int32: n_0 rows of features x, then n_L rows of labels y
  IntHandle digits;       // uint16: U rows, row kind·Φ + o_l + j, for startKind 2 then W^in's (PROTOCOL §8); digits below 2^b
  IntHandle bits;         // uint8: Φ rows, m
  IntHandle activations;  // int64: Φ − n_L rows o_l + j: A_l, 1 ≤ l < L
  IntHandle gradients;    // int64: Φ rows o_l + j: G_l, 1 ≤ l ≤ L
  IntHandle weights_in;   // int64: |W| entries by linear address (PROTOCOL §7)
  IntHandle weights_out;  // likewise

  std::uint64_t bytes() const {
    return batch->bytes() + digits->bytes() + bits->bytes() + activations->bytes() + gradients->bytes() +
           weights_in->bytes() + weights_out->bytes();
  }
};

}  // namespace trainproof

#endif  // TRAINPROOF_TRACE_TRACE_H_
