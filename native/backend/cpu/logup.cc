// LogUp-GKR's levels (PROTOCOL §10). A level's entry 2x + i is child i of node x: a round binds bit 1 of the index.
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/digit_rounds.h"
#include "backend/cpu/vector_sums.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

using Four = std::array<Fr, 4>;

// Entries 4y … 4y + 3 of a level, beyond its size the default.
struct Level {
  const Fr* data;
  std::size_t size;
  Fr missing;

  Fr at(std::size_t i) const { return i < size ? data[i] : missing; }
  Four four(std::size_t y) const {
    const Fr* from = data + 4 * y;
    if (4 * y + 4 <= size) return {from[0], from[1], from[2], from[3]};
    return {at(4 * y), at(4 * y + 1), at(4 * y + 2), at(4 * y + 3)};
  }
};

// The size after binding bit 1 of the index.
std::size_t folded_size(std::size_t size) { return size / 4 * 2 + std::min<std::size_t>(size % 4, 2); }

// new[2y + i] = old[4y + i] + r · (old[4y + 2 + i] − old[4y + i]), in place, for the groups [begin, end).
void fold_groups(Fr* data, std::size_t size, const Fr& missing, const Fr& r, std::size_t begin,
                 std::size_t end) {
  const Level level{data, size, missing};
  for (std::size_t y = begin; y < end; ++y) {
    const Four old = level.four(y);
    data[2 * y] = old[0] + r * (old[2] - old[0]);
    if (4 * y + 1 < size) data[2 * y + 1] = old[1] + r * (old[3] - old[1]);
  }
}

void fold_level(CpuFrBuffer& level, const Fr& missing, const Fr& r) {
  const std::size_t size = level.size;
  in_place_halving((size + 3) / 4, kFieldGrain / 4, [&](std::size_t begin, std::size_t end) {
    fold_groups(level.data(), size, missing, r, begin, end);
  });
  level.size = folded_size(size);
}

// All ones below `size`, folded: ones as long as size is a multiple of 4, which a null p goes on to say.
FrHandle fold_ones(std::size_t size, const Fr& r) {
  if (size % 4 == 0) return nullptr;
  auto p = uninitialized_buffer(folded_size(size));
  std::fill(p->data(), p->data() + p->size, Fr::one());
  for (std::size_t i = size / 4 * 4; i < size / 4 * 4 + 2 && i < size; ++i) {
    if (i + 2 >= size) p->data()[size / 4 * 2 + i % 4] = Fr::one() - r;
  }
  return p;
}

void fold_both(FrHandle& p, CpuFrBuffer& q, const Fr& r) {
  if (p) {
    fold_level(on_cpu(*p), Fr::zero(), r);
  } else {
    p = fold_ones(q.size, r);
  }
  fold_level(q, Fr::one(), r);
}

// q1·(λ·p0 + q0) + λ·p1·q0 − 1
struct Bracket {
  const Fr& lambda;
  const Fr one = Fr::one();
  Fr products(const Fr& p0, const Fr& p1, const Fr& q0, const Fr& q1) const {
    return lambda * (p0 * q1 + p1 * q0) + q0 * q1;
  }
  Fr operator()(const Fr& p0, const Fr& p1, const Fr& q0, const Fr& q1) const { return products(p0, p1, q0, q1) - one; }
};

// With p0 = p1 = 1 it is (q0 + λ)(q1 + λ) − λ² − 1.
struct OnesBracket {
  const Fr& lambda;
  const Fr constant = lambda.square() + Fr::one();
  Fr operator()(const Fr& q0, const Fr& q1) const { return (q0 + lambda) * (q1 + lambda) - constant; }
};

