// Section 1 of the catalogue, last part: the well-known groups themselves, by the generators of standard_groups.hpp and
// classical_groups.hpp, a short list as it is customary in group theory.
#include <graphs/catalogue_sections.hpp>
#include <groups/classical_groups.hpp>
#include <groups/standard_groups.hpp>

#include <utility>

namespace cosetta::graphs {

namespace {

using order_of_n = mpz_class (*)(std::uint64_t);
using order_of_n_and_q = mpz_class (*)(std::uint64_t, std::uint64_t);

void add_all(graph_builder& b, const permutation_set& set) {
  for (std::size_t i = 0; i < set.size(); ++i) b.add(set.names()[i], set[i]);
}

std::uint64_t natural(const arguments& a, std::size_t i) {
  return static_cast<std::uint64_t>(a.integer(i));
}

/// A group on n points; factorials are not written out for very many.
family on_points(std::string name, std::string alias, std::int64_t least, std::string definition, std::string group, std::string generators, std::string example,
                 permutation_set (*make)(std::uint64_t), order_of_n order) {
  constexpr std::int64_t most_for_order = 10000;
  return {std::move(name),
          section::permutations,
          {required_integer("n", least, "number of points")},
          std::move(definition),
          std::move(group),
          std::move(generators),
          "",
          alias.empty() ? std::vector<std::string>{} : std::vector<std::string>{std::move(alias)},
          std::move(example),
          [make](const arguments& a, graph_builder& b) {
            b.check_degree(a.integer(0));
            add_all(b, make(natural(a, 0)));
          },
          [order](const arguments& a) { return a.integer(0) > most_for_order ? known_facts{} : known_facts{order(natural(a, 0)), {}}; }};
}

/// A group of n x n matrices over GF(q) on `points(n, q)` points or vectors.
family over_field(std::string name, std::string alias, std::int64_t least, std::string definition, std::string group, std::string generators, std::string example,
                  permutation_set (*make)(std::uint64_t, std::uint64_t), order_of_n_and_q order) {
  return {std::move(name),
          section::permutations,
          {required_integer("n", least, "dimension"), required_integer("q", 2, "order of the field, a prime power")},
          std::move(definition),
          std::move(group),
          std::move(generators),
          "",
          {std::move(alias)},
          std::move(example),
          [make](const arguments& a, graph_builder& b) { add_all(b, make(natural(a, 0), natural(a, 1))); },
          [order](const arguments& a) { return known_facts{order(natural(a, 0), natural(a, 1)), {}}; }};
}

}  // namespace

std::vector<family> standard_group_families() {
  return {
      on_points("symmetric", "sym", 1, "a = (0 1 ... n-1), b = (0 1).", "S_n", "2, `a`, `b`", "symmetric:5", groups::symmetric_group,
                groups::symmetric_group_order),
      on_points("alternating", "alt", 1, "a = (0 1 2), b the cycle of all points (n odd) or of all but 0 (n even).", "A_n", "2, `a`, `b`",
                "alternating:5", groups::alternating_group, groups::alternating_group_order),
      on_points("cyclic", "", 1, "r maps i to i + 1 modulo n.", "C_n", "1, `r`", "cyclic:12", groups::cyclic_group, groups::cyclic_group_order),
      on_points("dihedral", "", 3, "r maps i to i + 1, s maps i to -i modulo n: symmetries of the regular n-gon.", "D_n, of order 2n", "2, `r`, `s`",
                "dihedral:12", groups::dihedral_group, groups::dihedral_group_order),
      on_points("mathieu", "", 9, "M_n for n = 24, 23, 22, 12, 11, and the stabilizers 21, 20, 10, 9 that follow.", "M_n",
                "as `groups/standard_groups.hpp` gives them", "mathieu:11", groups::mathieu_group, groups::mathieu_group_order),
      over_field("projective_special_linear", "psl", 2, "SL(n, q) on the points of projective space.", "PSL(n, q)",
                 "as `groups/classical_groups.hpp` gives them", "projective_special_linear:2,7", groups::projective_special_linear_group,
                 groups::projective_special_linear_group_order),
      over_field("projective_general_linear", "pgl", 2, "GL(n, q) on the points of projective space.", "PGL(n, q)",
                 "as `groups/classical_groups.hpp` gives them", "projective_general_linear:2,7", groups::projective_general_linear_group,
                 groups::projective_general_linear_group_order),
      over_field("projective_symplectic", "psp", 2, "Sp(n, q), n even, on the points of projective space.", "PSp(n, q)",
                 "as `groups/classical_groups.hpp` gives them", "projective_symplectic:4,2", groups::projective_symplectic_group,
                 groups::projective_symplectic_group_order),
      over_field("affine_general_linear", "agl", 1, "GL(n, q) and translations, on vectors.", "AGL(n, q)",
                 "as `groups/classical_groups.hpp` gives them", "affine_general_linear:2,3", groups::affine_general_linear_group,
                 groups::affine_general_linear_group_order),
  };
}

}  // namespace cosetta::graphs
