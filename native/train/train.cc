#include "train/train.h"

#include <algorithm>
#include <cmath>

#include "train/batch.h"
#include "train/ranges.h"
#include "util/error.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

constexpr Magnitude k63 = Magnitude{1} << 63;
constexpr Magnitude kLargest = ~Magnitude{0};

Magnitude saturating_add(Magnitude a, Magnitude b) { return a > kLargest - b ? kLargest : a + b; }
Magnitude saturating_multiply(Magnitude a, Magnitude b) {
  return a != 0 && b > kLargest / a ? kLargest : a * b;
}

// The tensors that steps add to; a trace's others are what training is given.
struct Tensors {
  MutableIntHandle digits, bits, activations, gradients, weights_out;

  Tensors(const Shape& s, TrainingBackend& backend)
      : digits(backend.make_integers(IntType::kU16, s.digit_rows * s.TB)),
        bits(backend.make_integers(IntType::kU8, s.phi * s.TB)),
        activations(backend.make_integers(IntType::kI64, (s.phi - s.n[s.L]) * s.TB)),
        gradients(backend.make_integers(IntType::kI64, s.phi * s.TB)),
        weights_out(backend.make_integers(IntType::kI64, s.weight_size)) {
    // What training does not write: entries between matrices, digits of the last layer's G and H, and what follows W^in's.
    backend.store_zeros(weights_out, 0, s.weight_size);
    for (std::size_t kind = s.dv + s.dr; kind < s.kinds; ++kind) {
      backend.store_zeros(digits, (kind * s.phi + s.offset[s.L]) * s.TB, s.n[s.L] * s.TB);
    }
    for (unsigned i = 0; i < s.dw; ++i) {
      backend.store_zeros(digits, s.w_row(i) * s.TB + s.weight_size, s.range_rows * s.TB - s.weight_size);
    }
  }
};

// The state of a segment in training; a step is forward, backward, update, in the order of PROTOCOL §4.
class Trainer {
 public:
  // `batch`: the caller's rows, of which a step's report is made; `data`: the same, feature-major, on the backend.
  Trainer(const Statement& statement, const Shape& shape, TrainingBackend& backend, std::span<const std::int32_t> batch,
          IntHandle data, const IntHandle& weights_in)
      : st_(statement),
        shape_(shape),
        backend_(backend),
        batch_(batch),
        data_(std::move(data)),
        to_(shape, backend),
        weights_(shape.L + 1),
        z_(shape.L + 1),
        a_(shape.L + 1) {
    for (unsigned l = 1; l <= shape_.L; ++l) {
      weights_[l] =
          backend_.load_weights({weights_in, shape_.weight_base[l], shape_.n[l - 1] + 1, shape_.n[l], stride(l)});
    }
  }

  void check_weights() {
    for (unsigned l = 1; l <= shape_.L; ++l) check_largest_weight(st_, l, backend_.largest(*weights_[l]));
  }

  // W^in_a + 2^(w−1) at every address a < |W|, in digits, some entries at a time.
  void store_start_digits(const IntHandle& weights_in) {
    constexpr std::size_t kMost = std::size_t{1} << 20, kRow = std::size_t{1} << 10;
    const auto offset = static_cast<std::int64_t>(std::uint64_t{1} << (shape_.b * shape_.dw - 1));
    const std::size_t size = shape_.weight_size;
    for (std::size_t from = 0; from < size;) {
      const std::size_t left = std::min(kMost, size - from), cols = std::min(kRow, left), rows = left / cols;
      const TrainingHandle part = backend_.load({weights_in, from, rows, cols, cols});
      backend_.store_digits(*part, offset, shape_.b, shape_.dw, {to_.digits, shape_.w_row(0) * shape_.TB + from, cols},
                            shape_.range_rows * shape_.TB);
      from += rows * cols;
    }
  }

