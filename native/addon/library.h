// What all operations share: the generator table, the device that is chosen, and its backends.
#ifndef TRAINPROOF_ADDON_LIBRARY_H_
#define TRAINPROOF_ADDON_LIBRARY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "backend/backend.h"
#include "backend/training.h"

namespace trainproof::addon {

// Throws InvalidArgument unless the bytes are PROTOCOL §2's table. A second call changes nothing.
void load_generators(std::span<const std::uint8_t> table);

// What trains and proves from now on: "cpu", "cuda:N", or "auto", the first usable GPU and else the CPU. Throws InvalidArgument for
// another name, and DeviceError with the reason where the GPU is not usable: nothing is chosen in its place.
void select_device(const std::string& device);
std::string device_name();
// Bytes of device memory; nothing for the CPU.
std::optional<std::uint64_t> device_memory_limit();

// Made when they are first asked for. They throw InvalidArgument before load_generators. Operations hold what they work
// with, so that another device may be chosen meanwhile.
std::shared_ptr<Backend> proving_backend();
std::shared_ptr<TrainingBackend> training_backend();

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_LIBRARY_H_
