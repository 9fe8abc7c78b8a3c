// What the twins share: random values of a fixed seed, ragged matrices of integers, and the arithmetic of tables in plain loops.
#ifndef TRAINPROOF_BACKEND_CONFORMANCE_SAMPLES_H_
#define TRAINPROOF_BACKEND_CONFORMANCE_SAMPLES_H_

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "backend/backend.h"

namespace trainproof::conformance {

// The same numbers in every run.
std::mt19937_64& generator();
Fr random_fr();
std::vector<Fr> random_vector(std::size_t size);

// Integers of a type, its extremes among them.
struct Integers {
  IntType type;
  std::vector<std::int64_t> values;
  std::vector<std::uint8_t> bytes;

  // `bits`: integers of so many bits and their sign, and no extremes.
  Integers(IntType t, std::size_t size, unsigned bits = 64) : type(t) {
    for (std::size_t i = 0; i < size; ++i) values.push_back(bits < 64 ? draw() >> (63 - bits) : draw());
    switch (type) {
      case IntType::kU8: store<std::uint8_t>(); break;
      case IntType::kU16: store<std::uint16_t>(); break;
      case IntType::kU32: store<std::uint32_t>(); break;
      case IntType::kI32: store<std::int32_t>(); break;
      case IntType::kI64: store<std::int64_t>(); break;
    }
  }
  std::int64_t at(const IntView& view, std::size_t row, std::size_t col) const {
    const std::size_t i = view.offset + row * view.stride + col;
    return i < values.size() ? values[i] : 0;
  }

 private:
  template <class T>
  void store() {
    bytes.resize(values.size() * sizeof(T) + 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<T>(values[i]);
      const T value = static_cast<T>(values[i]);
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&value), sizeof(T), bytes.data() + i * sizeof(T));
    }
  }
  static std::int64_t draw() {
    auto& g = generator();
    constexpr std::int64_t kExtremes[] = {0,          1,          -1,        255,       65535,    INT32_MAX,
                                          INT32_MIN,  4294967295, INT64_MAX, INT64_MIN};
    return g() % 4 == 0 ? kExtremes[g() % 10] : static_cast<std::int64_t>(g());
  }
};

inline constexpr IntType kTypes[] = {IntType::kU8, IntType::kU16, IntType::kU32, IntType::kI32, IntType::kI64};

// A view of rows × cols into so many integers.
struct Shape {
  std::size_t rows, cols, stride, offset, size;
};
inline constexpr Shape kShapes[] = {{0, 5, 5, 0, 0},        {3, 0, 4, 0, 12},      {1, 1, 1, 0, 1},
                             {2, 3, 3, 0, 6},        {3, 4, 4, 0, 9},       {5, 6, 9, 2, 31},
                             {4, 2, 7, 3, 5},        {7, 130, 130, 1, 800}, {1, 40002, 40002, 0, 39999},
                             {3001, 2, 3, 1, 9000},  {9, 128, 256, 0, 2176}, {257, 300, 300, 0, 77000},
                             {30, 2112, 2112, 0, 63360}, {2, 8, 8, 100, 50}};

void expect_equal(Backend& backend, const FrBuffer& got, const std::vector<Fr>& want);

// Zero beyond the end.
Fr at(const std::vector<Fr>& v, std::size_t i);
// χ_i(point)
Fr chi(std::size_t i, std::span<const Fr> point);
std::vector<Fr> folded(const std::vector<Fr>& v, const Fr& r);
// The value at X of the line through a table's entries 2y, 2y + 1.
Fr line(const std::vector<Fr>& v, std::size_t y, const Fr& X);

}  // namespace trainproof::conformance

#endif  // TRAINPROOF_BACKEND_CONFORMANCE_SAMPLES_H_
