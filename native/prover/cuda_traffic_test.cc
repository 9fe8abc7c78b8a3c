// What goes between host and device while a segment is trained, committed and proved: the data and W^in in, field elements across,
// commitments and answer out. Tensors stay where they are.
#include <string_view>

#include "backend/cuda/cuda.h"
#include "backend/cuda/cuda_backend.h"
#include "prover/testing/segment.h"
#include "util/test.h"
#include "util/testing/seeded_random.h"

namespace trainproof {
namespace {

using Bytes = cuda::Traffic::Bytes;
using ByOperation = std::map<std::string_view, Bytes>;

ByOperation traffic_of(const testing::SegmentSpec& spec) {
  const cuda::Backends backends = cuda::make_backends(0, testing::generators(), {0, true, 4096});
  testing::SegmentSpec on_gpu = spec;
  on_gpu.backend = backends.proving.get();
  on_gpu.training = backends.training.get();
  SeededRandom random(1);
  Transcript transcript;
  static_cast<void>(testing::prove_test_segment(on_gpu, {}, random, transcript));
  return static_cast<cuda::CudaBackend&>(*backends.proving).device().traffic().take();
}

// The smallest tensor has 35 rows, more than there are vectors of field elements that cross for a column of the batch; rows of
// commitments have 256 columns.
testing::SegmentSpec spec_of(unsigned beta) {
  return {.widths = {4, 32, 3}, .tau = 1, .beta = beta, .kappa = 8, .samples = 40};
}

// Vectors of field elements over features, columns of the batch, or rows and columns of commitments.
constexpr std::string_view kVectors[] = {"copying field elements from the device", "copying field elements to the device",
                                         "making an equality table"};
// What rounds and commitments are given and say: as many as there are rounds and hidden values, with equality tables of a level's root.
constexpr std::string_view kRounds[] = {"commit_pads",   "finishing commitments",       "logup_finish", "logup_round",
                                        "product_round", "making the generator tables", "product_sum",  "zkrelu", "zkrelu_round"};
// What training says of a step: ranges.
constexpr std::string_view kMagnitudes[] = {"looking for values out of range", "the largest column sum", "the largest entry"};

template <std::size_t count>
Bytes sum(const ByOperation& traffic, const std::string_view (&operations)[count]) {
  Bytes out;
  for (const std::string_view operation : operations) {
    const auto found = traffic.find(operation);
    if (found == traffic.end()) continue;
    out.to_device += found->second.to_device;
    out.to_host += found->second.to_host;
  }
  return out;
}

TEST(integers_that_cross_are_the_data_the_weights_and_the_multiplicities) {
  const testing::SegmentSpec spec = spec_of(3);
  ByOperation traffic = traffic_of(spec);
  const Shape s(testing::make_statement(spec));
  const std::size_t width = s.n[0] + s.n[s.L], table = std::size_t{4} << s.b;
  const auto expect = [&](std::string_view operation, std::size_t to_device, std::size_t to_host) {
    EXPECT_EQ(traffic[operation].to_device, to_device);
    EXPECT_EQ(traffic[operation].to_host, to_host);
    traffic.erase(operation);
  };
  expect("copying a segment's inputs to the device", 4 * width * s.TB + 8 * s.weight_size, 0);
  // A step's outputs, of which its loss is reported.
  expect("copying a matrix from the device", 0, 8 * s.n[s.L] * s.TB);
  // The data set, once a run; multiplicities and the table of values; a row of constants twice.
  expect("copying integers to the device", 4 * width * spec.samples + 2 * table + 2 * 8 * s.TB, 0);
  expect("count_values", 0, 3 * table);
  // Nothing else crosses but what has no tensor's size.
  for (const std::string_view operation : kVectors) traffic.erase(operation);
  for (const std::string_view operation : kRounds) traffic.erase(operation);
  for (const std::string_view operation : kMagnitudes) traffic.erase(operation);
  for (const auto& [operation, bytes] : traffic) test::fail(__FILE__, __LINE__, "unknown traffic: " + std::string(operation));
}

TEST(field_elements_that_cross_are_vectors_not_tensors) {
  const ByOperation small = traffic_of(spec_of(3)), large = traffic_of(spec_of(5));
  const Bytes before = sum(small, kVectors), after = sum(large, kVectors);
  const Shape s(testing::make_statement(spec_of(3))), l(testing::make_statement(spec_of(5)));
  const std::size_t element = sizeof(Fr), columns = l.TB - s.TB;
  EXPECT(after.to_device > before.to_device && after.to_host > before.to_host);
  const std::size_t tensor = s.phi * columns * element;
  std::printf("  for a column of the batch: %.1f and %.1f field elements to and from the device; a tensor has %zu\n",
              static_cast<double>(after.to_device - before.to_device) / static_cast<double>(columns * element),
              static_cast<double>(after.to_host - before.to_host) / static_cast<double>(columns * element), s.phi);
  EXPECT(after.to_device - before.to_device < tensor);
  EXPECT(after.to_host - before.to_host < tensor);
  EXPECT(sum(large, kMagnitudes).to_host < s.phi * l.TB * 8);
  const Bytes rounds = sum(large, kRounds);
  EXPECT(rounds.to_host - sum(small, kRounds).to_host < tensor);
  EXPECT(rounds.to_device - sum(small, kRounds).to_device < 2 * tensor);
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
