// What GAP is told: the text itself, and back through the reader of GAP files. That GAP 4.12 evaluates the texts to the
// groups that are meant was checked by hand with GAP for all constructors of standard_groups and classical_groups.
#include <graphs/file_formats.hpp>
#include <groups/classical_groups.hpp>
#include <groups/gap_text.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace gap_text_test {
namespace {

using namespace cosetta::groups;

using integers = std::vector<std::int64_t>;

generating_set<matrix> shears(std::uint64_t m) {
  generating_set<matrix> out;
  out.add("x", make_matrix(2, 2, m, integers{1, 1, 0, 1}));
  out.add("y", make_matrix(2, 2, m, integers{1, 0, -1, 1}));
  return out;
}

}  // namespace

TEST_CASE("permutation groups as GAP text", "[groups][gap_text]") {
  CHECK(to_gap(symmetric_group(3)) == "Group([(1,2,3),(1,2)])");
  CHECK(to_gap(coxeter_group(coxeter_type::b, 2)) == "Group([(1,2)(3,4),(2,4)])");
  CHECK(to_gap(symmetric_group(1)) == "Group(())");
  CHECK(to_gap(generating_set<permutation>()) == "Group(())");
  CHECK(to_gap(direct_product(cyclic_group(1), cyclic_group(2))) == "Group([(),(2,3)])");
  CHECK(to_gap(permutation(4)) == "()");
}

TEST_CASE("matrix groups as GAP text", "[groups][gap_text]") {
  CHECK(to_gap(shears(5)) == "Group([[[1,1],[0,1]]*Z(5)^0,[[1,0],[4,1]]*Z(5)^0])");
  CHECK(to_gap(shears(6)) == "Group([[[1,1],[0,1]]*ZmodnZObj(1,6),[[1,0],[5,1]]*ZmodnZObj(1,6)])");
  CHECK(to_gap(shears(9)[0]) == "[[1,1],[0,1]]*ZmodnZObj(1,9)");
  CHECK(to_gap(shears(65521)[0]) == "[[1,1],[0,1]]*Z(65521)^0");
  CHECK(to_gap(shears(65537)[0]) == "[[1,1],[0,1]]*ZmodnZObj(1,65537)");
  CHECK(to_gap(shears(max_modulus)[0]) == "[[1,1],[0,1]]*ZmodnZObj(1,9223372036854775807)");
  CHECK(to_gap(shears(0)) == "Group([[[1,1],[0,1]],[[1,0],[-1,1]]])");
  CHECK(to_gap(field_matrix(make_finite_field(3), 1, 2, {2, 0})) == "[[2,0]]*Z(3)^0");
  CHECK(to_gap(field_matrix(make_finite_field(4), 2, 2, {2, 1, 0, 3})) == "[[Z(4)^1,Z(4)^0],[0*Z(4),Z(4)^2]]");
  CHECK(to_gap(field_matrix(make_finite_field(9), 1, 1, {2})) == "[[Z(9)^4]]");
  CHECK(to_gap(general_linear_group(2, 3)) == "Group([[[2,0],[0,1]]*Z(3)^0,[[2,1],[2,0]]*Z(3)^0])");
  CHECK_THROWS_AS(to_gap(generating_set<matrix>()), cosetta::domain_error);
  CHECK_THROWS_AS(to_gap(generating_set<field_matrix>()), cosetta::domain_error);
  CHECK_THROWS_AS(to_gap(field_matrix()), cosetta::domain_error);
}

TEST_CASE("the reader of GAP files reads permutation groups back", "[groups][gap_text]") {
  std::vector<generating_set<permutation>> groups{symmetric_group(2),
                                                  symmetric_group(9),
                                                  alternating_group(8),
                                                  cyclic_group(12),
                                                  dihedral_group(10),
                                                  mathieu_group(12),
                                                  mathieu_group(24),
                                                  coxeter_group(coxeter_type::d, 5),
                                                  wreath_product(symmetric_group(3), cyclic_group(4)),
                                                  product_action_wreath_product(symmetric_group(3), symmetric_group(3)),
                                                  direct_product(symmetric_group(4), cyclic_group(3)),
                                                  projective_special_linear_group(3, 4),
                                                  affine_general_linear_group(2, 5)};
  for (const auto& group : groups) {
    const std::string text = "G:=" + to_gap(group) + ";\n";
    INFO(text);
    const auto read = cosetta::graphs::read_gap(text, "text.gap");
    REQUIRE(read.permutations() != nullptr);
    CHECK(read.permutations()->elements() == group.elements());
  }
}

}  // namespace gap_text_test
