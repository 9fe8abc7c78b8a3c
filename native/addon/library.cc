#include "addon/library.h"

#include <charconv>
#include <mutex>
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
int chosen = kCpu;  // or the GPU's index
std::shared_ptr<Backend> proving;
std::shared_ptr<TrainingBackend> training;

[[noreturn]] void refuse(const std::string& device) {
  throw InvalidArgument("device must be auto, cpu or cuda:0, cuda:1, …, not " + device);
}

int gpu_index(const std::string& device) {
  constexpr std::string_view kPrefix = "cuda:";
  if (!device.starts_with(kPrefix)) refuse(device);
  int index = 0;
  const char *begin = device.data() + kPrefix.size(), *end = device.data() + device.size();
  const auto [read, error] = std::from_chars(begin, end, index);
  if (error != std::errc() || read != end || index < 0) refuse(device);
  return index;
}

int parse(const std::string& device) {
  if (device == "cpu") return kCpu;
  if (device == "auto") {
    const cuda::Availability found = cuda::availability();
    return found.reason.empty() ? found.devices.front().index : kCpu;
  }
  return gpu_index(device);
}

void make_backends() {
  if (generators == nullptr) throw InvalidArgument("loadGenerators() must be called first");
  if (proving != nullptr) return;
  if (chosen == kCpu) {
    proving = make_cpu_backend(*generators);
    training = make_cpu_training_backend();
  } else {
    cuda::Backends made = cuda::make_backends(chosen, *generators);
    proving = std::move(made.proving);
    training = std::move(made.training);
  }
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

void select_device(const std::string& device) {
  const std::lock_guard lock(mutex);
  const int wanted = parse(device);
  if (wanted == chosen && proving != nullptr) return;
  const int before = chosen;
  const std::shared_ptr<Backend> proving_before = std::exchange(proving, nullptr);
  const std::shared_ptr<TrainingBackend> training_before = std::exchange(training, nullptr);
  chosen = wanted;
  try {
    make_backends();
  } catch (...) {
    chosen = before;
    proving = proving_before;
    training = training_before;
    throw;
  }
}

std::string device_name() {
  const std::lock_guard lock(mutex);
  return chosen == kCpu ? "cpu" : "cuda:" + std::to_string(chosen);
}

std::optional<std::uint64_t> device_memory_limit() {
  const std::lock_guard lock(mutex);
  if (chosen == kCpu || proving == nullptr) return std::nullopt;
  return cuda::memory_limit(*proving);
}

std::shared_ptr<Backend> proving_backend() {
  const std::lock_guard lock(mutex);
  make_backends();
  return proving;
}

std::shared_ptr<TrainingBackend> training_backend() {
  const std::lock_guard lock(mutex);
  make_backends();
  return training;
}

}  // namespace trainproof::addon
