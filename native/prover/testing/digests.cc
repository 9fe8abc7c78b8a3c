#include "prover/testing/digests.h"

#include <string_view>

#include "transcript/transcript.h"

namespace trainproof::testing {

namespace {

// A message in the making.
class Message {
 public:
  explicit Message(std::string_view tag) : bytes_(tag.begin(), tag.end()) {}
  Message& integer(std::uint64_t x, unsigned size) {
    for (unsigned i = size; i-- > 0;) bytes_.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
    return *this;
  }
  Message& raw(std::span<const std::uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Message& point(const AffinePoint& p) {
    std::array<std::uint8_t, 64> encoding{};
    p.write(encoding);
    return raw(encoding);
  }
  Bytes32 hash() const { return keccak256(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

}  // namespace

Bytes32 weight_digest(const Statement& s, std::span<const AffinePoint> rows) {
  Message message("trainproof/1/weight-commitment");
  message.integer(s.widths.size() - 1, 1);
  for (std::uint32_t width : s.widths) message.integer(width, 4);
  message.integer(s.R, 1).integer(s.kappa, 1).integer(rows.size(), 4);
  for (const AffinePoint& row : rows) message.point(row);
  return message.hash();
}

Bytes32 data_root(const Statement& s, std::span<const AffinePoint> points) {
  std::vector<Bytes32> level;
  for (std::size_t i = 0; i < points.size(); ++i) {
    level.push_back(Message("trainproof/1/sample-leaf").integer(i, 8).point(points[i]).hash());
  }
  while (level.size() > 1) {
    std::vector<Bytes32> above;
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
      above.push_back(Message("trainproof/1/sample-node").raw(level[i]).raw(level[i + 1]).hash());
    }
    if (level.size() % 2 == 1) above.push_back(level.back());
    level = std::move(above);
  }
  return Message("trainproof/1/data-root")
      .integer(points.size(), 8)
      .integer(s.widths.front(), 4)
      .integer(s.widths.back(), 4)
      .integer(s.fA, 1)
      .integer(s.sigma, 1)
      .integer(s.x0, 4)
      .integer(s.y0, 4)
      .raw(level.front())
      .hash();
}

}  // namespace trainproof::testing
