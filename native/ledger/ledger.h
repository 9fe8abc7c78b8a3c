// The prover's record of what it has said (PROTOCOL §9): hidden values behind pads, affine expressions in
// them, and the constraints that the final Σ-protocol proves.
#ifndef TRAINPROOF_LEDGER_LEDGER_H_
#define TRAINPROOF_LEDGER_LEDGER_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "field/field.h"
#include "transcript/transcript.h"
#include "util/secret.h"

namespace trainproof {

// constant + Σ coefficient_n · h_n, indices ascending, each once.
class Affine {
 public:
  Affine() = default;
  explicit Affine(const Fr& constant) : constant_(constant) {}
  static Affine hidden(std::uint32_t index);

  const Fr& constant() const { return constant_; }
  std::span<const std::pair<std::uint32_t, Fr>> terms() const { return terms_; }

  Affine& operator+=(const Affine& other);
  Affine& operator-=(const Affine& other);
  Affine& operator*=(const Fr& scale);
  Affine& operator+=(const Fr& constant);
  friend Affine operator+(Affine x, const Affine& y) { return x += y; }
  friend Affine operator-(Affine x, const Affine& y) { return x -= y; }
  friend Affine operator*(Affine x, const Fr& s) { return x *= s; }
  friend Affine operator*(const Fr& s, Affine x) { return x *= s; }

 private:
  Fr constant_ = Fr::zero();
  std::vector<std::pair<std::uint32_t, Fr>> terms_;
};

struct ProductConstraint {
  Affine x, y, z;  // x · y = z
};

class Ledger {
 public:
  // One pad for each hidden value that will be said; saying more is a broken invariant.
  Ledger(Transcript& transcript, SecretVector<Fr> pads);

  // Says the values as one message (one 'S' frame of h + pad) and returns an expression for each.
  std::vector<Affine> say(std::string_view label, std::span<const Fr> values);
  Affine say(std::string_view label, const Fr& value);

  Fr challenge(std::string_view label);
  std::vector<Fr> challenges(std::string_view label, std::size_t count);

  void require_zero(Affine expression);
  void require_product(Affine x, Affine y, Affine z);

  // The value that an expression has, known to the prover only.
  Fr value(const Affine& expression) const;

  std::span<const Fr> pads() const { return pads_; }
  std::span<const Fr> said() const { return said_; }        // ĥ, in said order
  std::size_t said_count() const { return said_.size(); }
  std::span<const Affine> zeros() const { return zeros_; }
  std::span<const ProductConstraint> products() const { return products_; }
  Transcript& transcript() { return transcript_; }

 private:
  Transcript& transcript_;
  SecretVector<Fr> pads_;
  SecretVector<Fr> values_;
  std::vector<Fr> said_;
  std::vector<Affine> zeros_;
  std::vector<ProductConstraint> products_;
};

}  // namespace trainproof

#endif  // TRAINPROOF_LEDGER_LEDGER_H_