// Σ_{y in [begin, end)} eq(y) · values(y), two at a time; the high factor once for each of its blocks.
template <class Values>
std::array<Fr, 2> weighted_sums(const SplitEq& eq, std::size_t begin, std::size_t end, Values&& values) {
  std::array<FrAccumulator, 2> total{};
  while (begin < end) {
    const std::size_t high = begin >> eq.low_bits;
    const std::size_t last = std::min(end, (high + 1) << eq.low_bits);
    std::array<FrAccumulator, 2> block{};
    for (std::size_t y = begin; y < last; ++y) {
      const Fr weight = eq.low[y - (high << eq.low_bits)];
      const std::array<Fr, 2> value = values(y);
      for (std::size_t i = 0; i < 2; ++i) block[i].add_product(weight, value[i]);
    }
    for (std::size_t i = 0; i < 2; ++i) total[i].add_product(eq.high[high], block[i].reduce());
    begin = last;
  }
  return {total[0].reduce(), total[1].reduce()};
}

// Of a node's bracket: its value at X = 0 and its coefficient of X².
std::array<Fr, 2> node_values(const Bracket& bracket, const Four& p, const Four& q) {
  return {bracket(p[0], p[1], q[0], q[1]), bracket.products(p[2] - p[0], p[3] - p[1], q[2] - q[0], q[3] - q[1])};
}

std::array<Fr, 2> level_sums(const Level& p, const Level& q, const SplitEq& eq, const Fr& lambda,
                             std::size_t begin, std::size_t end) {
  const Bracket bracket{lambda};
  return weighted_sums(eq, begin, end, [&](std::size_t y) { return node_values(bracket, p.four(y), q.four(y)); });
}

// The same with p all ones on these groups, which must be complete.
std::array<Fr, 2> ones_sums(const Level& q, const SplitEq& eq, const Fr& lambda, std::size_t begin,
                            std::size_t end) {
  const OnesBracket bracket{lambda};
  return weighted_sums(eq, begin, end, [&](std::size_t y) -> std::array<Fr, 2> {
    const Four b = q.four(y);
    return {bracket(b[0], b[1]), (b[2] - b[0]) * (b[3] - b[1])};
  });
}

// The last, incomplete group of a level whose p is all ones below its size.
std::array<Fr, 2> ragged_ones_sums(const Level& q, const SplitEq& eq, const Fr& lambda) {
  const std::size_t last = q.size / 4;
  const Bracket bracket{lambda};
  return weighted_sums(eq, last, last + (q.size % 4 != 0), [&](std::size_t y) {
    Four a;
    for (std::size_t i = 0; i < 4; ++i) a[i] = 4 * y + i < q.size ? Fr::one() : Fr::zero();
    return node_values(bracket, a, q.four(y));
  });
}

// The first leaves of a row, eight at once; how many they are.
template <class T>
std::size_t vector_leaves([[maybe_unused]] std::span<const T> entries, [[maybe_unused]] const Fr& alpha, [[maybe_unused]] Fr* out) {
#ifdef TRAINPROOF_IFMA
  if constexpr (std::is_same_v<T, std::uint16_t> || std::is_same_v<T, std::int32_t>) {
    if (ifma::supported()) {
      const std::size_t count = entries.size() / 8 * 8;
      ifma::lookup_leaves(entries.data(), alpha, count, out);
      return count;
    }
  }
#endif
  return 0;
}

// Sums over the stored nodes of a level, portable: any part of it.
std::array<Fr, 2> portable_sums(const FrHandle& p, const CpuFrBuffer& q, const SplitEq& eq, const Fr& lambda,
                                std::size_t begin) {
  constexpr std::size_t kGroupGrain = kFieldGrain / 16;
  const Level q_level{q.data(), q.size, Fr::one()};
  if (p) {
    const Level p_level{on_cpu(*p).data(), p->size, Fr::zero()};
    return parallel_sums<2>(begin, (q_level.size + 3) / 4, kGroupGrain, [&](std::size_t first, std::size_t last) {
      return level_sums(p_level, q_level, eq, lambda, first, last);
    });
  }
  std::array<Fr, 2> sums =
      parallel_sums<2>(begin, q_level.size / 4, kGroupGrain, [&](std::size_t first, std::size_t last) {
        return ones_sums(q_level, eq, lambda, first, last);
      });
  const std::array<Fr, 2> last = ragged_ones_sums(q_level, eq, lambda);
  for (std::size_t i = 0; i < 2; ++i) sums[i] += last[i];
  return sums;
}

