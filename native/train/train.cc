#include "train/train.h"

#include <algorithm>
#include <cmath>

#include "train/ranges.h"
#include "util/parallel.h"

namespace trainproof {
namespace {

constexpr Magnitude k63 = Magnitude{1} << 63;
constexpr Magnitude kLargest = ~Magnitude{0};

Magnitude saturating_add(Magnitude a, Magnitude b) { return a > kLargest - b ? kLargest : a + b; }
Magnitude saturating_multiply(Magnitude a, Magnitude b) {
  return a != 0 && b > kLargest / a ? kLargest : a * b;
}

template <class T>
void fill_zeros(T* data, std::size_t count) {
  parallel_for(0, count, std::size_t{1} << 16,
               [&](std::size_t begin, std::size_t end) { std::fill_n(data + begin, end - begin, 0); });
}

// Sample-major rows to the trace's feature-major ones, in squares that stay in the cache.
void transpose(std::span<const std::int32_t> batch, std::size_t rows, std::size_t width, std::int32_t* out) {
  constexpr std::size_t kSquare = 32;
  parallel_for(0, (width + kSquare - 1) / kSquare, 1, [&](std::size_t begin, std::size_t end) {
    const std::size_t last = std::min(end * kSquare, width);
    for (std::size_t c0 = 0; c0 < rows; c0 += kSquare) {
      for (std::size_t f = begin * kSquare; f < last; ++f) {
        for (std::size_t c = c0; c < std::min(c0 + kSquare, rows); ++c) out[f * rows + c] = batch[c * width + f];
      }
    }
  });
}

// The state of a segment in training; a step is forward, backward, update, in the order of PROTOCOL §4.
class Trainer {
 public:
  Trainer(const Statement& statement, const Shape& shape, TrainingBackend& backend, Trace& trace)
      : st_(statement), shape_(shape), backend_(backend), trace_(trace), weights_(shape.L + 1), z_(shape.L + 1), a_(shape.L + 1) {
    for (unsigned l = 1; l <= shape_.L; ++l) {
      weights_[l] = backend_.upload_weights({trace_.weights_in.data() + shape_.weight_base[l], stride(l)},
                                            shape_.n[l - 1] + 1, shape_.n[l]);
    }
  }

