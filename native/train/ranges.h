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

void check_batch_length(const Shape& shape, std::size_t length);
// Length (InvalidArgument); features and labels in [−x_0, 2^b − x_0) and [−y_0, 2^b − y_0) (OutOfRange).
void check_batch(const Statement& statement, const Shape& shape, std::span<const std::int32_t> batch);

// Length and zero padding (InvalidArgument); |W^in| ≤ W_0, for startKind 2 −W_0 ≤ W^in < W_0, and |W^in| < 2^63 (OutOfRange).
void check_weights(const Statement& statement, const Shape& shape, std::span<const std::int64_t> weights_in);
// The same of weights that are on a device, of which a layer's largest magnitude is known (−W_0 is refused there, too, for startKind 2).
void check_weights_length(const Shape& shape, std::size_t length);
void check_largest_weight(const Statement& statement, unsigned layer, std::uint64_t largest);

// Throws OutOfRange: "layer 2, step 17: a pre-activation of about 2^17.2 is outside [-2^16, 2^16); …".
[[noreturn]] void throw_out_of_range(unsigned layer, std::uint64_t step, const std::string& quantity, double value,
                                     const std::string& limit, const std::string& way_out);

}  // namespace trainproof

#endif  // TRAINPROOF_TRAIN_RANGES_H_
