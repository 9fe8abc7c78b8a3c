// zkReLU's rounds over time (PROTOCOL §14), masked part. Two stages: the first kGridBits rounds need nothing but sums over the
// features of m · value on a grid of points, made in one pass over the integers; then m and the parts are bound, to an
// eighth of the times, and become field elements.
#include "backend/cpu/cpu_backend.h"
#include "backend/cpu/integers_ifma.h"
#include "backend/cpu/vectors.h"
#include "backend/cpu/zkrelu_ifma.h"
#include "field/ifma_supported.h"

namespace trainproof {

namespace {

// A quadratic's values at 0 and 1 and its leading coefficient.
using Quadratic = std::array<Fr, 3>;

// sums at X = 0, 2, 3 += (time at X) · (q at X), time a line.
void add_times_quadratic(const Fr& time0, const Fr& time1, const Quadratic& q, std::array<Fr, 3>& sums) {
  const Fr slope = time1 - time0, time2 = time1 + slope;
  const Fr rise = q[1] - q[0], at2 = q[1] + rise + q[2].doubled();  // q(2) = q0 + 2·rise + 2·q∞
  const Fr at3 = at2 + rise + q[2].doubled().doubled();              // q(3) = q0 + 3·rise + 6·q∞
  sums[0] += time0 * q[0];
  sums[1] += time2 * at2;
  sums[2] += (time2 + slope) * at3;
}

std::size_t power_of_3(unsigned n) {
  std::size_t out = 1;
  for (; n > 0; --n) out *= 3;
  return out;
}

template <class T>
const T* whole(const IntView& view, IntType type, std::size_t features, std::size_t length) {
  TRAINPROOF_INVARIANT(view.data->type == type && view.rows == features && view.cols == length && view.stride == length &&
                           view.offset + features * length <= view.data->size,
                       "zkrelu: digits of the expected type, features × length of them");
  return static_cast<const T*>(static_cast<const CpuIntBuffer&>(*view.data).data) + view.offset;
}

class CpuZkReluRounds final : public ZkReluRounds {
 public:
  CpuZkReluRounds(CpuBackend& backend, const ZkReluSum& sum)
      : backend_(backend), length_(sum.length), grid_bits_(0), inputs_(sum) {
    while (grid_bits_ < kGridBits && length_ >> grid_bits_ > 1) ++grid_bits_;
    left_ = grid_bits_;
    blocks_ = length_ >> grid_bits_;
    TRAINPROOF_INVARIANT(sum.parts.size() <= kZkReluParts && sum.v.size() <= kMaxDigits && sum.g.size() <= kMaxDigits,
                         "zkrelu: parts and digits as many as there is room for");
    read_integers(sum);
    columns_.padded = (sum.features + 7) / 8 * 8;
    for (std::size_t p = 0; p < sum.parts.size(); ++p) {
      const ZkReluSum::Part& part = sum.parts[p];
      times_.push_back(copy(*part.time, length_));
      TRAINPROOF_INVARIANT(part.time->size == length_, "zkrelu: a time vector's length");
      add_factor(p, kValueV, part.v);
      add_factor(p, kValueG, part.g);
      add_factor(p, kValueM, part.m);
    }
  }

  std::array<Fr, 3> round(const Fr* fold_by) override {
    if (fold_by) {
      for (const auto& time : times_) backend_.fold(*time, *fold_by);
      if (left_ > 0) bind_grid(*fold_by);
    } else {
      make_grid();
    }
    if (left_ > 0) return grid_round();
    if (column_buffers_.empty()) {
      make_columns();
      fold_by = nullptr;
    }
    return column_round(fold_by);
  }

 private:
  void read_integers(const ZkReluSum& sum) {
    const std::size_t features = sum.features;
    integers_ = {features, length_, whole<std::uint8_t>(sum.m, IntType::kU8, features, length_), {}, {},
                 static_cast<unsigned>(sum.v.size()), static_cast<unsigned>(sum.g.size()), sum.digit_bits, sum.g_offset,
                 Fr::from_i64(sum.g_offset)};
    const auto digits = [&](const std::vector<IntView>& views, auto& to) {
      for (std::size_t i = 0; i < views.size(); ++i) to[i] = whole<std::uint16_t>(views[i], IntType::kU16, features, length_);
    };
    digits(sum.v, integers_.v);
    digits(sum.g, integers_.g);
  }
  std::shared_ptr<CpuFrBuffer> copy(const FrBuffer& from, std::size_t size) {
    auto out = uninitialized_buffer(size);
    const Fr* data = on_cpu(from).data();
    std::fill(std::copy(data, data + from.size, out->data()), out->data() + size, Fr::zero());
    return out;
  }
  void add_factor(std::size_t part, ZkReluValue value, const FrHandle& factors) {
    if (!factors) return;
    TRAINPROOF_INVARIANT(factors->size == integers_.features, "zkrelu: a factor for each feature");
    factor_buffers_.push_back(copy(*factors, columns_.padded));
    factors_.push_back({part, value, factor_buffers_.back()->data()});
  }

