// Commitments to rows of integers (PROTOCOL §1: Com(v; ρ) = Σ_i v_i G_i + ρ H).
#ifndef TRAINPROOF_COMMIT_COMMIT_ROWS_H_
#define TRAINPROOF_COMMIT_COMMIT_ROWS_H_

#include <functional>
#include <span>
#include <vector>

#include "commit/column_tables.h"

namespace trainproof {

// The stored entries of a row; those that follow are zero. Called from several threads.
template <class T>
using RowEntries = std::function<std::span<const T>(std::size_t row)>;

// Com(row; blindings[row]) for the rows 0 … blindings.size() − 1 of at most `columns` ≤ 8192 entries. T is one of uint8_t,
// uint16_t, uint32_t, int32_t, int64_t, any values. Zero entries cost next to nothing, others an addition for each
// non-zero byte of their magnitude. Runs on all threads.
template <class T>
std::vector<AffinePoint> commit_rows(ColumnTables& tables, const RowEntries<T>& rows, std::size_t columns,
                                     std::span<const Fr> blindings);

// Σ scalars[i]·bases[i] + blinding·H for general scalars: Com with bases G, Com_P with P (PROTOCOL §2).
AffinePoint commit_scalars(std::span<const AffinePoint> bases, std::span<const Fr> scalars, const AffinePoint& H,
                           const Fr& blinding);

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_COMMIT_ROWS_H_
