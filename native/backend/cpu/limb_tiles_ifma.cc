// Everything here but the entry points has internal linkage, lest the linker take an inline function's copy from here for code
// that every processor runs.
#include <immintrin.h>

#include "backend/cpu/limb_tiles.h"
#include "backend/cpu/limb_tiles_template.h"

namespace trainproof::ifma {
namespace {

// Of 32 registers, 16 or 24 hold sums: an instruction's sum is ready after five cycles, and two begin in each.
struct Avx512 {
  using Ints = __m512i;
  static constexpr std::size_t kLanes = 16;
  static constexpr std::size_t kForwardCols = 8, kForwardVectors = 2, kBackwardRows = 6, kBackwardVectors = 4,
                               kUpdateRows = 8, kUpdateVectors = 2;
  static Ints zero() { return _mm512_setzero_si512(); }
  static Ints load(const void* from) { return _mm512_loadu_si512(from); }
  static Ints broadcast(const void* from) { return _mm512_broadcastd_epi32(_mm_loadu_si32(from)); }
  // The intrinsic becomes two instructions in clang 19, for a latency that does not matter here.
  static Ints dot(Ints sum, Ints a, Ints b) {
    asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
    return sum;
  }
  // Within each 128 bits.
  static void interleave(Ints a, Ints b, Ints& x, Ints& y) {
    x = _mm512_unpacklo_epi16(a, b);
    y = _mm512_unpackhi_epi16(a, b);
  }
  static void in_order(Ints& x, Ints& y) {
    const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    const __m512i low = _mm512_permutex2var_epi64(x, first, y);
    y = _mm512_permutex2var_epi64(x, second, y);
    x = low;
  }
  static void add_shifted(std::int32_t* to, Ints x, unsigned shift) {
    _mm512_storeu_si512(to, _mm512_add_epi32(_mm512_loadu_si512(to), _mm512_sll_epi32(x, _mm_cvtsi32_si128(static_cast<int>(shift)))));
  }
  static void add_shifted(std::int64_t* to, Ints x, unsigned shift) {
    const __m128i count = _mm_cvtsi32_si128(static_cast<int>(shift));
    const __m512i low = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(x));
    const __m512i high = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(x, 1));
    _mm512_storeu_si512(to, _mm512_add_epi64(_mm512_loadu_si512(to), _mm512_sll_epi64(low, count)));
    _mm512_storeu_si512(to + 8, _mm512_add_epi64(_mm512_loadu_si512(to + 8), _mm512_sll_epi64(high, count)));
  }
};

}  // namespace

void forward_tile(const ForwardTile& tile, std::int64_t* sums) { LimbTiles<Avx512>::forward(tile, sums); }
void backward_tile(const BackwardTile& tile, std::int64_t* sums) { LimbTiles<Avx512>::backward(tile, sums); }
std::uint64_t update_tile(const UpdateTile& tile) { return LimbTiles<Avx512>::update(tile); }

}  // namespace trainproof::ifma
