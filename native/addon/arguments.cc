#include "addon/arguments.h"

#include <cmath>
#include <cstring>
#include <string>

#include "util/error.h"

namespace trainproof::addon {

namespace {

[[noreturn]] void refuse(const char* name, const std::string& what) {
  throw InvalidArgument(std::string(name) + " must be " + what);
}

// The elements of a typed array of exactly this kind.
template <class Vector, class Array>
Vector copy(const Napi::Value& value, const char* name, napi_typedarray_type type, const char* kind) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    refuse(name, kind);
  }
  const Array array = value.As<Array>();
  Vector out(array.ElementLength());
  parallel_copy(array.Data(), out.size(), out.data());
  return out;
}

}  // namespace

std::vector<std::uint8_t> read_bytes(const Napi::Value& value, const char* name) {
  return copy<std::vector<std::uint8_t>, Napi::Uint8Array>(value, name, napi_uint8_array, "a Uint8Array");
}

SecretVector<std::uint8_t> read_secret_bytes(const Napi::Value& value, const char* name, std::size_t length) {
  auto out = copy<SecretVector<std::uint8_t>, Napi::Uint8Array>(value, name, napi_uint8_array, "a Uint8Array");
  if (out.size() != length) {
    refuse(name, std::to_string(length) + " bytes long, not " + std::to_string(out.size()));
  }
  return out;
}

UnsetSecretVector<std::int32_t> read_int32s(const Napi::Value& value, const char* name) {
  return copy<UnsetSecretVector<std::int32_t>, Napi::Int32Array>(value, name, napi_int32_array, "an Int32Array");
}

UnsetSecretVector<std::int64_t> read_int64s(const Napi::Value& value, const char* name) {
  if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_int32_array) {
    const auto array = value.As<Napi::Int32Array>();
    UnsetSecretVector<std::int64_t> out(array.ElementLength());
    parallel_copy(array.Data(), out.size(), out.data());
    return out;
  }
  return copy<UnsetSecretVector<std::int64_t>, Napi::BigInt64Array>(value, name, napi_bigint64_array, "a BigInt64Array or Int32Array");
}

std::uint64_t read_integer(const Napi::Value& value, const char* name, std::uint64_t least, std::uint64_t most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
      number != std::floor(number)) {
    refuse(name, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(number);
}

std::optional<std::uint64_t> read_optional_integer(const Napi::Value& value, const char* name,
                                                   std::uint64_t least, std::uint64_t most) {
  if (value.IsUndefined()) return std::nullopt;
  return read_integer(value, name, least, most);
}

Napi::Object read_object(const Napi::Value& value, const char* name) {
  if (!value.IsObject()) refuse(name, "an object");
  return value.As<Napi::Object>();
}

std::vector<AffinePoint> read_points(const Napi::Value& value, const char* name) {
  const std::vector<std::uint8_t> bytes = read_bytes(value, name);
  if (bytes.size() % 64 != 0) refuse(name, "points of 64 bytes, not " + std::to_string(bytes.size()) + " bytes");
  std::vector<AffinePoint> points(bytes.size() / 64);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::span<const std::uint8_t, 64> encoding(bytes.data() + 64 * i, 64);
    if (!AffinePoint::read(encoding, points[i])) {
      refuse(name, "valid curve points; point " + std::to_string(i) + " is not");
    }
  }
  return points;
}

CommittedRows read_committed_rows(const Napi::Value& value, const char* name) {
  const Napi::Object object = read_object(value, name);
  const std::string rows_name = std::string(name) + ".rows", blindings_name = std::string(name) + ".blindings";
  CommittedRows out;
  out.rows = read_points(object.Get("rows"), rows_name.c_str());
  const auto bytes = read_secret_bytes(object.Get("blindings"), blindings_name.c_str(), out.rows.size() * 32);
  out.blindings.resize(out.rows.size());
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    const std::span<const std::uint8_t, 32> encoding(bytes.data() + 32 * i, 32);
    if (!Fr::read(encoding, out.blindings[i])) {
      refuse(blindings_name.c_str(), "canonical scalars; scalar " + std::to_string(i) + " is not");
    }
  }
  return out;
}

Napi::Uint8Array make_points(Napi::Env env, std::span<const AffinePoint> points) {
  Napi::Uint8Array out = Napi::Uint8Array::New(env, points.size() * 64);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].write(std::span<std::uint8_t, 64>(out.Data() + 64 * i, 64));
  }
  return out;
}

Napi::Uint8Array make_bytes(Napi::Env env, std::span<const std::uint8_t> bytes) {
  Napi::Uint8Array out = Napi::Uint8Array::New(env, bytes.size());
  if (!bytes.empty()) std::memcpy(out.Data(), bytes.data(), bytes.size());
  return out;
}

Napi::Object make_committed_rows(Napi::Env env, const CommittedRows& rows) {
  Napi::Uint8Array blindings = Napi::Uint8Array::New(env, rows.blindings.size() * 32);
  for (std::size_t i = 0; i < rows.blindings.size(); ++i) {
    rows.blindings[i].write(std::span<std::uint8_t, 32>(blindings.Data() + 32 * i, 32));
  }
  Napi::Object out = Napi::Object::New(env);
  out.Set("rows", make_points(env, rows.rows));
  out.Set("blindings", blindings);
  return out;
}

}  // namespace trainproof::addon