  bool has_vectors() const {
#ifdef TRAINPROOF_IFMA
    return ifma::supported() && length_ % ifma::kGridColumns == 0;
#else
    return false;
#endif
  }

  // --- The first rounds: grid_[(part · blocks + block) · 3^left + x].

  void make_grid() {
    const std::size_t points = power_of_3(grid_bits_), parts = times_.size();
    grid_.assign(parts * blocks_ * points, Fr::zero());
#ifdef TRAINPROOF_IFMA
    if (has_vectors()) return make_grid_of_vectors();
#endif
    parallel_for(0, blocks_, 1, [&](std::size_t begin, std::size_t end) {
      SecretVector<FrAccumulator> sums(parts * points);
      for (std::size_t block = begin; block < end; ++block) {
        std::fill(sums.begin(), sums.end(), FrAccumulator());
        for (std::size_t feature = 0; feature < integers_.features; ++feature) {
          add_to_grid(feature, block, sums.data());
        }
        for (std::size_t p = 0; p < parts; ++p) {
          for (std::size_t x = 0; x < points; ++x) {
            grid_[(p * blocks_ + block) * points + x] = sums[p * points + x].reduce();
          }
        }
      }
    });
  }

  std::int64_t combined(const std::array<const std::uint16_t*, kMaxDigits>& digits, unsigned count, std::size_t at) const {
    std::int64_t out = 0;
    for (unsigned i = 0; i < count; ++i) out += static_cast<std::int64_t>(digits[i][at]) << (integers_.digit_bits * i);
    return out;
  }
  std::int64_t integer(ZkReluValue value, std::size_t at) const {
    if (value == kValueM) return static_cast<std::int64_t>(integers_.m[at]) - 1;
    if (value == kValueV) return combined(integers_.v, integers_.v_digits, at);
    return combined(integers_.g, integers_.g_digits, at) - integers_.g_offset;
  }

  void add_to_grid(std::size_t feature, std::size_t block, FrAccumulator* sums) const {
    const std::size_t at = feature * length_ + (block << grid_bits_), points = power_of_3(grid_bits_);
    const auto extend = [this](auto& x) {
      extend_to_grid(x.data(), grid_bits_, [](std::int64_t a, std::int64_t b) { return a - b; });
    };
    std::array<std::int64_t, kGrid> m{}, x{};
    for (std::size_t j = 0; j < std::size_t{1} << grid_bits_; ++j) m[j] = integers_.m[at + j];
    extend(m);
    for (const ZkReluFactor& factor : factors_) {
      const Fr& f = factor.factors[feature];
      if (f.is_zero()) continue;
      for (std::size_t j = 0; j < std::size_t{1} << grid_bits_; ++j) x[j] = integer(factor.value, at + j);
      extend(x);
      for (std::size_t i = 0; i < points; ++i) sums[factor.part * points + i].add_product(f, m[i] * x[i]);
    }
  }

#ifdef TRAINPROOF_IFMA
  void make_grid_of_vectors() {
    const std::size_t parts = times_.size(), groups = length_ / ifma::kGridColumns;
    const std::size_t chunks = (columns_.padded + ifma::kGridRows - 1) / ifma::kGridRows;
    const Fr to_memory = Fr::pow2(264);
    std::mutex mutex;
    parallel_for(0, groups * chunks, 1, [&](std::size_t begin, std::size_t end) {
      SecretVector<Fr> lanes(parts * kGrid * 8);
      for (std::size_t task = begin; task < end; ++task) {
        const std::size_t group = task / chunks, first = task % chunks * ifma::kGridRows;
        ifma::zkrelu_grid(integers_, first / 8, std::min(ifma::kGridRows, columns_.padded - first),
                          group * ifma::kGridColumns, factors_, parts, to_memory, lanes.data());
        const std::lock_guard lock(mutex);
        for (std::size_t p = 0; p < parts; ++p) {
          for (std::size_t i = 0; i < kGrid * 8; ++i) {
            grid_[(p * blocks_ + group * 8 + i % 8) * kGrid + i / 8] += lanes[p * kGrid * 8 + i];
          }
        }
      }
    });
    const Fr bias = Fr::pow2(ifma::kGridBias);
    std::vector<Fr> added(parts, Fr::zero());
    for (const ZkReluFactor& factor : factors_) {
      for (std::size_t feature = 0; feature < integers_.features; ++feature) added[factor.part] += factor.factors[feature];
    }
    for (std::size_t i = 0; i < grid_.size(); ++i) grid_[i] -= bias * added[i / (blocks_ * kGrid)];
  }
#endif

