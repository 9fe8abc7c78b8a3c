// What a segment's inputs must keep to, and the errors of values that leave their ranges. Values in these
// errors are powers of two with one decimal; nothing else of the witness is said.
#ifndef TRAINPROOF_TRAIN_RANGES_H_
#define TRAINPROOF_TRAIN_RANGES_H_

#include <cstdint>
#include <span>
#include <string>

#include "statement/statement.h"

namespace trainproof {

// "2^17.2" or "-2^17.2"; "0" for zero.
std::string power_of_two(double value);

// Lengths (InvalidArgument); features and labels in [−x_0, 2^b − x_0) and [−y_0, 2^b − y_0), |W^in| ≤ W_0 < 2^63 and zero
// padding (OutOfRange).
void check_training_inputs(const Statement& statement, const Shape& shape, std::span<const std::int32_t> batch,
                           std::span<const std::int64_t> weights_in);

// Throws OutOfRange: "layer 2, step 17: a pre-activation of about 2^17.2 is outside [-2^16, 2^16); …".
[[noreturn]] void throw_out_of_range(unsigned layer, std::uint64_t step, const std::string& quantity, double value,
                                     const std::string& limit, const std::string& way_out);

}  // namespace trainproof

#endif  // TRAINPROOF_TRAIN_RANGES_H_