void store_digits(FrHandle& p, FrHandle& q) {
  for (FrHandle* part : {&p, &q}) {
    if (const DigitBuffer* digits = as_digits(*part)) *part = stored(*digits);
  }
}

#ifdef TRAINPROOF_IFMA
// Nodes that are worth going eight at once.
constexpr std::size_t kFewestNodes = 64;

// The first nodes of a level, all complete, eight at once; how many they are.
std::size_t vector_level_sums(const FrHandle& p, const CpuFrBuffer& q, const SplitEq& eq, const Fr& lambda,
                              std::array<Fr, 2>& sums) {
  const std::size_t blocks = q.size / 4 / 8;
  if (!ifma::supported() || 8 * blocks < kFewestNodes || eq.low_bits < kVectorBits) return 0;
  const Fr* from_p = p ? on_cpu(*p).data() : nullptr;
  sums = parallel_sums<2>(0, blocks, kVectorBlockGrain, [&](std::size_t begin, std::size_t end) {
    return vector_round(eq, begin, end, [&](const Fr* low, std::size_t y, std::size_t count, const Fr& weights) {
      ifma::LevelSums level;
      ifma::level_sums(from_p, q.data(), lambda, low, y, count, level);
      return bracket_sums(level, lambda, from_p == nullptr, weights);
    });
  });
  return 8 * blocks;
}

// The same after a fold in place. p is null only if its fold is.
std::size_t vector_fold_sums(const FrHandle& p, CpuFrBuffer& q, const Fr& r, const SplitEq& eq, const Fr& lambda,
                             std::array<Fr, 2>& sums) {
  const std::size_t blocks = q.size / 8 / 8;
  if (!ifma::supported() || 8 * blocks < kFewestNodes || eq.low_bits < kVectorBits) return 0;
  Fr* const from_p = p ? on_cpu(*p).data() : nullptr;
  const bool stream = streams(q.data(), q.size / 2) && (p == nullptr || streams(from_p, q.size / 2));
  std::mutex mutex;
  in_place_halving(blocks, kVectorBlockGrain, [&](std::size_t begin, std::size_t end) {
    const std::array<Fr, 2> part =
        vector_round(eq, begin, end, [&](const Fr* low, std::size_t y, std::size_t count, const Fr& weights) {
          ifma::LevelSums level;
          ifma::fold_level_sums(from_p, q.data(), r, lambda, low, y, count, stream, level);
          return bracket_sums(level, lambda, from_p == nullptr, weights);
        });
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < 2; ++i) sums[i] += part[i];
  });
  // The rest of both levels.
  const std::size_t nodes = 8 * blocks, size = q.size;
  for (CpuFrBuffer* level : {p ? &on_cpu(*p) : nullptr, &q}) {
    if (level == nullptr) continue;
    fold_groups(level->data(), size, level == &q ? Fr::one() : Fr::zero(), r, 2 * nodes, (size + 3) / 4);
    level->size = folded_size(size);
  }
  return nodes;
}
#endif

}  // namespace

FrHandle CpuBackend::lookup_leaves(std::span<const LeafRows> rows, const Fr& alpha) {
  if (FrHandle digits = digit_leaves(rows, alpha)) return digits;
  std::size_t size = 0;
  for (const LeafRows& part : rows) size += part.view.rows * part.view.cols;
  auto out = uninitialized_buffer(size);
  Fr* to = out->data();
  for (const LeafRows& part : rows) {
    const std::size_t cols = part.view.cols;
    const Fr shifted = alpha - Fr::from_i64(part.offset);
    with_type(part.view, [&](const auto& typed) {
      parallel_for(0, part.view.rows, kFieldGrain / (cols + 1) + 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
          const auto entries = typed.row(row);
          for (std::size_t col = vector_leaves(entries, shifted, to + row * cols); col < entries.size(); ++col) {
            to[row * cols + col] = shifted - Fr::from_i64(static_cast<std::int64_t>(entries[col]));
          }
          std::fill(to + row * cols + entries.size(), to + (row + 1) * cols, shifted);
        }
      });
    });
    to += part.view.rows * cols;
  }
  return out;
}

