// Integers times field elements, eight columns at once: entered after ifma::supported() only.
#ifndef TRAINPROOF_BACKEND_CPU_INTEGERS_IFMA_H_
#define TRAINPROOF_BACKEND_CPU_INTEGERS_IFMA_H_

#include <cstddef>
#include <cstdint>

#include "field/field.h"

namespace trainproof::ifma {

constexpr std::size_t kIntegerRows = 256;

// out[col] = Σ_row weights[row] · data[row · stride + col] for rows ≤ kIntegerRows and col < 16·blocks; int32 has 2^31 added.
// to_memory is 2^264.
void weighted_rows(const std::uint8_t* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t blocks,
                   const Fr& to_memory, Fr* out);
void weighted_rows(const std::uint16_t* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t blocks,
                   const Fr& to_memory, Fr* out);
void weighted_rows(const std::uint32_t* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t blocks,
                   const Fr& to_memory, Fr* out);
void weighted_rows(const std::int32_t* data, std::size_t stride, const Fr* weights, std::size_t rows, std::size_t blocks,
                   const Fr& to_memory, Fr* out);

}  // namespace trainproof::ifma

#endif  // TRAINPROOF_BACKEND_CPU_INTEGERS_IFMA_H_
