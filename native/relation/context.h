// What every relation works with, and a trace's tensors as the backend sees them.
#ifndef TRAINPROOF_RELATION_CONTEXT_H_
#define TRAINPROOF_RELATION_CONTEXT_H_

#include "backend/backend.h"
#include "ledger/ledger.h"
#include "statement/statement.h"
#include "trace/trace.h"
#include "util/job.h"

namespace trainproof {

struct Witness {
  // Takes the trace's tensors to the backend if they are elsewhere. Throws InvalidArgument for one that has not the size that
  // the shape implies.
  Witness(Backend& backend, const Shape& shape, const Trace& trace);
  // mu: multiplicities, 2^b of them, which must outlive it.
  void set_multiplicities(Backend& backend, const Shape& shape, std::span<const std::uint32_t> mu);

  IntHandle batch, digits, bits, activations, gradients, weights_in, weights_out, mu;

  IntView features(const Shape& s) const;                       // n_0 × TB, X
  IntView labels(const Shape& s) const;                         // n_L × TB, Y
  IntView activation(const Shape& s, unsigned layer) const;     // A_layer: n_layer × TB; layer 0 is X
  IntView gradient(const Shape& s, unsigned layer) const;       // G_layer: n_layer × TB, 1 ≤ layer ≤ L
  IntView all_digits(const Shape& s) const;                     // U × TB, D
  IntView digit_rows(const Shape& s, std::size_t first_row) const;  // Φ × TB rows of D
  IntView bit_rows(const Shape& s) const;                       // Φ × TB
  // W_layer: (n_{layer−1} + 1) × n_layer with its stride 2^{s_l}; bias row last.
  IntView weight(const Shape& s, const IntHandle& weights, unsigned layer) const;
};

struct Context {
  const Statement& statement;
  const Shape& shape;
  Backend& backend;
  const Witness& witness;
  Ledger& ledger;
  Job& job;  // progress and cancellation: call job.check() between rounds
};

}  // namespace trainproof

#endif  // TRAINPROOF_RELATION_CONTEXT_H_