void CpuBackend::fraction_parents(const FrHandle& p, const FrHandle& q, FrHandle& parent_p,
                                  FrHandle& parent_q) {
  if (const DigitBuffer* digits = as_digits(q)) return digit_parents(*digits, parent_p, parent_q);
  const std::size_t size = q->size, parents = (size + 1) / 2;
  auto out_p = uninitialized_buffer(parents);
  auto out_q = uninitialized_buffer(parents);
  const Fr* from_p = p ? on_cpu(*p).data() : nullptr;
  const Fr* from_q = on_cpu(*q).data();
#ifdef TRAINPROOF_IFMA
  const bool stream = streams(out_p->data(), parents) && streams(out_q->data(), parents);
#endif
  // In blocks of eight, so that each begins with a cache line.
  parallel_for(0, (size / 2 + 7) / 8, kFieldGrain / 16, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = 8 * first, end = std::min(8 * last, size / 2);
    std::size_t y = begin;
#ifdef TRAINPROOF_IFMA
    if (ifma::supported()) {
      const std::size_t count = (end - begin) / 8 * 8;
      ifma::fraction_parents(from_p, from_q, out_p->data(), out_q->data(), begin, count, stream);
      y += count;
    }
#endif
    for (; y < end; ++y) {
      const Fr q0 = from_q[2 * y], q1 = from_q[2 * y + 1];
      out_q->data()[y] = q0 * q1;
      out_p->data()[y] = from_p ? from_p[2 * y] * q1 + from_p[2 * y + 1] * q0 : q0 + q1;
    }
  });
  if (size % 2 == 1) {  // (p1, q1) = (0, 1)
    out_q->data()[parents - 1] = from_q[size - 1];
    out_p->data()[parents - 1] = from_p ? from_p[size - 1] : Fr::one();
  }
  parent_p = std::move(out_p);
  parent_q = std::move(out_q);
}

std::array<Fr, 2> CpuBackend::logup_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                          const Fr& lambda) {
  if (as_digits(q)) {
    if (const auto values = digit_round(p, q, fold_by, eq, lambda)) return *values;
    fold_by = nullptr;
  }
  CpuFrBuffer& q_buffer = on_cpu(*q);
  std::array<Fr, 2> sums = {Fr::zero(), Fr::zero()};
  std::size_t done = 0;
#ifdef TRAINPROOF_IFMA
  // Ones that stay ones are folded by doing nothing.
  if (fold_by && (p || q->size % 4 == 0)) done = vector_fold_sums(p, q_buffer, *fold_by, eq, lambda, sums);
#endif
  if (fold_by && done == 0) fold_both(p, q_buffer, *fold_by);
#ifdef TRAINPROOF_IFMA
  if (done == 0) done = vector_level_sums(p, q_buffer, eq, lambda, sums);
#endif
  const std::array<Fr, 2> rest = portable_sums(p, q_buffer, eq, lambda, done);
  for (std::size_t i = 0; i < 2; ++i) sums[i] += rest[i];
  return sums;
}

std::array<Fr, 4> CpuBackend::logup_finish(FrHandle& p, FrHandle& q, const Fr* fold_by) {
  store_digits(p, q);
  if (fold_by) fold_both(p, on_cpu(*q), *fold_by);
  const Level level{on_cpu(*q).data(), q->size, Fr::one()};
  std::array<Fr, 4> out = {Fr::zero(), Fr::zero(), level.at(0), level.at(1)};
  for (std::size_t i = 0; i < 2 && i < q->size; ++i) {
    out[i] = p ? on_cpu(*p).data()[i] : Fr::one();
  }
  return out;
}

}  // namespace trainproof
