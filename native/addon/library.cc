#include "addon/library.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "backend/cpu/cpu_backend.h"
#include "backend/cuda/cuda.h"
#include "commit/generators.h"
#include "prover/generator_digest.h"
#include "transcript/transcript.h"
#include "util/error.h"

namespace trainproof::addon {

namespace {

constexpr std::size_t kTableBytes = 12289 * 64;
constexpr int kCpu = -1;

// Backends refer to the generators, which therefore stay for the life of the process.
std::mutex mutex;
std::unique_ptr<const Generators> generators;
std::vector<int> chosen = {kCpu};  // or GPUs' indices
std::vector<Device> devices;       // of the chosen ones, once they are made

[[noreturn]] void refuse(const std::string& device) {
  throw InvalidArgument("device must be auto, cpu or cuda:0, cuda:1, …, several as cuda:0,cuda:1, or cuda:all, not " + device);
}

int gpu_index(std::string_view name, const std::string& all) {
  constexpr std::string_view kPrefix = "cuda:";
  if (!name.starts_with(kPrefix)) refuse(all);
  int index = 0;
  const char *begin = name.data() + kPrefix.size(), *end = name.data() + name.size();
  const auto [read, error] = std::from_chars(begin, end, index);
  if (error != std::errc() || read != end || index < 0) refuse(all);
  return index;
}

std::vector<int> every_gpu() {
  const cuda::Availability found = cuda::availability();
  if (!found.reason.empty()) throw DeviceError("cuda:all: no GPU is usable: " + found.reason);
  std::vector<int> out;
  for (const cuda::DeviceInfo& gpu : found.devices) out.push_back(gpu.index);
  return out;
}

std::vector<int> parse(const std::string& names) {
  if (names == "cpu") return {kCpu};
  if (names == "cuda:all") return every_gpu();
  if (names == "auto") {
    const cuda::Availability found = cuda::availability();
    return {found.reason.empty() ? found.devices.front().index : kCpu};
  }
  std::vector<int> out;
  for (std::size_t begin = 0; begin <= names.size();) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    const int index = gpu_index(std::string_view(names).substr(begin, end - begin), names);
    if (std::find(out.begin(), out.end(), index) != out.end()) {
      throw InvalidArgument("device names cuda:" + std::to_string(index) + " twice: " + names);
    }
    out.push_back(index);
    begin = end + 1;
  }
  return out;
}

std::string name_of(int index) { return index == kCpu ? "cpu" : "cuda:" + std::to_string(index); }

void make_devices() {
  if (generators == nullptr) throw InvalidArgument("loadGenerators() must be called first");
  if (!devices.empty()) return;
  std::vector<Device> made;
  for (const int index : chosen) {
    Device device{name_of(index), nullptr, nullptr, std::make_shared<std::timed_mutex>()};
    if (index == kCpu) {
      device.proving = make_cpu_backend(*generators);
      device.training = make_cpu_training_backend();
    } else {
      cuda::Backends backends = cuda::make_backends(index, *generators);
      device.proving = std::move(backends.proving);
      device.training = std::move(backends.training);
    }
    made.push_back(std::move(device));
  }
  devices = std::move(made);
}

}  // namespace

void load_generators(std::span<const std::uint8_t> table) {
  if (table.size() != kTableBytes) {
    throw InvalidArgument("the generator table has " + std::to_string(table.size()) + " bytes, not " +
                          std::to_string(kTableBytes) + "; use the package's data/generators.bin");
  }
  if (keccak256(table) != kGeneratorDigest) {
    throw InvalidArgument("the generator table's digest is not PROTOCOL section 2's; use the package's "
                          "data/generators.bin");
  }
  const std::lock_guard lock(mutex);
  if (generators == nullptr) generators = std::make_unique<const Generators>(Generators::load(table));
}

void select_device(const std::string& names) {
  const std::lock_guard lock(mutex);
  const std::vector<int> wanted = parse(names);
  if (wanted == chosen && !devices.empty()) return;
  const std::vector<int> chosen_before = std::exchange(chosen, wanted);
  const std::vector<Device> devices_before = std::exchange(devices, {});
  try {
    make_devices();
  } catch (...) {
    chosen = chosen_before;
    devices = devices_before;
    throw;
  }
}

std::vector<std::string> device_names() {
  const std::lock_guard lock(mutex);
  std::vector<std::string> out;
  for (const int index : chosen) out.push_back(name_of(index));
  return out;
}

Device device(std::size_t index) {
  const std::lock_guard lock(mutex);
  make_devices();
  if (index >= devices.size()) {
    throw InvalidArgument("device must be below " + std::to_string(devices.size()) + ", the number of chosen devices, not " +
                          std::to_string(index));
  }
  return devices[index];
}

}  // namespace trainproof::addon
