#include "addon/library.h"

#include <memory>
#include <mutex>
#include <string>

#include "backend/cpu/cpu_backend.h"
#include "commit/generators.h"
#include "prover/generator_digest.h"
#include "transcript/transcript.h"
#include "util/error.h"

namespace trainproof::addon {

namespace {

constexpr std::size_t kTableBytes = 12289 * 64;

// The backend refers to the generators.
struct Loaded {
  explicit Loaded(std::span<const std::uint8_t> table)
      : generators(Generators::load(table)), backend(make_cpu_backend(generators)) {}
  Generators generators;
  std::unique_ptr<Backend> backend;
};
std::mutex mutex;
std::unique_ptr<Loaded> loaded;

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
  if (loaded == nullptr) loaded = std::make_unique<Loaded>(table);
}

Backend& proving_backend() {
  const std::lock_guard lock(mutex);
  if (loaded == nullptr) throw InvalidArgument("loadGenerators() must be called first");
  return *loaded->backend;
}

TrainingBackend& training_backend() {
  static const std::unique_ptr<TrainingBackend> backend = make_cpu_training_backend();
  return *backend;
}

}  // namespace trainproof::addon
