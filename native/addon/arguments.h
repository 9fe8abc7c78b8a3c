// Arguments as JavaScript passes them: types and lengths are checked here, once, with the argument's name. Copies
// are taken, so that a caller may reuse its arrays while an operation runs.
#ifndef TRAINPROOF_ADDON_ARGUMENTS_H_
#define TRAINPROOF_ADDON_ARGUMENTS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <napi.h>

#include "curve/point.h"
#include "field/field.h"
#include "prover/commitments.h"
#include "util/parallel.h"
#include "util/secret.h"

namespace trainproof::addon {

// All throw InvalidArgument "name must be …".
std::vector<std::uint8_t> read_bytes(const Napi::Value& value, const char* name);
SecretVector<std::uint8_t> read_secret_bytes(const Napi::Value& value, const char* name, std::size_t length);
UnsetSecretVector<std::int32_t> read_int32s(const Napi::Value& value, const char* name);
// From a BigInt64Array, or an Int32Array of the same integers.
UnsetSecretVector<std::int64_t> read_int64s(const Napi::Value& value, const char* name);
// A number that is an integer in [least, most] ⊂ [0, 2^53).
std::uint64_t read_integer(const Napi::Value& value, const char* name, std::uint64_t least, std::uint64_t most);
std::optional<std::uint64_t> read_optional_integer(const Napi::Value& value, const char* name,
                                                   std::uint64_t least, std::uint64_t most);
Napi::Object read_object(const Napi::Value& value, const char* name);
// Points of 64 bytes, canonical and on the curve.
std::vector<AffinePoint> read_points(const Napi::Value& value, const char* name);
// { rows, blindings }, as commitWeights gives them.
CommittedRows read_committed_rows(const Napi::Value& value, const char* name);

Napi::Uint8Array make_points(Napi::Env env, std::span<const AffinePoint> points);
Napi::Uint8Array make_bytes(Napi::Env env, std::span<const std::uint8_t> bytes);
Napi::Object make_committed_rows(Napi::Env env, const CommittedRows& rows);
// A BigInt64Array or BigUint64Array.
template <class T>
Napi::TypedArrayOf<T> make_integers(Napi::Env env, std::span<const T> values) {
  auto array = Napi::TypedArrayOf<T>::New(env, values.size());
  parallel_copy(values.data(), values.size(), array.Data());
  return array;
}

}  // namespace trainproof::addon

#endif  // TRAINPROOF_ADDON_ARGUMENTS_H_
