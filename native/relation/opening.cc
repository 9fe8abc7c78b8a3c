#include "relation/opening.h"

#include <algorithm>

#include "mle/eq.h"
#include "relation/products.h"
#include "relation/update.h"

namespace trainproof {

namespace {

// R(k)·C(column), a weight on the entries of a component's rows first_row + k · row_step. There may be more rows and columns than
// the component stores; its entries are zero there.
struct TensorWeight {
  std::vector<Fr> rows;
  FrHandle columns;
  std::size_t first_row = 0, row_step = 1;
};

// Integers at the addresses ((first_row + row) << column_bits) + column, with the weight Σ_p R_p(row)·C_p(column). While the
// column bits are bound, what a round sums is Σ_p C_p(column)·V_p(column), V_p = Σ_row R_p(row)·entry(row, column).
struct Component {
  IntView view;
  bool column_major = false;  // the view's rows are the columns of the address
  unsigned column_bits = 0;
  std::size_t first_row = 0;
  std::vector<TensorWeight> weights;

  std::size_t rows() const { return column_major ? view.cols : view.rows; }
  std::size_t columns() const { return column_major ? view.rows : view.cols; }
};

// A committed matrix. Components whose column bits are all bound are merged into one table of rows, since their
// entries may then meet at one address.
struct Matrix {
  std::vector<Component> components;
  FrHandle row_weights, row_values;
};

std::vector<Fr> scaled_chi(Context& context, std::span<const Fr> point, std::size_t length,
                           const Fr& scale) {
  return context.backend.download(*context.backend.eq_table(point, length, scale));
}

void add_at(std::vector<Fr>& target, std::size_t offset, std::span<const Fr> values) {
  if (target.size() < offset + values.size()) target.resize(offset + values.size(), Fr::zero());
  for (std::size_t i = 0; i < values.size(); ++i) target[offset + i] += values[i];
}

// Σ_k R(k)·entry(row of k, ·), and Σ_column weight(column)·entry(·, column).
FrHandle sum_rows(Backend& backend, const Component& component, const TensorWeight& weight) {
  if (component.column_major) {
    FrHandle out = backend.zeros(component.view.rows);
    backend.row_dot(component.view, *backend.upload(weight.rows), 1, *out, 0, component.view.rows);
    return out;
  }
  IntView view = component.view;
  view.rows = std::min(weight.rows.size(), (view.rows - weight.first_row + weight.row_step - 1) / weight.row_step);
  view.offset += weight.first_row * view.stride;
  view.stride *= weight.row_step;
  return backend.weighted_row_sum(view, *backend.upload(std::span(weight.rows).first(view.rows)));
}
FrHandle sum_columns(Backend& backend, const Component& component, const FrBuffer& weight) {
  if (component.column_major) return backend.weighted_row_sum(component.view, weight);
  FrHandle out = backend.zeros(component.view.rows);
  backend.row_dot(component.view, weight, 1, *out, 0, component.view.rows);
  return out;
}

class Opening {
 public:
  Opening(Context& context, const LookupClaims& lookup, const ForwardClaims& forward,
          const UpdateClaims& update, const ZkReluClaims& zkrelu)
      : context_(context), s_(context.shape), lookup_(lookup), forward_(forward), update_(update),
        zkrelu_(zkrelu) {}

  OpeningResult prove();

 private:
  Fr add_claim(const Affine& value);
  void digits_and_bits();
  void table();
  void weights();
  void batch();
  void range();
  Matrix weight_matrix(const IntHandle& weights, const Fr& scale, bool only_out);

  void bind_columns(Matrix& matrix, unsigned bound, std::span<const Fr> point);

  Context& context_;
  const Shape& s_;
  const LookupClaims& lookup_;
  const ForwardClaims& forward_;
  const UpdateClaims& update_;
  const ZkReluClaims& zkrelu_;

