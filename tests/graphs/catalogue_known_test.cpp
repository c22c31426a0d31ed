// What the catalogue says is known of a graph, against a plain breadth-first search and what the literature has published.
#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <gmpxx.h>
#include <nlohmann/json.hpp>
#include <tests/graphs/catalogue_samples.hpp>

namespace catalogue_known_test {
namespace {

using namespace cosetta::graphs;
using namespace cosetta::tests;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;

}  // namespace

// -------------------------------------------------------------------------------------------------------- known facts

TEST_CASE("what is known of a graph is what a search finds", "[graphs][catalogue][known]") {
  names specs = {"lrx:6,k=2",
                 "three_cycles_01i:6,add_inverses=false",
                 "generalized_stars:5,k=2",
                 "top_spin:7",
                 "top_spin:6",
                 "heisenberg:4,modulo=2",
                 "heisenberg:4,modulo=3",
                 "heisenberg:5,modulo=2",
                 "heisenberg:3,modulo=4,add_inverses=false",
                 "unitriangular:3,modulo=4",
                 "unitriangular:4,modulo=2",
                 "unitriangular:4,modulo=3",
                 "special_linear_fundamental_roots:3,modulo=2",
                 "special_linear_root_weyl:3,modulo=2",
                 "special_linear_root_weyl:2,modulo=12",
                 "special_linear_fundamental_roots:2,modulo=9",
                 "mini_pyramorphix",
                 "top_spin:8,k=3",
                 "square_with_whiskers:5,1",
                 "koltsov3:6",
                 "top_spin:4,k=2"};
  for (std::size_t n = 2; n <= 6; ++n) {
    for (const char* family :
         {"all_transpositions", "transposons", "block_interchange", "full_reversals", "coxeter", "cyclic_coxeter",
          "pancake", "rapaport_m1", "rapaport_m2", "larx", "down_cycles", "prefix_cycles"}) {
      specs.push_back(with(family, n));
    }
    if (n <= 5) specs.push_back(with("all_cycles", n));
    if (n <= 4) specs.push_back(with("signed_reversals", n - 1));
    if (n <= 5) specs.push_back(with("burnt_pancake", n - 1));
    if (n == 2) continue;
    for (const char* family :
         {"lrx", "lx", "lsl_cycles", "stars", "three_cycles", "three_cycles_0ij", "three_cycles_01i"}) {
      specs.push_back(with(family, n));
    }
  }
  specs.push_back("lx:7");
  for (const char* spec : {"symmetric:1", "symmetric:2", "symmetric:6", "alternating:1", "alternating:3", "alternating:6", "alternating:7", "cyclic:1", "cyclic:9",
                           "dihedral:3", "dihedral:8", "mathieu:9", "mathieu:10", "mathieu:11", "projective_special_linear:2,7", "projective_special_linear:2,8",
                           "projective_special_linear:3,2", "projective_general_linear:2,9", "projective_symplectic:4,2", "projective_symplectic:2,5",
                           "affine_general_linear:1,9", "affine_general_linear:3,2"}) {
    specs.push_back(spec);
  }
  for (std::size_t m = 2; m <= 8; ++m) {
    specs.push_back("heisenberg:3,modulo=" + std::to_string(m));
    specs.push_back("special_linear_fundamental_roots:2,modulo=" + std::to_string(m));
    specs.push_back("special_linear_root_weyl:2,modulo=" + std::to_string(m));
  }
  std::set<std::string> with_facts;
  for (const auto& spec : specs) {
    INFO(spec);
    const auto graph = parse_graph(spec);
    if (!graph.known().vertices && !graph.known().diameter) continue;
    const counts sizes = spheres(graph);
    with_facts.insert(spec.substr(0, spec.find(':')));
    if (graph.known().vertices) {
      CHECK(*graph.known().vertices ==
            mpz_class(static_cast<unsigned long>(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}))));
    }
    if (graph.known().diameter)
      CHECK(*graph.known().diameter == mpz_class(static_cast<unsigned long>(sizes.size() - 1)));
  }
  // Every family that claims to know something was put to the test (the cube's millions are in the growth tests).
  for (const auto& f : catalogue()) {
    INFO(f.name);
    if (f.known && f.name != "rubik_cube") CHECK(with_facts.count(f.name) == 1);
  }
}

