// What this processor can do with the operations that a proof consists of: the limits that `npm run bench` holds the
// prover's phases against. The kernels are written anew here, without the prover's loops: a slow prover must not lower
// its own limit.
#ifndef TRAINPROOF_BENCH_ROOF_H_
#define TRAINPROOF_BENCH_ROOF_H_

#include <cstdint>
#include <memory>
#include <vector>

namespace trainproof::roof {

// A kernel with its data, for one thread. Making one also checks its results on a small case, and aborts where they are
// wrong.
class Roof {
 public:
  virtual ~Roof() = default;
  virtual void run() = 0;
  // What one run gets done.
  virtual double items() const = 0;
};

struct RoofKind {
  const char* name;
  const char* item;
  std::unique_ptr<Roof> (*make)(bool quick);
};

std::vector<RoofKind> portable_roofs();
// For processors that ifma::supported() speaks of.
std::vector<RoofKind> ifma_roofs();

// Numbers for data; SplitMix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace trainproof::roof

#endif  // TRAINPROOF_BENCH_ROOF_H_
