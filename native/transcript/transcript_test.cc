#include "transcript/transcript.h"

#include <string>
#include <tuple>

#include "util/test.h"
#include "util/testing/json.h"

namespace trainproof {
namespace {

using testing::Json;

std::vector<Fr> scalars(std::span<const std::uint8_t> bytes) {
  std::vector<Fr> out(bytes.size() / 32);
  for (std::size_t i = 0; i < out.size(); ++i) EXPECT(Fr::read(bytes.subspan(32 * i).first<32>(), out[i]));
  return out;
}

void absorb(Transcript& transcript, const Json& step) {
  const std::string label = step["absorb"].text(), type = step["type"].text();
  const std::vector<std::uint8_t> payload = step["payload"].bytes();
  if (type == "B") transcript.absorb_bytes(label, payload);
  if (type == "U") {
    std::vector<std::uint64_t> values(payload.size() / 8);
    for (std::size_t i = 0; i < payload.size(); ++i) values[i / 8] = values[i / 8] << 8 | payload[i];
    transcript.absorb_u64s(label, values);
  }
  if (type == "S") transcript.absorb_scalars(label, scalars(payload));
  if (type == "P") {
    std::vector<AffinePoint> points(payload.size() / 64);
    for (std::size_t i = 0; i < points.size(); ++i) {
      EXPECT(AffinePoint::read(std::span(payload).subspan(64 * i).first<64>(), points[i]));
    }
    transcript.absorb_points(label, points);
  }
}

TEST(challenges_agree_with_the_shared_vectors) {
  const Json vectors = testing::load_vectors("transcript.json");
  Transcript transcript;
  std::vector<std::tuple<std::string, std::string, std::size_t>> frames;
  transcript.record_to([&](std::string_view label, char type, std::size_t count) {
    frames.emplace_back(label, std::string(1, type), count);
  });
  std::size_t challenges = 0;
  for (const Json& step : vectors["steps"].items()) {
    if (step.has("absorb")) {
      absorb(transcript, step);
      continue;
    }
    const std::vector<Json>& expected = step["scalars"].items();
    const std::vector<Fr> got = transcript.challenge(step["challenge"].text(), expected.size());
    EXPECT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT(got[i] == scalars(expected[i].bytes())[0]);
    challenges += got.size();
  }
  EXPECT(challenges >= 5);
  const std::vector<Json>& listed = vectors["frames"].items();
  EXPECT_EQ(frames.size(), listed.size());
  for (std::size_t i = 0; i < std::min(frames.size(), listed.size()); ++i) {
    EXPECT(frames[i] == std::make_tuple(listed[i]["label"].text(), listed[i]["type"].text(),
                                        std::size_t{listed[i]["count"].number()}));
  }
}

TEST(labels_types_counts_and_order_change_challenges) {
  const std::vector<std::uint8_t> bytes = {1, 2};
  const auto challenge_after = [&](auto&& absorb_frames, std::string_view label = "c", std::size_t count = 1) {
    Transcript transcript;
    absorb_frames(transcript);
    return transcript.challenge(label, count)[0];
  };
  const auto ab = [&](Transcript& t) { t.absorb_bytes("a", bytes), t.absorb_bytes("b", bytes); };
  const std::vector<Fr> seen = {
      challenge_after(ab),
      challenge_after(ab, "d"),
      challenge_after(ab, "c", 2),
      challenge_after([&](Transcript& t) { t.absorb_bytes("b", bytes), t.absorb_bytes("a", bytes); }),
      challenge_after([&](Transcript& t) { t.absorb_bytes("a", bytes); }),
      challenge_after([&](Transcript& t) { t.absorb_bytes("ab", bytes); }),
      challenge_after([&](Transcript& t) { t.absorb_u64s("a", {}); }),
      challenge_after([&](Transcript& t) { t.absorb_bytes("a", {}); }),
      challenge_after([](Transcript&) {}),
  };
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT(seen[i] != seen[j]);
  }
  EXPECT(challenge_after(ab) == seen[0]);
}

TEST(no_challenges_leave_no_trace) {
  Transcript a, b;
  a.absorb_u64s("x", std::array<std::uint64_t, 1>{5});
  b.absorb_u64s("x", std::array<std::uint64_t, 1>{5});
  EXPECT(a.challenge("nothing", 0).empty());
  EXPECT(a.challenge("c", 2) == b.challenge("c", 2));
  EXPECT(a.challenge("c", 2)[0] != a.challenge("c", 2)[0]);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
