#include "prover/prover.h"

#include <algorithm>
#include <set>

#include "prover/memory.h"
#include "prover/testing/inventory.h"
#include "prover/testing/segment.h"
#include "train/train.h"
#include "util/error.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

using testing::ProvenSegment;
using testing::SegmentSpec;

std::vector<SegmentSpec> specs() {
  std::vector<SegmentSpec> out;
  out.push_back({.widths = {5, 3}, .tau = 1, .beta = 1});
  out.push_back({.widths = {5, 4, 3}, .tau = 2, .beta = 0});
  out.push_back({.widths = {3, 6, 2, 4}, .tau = 0, .beta = 2, .start = StartKind::kCommitted});
  out.push_back({.widths = {1, 1}, .tau = 0, .beta = 0, .start = StartKind::kCommitted});
  out.push_back({.widths = {5, 4, 3}, .tau = 1, .beta = 1, .start = StartKind::kUndisclosed});
  out.push_back({.widths = {2, 3}, .tau = 3, .beta = 2, .start = StartKind::kUndisclosed});
  out.push_back({.widths = {2, 5, 3}, .tau = 1, .beta = 1, .b = 16, .kappa = 9});
  return out;
}

std::size_t proof_length(const Shape& s) {
  return 4 + 64 * (s.rows_D + s.rows_M + s.rows_mu + 1 + 4) +
         32 * (2 * s.hidden_values + (std::size_t{1} << s.kappa) + 4);
}

// The proof's 32-byte words from the hidden values to the end.
std::vector<std::vector<std::uint8_t>> scalars(const ProvenSegment& segment) {
  const Shape s(segment.statement);
  std::vector<std::vector<std::uint8_t>> words;
  for (std::size_t at = 4 + 64 * (s.rows_D + s.rows_M + s.rows_mu + 1); at < segment.proof.size(); at += 32) {
    const auto first = segment.proof.begin() + static_cast<std::ptrdiff_t>(at);
    words.emplace_back(first, first + 32);
  }
  return words;
}

// Draws as the seeded source does, but zero for the draws [first, first + count).
class ZeroPads final : public RandomSource {
 public:
  ZeroPads(std::uint64_t seed, std::size_t first, std::size_t count)
      : source_(seed), first_(first), end_(first + count) {}
  void fill(std::span<std::uint8_t> bytes) override {
    source_.fill(bytes);
    if (draws_ >= first_ && draws_ < end_) std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    ++draws_;
  }

 private:
  SeededRandom source_;
  std::size_t first_, end_, draws_ = 0;
};

TEST(proofs_have_the_length_and_the_frames_that_the_statement_implies) {
  for (const SegmentSpec& spec : specs()) {
    SeededRandom random(7);
    Transcript transcript;
    std::vector<std::string> frames;
    transcript.record_to([&](std::string_view label, char type, std::size_t count) {
      frames.push_back(std::string(label) + " " + type + " " + std::to_string(count));
    });
    const ProvenSegment segment = prove_test_segment(spec, {}, random, transcript);
    EXPECT_EQ(segment.proof.size(), proof_length(Shape(segment.statement)));
    const std::vector<std::string> expected = testing::expected_frames(segment.statement);
    EXPECT_EQ(frames.size(), expected.size());
    for (std::size_t i = 0; i < std::min(frames.size(), expected.size()); ++i) {
      EXPECT_EQ(frames[i], expected[i]);
    }
  }
}

TEST(two_proofs_of_one_trace_share_no_scalar) {
  const SegmentSpec spec = {.widths = {3, 4, 2}};
  SystemRandom random;
  std::set<std::vector<std::uint8_t>> seen;
  for (int i = 0; i < 2; ++i) {
    Transcript transcript;
    for (auto& word : scalars(prove_test_segment(spec, {}, random, transcript))) {
      EXPECT(seen.insert(word).second);
    }
  }
}

// With all pads zero the first hidden value, tree 1's P, is said as it is; with pads it is not.
TEST(pads_hide_what_is_said) {
  const SegmentSpec spec = {.widths = {3, 4, 2}};
  const Shape s(testing::make_statement(spec));
  Transcript bare_transcript, padded_transcript;
  // Draws before the pads: the blindings of W^out, D, M and μ.
  const std::size_t before = s.rows_W + s.rows_D + s.rows_M + s.rows_mu;
  ZeroPads zero(9, before, s.hidden_values);
  SeededRandom seeded(9);
  const auto bare = scalars(prove_test_segment(spec, {}, zero, bare_transcript));
  const auto padded = scalars(prove_test_segment(spec, {}, seeded, padded_transcript));
  // Products of roots that were said in the clear multiply: c1 = P1·Q2, and tree 2's Q is no secret then.
  Fr P1, Q2, c1;
  const auto read = [](const std::vector<std::uint8_t>& word, Fr& out) {
    return Fr::read(std::span<const std::uint8_t, 32>(word.data(), 32), out);
  };
  EXPECT(read(bare[0], P1) && read(bare[3], Q2) && read(bare[4], c1));
  EXPECT(P1 * Q2 == c1);
  EXPECT(read(padded[0], P1) && read(padded[3], Q2) && read(padded[4], c1));
  EXPECT(P1 * Q2 != c1);
  for (std::size_t n = 0; n < s.hidden_values; ++n) EXPECT(bare[n] != padded[n]);
}

TEST(parts_of_a_wrong_size_are_refused_by_name) {
  const SegmentSpec spec = {.widths = {3, 4, 2}};
  SeededRandom random(3);
  Transcript transcript;
  testing::Cheat cheat;
  cheat.trace = [](const Statement&, const Shape&, testing::HostTrace& trace) { trace.bits.pop_back(); };
  EXPECT_THROWS(prove_test_segment(spec, cheat, random, transcript), InvalidArgument, "bit matrix");
  cheat.trace = [](const Statement&, const Shape&, testing::HostTrace& trace) { trace.weights_out.pop_back(); };
  EXPECT_THROWS(prove_test_segment(spec, cheat, random, transcript), InvalidArgument, "weights");
}

TEST(a_range_proof_is_predicted_to_need_more_memory) {
  const Shape without(testing::make_statement({.start = StartKind::kCommitted}));
  const Shape with(testing::make_statement({.start = StartKind::kUndisclosed}));
  EXPECT(proving_bytes(without) < proving_bytes(with));
  EXPECT(device_proving_bytes(without) < device_proving_bytes(with));
  EXPECT(training_bytes(without) < training_bytes(with));
}

TEST(a_longer_segment_is_predicted_to_need_more_memory) {
  const Shape small(testing::make_statement({.tau = 2})), large(testing::make_statement({.tau = 3}));
  EXPECT(proving_bytes(small) < proving_bytes(large));
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
