// Multiples of the column generators, from which commitments to integers are added up.
#ifndef TRAINPROOF_COMMIT_COLUMN_TABLES_H_
#define TRAINPROOF_COMMIT_COLUMN_TABLES_H_

#include <array>
#include <memory>
#include <mutex>

#include "commit/batch_addition.h"
#include "commit/fixed_base.h"
#include "commit/generators.h"

namespace trainproof {

// d·G_j for 1 ≤ d ≤ 255 and the first columns j, made when first needed: 16,320 bytes a column. And H's multiples.
class ColumnTables {
 public:
  static constexpr std::size_t kMultiples = 255;

  // Refers to `generators`, which must outlive it.
  explicit ColumnTables(const Generators& generators) : generators_(generators) {}

  // Makes the multiples for columns 0 … columns − 1 (at most 8192) unless they are there. From any thread.
  void prepare(std::size_t columns);

  // digit·G_column for a prepared column, 1 ≤ digit ≤ 255.
  const TablePoint& multiple(std::size_t column, std::size_t digit) const {
    return chunks_[column / kChunk][column % kChunk * kMultiples + digit - 1];
  }
  // H; after prepare() of any number of columns.
  const FixedBase& blinding_base() const { return *blinding_base_; }

  static std::uint64_t memory_bytes(std::size_t columns);

 private:
  static constexpr std::size_t kChunk = 32;  // columns that are made together
  std::unique_ptr<TablePoint[]> make_chunk(std::size_t chunk) const;

  const Generators& generators_;
  std::mutex mutex_;
  std::size_t chunks_ready_ = 0;
  std::array<std::unique_ptr<TablePoint[]>, Generators::kColumns / kChunk> chunks_;
  std::unique_ptr<FixedBase> blinding_base_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_COMMIT_COLUMN_TABLES_H_
