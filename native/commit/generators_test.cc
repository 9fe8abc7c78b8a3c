#include "commit/generators.h"

#include "commit/testing.h"
#include "util/error.h"
#include "util/test.h"

namespace trainproof {
namespace {

std::string hex(const AffinePoint& point) {
  std::string out;
  for (const std::uint8_t byte : point.bytes()) {
    constexpr char kDigits[] = "0123456789abcdef";
    out += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

TEST(the_packaged_table_loads_and_its_families_stand_in_order) {
  const Generators& generators = testing::packaged_generators();
  EXPECT_EQ(generators.G().size(), 8192u);
  EXPECT_EQ(generators.P().size(), 4096u);
  // From test/vectors/generators.json, which src/ checks against PROTOCOL section 2's derivation.
  EXPECT_EQ(hex(generators.G()[8191]),
            "1cacc48d63f90f1e8b2ac6e9ece6b6d24d7873635c350b9fcb88a62eab6b3398"
            "004ecf18e860721c6d5d8ec9d3e94e57bd3beb5b42fd231a178a4aec19026e7e");
  EXPECT_EQ(hex(generators.P()[0]),
            "0a3cec0cfadcce6681bf5afca684ffe653bddcb77a40b52d67e35267e7da69a7"
            "168c95b930f4fdf346aaeecbd2d311baa56683c281cd862dc43a8863382b68e4");
  EXPECT_EQ(hex(generators.H()), "2decef819953f1d47c0744f21c3220d43be72e804f4a7c34d0e132f5db931793"
            "12a70ac7456ff94c5eec4e3ae5b8a087a1cb3b850c08360e69af59af210b555e");
}

TEST(a_table_of_another_length_or_with_an_entry_off_the_curve_is_refused) {
  std::vector<std::uint8_t> table = testing::packaged_table();
  table[64 * 8192 + 63] ^= 1;
  EXPECT_THROWS(Generators::load(table), InvalidArgument, "entry 8192 ");
  table.pop_back();
  EXPECT_THROWS(Generators::load(table), InvalidArgument, "786495 bytes");
  EXPECT_THROWS(Generators::load({}), InvalidArgument, "0 bytes");
}

}  // namespace
}  // namespace trainproof

RUN_TESTS()
