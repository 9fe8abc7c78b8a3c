#include <algorithm>

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "util/error.h"

namespace trainproof::cuda {

namespace {

constexpr std::size_t kAll = ~std::size_t{0};

std::size_t pairs(const FrHandle& table) { return table ? (table->size + 1) / 2 : kAll; }
std::size_t size(const FrHandle& table) { return table ? table->size : kAll; }

// Pairs on which no factor is zero for lack of entries.
std::size_t round_pairs(const ProductTerm& term) {
  std::size_t count = std::min(pairs(term.a), pairs(term.b));
  if (!term.outer) return count;
  if (term.outer_shift == 0) return std::min(count, pairs(term.outer));
  const unsigned shift = term.outer_shift - 1;
  return term.outer->size < (count >> shift) + 1 ? std::min(count, term.outer->size << shift) : count;
}

std::size_t sum_entries(const ProductTerm& term) {
  const std::size_t count = std::min(size(term.a), size(term.b));
  if (!term.outer || (count >> term.outer_shift) < term.outer->size) return count;
  return std::min(count, term.outer->size << term.outer_shift);
}

// All tables of the terms; one may stand in several.
std::vector<CudaFrBuffer*> tables_of(std::span<const ProductTerm> terms) {
  std::vector<CudaFrBuffer*> out;
  for (const ProductTerm& term : terms) {
    for (const FrHandle* table : {&term.outer, &term.a, &term.b}) {
      if (*table) out.push_back(&on_device(**table));
    }
  }
  return out;
}

Table table(const FrHandle& handle) {
  if (!handle) return {nullptr, 0, false};
  return {on_device(*handle).entries.data(), handle->size, true};
}

// launch(batch) for as many terms as go at once.
template <class Launch>
void in_batches(std::span<const ProductTerm> terms, std::size_t (*count)(const ProductTerm&), Launch&& launch) {
  for (std::size_t first = 0; first < terms.size(); first += TermBatch::kMost) {
    TermBatch batch;
    for (const ProductTerm& term : terms.subspan(first, std::min<std::size_t>(TermBatch::kMost, terms.size() - first))) {
      const std::size_t of_term = count(term);
      TRAINPROOF_INVARIANT(of_term != kAll, "a product without a table");
      batch.term[batch.count++] = {element(term.coefficient), table(term.outer), table(term.a), table(term.b),
                                   term.outer_shift, of_term};
    }
    launch(batch);
  }
}

}  // namespace

std::vector<Fr> CudaBackend::product_round(std::span<const ProductTerm> terms, unsigned degree) {
  TRAINPROOF_INVARIANT(degree == 2 || degree == 3, "product_round: degree 2 or 3");
  device_->activate();
  fold_now(tables_of(terms));
  std::vector<Fr> out(degree, Fr::zero());
  in_batches(terms, round_pairs, [&](const TermBatch& batch) {
    launch_product_round(batch, degree, device_->reduction(), device_->stream());
    const std::span<const Element> sums = device_->results(degree, "product_round");
    for (unsigned i = 0; i < degree; ++i) out[i] += field(sums[i]);
  });
  return out;
}

Fr CudaBackend::product_sum(std::span<const ProductTerm> terms) {
  device_->activate();
  fold_now(tables_of(terms));
  Fr out = Fr::zero();
  in_batches(terms, sum_entries, [&](const TermBatch& batch) {
    launch_product_sum(batch, device_->reduction(), device_->stream());
    out += field(device_->results(1, "product_sum")[0]);
  });
  return out;
}

}  // namespace trainproof::cuda
