// zkReLU's rounds over time (PROTOCOL §14).
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/vectors.h"
#include "backend/cpu/zkrelu_ifma.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

// A value on the pair (2c, 2c + 1), its bit 0 as X.
struct Ends {
  Fr at0, at1;
};

// Values at X = 0, 2, 3.
using Points = std::array<Fr, 3>;
Points points(const Ends& e) {
  const Fr slope = e.at1 - e.at0, at2 = e.at1 + slope;
  return {e.at0, at2, at2 + slope};
}

// The weights of one kind that are not zero at a feature: w(c) = Σ factor · time(c).
struct RowWeight {
  struct Part {
    Fr factor;
    const Fr* time;
  };
  std::vector<Part> parts;

  explicit operator bool() const { return !parts.empty(); }
  Ends at(std::size_t c) const {
    const Part& first = parts[0];
    if (parts.size() == 1) return {first.factor * first.time[2 * c], first.factor * first.time[2 * c + 1]};
    FrAccumulator even, odd;
    for (const Part& part : parts) {
      even.add_product(part.factor, part.time[2 * c]);
      odd.add_product(part.factor, part.time[2 * c + 1]);
    }
    return {even.reduce(), odd.reduce()};
  }
};

// One feature's row of the columns and weights.
struct Row {
  const Fr *m, *v, *r, *g = nullptr, *h = nullptr;
  std::array<RowWeight, kZkReluKinds> weights;

  Row(const ZkReluState& state, std::size_t feature) {
    const auto column = [&](const FrHandle& handle) -> const Fr* {
      return handle ? on_cpu(*handle).data() + feature * state.length : nullptr;
    };
    m = column(state.m);
    v = column(state.v);
    r = column(state.r);
    g = column(state.g);
    h = column(state.h);
    for (std::size_t kind = 0; kind < kZkReluKinds; ++kind) {
      for (const ZkReluState::Weight& weight : state.weights[kind]) {
        const Fr factor = on_cpu(*weight.features).data()[feature];
        if (!factor.is_zero()) {
          weights[kind].parts.push_back({factor, on_cpu(*state.times[weight.time]).data()});
        }
      }
    }
  }
};

struct Constants {
  Fr one = Fr::one(), theta, two_r, half_r, two_v, g_offset, gl_scale;
  explicit Constants(const ZkReluState& s)
      : theta(s.theta), two_r(s.two_r), half_r(s.half_r), two_v(s.two_v), g_offset(s.g_offset),
        gl_scale(s.gl_scale) {}
};

Ends pair(const Fr* column, std::size_t c) { return {column[2 * c], column[2 * c + 1]}; }

struct Sums {
  std::array<FrAccumulator, 3> at{};
  void add(const Points& a, const Points& b) {
    for (std::size_t i = 0; i < 3; ++i) at[i].add_product(a[i], b[i]);
  }
};

// m·(w_A·v + w_G·g + θ·w_eq·(m − 1)) + w_Z·(2^R z + r − 2^(R−1)) + w_GA·(2^R g + h − 2^(R−1)) + w_GL·2^(fG−fA)·z on pair c
void add_pair(const Row& row, const Constants& k, std::size_t c, Sums& sums) {
  const Ends m = pair(row.m, c), v = pair(row.v, c);
  const Points m_at = points(m);
  const auto& w = row.weights;
  Points inner{Fr::zero(), Fr::zero(), Fr::zero()};
  bool masked = false;
  const auto add_inner = [&](const RowWeight& weight, const Points& value, const Fr* scale) {
    Ends ends = weight.at(c);
    if (scale) ends = {ends.at0 * *scale, ends.at1 * *scale};
    const Points at = points(ends);
    for (std::size_t i = 0; i < 3; ++i) inner[i] += at[i] * value[i];
    masked = true;
  };
  if (w[kWeightA]) add_inner(w[kWeightA], points(v), nullptr);
  if (w[kWeightEq]) {
    add_inner(w[kWeightEq], {m_at[0] - k.one, m_at[1] - k.one, m_at[2] - k.one}, &k.theta);
  }
  Ends g{};
  if (row.g && (w[kWeightG] || w[kWeightGA])) {
    g = {row.g[2 * c] - k.g_offset, row.g[2 * c + 1] - k.g_offset};
    if (w[kWeightG]) add_inner(w[kWeightG], points(g), nullptr);
  }
  if (masked) sums.add(inner, m_at);

  if (w[kWeightZ] || w[kWeightGL]) {
    const Ends z = {k.two_v * (m.at0 - k.one) + v.at0, k.two_v * (m.at1 - k.one) + v.at1};
    if (w[kWeightZ]) {
      const Ends r = pair(row.r, c);
      sums.add(points(w[kWeightZ].at(c)),
               points({k.two_r * z.at0 + r.at0 - k.half_r, k.two_r * z.at1 + r.at1 - k.half_r}));
    }
    if (w[kWeightGL]) {
      sums.add(points(w[kWeightGL].at(c)), points({k.gl_scale * z.at0, k.gl_scale * z.at1}));
    }
  }
  if (row.g && w[kWeightGA]) {
    const Ends h = pair(row.h, c);
    sums.add(points(w[kWeightGA].at(c)),
             points({k.two_r * g.at0 + h.at0 - k.half_r, k.two_r * g.at1 + h.at1 - k.half_r}));
  }
}

