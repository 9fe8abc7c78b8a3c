// Sumchecks of Σ_i eq(r, i)·term(T_1(i), …, T_k(i)) and LogUp's GKR above them, for any Ops (roofs_portable.cc,
// roofs_ifma.cc).
//
// Each lane of an element is a sumcheck of its own over every kLanes-th entry, all with the same challenges: the same
// arithmetic as one sumcheck over everything but its last log2(kLanes) rounds, which cost nothing. eq is never a table:
// with bit j as X,
//   s(X) = eq(r_j, X)·h(X),   and h(0) and the coefficient of X² are what a prover sends (Gruen);
// its weights are products of an inner and an outer table. A fold is fused with the next round's evaluation.
// The transcript's hashing and copies of data are not part of it: this is what a prover could at best take.
#ifndef TRAINPROOF_BENCH_ROOF_SUMCHECK_H_
#define TRAINPROOF_BENCH_ROOF_SUMCHECK_H_

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <span>

#include "bench/roof.h"
#include "field/field.h"
#include "util/error.h"

namespace trainproof::roof {

// The addends of a term are products of two tables.
struct Pair {
  unsigned x, y;
};
// zkReLU's and the opening's kinds of sums: five products over seven columns, and one product of two.
struct SevenColumns {
  static constexpr unsigned kTables = 7;
  static constexpr std::array<Pair, 5> kPairs = {{{0, 1}, {2, 3}, {4, 5}, {6, 0}, {1, 1}}};
};
struct Product {
  static constexpr unsigned kTables = 2;
  static constexpr std::array<Pair, 1> kPairs = {{{0, 1}}};
};
// A layer of fractions: p0·q1 + q0·(p1 + λ·q1). Tables p0, p1 + λ·q1, q0, q1.
struct Fractions {
  static constexpr unsigned kTables = 4;
  static constexpr std::array<Pair, 2> kPairs = {{{0, 3}, {2, 1}}};
};

// Blocks of kLanes elements, on huge pages where the system has them.
template <class Ops>
class Table {
 public:
  using Stored = typename Ops::Stored;

  explicit Table(std::size_t blocks) : blocks_(blocks) {
    // Prefetches run a little past the end of what is used, and may.
    const std::size_t bytes = (blocks * sizeof(Stored) + kPage - 1) / kPage * kPage;
    data_.reset(static_cast<Stored*>(std::aligned_alloc(kPage, bytes)));
    TRAINPROOF_INVARIANT(data_ != nullptr, "memory for a benchmark");
    std::memset(static_cast<void*>(data_.get()), 0, bytes);
  }
  void fill(Random& random) {
    auto* words = reinterpret_cast<std::uint64_t*>(data_.get());
    for (std::size_t i = 0; i < blocks_ * Ops::kLanes * 4; ++i) {
      // The highest word below 2^61: below both moduli.
      words[i] = random.next() >> (i / Ops::kLanes % 4 == 3 ? 3 : 0);
    }
  }
  Stored* data() const { return data_.get(); }
  std::size_t blocks() const { return blocks_; }

 private:
  static constexpr std::size_t kPage = 4096;
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };
  std::size_t blocks_;
  std::unique_ptr<Stored, Free> data_;
};

// What the prover would send in one sumcheck, for the checks.
template <class Ops>
struct Messages {
  std::vector<typename Ops::Element> at_zero, at_infinity;
};

template <class Ops>
class Sumcheck {
 public:
  using Element = typename Ops::Element;
  using Stored = typename Ops::Stored;

  // eq(r, ·), bit k of the index with r[k].
  static std::vector<Fr> eq_table(std::span<const Fr> r) {
    std::vector<Fr> out(std::size_t{1} << r.size());
    out[0] = Fr::one();
    for (std::size_t k = 0, size = 1; k < r.size(); ++k, size *= 2) {
      for (std::size_t i = 0; i < size; ++i) {
        out[size + i] = out[i] * r[k];
        out[i] -= out[size + i];
      }
    }
    return out;
  }

