// V1, the rules that a statement's numbers must keep (PROTOCOL §5).
#ifndef TRAINPROOF_STATEMENT_V1_H_
#define TRAINPROOF_STATEMENT_V1_H_

#include "statement/statement.h"

namespace trainproof {

// 1 ≤ L ≤ 64; separate because the length of the encoding hangs on it.
void check_layer_count(std::uint64_t layers);

// Every other rule. Throws InvalidArgument naming the field, its value and the limit.
void check_v1(const Statement& statement);

}  // namespace trainproof

#endif  // TRAINPROOF_STATEMENT_V1_H_