  StepReport step(std::size_t t) {
    t_ = t;
    report_ = {};
    report_.largest_pre_activations.resize(shape_.L);
    report_.largest_gradients.resize(shape_.L - 1);
    a_[0] = load_batch(0, shape_.n[0]);
    labels_ = load_batch(shape_.n[0], shape_.n[shape_.L]);
    for (unsigned l = 1; l <= shape_.L; ++l) forward(l);
    measure();
    TrainingHandle gradient = output_gradient();
    for (unsigned l = shape_.L; l >= 1; --l) {
      // W_{l}^t, not yet updated, carries G_l back to layer l − 1.
      TrainingHandle below = l > 1 ? backward(l - 1, *gradient) : nullptr;
      update(l, *gradient);
      gradient = std::move(below);
    }
    return std::move(report_);
  }

  const Tensors& finish() {
    for (unsigned l = 1; l <= shape_.L; ++l) {
      backend_.store(*weights_[l], {to_.weights_out, shape_.weight_base[l], stride(l)});
    }
    return to_;
  }

 private:
  std::size_t stride(unsigned l) const { return std::size_t{1} << shape_.weight_stride_bits[l]; }
  std::uint64_t absolute_step() const { return st_.first_step + t_; }
  // A step's columns of a tensor's rows, from row `row`.
  IntRows rows_of(const MutableIntHandle& tensor, std::size_t row) const {
    return {tensor, row * shape_.TB + t_ * shape_.B, shape_.TB};
  }
  std::int64_t constant() const { return std::int64_t{1} << st_.fA; }

  TrainingHandle load_batch(std::size_t first_row, std::size_t rows) {
    return backend_.load({data_, first_row * shape_.TB + t_ * shape_.B, rows, shape_.B, shape_.TB});
  }

  void store_digits(const TrainingMatrix& values, std::int64_t offset, unsigned count, std::size_t first_row, unsigned l) {
    backend_.store_digits(values, offset, shape_.b, count, rows_of(to_.digits, first_row + shape_.offset[l]),
                          shape_.phi * shape_.TB);
  }

  // Z_l + 2^(R−1) = 2^R z_l + r_l;  z_l = 2^(b·dv) (m_l − 1) + v_l;  A_l = m_l · v_l
  void forward(unsigned l) {
    const unsigned z_bits = shape_.b * shape_.dv;
    const Magnitude inputs = saturating_add(backend_.largest_column_sum(*a_[l - 1]), static_cast<Magnitude>(constant()));
    const Magnitude bound = saturating_add(saturating_multiply(inputs, backend_.largest(*weights_[l])), Magnitude{1} << (st_.R - 1));
    RoundedProduct z = backend_.forward_product(*weights_[l], *a_[l - 1], constant(), bound, st_.R, std::int64_t{1} << z_bits);
    if (z.violation) {
      const std::string limit = std::to_string(z_bits);
      throw_out_of_range(l, absolute_step(), "pre-activation", z.violation->value, "[-2^" + limit + ", 2^" + limit + ")",
                         "raise dv, lower fA (and scale the features with it) or lower eta");
    }
    report_.largest_pre_activations[l - 1] = backend_.largest(*z.quotient);
    // v's digits are the low bits of z in two's complement.
    store_digits(*z.quotient, 0, shape_.dv, shape_.v_row(0), l);
    store_digits(*z.remainder, 0, shape_.dr, shape_.r_row(0), l);
    backend_.store_signs(*z.quotient, rows_of(to_.bits, shape_.offset[l]));
    z_[l] = z.quotient;
    if (l == shape_.L) return;
    a_[l] = backend_.relu(*z.quotient);
    backend_.store(*a_[l], rows_of(to_.activations, shape_.offset[l]));
  }

