#include "backend/cpu/digit_leaves.h"

#include "backend/cpu/digit_leaves_ifma.h"
#include "backend/cpu/vector_sums.h"
#include "field/ifma_supported.h"
#include "util/parallel.h"

namespace trainproof {

namespace {

constexpr std::size_t kFewest = std::size_t{1} << 14;

// The integers of a view whose rows follow each other, all of them stored.
template <class T>
std::optional<std::span<const T>> flat(const IntView& view, IntType type) {
  if (view.data->type != type || view.stride != view.cols) return std::nullopt;
  return with_type(view, [&](const auto& typed) -> std::optional<std::span<const T>> {
    if constexpr (std::is_same_v<decltype(typed.data), const T*>) {
      if (view.offset + view.rows * view.cols > typed.size) return std::nullopt;
      return std::span<const T>(typed.data + view.offset, view.rows * view.cols);
    }
    return std::nullopt;
  });
}

}  // namespace

FrHandle digit_leaves(std::span<const Backend::LeafRows> rows, const Fr& alpha) {
  if (rows.empty() || rows[0].offset != 0) return nullptr;
  const auto digits = flat<std::uint16_t>(rows[0].view, IntType::kU16);
  if (!digits || digits->size() < kFewest || digits->size() % DigitLeaves::kBlock != 0) return nullptr;
  auto leaves = std::make_shared<DigitLeaves>();
  leaves->first_data = rows[0].view.data;
  leaves->first = *digits;
  leaves->alpha = alpha;
  for (const Backend::LeafRows& part : rows.subspan(1)) {
    const auto values = flat<std::int32_t>(part.view, IntType::kI32);
    if (!values) return nullptr;
    for (const std::int32_t value : *values) {
      const std::int64_t shifted = value + part.offset;
      if (shifted < 0 || shifted > 0xffff) return nullptr;
      leaves->rest.push_back(static_cast<std::uint16_t>(shifted));
    }
  }
  if (leaves->rest.size() % DigitLeaves::kBlock != 0) return nullptr;
  return std::make_shared<DigitBuffer>(std::move(leaves), DigitBuffer::kLeaves);
}

namespace {

// Entries [begin, end), an even number from an even one on, go to out[0], ….
void make_entries(const DigitBuffer& buffer, std::size_t begin, std::size_t end, Fr* out) {
  const DigitLeaves& leaves = *buffer.leaves;
  const std::size_t nodes = std::size_t{1} << buffer.bound;
  const Fr alpha = leaves.alpha, square = alpha.square();
  std::array<Fr, 4> minus_alpha{};
  for (std::size_t j = 0; j < nodes; ++j) minus_alpha[j] = -(alpha * buffer.weights[j]);
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t node = i / 2 * nodes, child = i % 2;
    FrAccumulator sum;
    if (buffer.part == DigitBuffer::kLeaves) {
      const std::uint16_t* from = leaves.at(2 * node) + child;
      for (std::size_t j = 0; j < nodes; ++j) sum.add_product(buffer.weights[j], std::int64_t{from[2 * j]});
      *out++ = alpha - sum.reduce();
      continue;
    }
    const std::uint16_t* from = leaves.at(4 * node) + 2 * child;
    for (std::size_t j = 0; j < nodes; ++j) {
      const std::uint32_t d0 = from[4 * j], d1 = from[4 * j + 1];
      if (buffer.part == DigitBuffer::kParentP) {
        sum.add_product(buffer.weights[j], std::int64_t{d0 + d1});
      } else {
        sum.add_product(minus_alpha[j], std::int64_t{d0 + d1});
        sum.add_product(buffer.weights[j], std::int64_t{d0 * d1});
      }
    }
    *out++ = buffer.part == DigitBuffer::kParentP ? alpha.doubled() - sum.reduce() : square + sum.reduce();
  }
}

}  // namespace

namespace {

// Nodes [8 · begin, 8 · end) of the level above the leaves' parents.
void grandparents(const DigitLeaves& leaves, std::size_t begin, std::size_t end, Fr* p, Fr* q,
                  [[maybe_unused]] bool stream) {
#ifdef TRAINPROOF_IFMA
  if (ifma::supported()) return ifma::digit_grandparents(leaves.at(32 * begin), leaves.alpha, 8 * (end - begin), p, q, stream);
#endif
  const Fr two_alpha = leaves.alpha.doubled();
  const auto digit = [&](std::size_t i) { return Fr::from_u64(*leaves.at(i)); };
  for (std::size_t y = 8 * begin; y < 8 * end; ++y, ++p, ++q) {
    Fr child_p[2], child_q[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const Fr d0 = digit(4 * y + 2 * i), d1 = digit(4 * y + 2 * i + 1);
      child_p[i] = two_alpha - d0 - d1;
      child_q[i] = (leaves.alpha - d0) * (leaves.alpha - d1);
    }
    *p = child_p[0] * child_q[1] + child_p[1] * child_q[0];
    *q = child_q[0] * child_q[1];
  }
}

}  // namespace

