#include "backend/cuda/generator_tables.h"

#include <algorithm>

#include "backend/cuda/operations.h"
#include "util/error.h"

namespace trainproof::cuda {

namespace {

// Points at once: 42 MB of working space.
constexpr std::size_t kChunk = 1024;
// Made at least; more are made by powers of two, so that slowly growing needs do not make them again and again.
constexpr std::size_t kFewest = 8;

template <class To, class From>
To same_bytes(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(static_cast<void*>(&to), &from, sizeof to);
  return to;
}

}  // namespace

PackedPoint pack(const AffinePoint& point) {
  if (point.infinity) return {};
  return {same_bytes<Element>(point.x), same_bytes<Element>(point.y)};
}

AffinePoint unpack(const PackedPoint& point) {
  const AffinePoint out{same_bytes<Fq>(point.x), same_bytes<Fq>(point.y), false};
  return out.y.is_zero() ? AffinePoint() : out;
}

const PackedPoint* GeneratorTables::multiples(std::size_t count) {
  TRAINPROOF_INVARIANT(count <= points_.size(), "more is committed to than there are generators");
  if (multiples_.size() >= count * kMultiples) return multiples_.data();
  std::size_t made = kFewest;
  while (made < count) made *= 2;
  made = std::min(made, points_.size());
  std::vector<PackedPoint> packed(made);
  std::transform(points_.begin(), points_.begin() + static_cast<std::ptrdiff_t>(made), packed.begin(), pack);

  constexpr const char* kOperation = "making the generator tables";
  multiples_ = {};
  DeviceArray<PackedPoint> out(device_, made * kMultiples, kOperation);
  const auto bases = copy_to<PackedPoint>(device_, packed.data(), made, kOperation);
  const DeviceArray<std::uint8_t> scratch(device_, multiples_scratch_bytes(std::min(made, kChunk)), kOperation);
  for (std::size_t first = 0; first < made; first += kChunk) {
    launch_multiples(bases.data() + first, std::min(kChunk, made - first), out.data() + first * kMultiples, scratch.data(),
                     device_->stream());
  }
  device_->finish(kOperation);
  multiples_ = std::move(out);
  return multiples_.data();
}

}  // namespace trainproof::cuda