  // G_L = 2^(fG−fA) z_L − 2^(fG−σ) Y
  TrainingHandle output_gradient() {
    const unsigned L = shape_.L, z_shift = st_.fG - st_.fA, y_shift = st_.fG - st_.sigma;
    const Magnitude bound = (Magnitude{report_.largest_pre_activations[L - 1]} << z_shift) + (Magnitude{backend_.largest(*labels_)} << y_shift);
    if (bound >= k63) {
      throw_out_of_range(L, absolute_step(), "gradient", static_cast<double>(bound), "[-2^63, 2^63), this prover's numbers", "lower fG");
    }
    TrainingHandle gradient = backend_.output_gradient(*z_[L], z_shift, *labels_, y_shift);
    backend_.store(*gradient, rows_of(to_.gradients, shape_.offset[L]));
    return gradient;
  }

  // GA_l + 2^(R−1) = 2^R g_l + h_l;  G_l = m_l · g_l
  TrainingHandle backward(unsigned l, const TrainingMatrix& above) {
    const unsigned g_bits = shape_.b * shape_.dg - 1;
    const std::int64_t limit = std::int64_t{1} << g_bits;
    const Magnitude bound = saturating_add(saturating_multiply(backend_.largest_column_sum(above), backend_.largest(*weights_[l + 1])), Magnitude{1} << (st_.R - 1));
    RoundedProduct g = backend_.backward_product(*weights_[l + 1], above, bound, st_.R, limit);
    if (g.violation) {
      const std::string text = std::to_string(g_bits);
      throw_out_of_range(l, absolute_step(), "gradient", g.violation->value, "[-2^" + text + ", 2^" + text + ")",
                         "raise dg, lower fG or lower eta");
    }
    report_.largest_gradients[l - 1] = backend_.largest(*g.quotient);
    store_digits(*g.quotient, limit, shape_.dg, shape_.g_row(0), l);
    store_digits(*g.remainder, 0, shape_.dr, shape_.h_row(0), l);
    TrainingHandle gradient = backend_.mask(*g.quotient, *z_[l]);
    backend_.store(*gradient, rows_of(to_.gradients, shape_.offset[l]));
    return gradient;
  }

  // W_l −= η · [A_{l−1}, 2^fA]ᵀ · G_l
  void update(unsigned l, const TrainingMatrix& gradient) {
    const Magnitude input = std::max<Magnitude>(backend_.largest(*a_[l - 1]), static_cast<Magnitude>(constant()));
    const Magnitude sum = saturating_multiply(saturating_multiply(input, backend_.largest(gradient)), shape_.B);
    const Magnitude bound = saturating_add(backend_.largest(*weights_[l]), saturating_multiply(sum, st_.eta));
    const auto violation = backend_.update_weights(*weights_[l], *a_[l - 1], constant(), gradient, st_.eta, bound);
    if (violation) {
      throw_out_of_range(l, absolute_step(), "weight", violation->value, "(-2^63, 2^63), this prover's numbers", "lower eta or R");
    }
  }

  // Loss and correct predictions of the step, before its update.
  void measure() {
    const std::size_t outputs = shape_.n[shape_.L], B = shape_.B;
    SecretVector<std::int64_t> z(outputs * B);
    backend_.download(*z_[shape_.L], {z.data(), B});
    const std::size_t width = shape_.n[0] + outputs;
    const auto y = [&](std::size_t i, std::size_t j) { return batch_[(t_ * B + i) * width + shape_.n[0] + j]; };
    for (std::size_t i = 0; i < B; ++i) {
      std::size_t best_z = 0, best_y = 0;
      for (std::size_t j = 0; j < outputs; ++j) {
        const double error = std::ldexp(static_cast<double>(z[j * B + i]), -static_cast<int>(st_.fA)) -
                             std::ldexp(static_cast<double>(y(i, j)), -static_cast<int>(st_.sigma));
        report_.loss += 0.5 * error * error;
        if (z[j * B + i] > z[best_z * B + i]) best_z = j;
        if (y(i, j) > y(i, best_y)) best_y = j;
      }
      report_.correct += best_z == best_y;
    }
    report_.loss /= static_cast<double>(B);
  }