  std::array<Fr, 3> grid_round() const {
    const std::size_t points = power_of_3(left_), rest = std::size_t{1} << (left_ - 1);
    std::array<Fr, 3> sums = {Fr::zero(), Fr::zero(), Fr::zero()};
    for (std::size_t p = 0; p < times_.size(); ++p) {
      const Fr* time = times_[p]->data();
      for (std::size_t block = 0; block < blocks_; ++block) {
        const Fr* at = grid_.data() + (p * blocks_ + block) * points;
        for (std::size_t h = 0; h < rest; ++h) {
          // The point (·, bits of h).
          const Fr* q = at;
          for (unsigned bit = 0; bit + 1 < left_; ++bit) q += (h >> bit & 1) * power_of_3(bit + 1);
          const Fr* pair = time + 2 * (block * rest + h);
          add_times_quadratic(pair[0], pair[1], {q[0], q[1], q[2]}, sums);
        }
      }
    }
    return sums;
  }

  void bind_grid(const Fr& r) {
    const Fr square = r.square() - r;
    for (std::size_t i = 0; 3 * i < grid_.size(); ++i) {
      const Fr* q = grid_.data() + 3 * i;
      grid_[i] = q[0] + r * (q[1] - q[0]) + square * q[2];
    }
    grid_.resize(grid_.size() / 3);
    reached_.push_back(r);
    --left_;
  }

  // --- The rounds after it, on columns that are bound to the challenges reached.

  void make_columns() {
    const std::size_t block = std::size_t{1} << grid_bits_;
    // chi[j], bit i of j bound to reached_[i].
    std::vector<Fr> chi(kGridBlock, Fr::zero());
    chi[0] = Fr::one();
    for (std::size_t i = 0; i < grid_bits_; ++i) {
      for (std::size_t j = 0; j < std::size_t{1} << i; ++j) {
        chi[j + (std::size_t{1} << i)] = chi[j] * reached_[i];
        chi[j] -= chi[j + (std::size_t{1} << i)];
      }
    }
    for (std::size_t i = 0; i < times_.size() + 1; ++i) {
      column_buffers_.push_back(uninitialized_buffer(blocks_ * columns_.padded));
      columns_.data.push_back(column_buffers_.back()->data());
      for (std::size_t c = 0; c < blocks_; ++c) {
        std::fill(columns_.data[i] + c * columns_.padded + integers_.features, columns_.data[i] + (c + 1) * columns_.padded,
                  Fr::zero());
      }
    }
    // Tasks are of eight features: neighbours share no line of the cache.
    parallel_for(0, columns_.padded / 8, kFieldGrain / length_ + 1, [&](std::size_t begin, std::size_t end) {
      const std::size_t first = 8 * begin, last = std::min(8 * end, integers_.features);
#ifdef TRAINPROOF_IFMA
      if (has_vectors()) {
        Fr scaled[kGridBlock];
        const Fr scale = Fr::pow2(260);
        for (std::size_t j = 0; j < kGridBlock; ++j) scaled[j] = chi[j] * scale;
        for (std::size_t col = 0; col < length_; col += ifma::kGridColumns) {
          ifma::zkrelu_bind(integers_, begin, last - first, col, factors_, scaled, columns_);
        }
        return;
      }
#endif
      for (std::size_t c = 0; c < blocks_; ++c) {
        for (std::size_t feature = first; feature < last; ++feature) bind_feature(feature, c, block, chi);
      }
    });
  }