  StepReport step(std::size_t t) {
    t_ = t;
    report_ = {};
    report_.largest_pre_activations.resize(shape_.L);
    report_.largest_gradients.resize(shape_.L - 1);
    a_[0] = upload_batch(0, shape_.n[0]);
    labels_ = upload_batch(shape_.n[0], shape_.n[shape_.L]);
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

  void finish() {
    for (unsigned l = 1; l <= shape_.L; ++l) {
      backend_.download(*weights_[l], {trace_.weights_out.data() + shape_.weight_base[l], stride(l)});
    }
  }

 private:
  std::size_t stride(unsigned l) const { return std::size_t{1} << shape_.weight_stride_bits[l]; }
  std::uint64_t absolute_step() const { return st_.first_step + t_; }
  template <class T>
  HostRows<T> trace_rows(T* data, std::size_t row) const {
    return {data + row * shape_.TB + t_ * shape_.B, shape_.TB};
  }
  std::int64_t constant() const { return std::int64_t{1} << st_.fA; }

  TrainingHandle upload_batch(std::size_t first_row, std::size_t rows) {
    return backend_.upload(trace_rows<const std::int32_t>(trace_.batch.data(), first_row), rows, shape_.B);
  }

  void store_digits(const TrainingMatrix& values, std::int64_t offset, unsigned count, std::size_t first_row, unsigned l) {
    backend_.download_digits(values, offset, shape_.b, count,
                             trace_rows(trace_.digits.data(), first_row + shape_.offset[l]), shape_.phi * shape_.TB);
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
    backend_.download_signs(*z.quotient, trace_rows(trace_.bits.data(), shape_.offset[l]));
    z_[l] = z.quotient;
    if (l == shape_.L) return;
    a_[l] = backend_.relu(*z.quotient);
    backend_.download(*a_[l], trace_rows(trace_.activations.data(), shape_.offset[l]));
  }

  // G_L = 2^(fG−fA) z_L − 2^(fG−σ) Y
  TrainingHandle output_gradient() {
    const unsigned L = shape_.L, z_shift = st_.fG - st_.fA, y_shift = st_.fG - st_.sigma;
    const Magnitude bound = (Magnitude{report_.largest_pre_activations[L - 1]} << z_shift) + (Magnitude{backend_.largest(*labels_)} << y_shift);
    if (bound >= k63) {
      throw_out_of_range(L, absolute_step(), "gradient", static_cast<double>(bound), "[-2^63, 2^63), this prover's numbers", "lower fG");
    }
    TrainingHandle gradient = backend_.output_gradient(*z_[L], z_shift, *labels_, y_shift);
    backend_.download(*gradient, trace_rows(trace_.gradients.data(), shape_.offset[L]));
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
    backend_.download(*gradient, trace_rows(trace_.gradients.data(), shape_.offset[l]));
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
    SecretVector<std::int64_t> z(outputs * B), y(outputs * B);
    backend_.download(*z_[shape_.L], {z.data(), B});
    backend_.download(*labels_, {y.data(), B});
    for (std::size_t i = 0; i < B; ++i) {
      std::size_t best_z = 0, best_y = 0;
      for (std::size_t j = 0; j < outputs; ++j) {
        const double error = std::ldexp(static_cast<double>(z[j * B + i]), -static_cast<int>(st_.fA)) -
                             std::ldexp(static_cast<double>(y[j * B + i]), -static_cast<int>(st_.sigma));
        report_.loss += 0.5 * error * error;
        if (z[j * B + i] > z[best_z * B + i]) best_z = j;
        if (y[j * B + i] > y[best_y * B + i]) best_y = j;
      }
      report_.correct += best_z == best_y;
    }
    report_.loss /= static_cast<double>(B);
  }

  const Statement& st_;
  const Shape& shape_;
  TrainingBackend& backend_;
  Trace& trace_;
  std::vector<WeightsHandle> weights_;
  std::vector<TrainingHandle> z_, a_;
  TrainingHandle labels_;
  StepReport report_;
  std::size_t t_ = 0;
};

}  // namespace

TrainedSegment train_segment(const Statement& statement, const Shape& shape, TrainingBackend& backend,
                             std::span<const std::int32_t> batch, std::span<const std::int64_t> weights_in,
                             Job& job) {
  check_training_inputs(statement, shape, batch, weights_in);
  TrainedSegment segment;
  Trace& trace = segment.trace;
  const std::size_t width = shape.n[0] + shape.n[shape.L];
  trace.batch.resize(width * shape.TB);
  trace.digits.resize(shape.kinds * shape.phi * shape.TB);
  trace.bits.resize(shape.phi * shape.TB);
  trace.activations.resize((shape.phi - shape.n[shape.L]) * shape.TB);
  trace.gradients.resize(shape.phi * shape.TB);
  trace.weights_in.resize(weights_in.size());
  parallel_copy(weights_in.data(), weights_in.size(), trace.weights_in.data());
  // What training does not write: entries between matrices, and digits of the last layer's G and H.
  trace.weights_out.resize(shape.weight_size);
  fill_zeros(trace.weights_out.data(), trace.weights_out.size());
  for (std::size_t kind = shape.dv + shape.dr; kind < shape.kinds; ++kind) {
    fill_zeros(trace.digits.data() + (kind * shape.phi + shape.offset[shape.L]) * shape.TB, shape.n[shape.L] * shape.TB);
  }
  transpose(batch, shape.TB, width, trace.batch.data());

  Trainer trainer(statement, shape, backend, trace);
  for (std::size_t t = 0; t < shape.T; ++t) {
    job.check();
    job.phase("train", static_cast<double>(t) / static_cast<double>(shape.T));
    segment.steps.push_back(trainer.step(t));
  }
  trainer.finish();
  job.phase("train", 1);
  return segment;
}

std::uint64_t training_bytes(const Shape& shape) {
  const std::uint64_t width = shape.n[0] + shape.n[shape.L];
  const std::uint64_t activations = shape.phi - shape.n[shape.L];
  const std::uint64_t trace = shape.TB * (4 * width + 2 * shape.kinds * shape.phi + shape.phi + 8 * activations + 8 * shape.phi) +
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
