#include "commit/batch_addition_ifma.h"

#include "field/ifma.h"

namespace trainproof::ifma {

namespace {

constexpr std::size_t kBlocks = kAdditionLanes / 8;

// A vector's five limbs in the working space.
TRAINPROOF_INLINE void keep(Vector* to, const Lanes<Fq>& x) {
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) _mm512_store_si512(to + i, x.at[i]);
}
TRAINPROOF_INLINE Lanes<Fq> kept(const Vector* from) {
  Lanes<Fq> out;
  TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) out.at[i] = _mm512_load_si512(from + i);
  return out;
}

template <unsigned kShift, class Row>
TRAINPROOF_INLINE Lanes<Fq> gather(Row&& row) {
  return unpack<kShift, Fq>(transpose_in(row));
}

template <class Row>
TRAINPROOF_INLINE void scatter(const Lanes<Fq>& x, Row&& row) {
  transpose_out(pack(x), row);
}

}  // namespace

// As in batch_addition.cc. Denominators, prefix products and inverses are x·2^260 here (loaded times 16), which products
// keep; coordinates and slopes are memory's x·2^256, and a product of one of each is memory's, too.
void add_distinct(const Addition* additions, std::size_t count, std::uint64_t* space,
                  void (*invert)(Fq* values, std::size_t count)) {
  // Aligned by hand: an allocator's blocks are aligned to 16 bytes only.
  auto* const kept_at = reinterpret_cast<Vector*>((reinterpret_cast<std::uintptr_t>(space) + 63) / 64 * 64);
  const std::size_t blocks = count / 8;
  alignas(64) Fq ends[kAdditionLanes];

  Lanes<Fq> product[kBlocks];
  for (std::size_t c = 0; c < kBlocks; ++c) product[c] = broadcast<4>(Fq::one());
  for (std::size_t b = 0; b < blocks; b += kBlocks) {
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kBlocks; ++c) {
      const Addition* block = additions + 8 * (b + c);
      Vector* const place = kept_at + 10 * (b + c);
      const Lanes<Fq> x1 = gather<4>([=](int lane) __attribute__((always_inline)) { return &block[lane].target->x; });
      const Lanes<Fq> x2 = gather<4>([=](int lane) __attribute__((always_inline)) { return &block[lane].addend->x; });
      const Lanes<Fq> denominator = subtract<16>(x2, x1);  // below 32p
      keep(place, denominator);
      keep(place + 5, product[c]);
      product[c] = multiply(product[c], denominator);
    }
  }
  // 2^260·x in memory means 16·x.
  const Fq sixteen = Fq::from_u64(16);
  for (std::size_t c = 0; c < kBlocks; ++c) store(ends + 8 * c, 1, product[c]);
  invert(ends, kAdditionLanes);
  Lanes<Fq> inverse[kBlocks];
  for (std::size_t c = 0; c < kBlocks; ++c) inverse[c] = multiply(load<4>(ends + 8 * c), broadcast<4>(sixteen));

  for (std::size_t b = blocks; b > 0;) {
    b -= kBlocks;
    TRAINPROOF_UNROLL for (std::size_t c = 0; c < kBlocks; ++c) {
      const Addition* block = additions + 8 * (b + c);
      const Vector* const place = kept_at + 10 * (b + c);
      const Lanes<Fq> denominator_inverse = multiply(inverse[c], kept(place + 5));
      inverse[c] = multiply(inverse[c], kept(place));
      const Lanes<Fq> x1 = gather<0>([=](int lane) __attribute__((always_inline)) { return &block[lane].target->x; });
      const Lanes<Fq> y1 = gather<0>([=](int lane) __attribute__((always_inline)) { return &block[lane].target->y; });
      const Lanes<Fq> x2 = gather<0>([=](int lane) __attribute__((always_inline)) { return &block[lane].addend->x; });
      Lanes<Fq> y2 = gather<0>([=](int lane) __attribute__((always_inline)) { return &block[lane].addend->y; });
      __mmask8 negative = 0;
      TRAINPROOF_UNROLL for (int lane = 0; lane < 8; ++lane) {
        negative = static_cast<__mmask8>(negative | (block[lane].negative ? 1 << lane : 0));
      }
      Lanes<Fq> zero;
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) zero.at[i] = _mm512_setzero_si512();
      const Lanes<Fq> minus = subtract<1>(zero, y2);
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) y2.at[i] = _mm512_mask_mov_epi64(y2.at[i], negative, minus.at[i]);

      const Lanes<Fq> slope = multiply(subtract<1>(y2, y1), denominator_inverse);  // below 3p
      const Lanes<Fq> slope_16 = times_16(slope);
      const Lanes<Fq> square = multiply(slope, slope_16);  // below 4p
      Lanes<Fq> x3;
      constexpr Limbs two_p = split(Fq::kModulus, 2);
      TRAINPROOF_UNROLL for (int i = 0; i < 5; ++i) {
        x3.at[i] = _mm512_sub_epi64(_mm512_add_epi64(square.at[i], all(two_p.at[i])),
                                    _mm512_add_epi64(x1.at[i], x2.at[i]));
      }
      reduce_fully(x3);
      Lanes<Fq> y3 = subtract<1>(multiply(slope_16, subtract<1>(x1, x3)), y1);
      reduce_fully(y3);
      scatter(x3, [=](int lane) __attribute__((always_inline)) { return &block[lane].target->x; });
      scatter(y3, [=](int lane) __attribute__((always_inline)) { return &block[lane].target->y; });
    }
  }
}

}  // namespace trainproof::ifma
