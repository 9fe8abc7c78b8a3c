#include <algorithm>
#include <map>
#include <utility>

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

Table table(const FrHandle& handle, unsigned shift = 0) {
  if (!handle) return {nullptr, 0, nullptr, false, false, 0};
  return {on_device(*handle).entries.data(), handle->size, nullptr, true, false, static_cast<std::uint8_t>(shift)};
}

// f(batch, the batch's terms) for as many terms as go at once. Tables are the stored ones.
template <class F>
void in_batches(std::span<const ProductTerm> terms, std::size_t (*count)(const ProductTerm&), F&& f) {
  for (std::size_t first = 0; first < terms.size(); first += TermBatch::kMost) {
    const std::span<const ProductTerm> some = terms.subspan(first, std::min<std::size_t>(TermBatch::kMost, terms.size() - first));
    TermBatch batch;
    for (const ProductTerm& term : some) {
      const std::size_t of_term = count(term);
      TRAINPROOF_INVARIANT(of_term != kAll, "a product without a table");
      batch.term[batch.count++] = {element(term.coefficient), table(term.outer, term.outer_shift), table(term.a),
                                   table(term.b), of_term, of_term};
    }
    f(batch, some);
  }
}

// The folds that a round carries out on the way: of tables that all wait for the same r and that the round takes bit by bit.
class FoldsOfRound {
 public:
  // What `others` gets is to be folded before.
  FoldsOfRound(std::span<const ProductTerm> terms, std::vector<CudaFrBuffer*>& others) {
    const auto constant = [](const ProductTerm& term) { return term.outer && term.outer_shift > 0; };
    for (const ProductTerm& term : terms) {
      if (constant(term)) others.push_back(&on_device(*term.outer));
    }
    for (CudaFrBuffer* table : tables_of(terms)) {
      if (!table->pending_fold) continue;
      if (!r_) r_ = table->pending_fold;
      if (!(*table->pending_fold == *r_)) others.push_back(table);
    }
  }

  // Has the batch's terms fold their tables; the first that has one writes it.
  void add_to(TermBatch& batch, std::span<const ProductTerm> terms, const DeviceHandle& device) {
    if (!r_) return;
    batch.r = element(*r_);
    for (unsigned i = 0; i < batch.count; ++i) {
      TermJob& job = batch.term[i];
      for (const auto& [handle, table] : {std::pair(&terms[i].outer, &job.outer), {&terms[i].a, &job.a}, {&terms[i].b, &job.b}}) {
        if (!*handle || !on_device(**handle).pending_fold) continue;
        CudaFrBuffer& buffer = on_device(**handle);
        table->fold = true;
        table->size = buffer.stored;
        const auto [known, is_new] = folded_.try_emplace(&buffer);
        if (!is_new) continue;
        known->second = DeviceArray<Element>(device, buffer.size, "folding a table");
        table->folded = known->second.data();
        job.pairs = std::max(job.pairs, (buffer.size + 1) / 2);
      }
    }
  }

  // After the launch: the tables are what it makes of them. The former entries are given back in the stream's order.
  void finish() {
    for (auto& [buffer, entries] : folded_) {
      buffer->entries = std::move(entries);
      buffer->stored = buffer->size;
      buffer->pending_fold.reset();
    }
    folded_.clear();
  }

 private:
  std::optional<Fr> r_;
  std::map<CudaFrBuffer*, DeviceArray<Element>> folded_;
};

}  // namespace

std::vector<Fr> CudaBackend::product_round(std::span<const ProductTerm> terms, unsigned degree) {
  TRAINPROOF_INVARIANT(degree == 2 || degree == 3, "product_round: degree 2 or 3");
  device_->activate();
  std::vector<CudaFrBuffer*> others;
  FoldsOfRound folds(terms, others);
  fold_now(others);
  std::vector<Fr> out(degree, Fr::zero());
  in_batches(terms, round_pairs, [&](TermBatch& batch, std::span<const ProductTerm> of_batch) {
    folds.add_to(batch, of_batch, device_);
    launch_product_round(batch, degree, device_->reduction(), device_->stream());
    folds.finish();
    const std::span<const Element> sums = device_->results(degree, "product_round");
    for (unsigned i = 0; i < degree; ++i) out[i] += field(sums[i]);
  });
  return out;
}

Fr CudaBackend::product_sum(std::span<const ProductTerm> terms) {
  device_->activate();
  fold_now(tables_of(terms));
  Fr out = Fr::zero();
  in_batches(terms, sum_entries, [&](const TermBatch& batch, std::span<const ProductTerm>) {
    launch_product_sum(batch, device_->reduction(), device_->stream());
    out += field(device_->results(1, "product_sum")[0]);
  });
  return out;
}

}  // namespace trainproof::cuda