  // Tables of 2^r.size() blocks, bound from the lowest bit of the block's index on; folded in place. kPaired: tables k,
  // k + 1 are the even and odd blocks of one array, as tree levels have them, and table 1 becomes T_1 + λ·T_3 first.
  template <class Term, bool kPaired = false>
  static void run(const std::array<Stored*, Term::kTables>& tables, std::span<const Fr> r,
                  std::span<const Fr> challenges, const Fr& lambda, Messages<Ops>& sent,
                  std::array<Element, Term::kTables>& last) {
    const std::size_t rounds = r.size();
    if (rounds > 0) {
      std::size_t inner_bits = std::min<std::size_t>(kInnerBits, rounds - 1);
      std::vector<Fr> outer = eq_table(r.subspan(1 + inner_bits));
      Element inner[std::size_t{1} << kInnerBits];
      for (std::size_t j = 0; j < rounds; ++j) {
        inner_bits = std::min<std::size_t>(kInnerBits, rounds - 1 - j);
        const std::vector<Fr> weights = eq_table(r.subspan(j + 1, inner_bits));
        for (std::size_t i = 0; i < weights.size(); ++i) inner[i] = Ops::broadcast(weights[i]);
        const Weights w{inner, weights.size(), outer};
        Element at_zero, at_infinity;
        if (j == 0) {
          round<Term, false, kPaired>(tables, w, Ops::broadcast(lambda), at_zero, at_infinity);
        } else {
          round<Term, true, kPaired>(tables, w, Ops::broadcast(challenges[j - 1]), at_zero, at_infinity);
        }
        sent.at_zero.push_back(at_zero);
        sent.at_infinity.push_back(at_infinity);
        if (outer.size() > 1) {
          for (std::size_t i = 0; i < outer.size() / 2; ++i) outer[i] = outer[2 * i] + outer[2 * i + 1];
          outer.resize(outer.size() / 2);
        }
      }
    }
    for (unsigned k = 0; k < Term::kTables; ++k) {
      last[k] = read<kPaired>(tables, k, 0);
      if (rounds > 0) {
        last[k] = Ops::fold(last[k], read<kPaired>(tables, k, 1), Ops::broadcast(challenges[rounds - 1]));
      } else if (kPaired && k == 1) {
        last[k] = Ops::fold_onto(last[k], read<kPaired>(tables, 3, 0), Ops::broadcast(lambda));
      }
    }
  }

  // What `claim` has become after the last round.
  static Element verify(Element claim, std::span<const Fr> r, std::span<const Fr> challenges,
                        const Messages<Ops>& sent) {
    for (std::size_t j = 0; j < r.size(); ++j) {
      const Element h0 = sent.at_zero[j], h_infinity = sent.at_infinity[j];
      // h(1) = (claim − (1 − r_j)·h(0)) / r_j
      const Element rest = Ops::subtract(claim, Ops::multiply(h0, Ops::broadcast(Fr::one() - r[j])));
      const Element h1 = Ops::multiply(rest, Ops::broadcast(r[j].inverse()));
      const Element slope = Ops::subtract(Ops::subtract(h1, h0), h_infinity);
      const Fr& c = challenges[j];
      claim = Ops::add(h0, Ops::add(Ops::multiply(slope, Ops::broadcast(c)),
                                    Ops::multiply(h_infinity, Ops::broadcast(c * c))));
    }
    return claim;
  }

  template <class Term>
  static Element value(const Element* f) {
    typename Ops::Products sum;
    // A loop over the pairs, unrolled: they are constants.
    [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) __attribute__((always_inline)) {
      (sum.add(f[Term::kPairs[kIndex].x], f[Term::kPairs[kIndex].y]), ...);
    }(std::make_index_sequence<Term::kPairs.size()>{});
    return sum.reduce();
  }

