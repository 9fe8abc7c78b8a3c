#include "prover/testing/inventory.h"

namespace trainproof::testing {

namespace {

class Frames {
 public:
  void add(const std::string& label, char type, std::size_t count) {
    if (type == 'C' && count == 0) return;
    list.push_back(label + " " + type + " " + std::to_string(count));
  }
  void rounds(const std::string& name, std::size_t values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      add(name + ".round", 'S', values);
      add(name + ".r", 'C', 1);
    }
  }
  std::vector<std::string> list;
};

}  // namespace

std::vector<std::string> expected_frames(const Statement& statement) {
  const Shape s(statement);
  const bool committed = statement.committed_start();
  Frames f;
  f.add("version", 'B', 12);
  f.add("statement", 'B', statement.bytes.size());
  f.add("generators", 'B', 32);
  f.add("samples", 'P', s.TB);
  if (committed) f.add("weights.in", 'P', s.rows_W);
  f.add("weights.out", 'P', s.rows_W);
  f.add("D", 'P', s.rows_D);
  f.add("M", 'P', s.rows_M);
  f.add("mu", 'P', s.rows_mu);
  f.add("K", 'P', 1);

  f.add("lookup.alpha", 'C', 1);
  f.add("lookup.roots", 'S', 7);
  for (const auto& [name, depth] : {std::pair<std::string, unsigned>{"tree1", s.tree1_depth}, {"tree2", s.b}}) {
    for (unsigned l = 0; l < depth; ++l) {
      f.add(name + ".lambda", 'C', 1);
      f.rounds(name, 3, l);
      f.add(name + ".children", 'S', 6);
      f.add(name + ".child", 'C', 1);
    }
  }

  f.add("forward.point", 'C', s.tau + s.beta + s.J);
  f.add("forward.lambda", 'C', 1);
  f.add("forward.sum", 'S', 1);
  f.rounds("forward", 2, s.K);
  f.rounds("forward", 3, s.tau);
  f.add("forward.values", 'S', 3 * s.L);
  if (s.L > 1) {
    f.add("backward.point", 'C', s.tau + s.beta + s.J);
    f.add("backward.lambda", 'C', 1);
    f.add("backward.sum", 'S', 1);
    f.rounds("backward", 2, s.J);
    f.rounds("backward", 3, s.tau);
    f.add("backward.values", 'S', 3 * s.L - 3);
  }
  f.add("update.point", 'C', s.K + s.J + s.range_bits);
  f.add("update.delta", 'C', 1);
  f.add("update.weights", 'S', committed ? 2 : 1);
  f.rounds("update", 2, s.beta);
  f.rounds("update", 3, s.tau);
  f.add("update.values", 'S', 9 * s.L - 3);

  f.add("zkrelu.epsilon", 'C', 2);
  f.add("zkrelu.omega", 'C', s.phi_bits + s.omega);
  f.add("zkrelu.labels", 'S', 1);
  f.rounds("zkrelu", 3, s.phi_bits + s.omega);
  f.add("zkrelu.values", 'S', s.L > 1 ? 6 : 4);

  f.add("opening.xi", 'C', 1);
  f.rounds("opening", 2, s.opening_bits);
  f.add("opening.values", 'S', committed ? 6 : 5);
  f.add("opening.lambda", 'C', 3);

  f.add("sigma.masks", 'P', 2);
  f.add("sigma.form", 'S', 1);
  f.add("sigma.cross", 'P', 2);
  f.add("sigma.x", 'C', 1);
  f.add("sigma.answer", 'S', (std::size_t{1} << s.kappa) + s.hidden_values + 3);
  f.add("sigma.psi", 'C', 1);
  return f.list;
}

}  // namespace trainproof::testing
