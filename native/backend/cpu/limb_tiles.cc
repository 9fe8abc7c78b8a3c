#include "backend/cpu/limb_tiles.h"

#include "backend/cpu/limb_tiles_template.h"
#include "backend/cpu/training_weights.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#else
#include <cstring>
#endif

namespace trainproof {
namespace {

static_assert(kLimbStrip == kStrip);

#if defined(__SSE2__)

// Of 16 registers, eight hold sums.
struct Sse2 {
  using Ints = __m128i;
  static constexpr std::size_t kLanes = 4;
  static constexpr std::size_t kForwardCols = 2, kForwardVectors = 4, kBackwardRows = 2, kBackwardVectors = 4,
                               kUpdateRows = 2, kUpdateVectors = 4;
  static Ints zero() { return _mm_setzero_si128(); }
  static Ints load(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
  static Ints broadcast(const void* from) { return _mm_shuffle_epi32(_mm_loadu_si32(from), 0); }
  static Ints dot(Ints sum, Ints a, Ints b) { return _mm_add_epi32(sum, _mm_madd_epi16(a, b)); }
  static void interleave(Ints a, Ints b, Ints& x, Ints& y) {
    x = _mm_unpacklo_epi16(a, b);
    y = _mm_unpackhi_epi16(a, b);
  }
  static void in_order(Ints&, Ints&) {}
  static void add_shifted(std::int32_t* to, Ints x, unsigned shift) {
    add(to, _mm_sll_epi32(x, _mm_cvtsi32_si128(static_cast<int>(shift))), [](Ints a, Ints b) { return _mm_add_epi32(a, b); });
  }
  static void add_shifted(std::int64_t* to, Ints x, unsigned shift) {
    const Ints sign = _mm_srai_epi32(x, 31), count = _mm_cvtsi32_si128(static_cast<int>(shift));
    const auto sum = [](Ints a, Ints b) { return _mm_add_epi64(a, b); };
    add(to, _mm_sll_epi64(_mm_unpacklo_epi32(x, sign), count), sum);
    add(to + 2, _mm_sll_epi64(_mm_unpackhi_epi32(x, sign), count), sum);
  }

 private:
  template <class Sum>
  static void add(void* to, Ints x, Sum&& sum) {
    _mm_storeu_si128(static_cast<__m128i*>(to), sum(load(to), x));
  }
};
using Vector = Sse2;

#else

// Plain loops over lanes, for compilers to make of them what they can.
struct Lanes {
  struct Ints {
    std::int32_t lane[4];
  };
  static constexpr std::size_t kLanes = 4;
  static constexpr std::size_t kForwardCols = 2, kForwardVectors = 4, kBackwardRows = 2, kBackwardVectors = 4,
                               kUpdateRows = 2, kUpdateVectors = 4;
  static Ints zero() { return {}; }
  static Ints load(const void* from) {
    Ints x;
    std::memcpy(&x, from, sizeof x);
    return x;
  }
  static Ints broadcast(const void* from) {
    std::int32_t pair;
    std::memcpy(&pair, from, sizeof pair);
    return {{pair, pair, pair, pair}};
  }
  static Ints dot(Ints sum, Ints a, Ints b) {
    std::int16_t x[8], y[8];
    std::memcpy(x, &a, sizeof x);
    std::memcpy(y, &b, sizeof y);
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint32_t first = static_cast<std::uint32_t>(x[2 * i] * y[2 * i]);
      const std::uint32_t second = static_cast<std::uint32_t>(x[2 * i + 1] * y[2 * i + 1]);
      sum.lane[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum.lane[i]) + first + second);
    }
    return sum;
  }
  static void interleave(Ints a, Ints b, Ints& x, Ints& y) {
    std::int16_t from_a[8], from_b[8], to[16];
    std::memcpy(from_a, &a, sizeof from_a);
    std::memcpy(from_b, &b, sizeof from_b);
    for (std::size_t i = 0; i < 8; ++i) {
      to[2 * i] = from_a[i];
      to[2 * i + 1] = from_b[i];
    }
    std::memcpy(&x, to, sizeof x);
    std::memcpy(&y, to + 8, sizeof y);
  }
  static void in_order(Ints&, Ints&) {}
  static void add_shifted(std::int32_t* to, Ints x, unsigned shift) {
    for (std::size_t i = 0; i < 4; ++i) {
      to[i] = static_cast<std::int32_t>(static_cast<std::uint32_t>(to[i]) + (static_cast<std::uint32_t>(x.lane[i]) << shift));
    }
  }
  static void add_shifted(std::int64_t* to, Ints x, unsigned shift) {
    for (std::size_t i = 0; i < 4; ++i) {
      to[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(to[i]) +
                                        (static_cast<std::uint64_t>(std::int64_t{x.lane[i]}) << shift));
    }
  }
};
using Vector = Lanes;

#endif

}  // namespace

void forward_tile(const ForwardTile& tile, std::int64_t* sums) { LimbTiles<Vector>::forward(tile, sums); }
void backward_tile(const BackwardTile& tile, std::int64_t* sums) { LimbTiles<Vector>::backward(tile, sums); }
std::uint64_t update_tile(const UpdateTile& tile) { return LimbTiles<Vector>::update(tile); }

#ifndef TRAINPROOF_IFMA
// Never called: ifma::supported() is false.
namespace ifma {
void forward_tile(const ForwardTile&, std::int64_t*) {}
void backward_tile(const BackwardTile&, std::int64_t*) {}
std::uint64_t update_tile(const UpdateTile&) { return 0; }
}  // namespace ifma
#endif

}  // namespace trainproof