  void bind_feature(std::size_t feature, std::size_t c, std::size_t block, const std::vector<Fr>& chi) const {
    const std::size_t from = feature * length_ + c * block, to = c * columns_.padded + feature;
    FrAccumulator m;
    for (std::size_t j = 0; j < block; ++j) m.add_product(chi[j], static_cast<std::int64_t>(integers_.m[from + j]));
    columns_.data[0][to] = m.reduce();
    for (std::size_t p = 0; p < times_.size(); ++p) columns_.data[p + 1][to] = Fr::zero();
    for (const ZkReluFactor& factor : factors_) {
      FrAccumulator sum;
      for (std::size_t j = 0; j < block; ++j) sum.add_product(chi[j], integer(factor.value, from + j));
      columns_.data[factor.part + 1][to] += factor.factors[feature] * sum.reduce();
    }
  }

  std::array<Fr, 3> column_round(const Fr* fold_by) {
    const std::size_t parts = times_.size(), pairs = times_[0]->size / 2;
    constexpr std::size_t kVectors = 256;
    return parallel_sums<3>(0, columns_.padded / 8, kFieldGrain / 64 / pairs + 1, [&](std::size_t begin, std::size_t end) {
      std::array<Fr, 3> sums = {Fr::zero(), Fr::zero(), Fr::zero()};
      std::vector<Quadratic> q(parts);
      for (; begin < end; begin += kVectors) {
        // In order of the pairs: a fold writes below what it and later ones read.
        for (std::size_t c = 0; c < pairs; ++c) {
          sum_pair(c, 8 * begin, std::min(kVectors, end - begin), fold_by, q.data());
          for (std::size_t p = 0; p < parts; ++p) {
            const Fr* time = times_[p]->data() + 2 * c;
            add_times_quadratic(time[0], time[1], q[p], sums);
          }
        }
      }
      return sums;
    });
  }

  void sum_pair(std::size_t c, std::size_t first, std::size_t vectors, const Fr* fold_by, Quadratic* q) const {
    const std::size_t parts = times_.size();
#ifdef TRAINPROOF_IFMA
    if (ifma::supported()) {
      std::array<Fr, kZkReluParts * 3 * 8> lanes;
      ifma::zkrelu_pair(columns_, c, first, vectors, fold_by, Fr::from_u64(256), lanes.data());
      for (std::size_t i = 0; i < 3 * parts; ++i) {
        Fr& sum = q[i / 3][i % 3] = Fr::zero();
        for (std::size_t lane = 0; lane < 8; ++lane) sum += lanes[8 * i + lane];
      }
      return;
    }
#endif
    const std::size_t row = columns_.padded;
    const auto ends = [&](Fr* column, std::size_t at) -> std::array<Fr, 2> {
      Fr* to = column + 2 * c * row + at;
      if (fold_by) {
        const Fr* from = column + 4 * c * row + at;
        const Fr at0 = from[0] + *fold_by * (from[row] - from[0]);
        const Fr at1 = from[2 * row] + *fold_by * (from[3 * row] - from[2 * row]);
        to[0] = at0;
        to[row] = at1;
      }
      return {to[0], to[row]};
    };
    std::array<std::array<FrAccumulator, 3>, kZkReluParts> sums{};
    for (std::size_t at = first; at < first + 8 * vectors; ++at) {
      const auto m = ends(columns_.data[0], at);
      for (std::size_t p = 0; p < parts; ++p) {
        const auto x = ends(columns_.data[p + 1], at);
        sums[p][0].add_product(m[0], x[0]);
        sums[p][1].add_product(m[1], x[1]);
        sums[p][2].add_product(m[1] - m[0], x[1] - x[0]);
      }
    }
    for (std::size_t p = 0; p < parts; ++p) {
      for (std::size_t i = 0; i < 3; ++i) q[p][i] = sums[p][i].reduce();
    }
  }

  CpuBackend& backend_;
  std::size_t length_, blocks_ = 0;
  unsigned grid_bits_, left_ = 0;
  const ZkReluSum inputs_;  // keeps the integers
  ZkReluIntegers integers_{};
  std::vector<std::shared_ptr<CpuFrBuffer>> times_, factor_buffers_, column_buffers_;
  std::vector<ZkReluFactor> factors_;
  SecretVector<Fr> grid_;
  std::vector<Fr> reached_;
  ZkReluColumns columns_;
};

}  // namespace

std::unique_ptr<ZkReluRounds> CpuBackend::zkrelu_rounds(const ZkReluSum& sum) {
  return std::make_unique<CpuZkReluRounds>(*this, sum);
}

}  // namespace trainproof
