// Test-only program: makes a small segment, honestly or not, and writes what a verifier is given, for tests of
// src/verifier against the native prover.
//   trainproof_test_segment cheats                    lists the cheats
//   trainproof_test_segment FOLDER [key=value …]      statement.bin, proof.bin, samples.bin, weightsIn.bin,
//                                                     weightsOut.bin, frames.txt (a line "label type count" for
//                                                     each frame of the prover's transcript)
// Keys: widths=5,4,3 tau= beta= b=8|16 kappa= start=0|1|2 (startKind) samples= seed= cheat=NAME (see cheats.h); device=cpu|cuda:0, what
// trains and proves; randomness=N: the prover's randomness is that of N, again and again.
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "backend/cuda/cuda.h"
#include "prover/testing/cheats.h"
#include "prover/testing/segment.h"
#include "util/testing/seeded_random.h"

namespace trainproof::testing {
namespace {

struct Request {
  SegmentSpec spec;
  std::string cheat;
  int cuda_device = -1;  // −1: the CPU
  std::optional<std::uint64_t> randomness;
};

void read_option(const std::string& option, Request& request) {
  const std::size_t equals = option.find('=');
  if (equals == std::string::npos) throw std::invalid_argument("not key=value: " + option);
  const std::string key = option.substr(0, equals), value = option.substr(equals + 1);
  SegmentSpec& spec = request.spec;
  if (key == "cheat") {
    request.cheat = value;
    return;
  }
  if (key == "device") {
    if (value != "cpu") request.cuda_device = std::stoi(value.substr(value.find(':') + 1));
    return;
  }
  if (key == "randomness") {
    request.randomness = std::stoull(value);
    return;
  }
  if (key == "widths") {
    spec.widths.clear();
    std::stringstream list(value);
    for (std::string width; std::getline(list, width, ',');) {
      spec.widths.push_back(static_cast<std::uint32_t>(std::stoul(width)));
    }
    return;
  }
  const unsigned long number = std::stoul(value);
  const auto small = static_cast<unsigned>(number);
  if (key == "tau") {
    spec.tau = small;
  } else if (key == "beta") {
    spec.beta = small;
  } else if (key == "b") {
    spec.b = small;
  } else if (key == "kappa") {
    spec.kappa = small;
  } else if (key == "start" && number <= 2) {
    spec.start = static_cast<StartKind>(number);
  } else if (key == "samples") {
    spec.samples = number;
  } else if (key == "seed") {
    spec.seed = number;
  } else {
    throw std::invalid_argument("unknown key or value: " + option);
  }
}

void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

std::vector<std::uint8_t> encode(std::span<const AffinePoint> points) {
  std::vector<std::uint8_t> out;
  for (const AffinePoint& point : points) {
    const auto bytes = point.bytes();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

void run(const std::string& folder, Request request) {
  SystemRandom system;
  std::optional<SeededRandom> seeded;
  if (request.randomness) seeded.emplace(*request.randomness);
  RandomSource& random = seeded ? static_cast<RandomSource&>(*seeded) : system;
  cuda::Backends gpu;
  if (request.cuda_device >= 0) {
    gpu = cuda::make_backends(request.cuda_device, generators(), {0, false});
    request.spec.backend = gpu.proving.get();
    request.spec.training = gpu.training.get();
  }
  Transcript transcript;
  std::string frames;
  transcript.record_to([&](std::string_view label, char type, std::size_t count) {
    frames += std::string(label) + " " + type + " " + std::to_string(count) + "\n";
  });
  const Cheat cheat = request.cheat.empty() ? Cheat{} : cheats().at(request.cheat);
  const ProvenSegment segment = prove_test_segment(request.spec, cheat, random, transcript);
  write_file(folder + "/statement.bin", segment.statement.bytes);
  write_file(folder + "/proof.bin", segment.proof);
  write_file(folder + "/samples.bin", encode(segment.samples));
  write_file(folder + "/weightsIn.bin", encode(segment.weights_in));
  write_file(folder + "/weightsOut.bin", encode(segment.weights_out));
  write_file(folder + "/frames.txt", {reinterpret_cast<const std::uint8_t*>(frames.data()), frames.size()});
}

}  // namespace
}  // namespace trainproof::testing

int main(int argc, char** argv) {
  using namespace trainproof::testing;
  try {
    if (argc < 2) throw std::invalid_argument("needs a folder, or the word cheats");
    if (std::string(argv[1]) == "cheats") {
      for (const auto& [name, cheat] : cheats()) std::puts(name.c_str());
      return 0;
    }
    Request request;
    for (int i = 2; i < argc; ++i) read_option(argv[i], request);
    run(argv[1], request);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "trainproof_test_segment: %s\n", e.what());
    return 1;
  }
}
