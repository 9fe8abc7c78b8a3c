// Statements for tests, here and in the modules below.
#ifndef TRAINPROOF_STATEMENT_TESTING_STATEMENTS_H_
#define TRAINPROOF_STATEMENT_TESTING_STATEMENTS_H_

#include <utility>
#include <vector>

#include "statement/statement.h"

namespace trainproof::testing {

// A valid statement with public-seed start: 2^16-digit v and g, R = 32, fA = 12, fG = 14, sigma = 8.
inline Statement sample_statement(std::vector<std::uint32_t> widths = {784, 128, 10}, unsigned tau = 6,
                                  unsigned beta = 6) {
  Statement s;
  s.run_id.fill(0x11);
  s.schedule_seed.fill(0x22);
  s.tau = tau;
  s.beta = beta;
  s.kappa = 10;
  while ((std::size_t{1} << s.kappa) < widths.front() + widths.back()) ++s.kappa;
  s.b = 16;
  s.R = 32;
  s.dv = 1;
  s.dg = 1;
  s.fA = 12;
  s.fG = 14;
  s.sigma = 8;
  s.eta = 5;
  s.x0 = 0;
  s.y0 = 0;
  s.samples = 60000;
  s.W0[26] = 4;  // 2^42
  s.start.fill(0x33);
  s.weights_out.fill(0x44);
  s.data_root.fill(0x55);
  s.widths = std::move(widths);
  return s;
}

}  // namespace trainproof::testing

#endif  // TRAINPROOF_STATEMENT_TESTING_STATEMENTS_H_
