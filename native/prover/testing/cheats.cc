#include "prover/testing/cheats.h"

#include <algorithm>
#include <stdexcept>

namespace trainproof::testing {

namespace {

using TraceCheat = std::function<void(const Statement&, const Shape&, HostTrace&)>;

std::uint16_t& digit(const Shape& s, HostTrace& trace, std::size_t first_row, unsigned i, std::size_t feature,
                     std::size_t c) {
  return trace.digits[(first_row + i * s.phi + feature) * s.TB + c];
}

// Moves one from digit 1 of some entry to digit 0: the sum is as before, digit 0 is 2^b or more. Features below
// `features` are looked through.
TraceCheat digit_out_of_range(std::size_t (Shape::*first_row)(unsigned) const) {
  return [first_row](const Statement&, const Shape& s, HostTrace& trace) {
    const std::size_t row = (s.*first_row)(0);
    for (std::size_t feature = 0; feature < s.phi - s.n[s.L]; ++feature) {
      for (std::size_t c = 0; c < s.TB; ++c) {
        if (digit(s, trace, row, 1, feature, c) == 0) continue;
        digit(s, trace, row, 1, feature, c) -= 1;
        digit(s, trace, row, 0, feature, c) =
            static_cast<std::uint16_t>(digit(s, trace, row, 0, feature, c) + (1u << s.b));
        return;
      }
    }
    throw std::logic_error("no entry whose second digit is positive: choose another seed");
  };
}

std::int64_t activation(const Statement& st, const Shape& s, const HostTrace& trace, unsigned layer, std::size_t k,
                        std::size_t c) {
  if (k == s.n[layer]) return std::int64_t{1} << st.fA;
  if (layer == 0) return trace.batch[k * s.TB + c];
  return trace.activations[(s.offset[layer] + k) * s.TB + c];
}

// W^out of a layer without its update of the last step.
void undo_last_update(const Statement& st, const Shape& s, HostTrace& trace, unsigned layer) {
  for (std::size_t k = 0; k <= s.n[layer - 1]; ++k) {
    for (std::size_t j = 0; j < s.n[layer]; ++j) {
      std::int64_t sum = 0;
      for (std::size_t c = s.TB - s.B; c < s.TB; ++c) {
        sum += activation(st, s, trace, layer - 1, k, c) * trace.gradients[(s.offset[layer] + j) * s.TB + c];
      }
      trace.weights_out[s.weight_address(layer, k, j)] += static_cast<std::int64_t>(st.eta) * sum;
    }
  }
}

void skip_update(const Statement& st, const Shape& s, HostTrace& trace) {
  for (unsigned layer = 1; layer <= s.L; ++layer) undo_last_update(st, s, trace, layer);
}

// Layer 1's gradients of the last step are zero, consistently in all but GA = G·Wᵀ.
void replace_backward_pass(const Statement& st, const Shape& s, HostTrace& trace) {
  undo_last_update(st, s, trace, 1);
  const std::uint64_t zero_g = std::uint64_t{1} << (s.b * s.dg - 1), zero_h = std::uint64_t{1} << (st.R - 1);
  const auto write = [&](std::size_t first_row, unsigned count, std::size_t feature, std::size_t c,
                         std::uint64_t value) {
    for (unsigned i = 0; i < count; ++i, value >>= s.b) {
      digit(s, trace, first_row, i, feature, c) = static_cast<std::uint16_t>(value & ((1u << s.b) - 1));
    }
  };
  for (std::size_t j = 0; j < s.n[1]; ++j) {
    for (std::size_t c = s.TB - s.B; c < s.TB; ++c) {
      write(s.g_row(0), s.dg, j, c, zero_g);
      write(s.h_row(0), s.dr, j, c, zero_h);
      trace.gradients[j * s.TB + c] = 0;
    }
  }
}

// An output's remainder 2^R larger, its rounded value one smaller, and the gradient with it.
void remainder_too_large(const Statement& st, const Shape& s, HostTrace& trace) {
  const std::size_t feature = s.offset[s.L];
  for (std::size_t c = 0; c < s.TB; ++c) {
    if (digit(s, trace, s.v_row(0), 0, feature, c) == 0) continue;
    digit(s, trace, s.v_row(0), 0, feature, c) -= 1;
    std::uint16_t& top = digit(s, trace, s.r_row(0), s.dr - 1, feature, c);
    top = static_cast<std::uint16_t>(top + (1u << s.b));
    trace.gradients[feature * s.TB + c] -= std::int64_t{1} << (st.fG - st.fA);
    return;
  }
  throw std::logic_error("no output to lower by one: choose another seed");
}

// Digit i of W^in_a + 2^(w−1).
std::uint16_t& start_digit(const Shape& s, HostTrace& trace, unsigned i, std::size_t a) {
  return trace.digits[s.w_row(i) * s.TB + a];
}

// Moves one from an entry's digit 1 to digit 0.
void start_digit_out_of_range(const Statement&, const Shape& s, HostTrace& trace) {
  for (std::size_t a = 0; a < s.weight_size; ++a) {
    if (start_digit(s, trace, 1, a) == 0) continue;
    start_digit(s, trace, 1, a) -= 1;
    start_digit(s, trace, 0, a) = static_cast<std::uint16_t>(start_digit(s, trace, 0, a) + (1u << s.b));
    return;
  }
  throw std::logic_error("no weight whose second digit is positive: choose another seed");
}

// A weight of W_0, in training that minds no bound; a bias of −W_0 keeps its unit from being active. Its digits are those modulo 2^w.
Cheat start_weight_out_of_range(TraceCheat cheat) {
  Cheat out;
  out.weights = [](const Statement& st, const Shape& s, std::vector<std::int64_t>& weights) {
    std::int64_t bound = 0;
    for (unsigned i = 24; i < 32; ++i) bound = bound << 8 | st.W0[i];
    weights[s.weight_address(1, 0, 0)] = bound;
    weights[s.weight_address(1, s.n[0], 0)] = -bound;
  };
  out.training = [](Statement& st) { st.W0[24] = 0x40; };
  out.trace = std::move(cheat);
  return out;
}

std::map<std::string, Cheat> make_start_cheats() {
  std::map<std::string, Cheat> out;
  out["startDigitOutOfRange"].trace = start_digit_out_of_range;
  out["startDigitOffByOne"].trace = [](const Statement&, const Shape& s, HostTrace& t) {
    start_digit(s, t, 0, s.weight_address(1, 0, 0)) ^= 1;
  };
  out["startDigitOfPaddingOff"].trace = [](const Statement&, const Shape& s, HostTrace& t) {
    start_digit(s, t, 0, s.weight_size - 1) ^= 1;
  };
  out["startDigitsLeftOut"].trace = [](const Statement&, const Shape& s, HostTrace& t) {
    std::fill(t.digits.begin() + static_cast<std::ptrdiff_t>(s.w_row(0) * s.TB), t.digits.end(), std::uint16_t{0});
  };
  out["startWeightOutOfRange"] = start_weight_out_of_range({});
  // The true sum, whose highest digit is 2^b then.
  out["startWeightOutOfRangeWithItsDigits"] = start_weight_out_of_range([](const Statement&, const Shape& s, HostTrace& t) {
    start_digit(s, t, s.dw - 1, s.weight_address(1, 0, 0)) = static_cast<std::uint16_t>(1u << s.b);
  });
  for (auto& [name, cheat] : out) cheat.start = StartKind::kUndisclosed;
  return out;
}

std::size_t columns(const Shape& s) { return s.n[0] + s.n[s.L]; }

std::map<std::string, Cheat> make_cheats() {
  const auto on_trace = [](TraceCheat cheat) {
    Cheat out;
    out.trace = std::move(cheat);
    return out;
  };
  std::map<std::string, Cheat> out;
  out["flippedMaskBit"] = on_trace([](const Statement&, const Shape&, HostTrace& t) { t.bits[0] ^= 1; });
  out["nonBooleanMask"] = on_trace([](const Statement&, const Shape&, HostTrace& t) { t.bits[0] = 2; });
  out["digitOutOfRangeV"] = on_trace(digit_out_of_range(&Shape::v_row));
  out["digitOutOfRangeR"] = on_trace(digit_out_of_range(&Shape::r_row));
  out["digitOutOfRangeG"] = on_trace(digit_out_of_range(&Shape::g_row));
  out["digitOutOfRangeH"] = on_trace(digit_out_of_range(&Shape::h_row));
  out["remainderTooLarge"] = on_trace(remainder_too_large);
  out["activationOffByOne"] = on_trace([](const Statement&, const Shape&, HostTrace& t) { t.activations[1] += 1; });
  out["gradientOffByOne"] = on_trace([](const Statement&, const Shape&, HostTrace& t) { t.gradients[1] += 1; });
  out["skippedUpdate"] = on_trace(skip_update);
  out["otherStepSize"].training = [](Statement& s) { s.eta += 1; };
  out["weightOffByOne"] = on_trace([](const Statement&, const Shape& s, HostTrace& t) {
    t.weights_out[s.weight_address(1, 0, 0)] += 1;
  });
  out["otherStart"] = on_trace([](const Statement&, const Shape& s, HostTrace& t) {
    t.weights_in[s.weight_address(1, 0, 0)] += 1;
    t.weights_out[s.weight_address(1, 0, 0)] += 1;
  });
  out["alteredBiasGradient"] = on_trace([](const Statement& st, const Shape& s, HostTrace& t) {
    t.weights_out[s.weight_address(1, s.n[0], 0)] -= static_cast<std::int64_t>(st.eta) << st.fA;
  });
  out["replacedBackwardPass"] = on_trace(replace_backward_pass);

  const auto on_data = [](std::function<void(const Shape&, SecretVector<std::int32_t>&)> cheat) {
    Cheat out;
    out.data = std::move(cheat);
    return out;
  };
  out["changedPixel"] = on_data([](const Shape&, SecretVector<std::int32_t>& rows) {
    rows[0] += rows[0] > 0 ? -1 : 1;
  });
  out["wrongLabel"] = on_data([](const Shape& s, SecretVector<std::int32_t>& rows) {
    const auto labels = rows.begin() + static_cast<std::ptrdiff_t>(s.n[0]);
    std::rotate(labels, labels + 1, labels + static_cast<std::ptrdiff_t>(s.n[s.L]));
  });
  out["swappedSample"] = on_data([](const Shape& s, SecretVector<std::int32_t>& rows) {
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(columns(s)), columns(s), rows.begin());
  });
  out["changedBatchOrder"] = on_data([](const Shape& s, SecretVector<std::int32_t>& rows) {
    const auto second = rows.begin() + static_cast<std::ptrdiff_t>(columns(s));
    std::swap_ranges(rows.begin(), second, second);
  });
  out.merge(make_start_cheats());
  return out;
}

}  // namespace

const std::map<std::string, Cheat>& cheats() {
  static const std::map<std::string, Cheat> all = make_cheats();
  return all;
}

}  // namespace trainproof::testing
