#include "statement/statement.h"

#include <algorithm>

#include "statement/v1.h"
#include "util/error.h"

namespace trainproof {
namespace {

constexpr std::array<std::uint8_t, 4> kMagic{'T', 'P', 'S', '1'};
constexpr std::size_t kHeaderBytes = 240;  // up to and including L

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint64_t number(unsigned length) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < length; ++i) value = value << 8 | bytes_[position_++];
    return value;
  }
  Bytes32 bytes32() {
    Bytes32 value;
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), 32, value.begin());
    position_ += 32;
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t position_ = 0;
};

void put(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned length) {
  for (unsigned i = length; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put(std::vector<std::uint8_t>& out, const Bytes32& value) {
  for (const std::uint8_t byte : value) out.push_back(byte);
}

[[noreturn]] void reject_length(std::size_t length, std::size_t expected) {
  throw InvalidArgument("statement: " + std::to_string(length) + " bytes; its fields take " +
                        std::to_string(expected));
}

}  // namespace

Statement Statement::parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kHeaderBytes) reject_length(bytes.size(), kHeaderBytes + 8);
  if (!std::equal(kMagic.begin(), kMagic.end(), bytes.begin())) {
    throw InvalidArgument("statement: magic is not \"TPS1\"");
  }
  Reader reader(bytes.subspan(kMagic.size()));
  Statement s;
  s.run_id = reader.bytes32();
  s.schedule_seed = reader.bytes32();
  s.first_step = reader.number(8);
  for (unsigned* field : {&s.tau, &s.beta, &s.kappa, &s.b, &s.R, &s.dv, &s.dg, &s.fA, &s.fG, &s.sigma}) {
    *field = static_cast<unsigned>(reader.number(1));
  }
  s.eta = reader.number(8);
  s.x0 = static_cast<std::uint32_t>(reader.number(4));
  s.y0 = static_cast<std::uint32_t>(reader.number(4));
  s.samples = reader.number(8);
  s.W0 = reader.bytes32();
  const std::uint64_t start_kind = reader.number(1);
  if (start_kind > 2) {
    throw InvalidArgument("statement: startKind is " + std::to_string(start_kind) +
                          "; it must be 0 (public seed), 1 (committed weights) or 2 (undisclosed weights)");
  }
  s.start_kind = static_cast<StartKind>(start_kind);
  s.start = reader.bytes32();
  s.weights_out = reader.bytes32();
  s.data_root = reader.bytes32();
  const std::uint64_t layers = reader.number(1);
  check_layer_count(layers);
  const std::size_t expected = kHeaderBytes + 4 * (layers + 1);
  if (bytes.size() != expected) reject_length(bytes.size(), expected);
  for (std::uint64_t l = 0; l <= layers; ++l) {
    s.widths.push_back(static_cast<std::uint32_t>(reader.number(4)));
  }
  s.bytes.assign(bytes.begin(), bytes.end());
  check_v1(s);
  return s;
}

std::vector<std::uint8_t> Statement::encode() const {
  std::vector<std::uint8_t> out(kMagic.begin(), kMagic.end());
  put(out, run_id);
  put(out, schedule_seed);
  put(out, first_step, 8);
  for (const unsigned field : {tau, beta, kappa, b, R, dv, dg, fA, fG, sigma}) put(out, field, 1);
  put(out, eta, 8);
  put(out, x0, 4);
  put(out, y0, 4);
  put(out, samples, 8);
  put(out, W0);
  put(out, static_cast<std::uint64_t>(start_kind), 1);
  put(out, start);
  put(out, weights_out);
  put(out, data_root);
  put(out, widths.empty() ? 0 : widths.size() - 1, 1);
  for (const std::uint32_t width : widths) put(out, width, 4);
  return out;
}

}  // namespace trainproof