  Fr xi_, power_ = Fr::one();
  Affine sum_;
  std::vector<Matrix> matrices_;  // D, M, μ, W^in (startKind 1, 2), W^out, X
};

// The next claim's power of ξ.
Fr Opening::add_claim(const Affine& value) {
  power_ *= xi_;
  sum_ += power_ * value;
  return power_;
}

// Claims 1 to 7 are on D, M, μ and X; their order is ξ's.
void Opening::digits_and_bits() {
  const Fr dx = add_claim(lookup_.digits), mu = add_claim(lookup_.multiplicities);
  const std::span<const Fr> tree1(lookup_.tree1), e(zkrelu_.e);
  const std::span<const Fr> tree_row = tree1.first(s_.tree1_depth - s_.omega);
  const FrHandle tree_column = chi_table(context_, tree1.last(s_.omega), s_.TB);
  const std::span<const Fr> e_phi = e.first(s_.phi_bits);
  const FrHandle e_time = chi_table(context_, e.last(s_.omega), s_.TB);
  const std::size_t used = s_.digit_rows, data = s_.n[0] + s_.n[s_.L];

  std::vector<Fr> rows = scaled_chi(context_, tree_row, used + data, dx);
  const std::vector<Fr> data_columns(rows.begin() + static_cast<std::ptrdiff_t>(used), rows.end());
  rows.resize(used);

  Component bits{context_.witness.bit_rows(s_), false, s_.omega, 0, {}};
  bits.weights.push_back({scaled_chi(context_, e_phi, s_.phi, add_claim(zkrelu_.m)), e_time});

  std::vector<Fr> digit_rows(s_.kinds * s_.phi, Fr::zero());
  const auto add_digits = [&](const Affine& value, std::size_t first_row, unsigned count) {
    const std::vector<Fr> chi = scaled_chi(context_, e_phi, s_.phi, add_claim(value));
    for (unsigned i = 0; i < count; ++i) {
      const Fr place = Fr::pow2(s_.b * i);
      for (std::size_t phi = 0; phi < s_.phi; ++phi) {
        digit_rows[first_row + i * s_.phi + phi] += place * chi[phi];
      }
    }
  };
  add_digits(zkrelu_.v, s_.v_row(0), s_.dv);
  add_digits(zkrelu_.r, s_.r_row(0), s_.dr);
  if (s_.L > 1) {
    add_digits(zkrelu_.g, s_.g_row(0), s_.dg);
    add_digits(zkrelu_.h, s_.h_row(0), s_.dr);
  }

  Component digits{context_.witness.all_digits(s_), false, s_.omega, 0, {}};
  digits.weights.push_back({std::move(rows), tree_column});
  digits.weights.push_back({std::move(digit_rows), e_time});

  const std::size_t size = std::size_t{1} << s_.b;
  Component counts{{context_.witness.mu, 0, 1, size, size}, false, s_.b, 0, {}};
  counts.weights.push_back({{mu}, chi_table(context_, lookup_.tree2, size)});

  // X: address c·2^κ + f, stored feature by feature.
  Component batch{{context_.witness.batch, 0, data, s_.TB, s_.TB}, true, s_.kappa, 0, {}};
  batch.weights.push_back(
      {context_.backend.download(*tree_column), context_.backend.upload(data_columns)});

  for (Component* component : {&digits, &bits, &counts, &batch}) {
    Matrix matrix;
    matrix.components.push_back(std::move(*component));
    matrices_.push_back(std::move(matrix));
  }
}

Matrix Opening::weight_matrix(const IntHandle& weights, const Fr& scale, bool only_out) {
  Matrix matrix;
  const std::vector<Fr> deltas = powers(update_.delta, update_.claims.size());
  for (unsigned l = 1; l <= s_.L; ++l) {
    const unsigned bits = s_.weight_stride_bits[l];
    Component component{context_.witness.weight(s_, weights, l), false, bits,
                        s_.weight_base[l] >> bits, {}};
    for (std::size_t c = 0; c < update_.claims.size(); ++c) {
      const WeightClaim& claim = update_.claims[c];
      if (claim.layer != l || (only_out && claim.source != WeightClaim::kOut)) continue;
      std::vector<Fr> rows =
          scaled_chi(context_, claim.in, claim_rows(s_, claim), scale * deltas[c]);
      rows.resize(component.view.rows, Fr::zero());
      component.weights.push_back({std::move(rows), chi_table(context_, claim.out, s_.n[l])});
    }
    matrix.components.push_back(std::move(component));
  }
  return matrix;
}

// Claims 8 and 9.
void Opening::weights() {
  const auto before_batch = [&] { return matrices_.end() - 1; };
  if (context_.statement.committed_start()) {
    const Fr scale = add_claim(update_.weights_in);
    matrices_.insert(before_batch(), weight_matrix(context_.witness.weights_in, scale, false));
  }
  const Fr scale = add_claim(update_.weights_out);
  matrices_.insert(before_batch(), weight_matrix(context_.witness.weights_out, scale, true));
}

// Claims 10 to 12.
void Opening::batch() {
  Component& batch = matrices_.back().components[0];
  const std::size_t data = s_.n[0] + s_.n[s_.L];
  const auto add = [&](std::span<const Fr> t, std::span<const Fr> i, std::vector<Fr> columns) {
    columns.resize(data, Fr::zero());
    batch.weights.push_back({scaled_chi(context_, concatenate(t, i), s_.TB, Fr::one()),
                             context_.backend.upload(columns)});
  };
  add(forward_.t_star, forward_.p_i,
      scaled_chi(context_, forward_.k_star, s_.n[0], add_claim(forward_.activations[0])));

  std::vector<Fr> features(s_.n[0], Fr::zero());
  for (std::size_t c = 0; c < update_.claims.size(); ++c) {
    if (update_.claims[c].layer != 1) continue;
    add_at(features, 0, scaled_chi(context_, update_.claims[c].in, s_.n[0],
                                   add_claim(update_.activations[c])));
  }
  add(update_.t_u, update_.i_u, std::move(features));

  const Fr scale = add_claim(zkrelu_.labels);
  for (const LabelClaim& claim : zkrelu_.label_claims) {
    std::vector<Fr> columns;
    add_at(columns, s_.n[0],
           scaled_chi(context_, claim.features, s_.n[s_.L], scale * claim.scale));
    add(claim.t, claim.i, std::move(columns));
  }
}

// Claim 13: the digits' rows of W^in make up W^in_a + 2^(w−1) at every address a < |W|, by χ_a(p_w).
void Opening::range() {
  if (context_.statement.start_kind != StartKind::kUndisclosed) return;
  const std::span<const Fr> p_w(update_.p_w);
  const Fr middle = Fr::pow2(s_.b * s_.dw - 1);
  const Fr scale = add_claim(Affine(middle * prefix_weight(p_w, s_.weight_size)));

  // On D an address is (row, c). The last row of each digit ends with W.
  const std::size_t column_bits = std::min(s_.omega, s_.range_bits);
  const std::span<const Fr> high = p_w.first(s_.range_bits - column_bits), low = p_w.last(column_bits);
  const std::size_t full_rows = s_.weight_size / s_.TB, tail = s_.weight_size % s_.TB;
  Component& digits = matrices_.front().components.front();
  if (full_rows > 0) {
    const std::vector<Fr> rows = scaled_chi(context_, high, full_rows, scale);
    TensorWeight weight{std::vector<Fr>(s_.dw * s_.range_rows, Fr::zero()), chi_table(context_, low, s_.TB), s_.w_row(0)};
    for (unsigned i = 0; i < s_.dw; ++i) {
      const Fr place = Fr::pow2(s_.b * i);
      for (std::size_t row = 0; row < full_rows; ++row) weight.rows[i * s_.range_rows + row] = place * rows[row];
    }
    digits.weights.push_back(std::move(weight));
  }
  if (tail > 0) {
    TensorWeight weight{{}, chi_table(context_, low, tail), s_.w_row(0) + full_rows, s_.range_rows};
    const Fr last = scale * chi(full_rows, high);
    for (unsigned i = 0; i < s_.dw; ++i) weight.rows.push_back(Fr::pow2(s_.b * i) * last);
    digits.weights.push_back(std::move(weight));
  }

  // On W^in with its padding: a layer's rows as far as to the next layer.
  Matrix& weights_in = matrices_[3];
  for (unsigned l = 1; l <= s_.L; ++l) {
    const unsigned bits = s_.weight_stride_bits[l];
    const std::size_t end = l < s_.L ? s_.weight_base[l + 1] : s_.weight_size;
    const std::size_t first = s_.weight_base[l] >> bits, count = (end >> bits) - first;
    const std::size_t row_bits = s_.range_bits - bits;
    weights_in.components[l - 1].weights.push_back(
        {chi_between(p_w.first(row_bits), first, count, -scale), chi_table(context_, p_w.last(bits), std::size_t{1} << bits)});
  }
}

// Once `bound` address bits are bound to `point`, components of that many column bits become rows.
void Opening::bind_columns(Matrix& matrix, unsigned bound, std::span<const Fr> point) {
  Backend& backend = context_.backend;
  bool changed = false;
  std::vector<Fr> row_weights, row_values;
  for (Component& component : matrix.components) {
    if (component.column_bits != bound) continue;
    if (!changed && matrix.row_weights) {
      row_weights = backend.download(*matrix.row_weights);
      row_values = backend.download(*matrix.row_values);
    }
    changed = true;
    const FrHandle chi = chi_table(context_, point, component.columns());
    const FrHandle values = sum_columns(backend, component, *chi);
    add_at(row_values, component.first_row, backend.download(*values));
    std::vector<Fr> weights(component.rows(), Fr::zero());
    for (const TensorWeight& weight : component.weights) {
      const Fr factor = bound_value(backend, weight.columns);
      const std::size_t end = weight.first_row + (weight.rows.size() - 1) * weight.row_step + 1;
      if (weights.size() < end) weights.resize(end, Fr::zero());
      for (std::size_t k = 0; k < weight.rows.size(); ++k) {
        weights[weight.first_row + k * weight.row_step] += factor * weight.rows[k];
      }
    }
    add_at(row_weights, component.first_row, weights);
  }
  if (!changed) return;
  matrix.row_weights = backend.upload(row_weights);
  matrix.row_values = backend.upload(row_values);
}

OpeningResult Opening::prove() {
  Ledger& ledger = context_.ledger;
  Backend& backend = context_.backend;
  xi_ = ledger.challenge("opening.xi");
  digits_and_bits();
  weights();
  batch();
  range();

  // V_p of every component.
  struct Columns {
    unsigned bits;
    ProductTerm term;
  };
  std::vector<Columns> columns;
  for (Matrix& matrix : matrices_) {
    for (Component& component : matrix.components) {
      for (TensorWeight& weight : component.weights) {
        columns.push_back({component.column_bits,
                           {Fr::one(), nullptr, 0, weight.columns, sum_rows(backend, component, weight)}});
      }
      context_.job.check();
    }
  }

  Sumcheck sumcheck(ledger, "opening", sum_);
  for (unsigned bound = 0;; ++bound) {
    const EvalPoint point = sumcheck.point();
    for (Matrix& matrix : matrices_) bind_columns(matrix, bound, point);
    std::erase_if(columns, [&](const Columns& c) { return c.bits == bound; });
    if (bound == s_.opening_bits) break;

    std::vector<ProductTerm> terms;
    for (const Columns& c : columns) terms.push_back(c.term);
    for (const Matrix& matrix : matrices_) {
      if (matrix.row_weights) {
        terms.push_back({Fr::one(), nullptr, 0, matrix.row_weights, matrix.row_values});
      }
    }
    product_rounds(context_, sumcheck, terms, 1, 2);
  }

  const EvalPoint reached = sumcheck.point();
  OpeningResult out;
  const auto middle = reached.begin() + static_cast<std::ptrdiff_t>(s_.opening_bits - s_.kappa);
  out.x.assign(reached.begin(), middle);
  out.y.assign(middle, reached.end());

  std::vector<Fr> values;
  for (const Matrix& matrix : matrices_) values.push_back(bound_value(backend, matrix.row_values));
  out.values = ledger.say("opening.values", values);
  Affine defect = sumcheck.claim();
  for (std::size_t k = 0; k < matrices_.size(); ++k) {
    defect -= bound_value(backend, matrices_[k].row_weights) * out.values[k];
  }
  ledger.require_zero(std::move(defect));
  const std::vector<Fr> drawn = ledger.challenges("opening.lambda", 3);
  out.lambda = drawn[0];
  out.nu = drawn[1];
  out.gamma = drawn[2];
  return out;
}

}  // namespace

OpeningResult prove_opening(Context& context, const LookupClaims& lookup,
                            const ForwardClaims& forward, const UpdateClaims& update,
                            const ZkReluClaims& zkrelu) {
  return Opening(context, lookup, forward, update, zkrelu).prove();
}

}  // namespace trainproof
