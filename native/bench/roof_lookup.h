// LogUp's GKR for any Ops: the tree of fractions and the sumchecks of its layers (roof_sumcheck.h).
#ifndef TRAINPROOF_BENCH_ROOF_LOOKUP_H_
#define TRAINPROOF_BENCH_ROOF_LOOKUP_H_

#include "bench/roof_sumcheck.h"

namespace trainproof::roof {

// LogUp's tree of fractions over `size` leaves and the sumchecks of all its layers, from the root down. Any numerators
// and denominators: that tree 1's are ones and small numbers is the prover's to use.
template <class Ops>
class LookupRoof : public Roof {
 public:
  LookupRoof(unsigned size_bits, unsigned check_bits) {
    prepare(check_bits);
    prove(true);
    prepare(size_bits);
  }
  void run() override { prove(false); }
  double items() const override { return static_cast<double>(p_.back().blocks() * Ops::kLanes); }

 private:
  using Element = typename Ops::Element;

  void prepare(unsigned size_bits) {
    Random random(size_bits);
    const unsigned depth = size_bits - Ops::kLaneBits;
    p_.clear();
    q_.clear();
    for (unsigned l = 0; l <= depth; ++l) {
      p_.emplace_back(std::size_t{1} << l);
      q_.emplace_back(std::size_t{1} << l);
    }
    p_.back().fill(random);
    q_.back().fill(random);
    scalars_ = random_scalars(random, (depth + 2) * (depth + 2));
  }

  // p0/q0 + p1/q1
  [[gnu::noinline]] static void make_level(const Table<Ops>& p, const Table<Ops>& q, const Table<Ops>& p_out,
                                           const Table<Ops>& q_out) {
    const std::size_t blocks = p_out.blocks();
    const bool stream = 2 * blocks * sizeof(typename Ops::Stored) > (512 << 10);
    for (std::size_t i = 0; i < blocks; ++i) {
      if constexpr (Ops::kPrefetch) {
        constexpr std::size_t kRead = 2 * sizeof(typename Ops::Stored);
        for (std::size_t l = 0; l < kRead; l += 64) {
          __builtin_prefetch(reinterpret_cast<const char*>(p.data()) + (i + 3) * kRead + l);
          __builtin_prefetch(reinterpret_cast<const char*>(q.data()) + (i + 3) * kRead + l);
        }
      }
      const Element p0 = Ops::load(p.data() + 2 * i), p1 = Ops::load(p.data() + 2 * i + 1);
      const Element q0 = Ops::load(q.data() + 2 * i), q1 = Ops::load(q.data() + 2 * i + 1);
      typename Ops::Products sum;
      sum.add(p0, q1);
      sum.add(p1, q0);
      Ops::store(p_out.data() + i, Ops::reduced(sum.reduce()), stream);
      Ops::store(q_out.data() + i, Ops::reduced(Ops::multiply(q0, q1)), stream);
    }
  }

  void prove(bool check) {
    const std::size_t depth = p_.size() - 1;
    for (std::size_t l = depth; l-- > 0;) make_level(p_[l + 1], q_[l + 1], p_[l], q_[l]);
    Element p = Ops::load(p_[0].data()), q = Ops::load(q_[0].data());
    std::vector<Fr> point;
    const Fr* next = scalars_.data();
    for (std::size_t l = 0; l < depth; ++l) {
      const Fr lambda = *next++, beta = *next++;
      const std::span<const Fr> challenges(next, l);
      next += l;
      std::vector<Fr> deeper(1, beta);
      deeper.insert(deeper.end(), challenges.begin(), challenges.end());
      Element p_leaves = Ops::zero(), q_leaves = Ops::zero();
      if (check && l + 1 == depth) {
        p_leaves = extension(p_[depth], deeper);
        q_leaves = extension(q_[depth], deeper);
      }
      Messages<Ops> sent;
      std::array<Element, 4> last;
      Sumcheck<Ops>::template run<Fractions, true>(
          {p_[l + 1].data(), p_[l + 1].data(), q_[l + 1].data(), q_[l + 1].data()}, point, challenges, lambda, sent,
          last);
      if (check) {
        const Element claim = Ops::add(p, Ops::multiply(q, Ops::broadcast(lambda)));
        TRAINPROOF_INVARIANT(Ops::equal(Sumcheck<Ops>::template value<Fractions>(last.data()),
                                        Sumcheck<Ops>::verify(claim, point, challenges, sent)),
                             "a layer's last claim");
      }
      const Element p1 = Ops::subtract(last[1], Ops::multiply(last[3], Ops::broadcast(lambda)));
      const Element at = Ops::broadcast(beta);
      p = Ops::add(last[0], Ops::multiply(Ops::subtract(p1, last[0]), at));
      q = Ops::add(last[2], Ops::multiply(Ops::subtract(last[3], last[2]), at));
      point = std::move(deeper);
      if (check && l + 1 == depth) {
        TRAINPROOF_INVARIANT(Ops::equal(p, p_leaves) && Ops::equal(q, q_leaves), "the leaves' extensions");
      }
    }
  }

  std::vector<Table<Ops>> p_, q_;  // by level, the root first
  std::vector<Fr> scalars_;
};

}  // namespace trainproof::roof

#endif  // TRAINPROOF_BENCH_ROOF_LOOKUP_H_