TEST_CASE("known diameters are those of the literature", "[graphs][catalogue][known]") {
  const std::map<std::string, std::map<std::size_t, long>> published = {
      {"lrx", {{4, 6}, {10, 45}, {15, 105}}},
      {"lx", {{5, 11}, {8, 35}, {12, 87}, {15, 141}}},
      {"full_reversals", {{14, 13}}},
      {"all_transpositions", {{30, 29}}},
      {"coxeter", {{30, 435}}},
      {"cyclic_coxeter", {{13, 42}}},
      {"block_interchange", {{9, 4}}},
      {"stars", {{11, 15}}},
  };
  for (const auto& [family, diameters] : published) {
    for (const auto& [n, diameter] : diameters) {
      INFO(with(family, n));
      const auto graph = parse_graph(with(family, n));
      CHECK(graph.known().diameter == mpz_class(diameter));
      CHECK(graph.known().vertices.has_value());
    }
  }
  CHECK(parse_graph("lrx:15").known().vertices == mpz_class("1307674368000"));
  CHECK(parse_graph("burnt_pancake:9").known().vertices == mpz_class("185794560"));
  CHECK(parse_graph("special_linear_fundamental_roots:3,modulo=5").known().vertices == mpz_class(372000));
  // Conjectured beyond: nothing is claimed.
  CHECK_FALSE(parse_graph("lrx:16").known().diameter);
  CHECK_FALSE(parse_graph("lx:16").known().diameter);
  CHECK_FALSE(parse_graph("lrx:5,k=2").known().vertices);
}

TEST_CASE("nothing false is known of graphs on very many points", "[graphs][catalogue][known]") {
  const auto known = parse_graph("top_spin:10001").known();  // A_10001, if anything
  mpz_class half;
  mpz_fac_ui(half.get_mpz_t(), 10001);
  half /= 2;
  CHECK((!known.vertices || *known.vertices == half));
}

TEST_CASE("small members of the published growth tables", "[graphs][catalogue][known][data]") {
#ifdef COSETTA_SOURCE_DIR
  std::filesystem::path folder = std::filesystem::path(COSETTA_SOURCE_DIR) / ".." / "shared" / "data";
#else
  std::filesystem::path folder = "/nonexistent";
#endif
  if (const char* given = std::getenv("COSETTA_SHARED_DATA")) folder = given;
  folder /= "growth";
  if (!std::filesystem::is_directory(folder)) {
    WARN("no folder " << folder << ": skipped");
    return;
  }
  const std::map<std::string, std::string> families = {{"all_transpositions_cayley_growth", "all_transpositions"},
                                                       {"burnt_pancake_cayley_growth", "burnt_pancake"},
                                                       {"consecutive_k_cycles_cayley_growth", "consecutive_k_cycles"},
                                                       {"coxeter_cayley_growth", "coxeter"},
                                                       {"cyclic_coxeter_cayley_growth", "cyclic_coxeter"},
                                                       {"full_reversals_cayley_growth", "full_reversals"},
                                                       {"heisenberg_growth", "heisenberg"},
                                                       {"larx_cayley_growth", "larx"},
                                                       {"lrx_cayley_growth", "lrx"},
                                                       {"lx_cayley_growth", "lx"},
                                                       {"pancake_cayley_growth", "pancake"},
                                                       {"prefix_cycles_cayley_growth", "prefix_cycles"},
                                                       {"rapaport_m2_cayley_growth", "rapaport_m2"},
                                                       {"stars_cayley_growth", "stars"},
                                                       {"top_spin_cayley_growth", "top_spin"}};
  std::size_t compared = 0;
  for (const auto& [file, family] : families) {
    std::ifstream in(folder / (file + ".csv"));
    for (std::string line; std::getline(in, line);) {
      // key,"[1, 2, 3]" or "n,k","[1, 2, 3]"
      const auto bracket = line.find('[');
      const auto end = line.find(']');
      REQUIRE(bracket != std::string::npos);
      REQUIRE(end != std::string::npos);
      std::string key = line.substr(0, bracket);
      while (!key.empty() && (key.back() == '"' || key.back() == ',')) key.pop_back();
      if (key.front() == '"') key.erase(0, 1);
      const auto list = nlohmann::json::parse(line.substr(bracket, end - bracket + 1));
      double sum = 0;
      for (const auto& entry : list) sum += entry.get<double>();
      if (sum > 3000) continue;
      INFO(family << ":" << key);
      CHECK(spheres(parse_graph(family + ":" + key)) == list.get<counts>());
      ++compared;
    }
  }
  CHECK(compared > 60);
}

}  // namespace catalogue_known_test
