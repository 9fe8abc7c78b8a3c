// sum[i] += table[digit[i]] in affine coordinates with one shared inversion, for any Ops over Fq.
//
// A table holds d·G + H for d < 256 with an H that nobody relates to G: no entry is the identity and no two x meet, so
// that nothing has to be asked. The H are the same for every row, and would be subtracted at the end.
#ifndef TRAINPROOF_BENCH_ROOF_ADDITION_H_
#define TRAINPROOF_BENCH_ROOF_ADDITION_H_

#include "bench/roof.h"
#include "curve/point.h"
#include "util/error.h"

namespace trainproof::roof {

template <class Ops>
class AdditionRoof : public Roof {
 public:
  explicit AdditionRoof(unsigned rows) : blocks_(rows / Ops::kLanes) {
    Random random(1);
    const auto random_point = [&] { return Point(AffinePoint::generator()).scale(Fr::from_u64(random.next())); };
    std::vector<Point> points;
    for (unsigned t = 0; t < kTables; ++t) {
      const Point G = random_point();
      points.push_back(random_point());
      for (unsigned d = 1; d < 256; ++d) points.push_back(points.back() + G);
    }
    entries_ = batch_to_affine(points);
    tables_.resize(kTables);
    for (unsigned t = 0; t < kTables; ++t) {
      for (unsigned d = 0; d < 256; ++d) {
        const AffinePoint& entry = entries_[256 * t + d];
        tables_[t].x[d] = Ops::stored_form(entry.x);
        tables_[t].y[d] = Ops::stored_form(entry.y);
      }
    }
    digits_.resize(kTables * rows);
    for (std::uint8_t& digit : digits_) digit = static_cast<std::uint8_t>(random.next());

    points.assign(1, random_point());
    const Point step = random_point();
    while (points.size() < rows) points.push_back(points.back() + step);
    const std::vector<AffinePoint> start = batch_to_affine(points);
    x_.resize(blocks_);
    y_.resize(blocks_);
    difference_.resize(blocks_);
    prefix_.resize(blocks_);
    for (std::size_t b = 0; b < blocks_; ++b) {
      Fq x[Ops::kLanes], y[Ops::kLanes];
      for (std::size_t lane = 0; lane < Ops::kLanes; ++lane) {
        x[lane] = Ops::stored_form(start[Ops::kLanes * b + lane].x);
        y[lane] = Ops::stored_form(start[Ops::kLanes * b + lane].y);
      }
      x_[b] = Ops::from_lanes(x);
      y_[b] = Ops::from_lanes(y);
    }
    check(start);
  }
  void run() override {
    for (unsigned t = 0; t < kTables; ++t) add(tables_[t], digits_.data() + t * blocks_ * Ops::kLanes);
  }
  double items() const override { return static_cast<double>(kTables * blocks_ * Ops::kLanes); }

 private:
  using Element = typename Ops::Element;
  static constexpr unsigned kTables = 8;
  static constexpr std::size_t kChains = Ops::kChains;  // independent products at a time

  struct AdditionTable {
    alignas(64) Fq x[256], y[256];
  };

  [[gnu::noinline]] void add(const AdditionTable& table, const std::uint8_t* digits) {
    Element chain[kChains];
    for (std::size_t c = 0; c < kChains; ++c) chain[c] = Ops::one();
    for (std::size_t b = 0; b < blocks_; b += kChains) {
      for (std::size_t c = 0; c < kChains; ++c) {
        const Element x2 = Ops::gather(table.x, digits + Ops::kLanes * (b + c));
        difference_[b + c] = Ops::difference(x2, x_[b + c]);
        prefix_[b + c] = chain[c];
      }
      for (std::size_t c = 0; c < kChains; ++c) chain[c] = Ops::multiply(chain[c], difference_[b + c]);
    }
    // All chains with one inversion.
    Element before[kChains], product = chain[0];
    for (std::size_t c = 1; c < kChains; ++c) {
      before[c] = product;
      product = Ops::multiply(product, chain[c]);
    }
    Element inverse = Ops::inverse(product);
    for (std::size_t c = kChains; c-- > 1;) {
      const Element mine = Ops::multiply(inverse, before[c]);
      inverse = Ops::multiply(inverse, chain[c]);
      chain[c] = mine;
    }
    chain[0] = inverse;
    // In stages over a tile, so that consecutive multiplications do not wait for each other.
    for (std::size_t b = blocks_; b > 0;) {
      b -= kChains;
      Element slope[kChains], rise[kChains];
      for (std::size_t c = 0; c < kChains; ++c) {
        rise[c] = Ops::difference(Ops::gather(table.y, digits + Ops::kLanes * (b + c)), y_[b + c]);
      }
      for (std::size_t c = 0; c < kChains; ++c) slope[c] = Ops::multiply(chain[c], prefix_[b + c]);
      for (std::size_t c = 0; c < kChains; ++c) slope[c] = Ops::multiply(rise[c], slope[c]);
      for (std::size_t c = 0; c < kChains; ++c) chain[c] = Ops::multiply(chain[c], difference_[b + c]);
      for (std::size_t c = 0; c < kChains; ++c) {
        const Element x3 = Ops::sum_x(Ops::square(slope[c]), x_[b + c], difference_[b + c]);
        rise[c] = Ops::difference(x_[b + c], x3);
        x_[b + c] = x3;
      }
      for (std::size_t c = 0; c < kChains; ++c) {
        y_[b + c] = Ops::subtract(Ops::multiply(slope[c], rise[c]), y_[b + c]);
      }
    }
  }

  void check(const std::vector<AffinePoint>& start) {
    run();
    for (std::size_t row = 0; row < start.size(); row += 61) {
      Point sum(start[row]);
      for (unsigned t = 0; t < kTables; ++t) sum += entries_[256 * t + digits_[t * start.size() + row]];
      const AffinePoint expected = sum.to_affine();
      const std::size_t b = row / Ops::kLanes, lane = row % Ops::kLanes;
      TRAINPROOF_INVARIANT(Ops::lane(x_[b], lane) == Ops::stored_form(expected.x) &&
                               Ops::lane(y_[b], lane) == Ops::stored_form(expected.y),
                           "a sum of points");
    }
  }

  std::size_t blocks_;
  std::vector<AffinePoint> entries_;
  std::vector<AdditionTable> tables_;
  std::vector<std::uint8_t> digits_;
  std::vector<Element> x_, y_, difference_, prefix_;
};

}  // namespace trainproof::roof

#endif  // TRAINPROOF_BENCH_ROOF_ADDITION_H_
