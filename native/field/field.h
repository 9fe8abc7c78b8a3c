// The fields of BN254 (PROTOCOL §1).
#ifndef TRAINPROOF_FIELD_FIELD_H_
#define TRAINPROOF_FIELD_FIELD_H_

#include "field/prime_field.h"

namespace trainproof {

// r = 21888242871839275222246405745257275088548364400416034343698204186575808495617, the order of the group.
struct FrParams {
  static constexpr limbs::U256 kModulus = {0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d,
                                           0x30644e72e131a029};
};

// q = 21888242871839275222246405745257275088696311157297823662689037894645226208583, where coordinates live.
struct FqParams {
  static constexpr limbs::U256 kModulus = {0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d,
                                           0x30644e72e131a029};
};

using Fr = PrimeField<FrParams>;
using Fq = PrimeField<FqParams>;

static_assert(std::is_trivially_copyable_v<Fr> && sizeof(Fr) == 32);

}  // namespace trainproof

#include "field/accumulator.h"

#endif  // TRAINPROOF_FIELD_FIELD_H_
