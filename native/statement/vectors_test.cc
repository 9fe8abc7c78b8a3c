// The vectors that src/protocol's tests check, too (test/vectors).
#include "statement/initial_weights.h"
#include "statement/schedule.h"
#include "statement/testing/statements.h"
#include "util/test.h"
#include "util/testing/json.h"

namespace trainproof {
namespace {

using testing::Json;

Bytes32 bytes32(const Json& hex) {
  const std::vector<std::uint8_t> bytes = hex.bytes();
  Bytes32 out{};
  EXPECT_EQ(bytes.size(), out.size());
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

TEST(schedules_agree_with_the_shared_vectors) {
  const Json vectors = testing::load_vectors("schedule.json");
  EXPECT(vectors.items().size() > 3);
  for (const Json& v : vectors.items()) {
    const std::uint64_t batch = std::uint64_t{1} << v["beta"].number();
    Schedule schedule(bytes32(v["scheduleSeed"]), v["samples"].number(), batch);
    const std::vector<Json>& indices = v["indices"].items();
    EXPECT_EQ(indices.size(), batch << v["tau"].number());
    for (std::size_t c = 0; c < indices.size(); ++c) {
      EXPECT_EQ(schedule.index(v["firstStep"].number() + c / batch, c % batch), indices[c].number());
    }
  }
}

TEST(initial_weights_agree_with_the_shared_vectors) {
  const Json vectors = testing::load_vectors("weights.json");
  EXPECT(vectors.items().size() > 1);
  for (const Json& v : vectors.items()) {
    const auto layer = static_cast<unsigned>(v["layer"].number()), R = static_cast<unsigned>(v["R"].number());
    const std::uint64_t inputs = v["inputs"].number(), outputs = v["outputs"].number();
    EXPECT_EQ(initial_weight_bound(R, inputs), v["bound"].number());
    // A network whose layer of that number has these widths.
    std::vector<std::uint32_t> widths(layer + 1, 1);
    widths[layer - 1] = static_cast<std::uint32_t>(inputs);
    widths[layer] = static_cast<std::uint32_t>(outputs);
    const Shape shape(testing::sample_statement(widths, 0, 0));
    const std::vector<std::int64_t> weights = initial_weights(bytes32(v["seed"]), R, shape);
    const std::vector<Json>& first = v["first"].items();
    std::int64_t sum = 0;
    for (std::size_t k = 0; k <= inputs; ++k) {
      for (std::size_t j = 0; j < outputs; ++j) {
        const std::int64_t weight = weights[shape.weight_address(layer, k, j)];
        const std::size_t e = k * outputs + j;
        if (e < first.size()) EXPECT_EQ(weight, first[e].integer());
        sum += weight;
      }
    }
    EXPECT_EQ(sum, v["sum"].integer());
  }
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
