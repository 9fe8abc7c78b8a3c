// Test-only: the portable code behind PrimeField, whatever the processor has.
#ifndef TRAINPROOF_FIELD_TESTING_H_
#define TRAINPROOF_FIELD_TESTING_H_

#include "field/field.h"

namespace trainproof {

struct FieldTesting {
  template <class F>
  static F multiply(const F& x, const F& y) {
    return F(F::portable_montgomery(x.limbs_, y.limbs_));
  }
  template <class F>
  static F add(const F& x, const F& y) {
    return F(limbs::add_mod(x.limbs_, y.limbs_, F::kModulus));
  }
  template <class F>
  static F subtract(const F& x, const F& y) {
    return F(F::portable_difference(x.limbs_, y.limbs_));
  }
  template <class F>
  static F from_u64(std::uint64_t x) {
    return F(F::portable_word_product(x, F::kR1Shifted));
  }
  template <class F>
  static const limbs::U256& limbs_of(const F& x) {
    return x.limbs_;
  }
  template <class Y>
  static void add_product(FrAccumulator& sum, const Fr& x, const Y& y) {
    sum.add_product_portably(x, y);
  }
};

}  // namespace trainproof

#endif  // TRAINPROOF_FIELD_TESTING_H_
