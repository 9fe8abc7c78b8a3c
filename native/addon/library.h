// What all operations share: the generator table, and the devices that are chosen with their backends.
#ifndef TRAINPROOF_ADDON_LIBRARY_H_
#define TRAINPROOF_ADDON_LIBRARY_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/training.h"

namespace trainproof::addon {

// Throws InvalidArgument unless the bytes are PROTOCOL §2's table. A second call changes nothing.
void load_generators(std::span<const std::uint8_t> table);

// What trains and proves from now on: "cpu", "cuda:N", several as "cuda:0,cuda:1", "cuda:all", or "auto", the first usable GPU and
// else the CPU. Throws InvalidArgument for another name, and DeviceError with the reason where a GPU is not usable: nothing is
// chosen in its place.
void select_device(const std::string& device);
// "cpu", or a GPU's name, for each one that is chosen.
std::vector<std::string> device_names();

// A device that computes. Operations hold what they work with, so that another device may be chosen meanwhile.
struct Device {
  std::string name;
  std::shared_ptr<Backend> proving;
  std::shared_ptr<TrainingBackend> training;
  // Held by the operation that runs: each uses all of the device, and its memory was predicted alone.
  std::shared_ptr<std::timed_mutex> turn;

  bool is_gpu() const { return name != "cpu"; }
};

// The `index`-th chosen one, the first of which trains. Backends are made when they are first asked for. Throws InvalidArgument
// before load_generators, and for an index that is too large.
Device device(std::size_t index = 0);

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_LIBRARY_H_
