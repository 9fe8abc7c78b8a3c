#include "backend/cpu/vectors.h"

#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/vectors_ifma.h"
#include "field/ifma_supported.h"

namespace trainproof {

FrHandle CpuBackend::eq_table(std::span<const Fr> point, std::size_t length, const Fr& scale) {
  auto buffer = uninitialized_buffer(length);
  if (length == 0) return buffer;
  Fr* v = buffer->data();
  v[0] = scale;
  // The table of the first k coordinates, as far as descendants below `length` need it, grows to k + 1.
  for (std::size_t k = 0; k < point.size(); ++k) {
    const Fr c = point[k];
    const std::size_t rest = point.size() - 1 - k;
    const std::size_t size = rest >= 64 ? 1 : ((length - 1) >> rest) + 1;
    const auto grow = [v, c, size](std::size_t begin, std::size_t end) {
      const auto grow_one = [&](std::size_t i) {
        const Fr parent = v[i], odd = parent * c;
        if (2 * i + 1 < size) v[2 * i + 1] = odd;
        v[2 * i] = parent - odd;
      };
      // The topmost may have no odd child.
      if (end > begin && 2 * end > size) grow_one(--end);
#ifdef TRAINPROOF_IFMA
      if (ifma::supported()) {
        const std::size_t blocks = (end - begin) / 8;
        end -= 8 * blocks;
        ifma::grow_eq(v, c, end, blocks);
      }
#endif
      while (end > begin) grow_one(--end);
    };
    // In place from the top: the block [begin, end) with end ≤ 2·begin writes above what it and lower blocks read.
    std::size_t end = (size + 1) / 2;
    while (end > kFieldGrain) {
      const std::size_t begin = (end + 1) / 2;
      parallel_for(begin, end, kFieldGrain, grow);
      end = begin;
    }
    grow(0, end);
  }
  return buffer;
}

void CpuBackend::add_scaled(FrBuffer& y, const Fr& scale, const FrBuffer& x) {
  TRAINPROOF_INVARIANT(y.size == x.size, "add_scaled: sizes differ");
  Fr* to = on_cpu(y).data();
  const Fr* from = on_cpu(x).data();
  parallel_for(0, y.size, kFieldGrain, [&](std::size_t begin, std::size_t end) {
#ifdef TRAINPROOF_IFMA
    if (ifma::supported()) {
      const std::size_t blocks = (end - begin) / 8;
      ifma::add_scaled(to + begin, scale, from + begin, blocks);
      begin += 8 * blocks;
    }
#endif
    for (std::size_t i = begin; i < end; ++i) to[i] += scale * from[i];
  });
}

void CpuBackend::exclusive_prefix_sum(FrBuffer& v, std::size_t segments, std::size_t stride,
                                      const FrBuffer& base, const Fr& scale) {
  TRAINPROOF_INVARIANT(
      segments == 0 || base.size == 0 || (segments - 1) * stride + base.size <= v.size,
      "exclusive_prefix_sum: segments end beyond the vector");
  Fr* data = on_cpu(v).data();
  const Fr* from = on_cpu(base).data();
  parallel_for(0, base.size, kFieldGrain / (segments + 1) + 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      Fr sum = from[k];
      for (std::size_t s = 0; s < segments; ++s) {
        Fr& entry = data[s * stride + k];
        const Fr next = sum + scale * entry;
        entry = sum;
        sum = next;
      }
    }
  });
}

void CpuBackend::fold(FrBuffer& v, const Fr& r) {
  Fr* data = on_cpu(v).data();
  const std::size_t pairs = v.size / 2;
  in_place_halving(pairs, kFieldGrain, [data, &r](std::size_t begin, std::size_t end) {
#ifdef TRAINPROOF_IFMA
    if (ifma::supported()) {
      const std::size_t blocks = (end - begin) / 8;
      ifma::fold(data, r, begin, blocks);
      begin += 8 * blocks;
    }
#endif
    for (std::size_t y = begin; y < end; ++y) {
      const Fr even = data[2 * y];
      data[y] = even + r * (data[2 * y + 1] - even);
    }
  });
  if (v.size % 2 == 1) data[pairs] = data[2 * pairs] - r * data[2 * pairs];
  v.size -= pairs;
}

}  // namespace trainproof