 private:
  static constexpr std::size_t kInnerBits = 5;
  // Folded tables above this size go past the caches.
  static constexpr std::size_t kStreamBytes = 512 << 10;
  // Iterations that prefetches run ahead.
  static constexpr std::size_t kAhead = 2;

  struct Weights {
    const Element* inner;
    std::size_t inner_size;
    std::span<const Fr> outer;
  };

  template <bool kPaired, class Tables>
  TRAINPROOF_INLINE static Stored* place(const Tables& tables, unsigned k, std::size_t block) {
    return kPaired ? tables[k & ~1u] + 2 * block + (k & 1) : tables[k] + block;
  }
  template <bool kPaired, class Tables>
  TRAINPROOF_INLINE static Element read(const Tables& tables, unsigned k, std::size_t block) {
    return Ops::load(place<kPaired>(tables, k, block));
  }

  // One round; `scalar` is the challenge of the last, or λ in the first.
  template <class Term, bool kFold, bool kPaired, class Tables>
  [[gnu::noinline]] static void round(const Tables& tables, const Weights& weights, const Element& scalar,
                                      Element& at_zero, Element& at_infinity) {
    constexpr unsigned kTables = Term::kTables;
    const std::size_t width = weights.inner_size;
    const bool stream = 2 * width * weights.outer.size() * kTables * sizeof(Stored) > kStreamBytes;
    at_zero = at_infinity = Ops::zero();
    for (std::size_t o = 0; o < weights.outer.size(); ++o) {
      Element zeros[std::size_t{1} << kInnerBits], infinities[std::size_t{1} << kInnerBits];
      for (std::size_t b = 0; b < width; ++b) {
        const std::size_t i = o * width + b;
        Element low[kTables], high[kTables];
        // Not unrolled: the code of seven tables would not stay in the instruction cache.
#pragma GCC unroll 1
        for (unsigned k = 0; k < kTables; ++k) {
          if constexpr (Ops::kPrefetch) {
            constexpr std::size_t kRead = (kFold ? 4 : 2) * sizeof(Stored) / 64;
            const char* ahead = reinterpret_cast<const char*>(
                kPaired ? tables[k & ~1u] : tables[k]);
            const std::size_t line = (kPaired ? 2 * (i + kAhead) + (k & 1) : i + kAhead) * kRead;
            for (std::size_t l = 0; l < kRead; ++l) __builtin_prefetch(ahead + 64 * (line + l));
          }
          if constexpr (kFold) {
            low[k] = Ops::fold(read<kPaired>(tables, k, 4 * i), read<kPaired>(tables, k, 4 * i + 1), scalar);
            high[k] = Ops::fold(read<kPaired>(tables, k, 4 * i + 2), read<kPaired>(tables, k, 4 * i + 3), scalar);
          } else {
            low[k] = read<kPaired>(tables, k, 2 * i);
            high[k] = read<kPaired>(tables, k, 2 * i + 1);
          }
        }
        if constexpr (kFold) {
#pragma GCC unroll 1
          for (unsigned k = 0; k < kTables; ++k) {
            Ops::store(place<kPaired>(tables, k, 2 * i), low[k], stream);
            Ops::store(place<kPaired>(tables, k, 2 * i + 1), high[k], stream);
          }
        } else if constexpr (kPaired) {
          low[1] = Ops::fold_onto(low[1], low[3], scalar);
          high[1] = Ops::fold_onto(high[1], high[3], scalar);
          Ops::store(place<kPaired>(tables, 1, 2 * i), low[1], false);
          Ops::store(place<kPaired>(tables, 1, 2 * i + 1), high[1], false);
        }
        zeros[b] = value<Term>(low);
        for (unsigned k = 0; k < kTables; ++k) high[k] = Ops::difference(high[k], low[k]);
        infinities[b] = value<Term>(high);
      }
      const Element weight = Ops::broadcast(weights.outer[o]);
      at_zero = Ops::add(at_zero, Ops::multiply(weighted(zeros, weights), weight));
      at_infinity = Ops::add(at_infinity, Ops::multiply(weighted(infinities, weights), weight));
    }
  }

