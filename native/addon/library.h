// What all operations share: the backends, made once from the generator table.
#ifndef TRAINPROOF_ADDON_LIBRARY_H_
#define TRAINPROOF_ADDON_LIBRARY_H_

#include <cstdint>
#include <span>

#include "backend/backend.h"
#include "backend/training.h"

namespace trainproof::addon {

// Throws InvalidArgument unless the bytes are PROTOCOL §2's table. A second call changes nothing.
void load_generators(std::span<const std::uint8_t> table);

// Throws InvalidArgument before load_generators.
Backend& proving_backend();
TrainingBackend& training_backend();

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_LIBRARY_H_
