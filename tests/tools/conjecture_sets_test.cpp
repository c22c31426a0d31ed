// Canonical keys, orbits of subsets and the ranked search: against brute force, Burnside's lemma and the engines.
#include <groups/permutation_group.hpp>
#include <search/growth.hpp>
#include <tools/conjecture/canonical_set.hpp>
#include <tools/conjecture/ranked_search.hpp>
#include <tools/conjecture/subset_orbits.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <graphs/catalogue.hpp>
#include <kernels/error.hpp>
#include <tests/effort.hpp>

namespace cosetta::conjecture {
namespace conjecture_sets_test {
namespace {

using groups::permutation;
using groups::point;
using element_set = std::set<permutation>;

permutation random_permutation(std::size_t n, std::mt19937& rng) {
  std::vector<point> images(n);
  std::iota(images.begin(), images.end(), point{0});
  std::shuffle(images.begin(), images.end(), rng);
  return permutation(std::span<const point>(images));
}

std::vector<permutation> all_permutations(std::size_t n) {
  std::vector<point> images(n);
  std::iota(images.begin(), images.end(), point{0});
  std::vector<permutation> out;
  do out.emplace_back(std::span<const point>(images));
  while (std::next_permutation(images.begin(), images.end()));
  return out;
}

/// Point z[i] goes to z[g[i]].
permutation relabelled(const permutation& g, const permutation& z) {
  return z.inverse() * g * z;
}

std::vector<permutation> relabelled(const std::vector<permutation>& set, const permutation& z) {
  std::vector<permutation> out;
  for (const auto& g : set) out.push_back(relabelled(g, z));
  return out;
}

element_set closure(const std::vector<permutation>& set, bool closed) {
  element_set out;
  for (const auto& g : set) {
    if (g.is_identity()) continue;
    out.insert(g);
    if (closed) out.insert(g.inverse());
  }
  return out;
}

/// The least of all relabellings of the set, by trying all.
element_set least_relabelling(const std::vector<permutation>& set, bool closed, const std::vector<permutation>& all) {
  element_set best;
  for (const auto& z : all) {
    auto image = closure(relabelled(set, z), closed);
    if (best.empty() || image < best) best = std::move(image);
  }
  return best;
}

TEST_CASE("keys are equal exactly for sets that are equal up to relabelling, by brute force") {
  std::mt19937 rng(7);
  for (std::size_t n = 2; n <= (tests::sanitized ? 5U : 6U); ++n) {
    const auto all = all_permutations(n);
    for (const auto kind : {inversion::as_given, inversion::closed}) {
      std::map<std::string, std::pair<bool, element_set>> of_key;
      std::set<std::pair<bool, element_set>> seen;
      for (std::size_t trial = 0; trial < tests::repeats(n == 6 ? 60 : 100); ++trial) {
        std::vector<permutation> set;
        for (std::size_t k = 1 + rng() % 4; k > 0; --k) set.push_back(rng() % 3 == 0 ? groups::transposition(n, 0, static_cast<point>(1 + rng() % (n - 1))) : random_permutation(n, rng));
        if (rng() % 4 == 0) set.push_back(set.front().inverse());
        const auto form = canonical_form(set, n, kind);
        CHECK(form.identified);
        const std::pair least{form.inverse_closed, least_relabelling(set, kind == inversion::closed, all)};
        const auto [at, fresh] = of_key.emplace(form.key, least);
        CHECK(at->second == least);                    // one key, one set
        CHECK(seen.insert(least).second == fresh);     // one set, one key
      }
    }
  }
}

TEST_CASE("the canonical set is the given one, relabelled") {
  std::mt19937 rng(11);
  for (const std::size_t n : {3, 7, 12, 40}) {
    for (std::size_t trial = 0; trial < tests::repeats(40); ++trial) {
      std::vector<permutation> set;
      for (std::size_t k = 1 + rng() % 3; k > 0; --k) set.push_back(random_permutation(n, rng));
      for (const auto kind : {inversion::as_given, inversion::closed}) {
        const auto form = canonical_form(set, n, kind);
        const permutation z{std::span<const point>(form.relabelling)};
        CHECK(closure(form.all_generators(), false) == closure(relabelled(set, z), kind == inversion::closed));
        auto other = relabelled(set, random_permutation(n, rng));
        std::shuffle(other.begin(), other.end(), rng);
        other.push_back(other.front());
        other.emplace_back(n);  // the identity
        if (kind == inversion::closed) other.front() = other.front().inverse();
        CHECK(canonical_form(other, n, kind).key == form.key);
      }
    }
  }
}

TEST_CASE("sets with many generators: identified by their invariants, or named as they are") {
  std::mt19937 rng(3);
  for (const char* spec : {"lrx:9", "pancake:8", "coxeter:9", "burnt_pancake:4", "top_spin:12,k=4"}) {
    INFO(spec);
    const auto set = graphs::make_catalogue_graph(spec).permutations()->elements();
    const auto n = set.front().degree();
    const auto form = canonical_form(set, n);
    CHECK(form.identified);
    CHECK(form.key.front() == 'u');
    CHECK(canonical_form(relabelled(set, random_permutation(n, rng)), n).key == form.key);
  }
  const auto many = graphs::make_catalogue_graph("all_transpositions:8").permutations()->elements();
  const auto named = canonical_form(many, 8, inversion::as_given, 1'000'000);
  CHECK_FALSE(named.identified);
  CHECK(named.key.starts_with("=u8:"));
  CHECK(named.generators.size() == 28);
  CHECK(canonical_form({}, 4).key == "u4:");
  CHECK(canonical_form(std::vector<permutation>{permutation(4)}, 4).key == "u4:");
  CHECK_THROWS_AS(set_symmetries(many, 8, inversion::as_given, 1'000'000), resource_error);
}

TEST_CASE("symmetries of sets generate their stabilizer in S_n") {
  std::mt19937 rng(5);
  for (const std::size_t n : {4, 5}) {
    const auto all = all_permutations(n);
    for (std::size_t trial = 0; trial < tests::repeats(30); ++trial) {
      std::vector<permutation> set{rng() % 2 == 0 ? groups::transposition(n, 0, 1) : random_permutation(n, rng)};
      if (rng() % 2 == 0) set.push_back(rng() % 2 == 0 ? groups::transposition(n, 2, 3) : random_permutation(n, rng));
      for (const auto kind : {inversion::as_given, inversion::closed}) {
        const auto whole = closure(set, kind == inversion::closed);
        const auto stabilizer = std::count_if(all.begin(), all.end(), [&](const permutation& z) { return closure(relabelled(set, z), kind == inversion::closed) == whole; });
        CHECK(groups::permutation_group(set_symmetries(set, n, kind), n).order() == stabilizer);
      }
    }
  }
}

/// The number of orbits of S_n on k-subsets, by Burnside's lemma: a permutation with c_i cycles of length i on the elements fixes as many k-subsets
/// as the coefficient of x^k in the product of (1 + x^i)^c_i says. The elements are those of the class, or its inverse pairs.
mpz_class burnside(std::size_t n, std::size_t k, bool pairs, const std::function<bool(const permutation&)>& in_class) {
  const auto all = all_permutations(n);
  std::map<permutation, std::size_t> number;
  std::vector<permutation> elements;
  for (const auto& g : all) {
    if (g.is_identity() || !in_class(g) || (pairs && g.inverse() < g)) continue;
    number[g] = number[g.inverse()] = elements.size();
    elements.push_back(g);
  }
  if (!pairs) {
    for (std::size_t i = 0; i < elements.size(); ++i) number[elements[i]] = i;
  }
  std::map<std::vector<std::size_t>, std::pair<permutation, std::size_t>> classes;
  for (const auto& z : all) ++classes.try_emplace(cycle_type(z), z, 0).first->second.second;
  mpz_class sum = 0, order = 0;
  for (const auto& [type, representative] : classes) {
    const auto& [z, size] = representative;
    std::vector<mpz_class> polynomial(k + 1, 0);
    polynomial[0] = 1;
    std::vector<char> seen(elements.size(), 0);
    for (std::size_t i = 0; i < elements.size(); ++i) {
      std::size_t length = 0;
      for (std::size_t j = i; !seen[j]; j = number.at(relabelled(elements[j], z)), ++length) seen[j] = 1;
      for (std::size_t d = k; length > 0 && length <= k && d >= length; --d) polynomial[d] += polynomial[d - length];
    }
    sum += polynomial[k] * static_cast<unsigned long>(size);
    order += static_cast<unsigned long>(size);
  }
  CHECK(sum % order == 0);
  return sum / order;
}

TEST_CASE("the number of subsets up to conjugacy and inversion is Burnside's") {
  const auto any = [](const permutation&) { return true; };
  const auto involution = [](const permutation& g) { return (g * g).is_identity(); };
  const auto three_cycle = [](const permutation& g) { return groups::order(g) == 3; };
  const permutation_class all, involutions{permutation_class::kind::involutions, {}}, three_cycles{permutation_class::kind::cycle_type, {3}};
  for (std::size_t n = 3; n <= (tests::sanitized ? 5U : 7U); ++n) {
    INFO(n);
    CHECK(subset_orbits(all, n, 2, inversion::closed).size() == burnside(n, 2, true, any));
    if (n <= 6) CHECK(subset_orbits(all, n, 2, inversion::as_given).size() == burnside(n, 2, false, any));
    if (n <= 5) CHECK(subset_orbits(all, n, 3, inversion::closed).size() == burnside(n, 3, true, any));
    if (n <= 4) CHECK(subset_orbits(all, n, 3, inversion::as_given).size() == burnside(n, 3, false, any));
    CHECK(subset_orbits(involutions, n, 3, inversion::closed).size() == burnside(n, 3, true, involution));
    if (n <= 5) CHECK(subset_orbits(three_cycles, n, 3, inversion::as_given).size() == burnside(n, 3, false, three_cycle));
  }
  CHECK(subset_orbits(all, 7, 1, inversion::closed).size() == 14);  // partitions of 7 but one
}

TEST_CASE("classes have the size that they say, and random subsets are theirs") {
  const std::vector<permutation_class> classes{{}, {permutation_class::kind::involutions, {}}, {permutation_class::kind::cycle_type, {2, 2}}, {permutation_class::kind::cycle_type, {3, 2}}};
  for (const auto& c : classes) {
    const auto elements = class_elements(c, 6);
    CHECK(elements.size() == class_size(c, 6));
    CHECK(std::is_sorted(elements.begin(), elements.end()));
    CHECK(std::set<permutation>(elements.begin(), elements.end()).size() == elements.size());
    for (std::uint64_t i = 0; i < 50; ++i) {
      const auto set = random_subset(c, 6, 3, 9, i);
      CHECK(set == random_subset(c, 6, 3, 9, i));
      CHECK(std::set<permutation>(set.begin(), set.end()).size() == 3);
      for (const auto& g : set) CHECK(std::binary_search(elements.begin(), elements.end(), g));
    }
  }
  CHECK_THROWS_AS(class_elements({}, 13), domain_error);
  CHECK_THROWS_AS(class_elements({}, 12), resource_error);
  CHECK_THROWS_AS(random_subset({}, 2, 2, 1, 0), domain_error);
}

TEST_CASE("the ranked search agrees with the engine that is meant to be read") {
  std::mt19937 rng(13);
  const auto oracle = search::make_oracle_engine();
  search::run_context context;
  for (std::size_t n = 1; n <= 7; ++n) {
    ranked_search ranked(n);
    for (std::size_t trial = 0; trial < tests::repeats(n == 7 ? 6 : 12); ++trial) {
      std::vector<permutation> given;
      for (std::size_t k = 1 + rng() % 3; k > 0; --k) given.push_back(random_permutation(n, rng));
      const auto form = canonical_form(given, n, rng() % 2 == 0 ? inversion::closed : inversion::as_given);
      const auto generators = form.all_generators();
      if (generators.empty()) continue;
      graphs::permutation_set set;
      for (const auto& g : generators) set.add("g" + std::to_string(set.size()), g);
      search::growth_options options;
      options.last_layer = 1000;
      options.last_layer_only_whole = true;
      const auto slow = oracle->run(graphs::make_graph("test", set), options, context);
      const auto fast = ranked.run(generators, {false, 1000});
      CHECK(fast.complete);
      CHECK(fast.layers == slow.layers);
      CHECK(fast.last_layer == slow.last_layer);
      const auto part = ranked.run(generators, {false, 1000, slow.states() / 2});
      std::uint64_t ball = 0;
      for (std::size_t i = 0; i < part.layers.size(); ++i) {
        ball += part.layers[i];
        CHECK(part.layers[i] == slow.layers[i]);
      }
      if (slow.states() > 3) CHECK((ball <= slow.states() / 2 && ball + slow.layers[part.layers.size()] > slow.states() / 2));
    }
  }
}

TEST_CASE("girths that are known") {
  const auto girth = [](const char* spec, std::size_t n) {
    ranked_search ranked(n);
    return ranked.run(canonical_form(graphs::make_catalogue_graph(spec).permutations()->elements(), n).all_generators(), {true, 0}).girth;
  };
  CHECK(girth("pancake:5", 5) == 6U);             // pancake graphs, n > 2: T. Kaneko et al.
  CHECK(girth("coxeter:5", 5) == 4U);             // distant transpositions commute
  CHECK(girth("coxeter:3", 3) == 6U);             // a hexagon
  CHECK(girth("all_transpositions:5", 5) == 4U);  // bipartite
  CHECK(girth("lrx:3", 3) == 3U);
  CHECK(girth("lrx:7", 7) == 7U);   // L^7
  CHECK(girth("lx:5", 5) == 2U);    // directed: X X
  ranked_search two(2);
  CHECK_FALSE(two.run(std::vector<permutation>{groups::transposition(2, 0, 1)}, {true, 0}).girth);
}

}  // namespace
}  // namespace conjecture_sets_test
}  // namespace cosetta::conjecture