void store_grandparents(FrHandle& p, FrHandle& q) {
  const DigitLeaves& leaves = *as_digits(q)->leaves;
  const std::size_t nodes = leaves.size() / 4;
  const auto out_p = uninitialized_buffer(nodes), out_q = uninitialized_buffer(nodes);
  const bool stream = streams(out_p->data(), nodes) && streams(out_q->data(), nodes);
  for (const auto& [first, last] : leaves.stretches(32)) {
    parallel_for(first, last, kVectorBlockGrain, [&](std::size_t begin, std::size_t end) {
      grandparents(leaves, begin, end, out_p->data() + 8 * begin, out_q->data() + 8 * begin, stream);
    });
  }
  p = out_p;
  q = out_q;
}

namespace {

// Parents of the grandparents, which are made a few at a time.
void parents_of_grandparents(const DigitLeaves& leaves, FrHandle& parent_p, FrHandle& parent_q) {
  constexpr std::size_t kChunk = DigitLeaves::kBlock / 4;
  const std::size_t nodes = leaves.size() / 8;
  const auto out_p = uninitialized_buffer(nodes), out_q = uninitialized_buffer(nodes);
  [[maybe_unused]] const bool stream = streams(out_p->data(), nodes) && streams(out_q->data(), nodes);
  parallel_for(0, leaves.size() / DigitLeaves::kBlock, kVectorBlockGrain / 8, [&](std::size_t first, std::size_t last) {
    alignas(64) Fr p[kChunk], q[kChunk];
    for (std::size_t block = first; block < last; ++block) {
      grandparents(leaves, block * kChunk / 8, (block + 1) * kChunk / 8, p, q, false);
      Fr* const to_p = out_p->data() + block * kChunk / 2;
      Fr* const to_q = out_q->data() + block * kChunk / 2;
#ifdef TRAINPROOF_IFMA
      if (ifma::supported()) {
        ifma::fraction_parents(p, q, to_p, to_q, 0, kChunk / 2, stream);
        continue;
      }
#endif
      for (std::size_t y = 0; y < kChunk / 2; ++y) {
        to_p[y] = p[2 * y] * q[2 * y + 1] + p[2 * y + 1] * q[2 * y];
        to_q[y] = q[2 * y] * q[2 * y + 1];
      }
    }
    wipe(std::span<Fr>(p));
    wipe(std::span<Fr>(q));
  });
  parent_p = out_p;
  parent_q = out_q;
}

}  // namespace

void digit_parents(const DigitBuffer& q, FrHandle& parent_p, FrHandle& parent_q) {
  switch (q.part) {
    case DigitBuffer::kLeaves:
      parent_p = std::make_shared<DigitBuffer>(q.leaves, DigitBuffer::kParentP);
      parent_q = std::make_shared<DigitBuffer>(q.leaves, DigitBuffer::kParentQ);
      return;
    case DigitBuffer::kParentP:
    case DigitBuffer::kParentQ:
      parent_p = std::make_shared<DigitBuffer>(q.leaves, DigitBuffer::kGrandparentP);
      parent_q = std::make_shared<DigitBuffer>(q.leaves, DigitBuffer::kGrandparentQ);
      return;
    case DigitBuffer::kGrandparentP:
    case DigitBuffer::kGrandparentQ: break;
  }
  // The caller may hand in the same handles for both levels.
  const std::shared_ptr<const DigitLeaves> leaves = q.leaves;
  parents_of_grandparents(*leaves, parent_p, parent_q);
}

std::shared_ptr<CpuFrBuffer> stored(const DigitBuffer& buffer) {
  if (buffer.grandparents()) {
    FrHandle p, q = std::make_shared<DigitBuffer>(buffer);
    store_grandparents(p, q);
    return std::static_pointer_cast<CpuFrBuffer>(buffer.part == DigitBuffer::kGrandparentP ? p : q);
  }
  auto out = uninitialized_buffer(buffer.size);
  parallel_for(0, buffer.size / 2, kFieldGrain / 2, [&](std::size_t begin, std::size_t end) {
    make_entries(buffer, 2 * begin, 2 * end, out->data() + 2 * begin);
  });
  return out;
}

}  // namespace trainproof