#ifdef TRAINPROOF_IFMA
ifma::ZkReluConstants vector_constants(const Constants& k) {
  const Fr two_rv = k.two_r * k.two_v;
  return {k.one, k.two_v, k.two_r, two_rv, -k.two_v, -two_rv - k.half_r, -(k.two_r * k.g_offset) - k.half_r, k.g_offset};
}

// Adds whole blocks of eight pairs in [begin, end) of a row to sums; returns where the rest begins.
std::size_t add_blocks(const Row& row, const Constants& k, std::size_t begin, std::size_t end, std::array<Fr, 3>& sums) {
  if (!ifma::supported() || end - begin < 8) return begin;
  std::array<std::vector<ifma::ZkReluPart>, kZkReluKinds> parts;
  std::array<ifma::ZkReluWeight, kZkReluKinds> weights;
  for (std::size_t kind = 0; kind < kZkReluKinds; ++kind) {
    if ((kind == kWeightG || kind == kWeightGA) && !row.g) continue;
    if (row.weights[kind].parts.size() > ifma::kZkReluMaxParts) return begin;
    for (const RowWeight::Part& part : row.weights[kind].parts) {
      const Fr factor = kind == kWeightEq ? part.factor * k.theta
                        : kind == kWeightGL ? part.factor * k.gl_scale
                                            : part.factor;
      parts[kind].push_back({factor, part.time});
    }
    weights[kind] = {parts[kind].data(), parts[kind].size()};
  }
  const ifma::ZkReluRow vector_row{row.m, row.v, row.r, row.g, row.h, weights[kWeightZ], weights[kWeightGA],
                                   weights[kWeightA], weights[kWeightG], weights[kWeightGL], weights[kWeightEq]};
  const ifma::ZkReluConstants constants = vector_constants(k);
  const Fr two_to_8 = Fr::pow2(8);
  while (end - begin >= 8) {
    const std::size_t blocks = std::min((end - begin) / 8, ifma::kZkReluMaxBlocks);
    std::array<Fr, 24> lanes;
    ifma::zkrelu_pairs(vector_row, constants, begin, blocks, lanes.data(), two_to_8);
    for (std::size_t i = 0; i < 24; ++i) sums[i / 8] += lanes[i];
    begin += 8 * blocks;
  }
  return begin;
}
#endif

}  // namespace

std::array<Fr, 3> CpuBackend::zkrelu_round(const ZkReluState& state) {
  TRAINPROOF_INVARIANT(state.length % 2 == 0, "zkrelu_round: a time bit is left");
  const Constants constants(state);
  const std::size_t pairs = state.length / 2;
  // Tasks are stretches of pairs, feature by feature.
  return parallel_sums<3>(0, state.features * pairs, kFieldGrain / 32, [&](std::size_t begin, std::size_t end) {
    Sums sums;
    std::array<Fr, 3> total{Fr::zero(), Fr::zero(), Fr::zero()};
    while (begin < end) {
      const std::size_t feature = begin / pairs, last = std::min(end, (feature + 1) * pairs);
      const Row row(state, feature);
      std::size_t pair = begin - feature * pairs;
      const std::size_t row_end = last - feature * pairs;
#ifdef TRAINPROOF_IFMA
      pair = add_blocks(row, constants, pair, row_end, total);
#endif
      for (; pair < row_end; ++pair) add_pair(row, constants, pair, sums);
      begin = last;
    }
    for (std::size_t i = 0; i < 3; ++i) total[i] += sums.at[i].reduce();
    return total;
  });
}

void CpuBackend::zkrelu_fold(ZkReluState& state, const Fr& r) {
  TRAINPROOF_INVARIANT(state.length % 2 == 0, "zkrelu_fold: a time bit is left");
  // Rows have even length, so that pairs of the whole column are pairs of its rows.
  for (FrHandle* column : {&state.m, &state.v, &state.r, &state.g, &state.h}) {
    if (*column) fold(**column, r);
  }
  for (FrHandle& time : state.times) fold(*time, r);
  state.length /= 2;
}

}  // namespace trainproof