  TRAINPROOF_INLINE static Element weighted(const Element* values, const Weights& weights) {
    typename Ops::WeightedSum sum;
    for (std::size_t b = 0; b < weights.inner_size; ++b) sum.add(values[b], weights.inner[b]);
    return sum.reduce();
  }
};

inline std::vector<Fr> random_scalars(Random& random, std::size_t count) {
  std::vector<Fr> out(count);
  for (Fr& x : out) x = Fr::from_u64(random.next());
  return out;
}

// The multilinear extension of 2^r.size() blocks.
template <class Ops>
typename Ops::Element extension(const Table<Ops>& table, std::span<const Fr> r) {
  const std::vector<Fr> weights = Sumcheck<Ops>::eq_table(r);
  typename Ops::Element sum = Ops::zero();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum = Ops::add(sum, Ops::multiply(Ops::load(table.data() + i), Ops::broadcast(weights[i])));
  }
  return sum;
}

// A whole sumcheck over `size` entries of each table.
template <class Ops, class Term>
class SumcheckRoof : public Roof {
 public:
  SumcheckRoof(unsigned size_bits, unsigned check_bits) {
    prepare(check_bits);
    check();
    prepare(size_bits);
  }
  void run() override {
    Messages<Ops> sent;
    std::array<typename Ops::Element, Term::kTables> last;
    // Folded tables hold elements still: the next run starts from those.
    Sumcheck<Ops>::template run<Term>(places(), r_, challenges_, Fr::one(), sent, last);
  }
  double items() const override { return static_cast<double>(tables_[0].blocks() * Ops::kLanes); }

 private:
  void prepare(unsigned size_bits) {
    Random random(size_bits);
    const unsigned bits = size_bits - Ops::kLaneBits;
    tables_.clear();
    for (unsigned k = 0; k < Term::kTables; ++k) {
      tables_.emplace_back(std::size_t{1} << bits);
      tables_.back().fill(random);
    }
    r_ = random_scalars(random, bits);
    challenges_ = random_scalars(random, bits);
  }
  std::array<typename Ops::Stored*, Term::kTables> places() const {
    std::array<typename Ops::Stored*, Term::kTables> out;
    for (unsigned k = 0; k < Term::kTables; ++k) out[k] = tables_[k].data();
    return out;
  }
  // From the sum itself to the tables' extensions at the challenges.
  void check() {
    using Element = typename Ops::Element;
    const std::vector<Fr> weights = Sumcheck<Ops>::eq_table(r_);
    Element claim = Ops::zero(), f[Term::kTables];
    for (std::size_t i = 0; i < weights.size(); ++i) {
      for (unsigned k = 0; k < Term::kTables; ++k) f[k] = Ops::load(tables_[k].data() + i);
      claim = Ops::add(claim, Ops::multiply(Sumcheck<Ops>::template value<Term>(f), Ops::broadcast(weights[i])));
    }
    for (unsigned k = 0; k < Term::kTables; ++k) f[k] = extension(tables_[k], challenges_);
    Messages<Ops> sent;
    std::array<Element, Term::kTables> last;
    Sumcheck<Ops>::template run<Term>(places(), r_, challenges_, Fr::one(), sent, last);
    claim = Sumcheck<Ops>::verify(claim, r_, challenges_, sent);
    TRAINPROOF_INVARIANT(Ops::equal(Sumcheck<Ops>::template value<Term>(last.data()), claim),
                         "a sumcheck's last claim");
    for (unsigned k = 0; k < Term::kTables; ++k) {
      TRAINPROOF_INVARIANT(Ops::equal(last[k], f[k]), "a table's extension");
    }
  }

  std::vector<Table<Ops>> tables_;
  std::vector<Fr> r_, challenges_;
};

}  // namespace trainproof::roof

#endif  // TRAINPROOF_BENCH_ROOF_SUMCHECK_H_
