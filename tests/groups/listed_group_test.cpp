#include <groups/listed_group.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <tests/groups/random_groups.hpp>

#include <set>

namespace cosetta::groups {
namespace listed_group_test {
namespace {

TEST_CASE("listed groups: every stabilizer of random chains, element by element") {
  tests::for_each_small_group(20261201, 120, [](std::mt19937_64& random, const permutation_group& group, const std::vector<permutation>& all) {
    const auto& chain = group.chain();
    const std::size_t degree = group.degree();
    for (std::size_t level = 0; level <= chain.length(); ++level) {
      const listed_group h(chain, level);
      std::set<permutation> expected;
      for (const auto& x : all) {
        bool fixes = true;
        for (std::size_t l = 0; l < level; ++l) fixes = fixes && x[chain.base()[l]] == chain.base()[l];
        if (fixes) expected.insert(x);
      }
      REQUIRE(h.size() == expected.size());
      std::set<point> moved;
      std::vector<permutation> elements;
      for (std::size_t e = 0; e < h.size(); ++e) {
        elements.push_back(h.element(e, degree));
        REQUIRE(expected.erase(elements.back()) == 1);
        for (point p = 0; p < degree; ++p) {
          if (elements.back()[p] != p) moved.insert(p);
        }
      }
      REQUIRE(elements[0].is_identity());
      REQUIRE(std::ranges::equal(h.support(), moved));
      std::vector<listed_group::local> images(h.base().size());
      for (std::size_t e = 0; e < h.size(); ++e) {
        for (std::size_t i = 0; i < h.support().size(); ++i) REQUIRE(h.support()[h.row(e)[i]] == elements[e][h.support()[i]]);
        for (std::size_t j = 0; j < images.size(); ++j) images[j] = h.row(e)[h.base()[j]];
        REQUIRE(h.find(images.data()) == e);
        REQUIRE(elements[h.inverse(e)] == elements[e].inverse());
        const std::size_t f = random() % h.size();
        REQUIRE(elements[h.product(e, f)] == elements[e] * elements[f]);
      }
      // Random images: found exactly where some element has them.
      if (h.support().empty()) continue;
      for (int i = 0; i < 20; ++i) {
        for (auto& image : images) image = static_cast<listed_group::local>(random() % h.support().size());
        const bool exists = std::ranges::any_of(elements, [&](const permutation& x) {
          for (std::size_t j = 0; j < images.size(); ++j) {
            if (x[h.support()[h.base()[j]]] != h.support()[images[j]]) return false;
          }
          return true;
        });
        REQUIRE((h.find(images.data()) != listed_group::absent) == exists);
      }
    }
  });
}

TEST_CASE("listed groups: what is too large is refused") {
  const permutation_group s9(symmetric_group(9));
  CHECK_THROWS_AS(listed_group(s9.chain(), 0), resource_error);
  CHECK(listed_group(s9.chain(), 1).size() == 40320);
  const permutation_group turn(cyclic_group(5000));
  CHECK_THROWS_AS(listed_group(turn.chain(), 0), resource_error);
  CHECK(listed_group(turn.chain(), turn.chain().length()).size() == 1);
}

}  // namespace
}  // namespace listed_group_test
}  // namespace cosetta::groups