  const Statement& st_;
  const Shape& shape_;
  TrainingBackend& backend_;
  std::span<const std::int32_t> batch_;
  IntHandle data_;
  Tensors to_;
  std::vector<WeightsHandle> weights_;
  std::vector<TrainingHandle> z_, a_;
  TrainingHandle labels_;
  StepReport report_;
  std::size_t t_ = 0;
};

// `check_device_weights`: the weights were not in host memory to be looked at.
TrainedSegment train_checked(const Statement& statement, const Shape& shape, TrainingBackend& backend,
                             std::span<const std::int32_t> batch, const IntHandle& sent, const IntHandle& weights_in,
                             bool check_device_weights, Job& job) {
  TRAINPROOF_INVARIANT(!sent || (sent->type == IntType::kI32 && sent->size == batch.size()), "the batch that was sent");
  const IntHandle data = sent ? backend.adopt(sent) : send_batch(shape, backend, batch);
  TrainedSegment segment;
  Trainer trainer(statement, shape, backend, batch, data, weights_in);
  if (check_device_weights) trainer.check_weights();
  if (statement.start_kind == StartKind::kUndisclosed) trainer.store_start_digits(weights_in);
  for (std::size_t t = 0; t < shape.T; ++t) {
    job.check();
    job.phase("train", static_cast<double>(t) / static_cast<double>(shape.T));
    segment.steps.push_back(trainer.step(t));
  }
  const Tensors& made = trainer.finish();
  segment.trace = {data, made.digits, made.bits, made.activations, made.gradients, weights_in, made.weights_out};
  job.phase("train", 1);
  return segment;
}

}  // namespace

TrainedSegment train_segment(const Statement& statement, const Shape& shape, TrainingBackend& backend,
                             std::span<const std::int32_t> batch, std::span<const std::int64_t> weights_in, Job& job,
                             const IntHandle& sent) {
  check_batch(statement, shape, batch);
  check_weights(statement, shape, weights_in);
  UnsetSecretVector<std::int64_t> copy(weights_in.size());
  parallel_copy(weights_in.data(), weights_in.size(), copy.data());
  return train_checked(statement, shape, backend, batch, sent, backend.own(std::move(copy)), false, job);
}

TrainedSegment train_segment(const Statement& statement, const Shape& shape, TrainingBackend& backend,
                             std::span<const std::int32_t> batch, const IntHandle& weights_in, Job& job,
                             const IntHandle& sent) {
  check_batch(statement, shape, batch);
  TRAINPROOF_INVARIANT(weights_in->type == IntType::kI64, "weights are int64");
  check_weights_length(shape, weights_in->size);
  return train_checked(statement, shape, backend, batch, sent, backend.adopt(weights_in), true, job);
}

std::uint64_t training_bytes(const Shape& shape) {
  const std::uint64_t width = shape.n[0] + shape.n[shape.L];
  const std::uint64_t activations = shape.phi - shape.n[shape.L];
  const std::uint64_t trace = shape.TB * (4 * width + 2 * shape.digit_rows + shape.phi + 8 * activations + 8 * shape.phi) +
                              16 * shape.weight_size;
  // The backend's weights, four planes of strips at most, and one layer as int64 and in its old planes while it gets more; a
  // step's z, remainder, activation, gradients; packed operands of the widest product.
  std::uint64_t widest = 0, weights = 0, widest_weights = 0;
  for (unsigned l = 1; l <= shape.L; ++l) {
    const std::uint64_t rows = shape.n[l - 1] + 1, padded = (shape.n[l] + 31) / 32 * 32;
    widest = std::max<std::uint64_t>({widest, rows, shape.n[l]});
    weights += 8 * rows * padded;
    widest_weights = std::max(widest_weights, 16 * rows * padded);
  }
  return trace + weights + widest_weights + 8 * shape.B * (width + 3 * shape.phi + 8 * widest);
}

}  // namespace trainproof
