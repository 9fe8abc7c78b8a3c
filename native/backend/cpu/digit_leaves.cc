#include "backend/cpu/digit_leaves.h"

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

void entries(const DigitBuffer& buffer, std::size_t begin, std::size_t count, Fr* out) {
  const DigitLeaves& leaves = *buffer.leaves;
  const auto digit = [&](std::size_t i) { return Fr::from_u64(*leaves.at(i)); };
  for (std::size_t i = begin; i < begin + count; ++i, ++out) {
    switch (buffer.part) {
      case DigitBuffer::kLeaves: *out = leaves.alpha - digit(i); break;
      case DigitBuffer::kParentP: *out = leaves.alpha.doubled() - digit(2 * i) - digit(2 * i + 1); break;
      case DigitBuffer::kParentQ: *out = (leaves.alpha - digit(2 * i)) * (leaves.alpha - digit(2 * i + 1)); break;
    }
  }
}

std::shared_ptr<CpuFrBuffer> stored(const DigitBuffer& buffer) {
  auto out = uninitialized_buffer(buffer.size);
  parallel_for(0, buffer.size, kFieldGrain, [&](std::size_t begin, std::size_t end) {
    entries(buffer, begin, end - begin, out->data() + begin);
  });
  return out;
}

namespace {

// Nodes [8 · begin, 8 · end) of the level above the leaves' parents.
void grandparents(const DigitLeaves& leaves, std::size_t begin, std::size_t end, Fr* p, Fr* q) {
#ifdef TRAINPROOF_IFMA
  if (ifma::supported()) return ifma::digit_grandparents(leaves.at(32 * begin), leaves.alpha, 8 * (end - begin), p, q);
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

void digit_parents(const DigitBuffer& q, FrHandle& parent_p, FrHandle& parent_q) {
  if (q.part == DigitBuffer::kLeaves) {
    parent_p = std::make_shared<DigitBuffer>(q.leaves, DigitBuffer::kParentP);
    parent_q = std::make_shared<DigitBuffer>(q.leaves, DigitBuffer::kParentQ);
    return;
  }
  const std::size_t nodes = q.leaves->size() / 4;
  const auto out_p = uninitialized_buffer(nodes), out_q = uninitialized_buffer(nodes);
  for (const auto& [first, last] : q.leaves->stretches(32)) {
    parallel_for(first, last, kVectorBlockGrain, [&](std::size_t begin, std::size_t end) {
      grandparents(*q.leaves, begin, end, out_p->data() + 8 * begin, out_q->data() + 8 * begin);
    });
  }
  parent_p = out_p;
  parent_q = out_q;
}

#ifdef TRAINPROOF_IFMA

namespace {

// Σ eq·((a − d0)(a − d1) − a'), a = α + λ, a' the default's (λ² + 1), from the digits' sums.
Values leaf_sums(const ifma::DigitSums& sums, const Fr& alpha, const Fr& lambda, const Fr& weights) {
  constexpr Fr scale = Fr::pow2(260), offset = Fr::pow2(32);
  const Fr a = alpha + lambda;
  const Fr constant = (a.square() - lambda.square() - Fr::one()) * weights;
  return {constant + scale * (lane_sum(sums.products) - a * lane_sum(sums.sums)),
          scale * lane_sum(sums.differences) - offset * weights};
}

// Leaves of a node: 4 of a level's entries, or 8 before a fold, of 2^levels leaves each. A block of eight nodes has this many.
std::size_t block_leaves(bool parents, bool fold) { return std::size_t{32} << parents << fold; }

}  // namespace

std::optional<std::array<Fr, 2>> digit_round(FrHandle& p, FrHandle& q, const Fr* fold_by, const SplitEq& eq,
                                             const Fr& lambda) {
  if (!ifma::supported() || eq.low_bits < kVectorBits) return std::nullopt;
  const DigitBuffer& digits = *as_digits(q);
  const DigitLeaves& leaves = *digits.leaves;
  const bool parents = digits.part != DigitBuffer::kLeaves;
  const std::size_t stride = block_leaves(parents, fold_by != nullptr);
  std::shared_ptr<CpuFrBuffer> new_p, new_q;
  if (fold_by) {
    new_q = uninitialized_buffer(q->size / 2);
    if (parents) new_p = uninitialized_buffer(q->size / 2);
  }
  const auto sums = [&](const Fr* low, std::size_t y, std::size_t count, const Fr& weights) -> Values {
    const std::uint16_t* from = leaves.at(y / 8 * stride);
    ifma::LevelSums level;
    if (!parents && !fold_by) {
      ifma::DigitSums first;
      ifma::digit_sums(from, low, count, first);
      return leaf_sums(first, leaves.alpha, lambda, weights);
    }
    if (!parents) {
      ifma::fold_digit_sums(from, leaves.alpha, *fold_by, lambda, low, count, new_q->data() + 4 * y, level);
    } else if (!fold_by) {
      ifma::parent_sums(from, leaves.alpha, low, count, level);
    } else {
      ifma::fold_parent_sums(from, leaves.alpha, *fold_by, low, count, new_p->data() + 4 * y, new_q->data() + 4 * y, level);
    }
    return bracket_sums(level, lambda, !parents, weights);
  };
  std::array<Fr, 2> total = {Fr::zero(), Fr::zero()};
  for (const auto& [begin, end] : leaves.stretches(stride)) {
    const std::array<Fr, 2> part = parallel_sums<2>(
        begin, end, kVectorBlockGrain,
        [&](std::size_t first, std::size_t last) { return vector_round(eq, first, last, sums); });
    for (std::size_t i = 0; i < 2; ++i) total[i] += part[i];
  }
  if (fold_by) {
    if (parents) p = new_p;
    q = new_q;
  }
  return total;
}

#else

std::optional<std::array<Fr, 2>> digit_round(FrHandle&, FrHandle&, const Fr*, const SplitEq&, const Fr&) {
  return std::nullopt;
}

#endif

}  // namespace trainproof
