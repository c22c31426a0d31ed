// The catalogue: its names, its order, its arguments, and what it refuses.
#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
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

namespace catalogue_test {
namespace {

using namespace cosetta::graphs;
using namespace cosetta::tests;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;

}  // namespace

// ------------------------------------------------------------------------------------------------- names and arguments

TEST_CASE("arguments are written back in one form", "[graphs][catalogue][arguments]") {
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"lrx:12", "lrx:12"},
      {"lrx:n=12", "lrx:12"},
      {"lrx:12,1", "lrx:12"},
      {"lrx:12,k=1", "lrx:12"},
      {"lrx:k=1,n=12", "lrx:12"},
      {"lrx:12,2", "lrx:12,k=2"},
      {"lrx:k=2,n=12", "lrx:12,k=2"},
      {"lrx:012", "lrx:12"},
      {"top_spin:8,4", "top_spin:8"},
      {"top_spin:8,5", "top_spin:8,k=5"},
      {"lsl_cycles:6,true", "lsl_cycles:6"},
      {"lsl_cycles:6,1", "lsl_cycles:6"},
      {"lsl_cycles:6,no", "lsl_cycles:6,add_inverses=false"},
      {"lsl_cycles:6,add_inverses=0", "lsl_cycles:6,add_inverses=false"},
      {"cubic_pancake:subset=3,n=7", "cubic_pancake:7,3"},
      {"heisenberg", "heisenberg:3"},
      {"heisenberg:", "heisenberg:3"},
      {"heisenberg:3,0,yes", "heisenberg:3"},
      {"heisenberg:3,5", "heisenberg:3,modulo=5"},
      {"heisenberg:modulo=5,n=4", "heisenberg:4,modulo=5"},
      {"rubik_cube:2,QTM", "rubik_cube:2,metric=QTM"},
      {"rubik_cube:2,metric=QSTM", "rubik_cube:2"},
      {"hungarian_rings:4,1,4,1", "hungarian_rings:4,li=1,R=4,ri=1"},
      {"hungarian_rings:10", "hungarian_rings:10"},
      {"koltsov3:7,2,1,1", "koltsov3:7"},
      {"koltsov3:7,1,2,3", "koltsov3:7,perm_type=1,k=2,d=3"},
      {"conjugacy_classes:5,2.2,3", "conjugacy_classes:5,2.2,3"},
      {"conjugacy_classes:5,classes=2.2,classes=3", "conjugacy_classes:5,2.2,3"},
      {"conjugacy_classes:5,3,seed=1", "conjugacy_classes:5,3"},
      {"globe:b=2,a=1", "globe:1,2"}};
  for (const auto& [given, canonical] : forms) {
    INFO(given);
    const auto graph = parse_graph(given);
    CHECK(graph.spec() == canonical);
    const auto again = parse_graph(canonical);
    CHECK(again.spec() == canonical);
    CHECK(again.names() == graph.names());
    CHECK(again.generators() == graph.generators());
    CHECK(again.central() == graph.central());
  }
}

TEST_CASE("old names lead to the same graphs", "[graphs][catalogue][arguments]") {
  const std::vector<std::pair<std::string, std::string>> old = {
      {"cube_2/2/2_6gensQTM", "rubik_cube:2,metric=fixed_QTM"},
      {"cube_2/2/2_9gensHTM", "rubik_cube:2,metric=fixed_HTM"},
      {"cube_3/3/3_12gensQTM", "rubik_cube:3,metric=QTM"},
      {"cube_3/3/3_18gensHTM", "rubik_cube:3,metric=HTM"},
      {"cube_222_fixed_qtm", "rubik_cube:2,metric=fixed_QTM"},
      {"cube_222_fixed_htm", "rubik_cube:2,metric=fixed_HTM"},
      {"cube_222_qtm", "rubik_cube:2,metric=QTM"},
      {"cube_222_htm", "rubik_cube:2,metric=HTM"},
      {"cube_222_qstm", "rubik_cube:2"},
      {"cube_222_atm", "rubik_cube:2,metric=ATM"},
      {"cube_333_qtm", "rubik_cube:3,metric=QTM"},
      {"cube_333_htm", "rubik_cube:3,metric=HTM"},
      {"lrx-12", "lrx:12"},
      {"lx-9", "lx:9"},
      {"top_spin-9-4", "top_spin:9"},
      {"top_spin-9-5", "top_spin:9,k=5"},
      {"cubic_pancake-7-3", "cubic_pancake:7,3"},
      {"01i:6", "three_cycles_01i:6"},
      {"sheveleva2:7,2", "square_with_whiskers:7,2"},
      {"globe_puzzle:1,2", "globe:1,2"},
      {"sl_fund_roots:2,7", "special_linear_fundamental_roots:2,modulo=7"},
      {"sl_root_weyl:2,7", "special_linear_root_weyl:2,modulo=7"},
      {"involutive-derangements:6", "involutive_derangements:6"},
      {"conjugacy_class:5,3", "conjugacy_classes:5,3"},
      {"megaminx", "puzzle:megaminx"},
      {"pyraminx", "puzzle:pyraminx"},
      {"starminx", "puzzle:starminx"},
      {"starminx_2", "puzzle:starminx_2"}};
  for (const auto& [alias, spec] : old) {
    INFO(alias);
    const auto graph = parse_graph(alias);
    CHECK(graph.spec() == spec);
    CHECK(graph.generators() == parse_graph(spec).generators());
  }
}

TEST_CASE("a dashed graph name may hold a dash of its own", "[graphs][catalogue][arguments]") {
  CHECK(parse_graph("involutive-derangements-6").spec() == "involutive_derangements:6");
}

TEST_CASE("words in the names of any family can be read back", "[graphs][catalogue]") {
  for (const auto& f : catalogue()) {
    INFO(f.name);
    const auto graph = parse_graph(f.example);
    cosetta::groups::word letters(graph.generator_count());
    std::iota(letters.begin(), letters.end(), 1);
    if (letters.size() > 40) letters.resize(40);
    const std::string text = cosetta::groups::to_string(letters, graph.names());
    INFO(text);
    CHECK_NOTHROW(cosetta::groups::parse_word(text, graph.names()));
    cosetta::groups::word read;
    try {
      read = cosetta::groups::parse_word(text, graph.names());
    } catch (const parse_error&) {
      continue;  // reported above
    }
    CHECK(read == letters);
  }
}

TEST_CASE("the catalogue is in order", "[graphs][catalogue]") {
  std::set<std::string> seen;
  for (const auto& f : catalogue()) {
    INFO(f.name);
    CHECK(seen.insert(f.name).second);
    for (const auto& alias : f.aliases) CHECK(seen.insert(alias).second);
    CHECK(find_family(f.name) == &f);
    CHECK_FALSE(f.definition.empty());
    CHECK_FALSE(f.generators.empty());
    REQUIRE_FALSE(f.example.empty());
    const auto graph = parse_graph(f.example);
    CHECK(graph.generator_count() > 0);
    CHECK(graph.spec().substr(0, graph.spec().find(':')) == f.name);
    CHECK(parse_graph(graph.spec()).generators() == graph.generators());
  }
  CHECK(find_family("nonsense") == nullptr);
  CHECK(find_family("") == nullptr);
  const names all = catalogue_names();
  for (const char* name : {"lrx", "globe_puzzle", "cube_222_htm", "puzzle:megaminx"}) {
    CHECK(std::count(all.begin(), all.end(), name) == 1);
  }
  for (const char* name : {"sym:5", "alt:5", "psl:2,7", "pgl:2,7", "psp:4,3", "agl:2,3"}) {
    INFO(name);
    CHECK(parse_graph(name).known().vertices.has_value());
  }
  CHECK(parse_graph("psl:3,4").known().vertices == mpz_class(20160));
  CHECK(parse_graph("mathieu:24").known().vertices == mpz_class(244823040));
  CHECK_THROWS_AS(parse_graph("psl:2,6"), domain_error);
  CHECK_THROWS_AS(parse_graph("mathieu:13"), domain_error);
  CHECK_THROWS_AS(parse_graph("sym:1000000000"), domain_error);
  CHECK_THROWS_AS(parse_graph("psl:9,31"), resource_error);
  const std::string page = catalogue_markdown();
  for (const auto& f : catalogue()) check_has(page, "### `" + f.name);
  check_has(page, "| `megaminx` |");
}

TEST_CASE("every family of the specification is there", "[graphs][catalogue]") {
  for (const char* name : {"all_transpositions",
                           "transposons",
                           "block_interchange",
                           "full_reversals",
                           "signed_reversals",
                           "lrx",
                           "lx",
                           "top_spin",
                           "coxeter",
                           "cyclic_coxeter",
                           "pancake",
                           "cubic_pancake",
                           "burnt_pancake",
                           "three_cycles",
                           "three_cycles_0ij",
                           "three_cycles_01i",
                           "derangements",
                           "involutive_derangements",
                           "stars",
                           "generalized_stars",
                           "rapaport_m1",
                           "rapaport_m2",
                           "all_cycles",
                           "lsl_cycles",
                           "wrapped_k_cycles",
                           "larx",
                           "increasing_k_cycles",
                           "consecutive_k_cycles",
                           "down_cycles",
                           "prefix_cycles",
                           "sheveleva2",
                           "koltsov3",
                           "conjugacy_classes",
                           "rand_generators",
                           "heisenberg",
                           "special_linear_fundamental_roots",
                           "special_linear_root_weyl",
                           "rubik_cube",
                           "globe_puzzle",
                           "hungarian_rings",
                           "mini_pyramorphix"}) {
    INFO(name);
    CHECK(find_family(name) != nullptr);
  }
}

TEST_CASE("unknown names give the nearest three", "[graphs][catalogue][arguments]") {
  const auto message = [](const std::string& spec) -> std::string {
    try {
      static_cast<void>(parse_graph(spec));
    } catch (const parse_error& e) {
      return e.what();
    }
    FAIL_CHECK("no parse_error for " << spec);
    return "";
  };
  check_has(message("pancakes:5"), "unknown graph 'pancakes:5'; nearest: pancake, ");
  check_has(message("lrxx"), "nearest: lrx, ");
  check_has(message("top-spin:5"), "nearest: top_spin, ");
  check_has(message("puzzle:megamin"), "unknown puzzle 'megamin'; nearest: megaminx, ");
  check_has(message("puzzle"), "unknown puzzle");
  check_has(message("LRX:5"), "unknown graph");
  for (const char* spec : {"pancakes:5", "puzzle:megamin", "?"}) {
    const std::string text = message(spec);
    const std::string list = text.substr(text.find("nearest: "));
    INFO(text);
    CHECK(std::count(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(std::min(list.find('('), list.size())),
                     ',') == 2);
  }
  const std::string long_name(5000, 'x');
  CHECK(message(long_name).size() < 500);

  const names known = {"abc", "abd", "xyz", "abc"};
  CHECK(nearest_names("abc", known) == names{"abc", "abd", "xyz"});
  CHECK(nearest_names("xy", known, 1) == names{"xyz"});
  CHECK(nearest_names("a", std::vector<std::string>{}).empty());
}

TEST_CASE("wrong arguments are refused with the place and the reason", "[graphs][catalogue][arguments]") {
  enum kind { parse, domain };
  struct row {
    const char* spec;
    kind type;
    const char* reason;
  };
  const row rows[] = {{"lrx", parse, "n is missing"},
                      {"lrx:", parse, "n is missing"},
                      {"lrx:k=2", parse, "n is missing"},
                      {"lrx:5,1,2", parse, "too many"},
                      {"mini_pyramorphix:1", parse, "too many"},
                      {"lrx:five", parse, "an integer"},
                      {"lrx:5.5", parse, "an integer"},
                      {"lrx:+5", parse, "an integer"},
                      {"lrx: 5", parse, "an integer"},
                      {"lrx:5 ", parse, "an integer"},
                      {"lrx:0x5", parse, "an integer"},
                      {"lrx:5,", parse, "an integer"},
                      {"lrx:,5", parse, "an integer"},
                      {"lrx:5,k=", parse, "an integer"},
                      {"lrx:99999999999999999999", parse, "an integer"},
                      {"lrx:-99999999999999999999", parse, "an integer"},
                      {"lrx:9223372036854775808", parse, "an integer"},
                      {"lrx:5,q=1", parse, "no parameter 'q'"},
                      {"lrx:5,K=1", parse, "no parameter 'K'"},
                      {"lrx:5,=1", parse, "no parameter ''"},
                      {"lrx:k=2,5", parse, "after a named"},
                      {"lrx:5,n=6", parse, "given twice"},
                      {"lrx:n=5,n=5", parse, "given twice"},
                      {"lsl_cycles:5,maybe", parse, "true or false"},
                      {"lsl_cycles:5,True", parse, "true or false"},
                      {"rubik_cube:2,metric=", parse, "a value"},
                      {"conjugacy_classes:5", parse, "classes is missing"},
                      {"cubic_pancake:7", parse, "subset is missing"},
                      {"globe:1", parse, "b is missing"},
                      {"lrx-12-1-1", parse, "too many"},
                      {"lrx:2", domain, "at least 3"},
                      {"lrx:0", domain, "at least 3"},
                      {"lrx:-5", domain, "at least 3"},
                      {"lrx:5,k=0", domain, "at least 1"},
                      {"lrx:5,k=5", domain, "less than n"},
                      {"lrx:5,k=9223372036854775807", domain, "above the limit"},
                      {"lx:2", domain, "at least 3"},
                      {"top_spin:5,k=6", domain, "at most n"},
                      {"top_spin:5,k=1", domain, "at least 2"},
                      {"top_spin:3", domain, "at most n"},
                      {"all_transpositions:1", domain, "at least 2"},
                      {"signed_reversals:0", domain, "at least 1"},
                      {"coxeter:1", domain, "at least 2"},
                      {"three_cycles:2", domain, "at least 3"},
                      {"cubic_pancake:7,8", domain, "1..7"},
                      {"cubic_pancake:7,0", domain, "at least 1"},
                      {"generalized_stars:5,5", domain, "less than n"},
                      {"generalized_stars:5,0", domain, "at least 1"},
                      {"involutive_derangements:5", domain, "even"},
                      {"square_with_whiskers:7,5", domain, "n - 3"},
                      {"square_with_whiskers:7,0", domain, "at least 1"},
                      {"square_with_whiskers:3,1", domain, "n"},
                      {"koltsov3:7,3", domain, "perm_type"},
                      {"koltsov3:7,0", domain, "perm_type"},
                      {"koltsov3:5,2,2", domain, "too large"},
                      {"koltsov3:7,1,5,2", domain, "too large"},
                      {"koltsov3:7,1,1,9223372036854775807", domain, "above the limit"},
                      {"wrapped_k_cycles:5,6", domain, "at most n"},
                      {"wrapped_k_cycles:5,1", domain, "at least 2"},
                      {"increasing_k_cycles:5,6", domain, "at most n"},
                      {"consecutive_k_cycles:5,6", domain, "at most n"},
                      {"conjugacy_classes:5,6", domain, "cycle type"},
                      {"conjugacy_classes:5,3.3", domain, "does not fit"},
                      {"conjugacy_classes:5,x", domain, "cycle type"},
                      {"conjugacy_classes:5,0", domain, "cycle type"},
                      {"conjugacy_classes:5,2.", domain, "cycle type"},
                      {"conjugacy_classes:5,2*0", domain, "positive number"},
                      {"conjugacy_classes:5,2*x", domain, "positive number"},
                      {"conjugacy_classes:5,2*", domain, "positive number"},
                      {"conjugacy_classes:5,99999999999999999999", domain, "cycle type"},
                      {"rand_generators:3,7", domain, "fewer"},
                      {"rand_generators:3,0", domain, "at least 1"},
                      {"rand_generators:8,2,seed=-1", domain, "at least 0"},
                      {"heisenberg:2", domain, "at least 3"},
                      {"heisenberg:65", domain, "limit of 64"},
                      {"heisenberg:3,modulo=1", domain, "modulo 1"},
                      {"heisenberg:3,modulo=-1", domain, "at least 0"},
                      {"sl_fund_roots:1,5", domain, "at least 2"},
                      {"sl_root_weyl:2,1", domain, "modulo 1"},
                      {"rubik_cube:1", domain, "at least 2"},
                      {"rubik_cube:3,metric=XYZ", domain, "'XYZ' is unknown"},
                      {"rubik_cube:3,metric=fixed_QTM", domain, "N = 2"},
                      {"rubik_cube:9,metric=ATM", domain, "limit of 8"},
                      {"rubik_cube:9223372036854775807", domain, "limit"},
                      {"globe:0,1", domain, "at least 1"},
                      {"globe:1,0", domain, "at least 1"},
                      {"hungarian_rings:10,2", domain, "all of L"},
                      {"hungarian_rings:6,0,6,1", domain, "both 0"},
                      {"hungarian_rings:6,6,6,1", domain, "less than L"},
                      {"hungarian_rings:6,1,6,6", domain, "less than R"},
                      {"hungarian_rings:1,0,6,0", domain, "at least 2"},
                      {"hungarian_rings:6,0,1,0", domain, "two points"},
                      {"hungarian_rings:3", domain, ""}};
  for (const auto& r : rows) {
    INFO(r.spec);
    try {
      static_cast<void>(parse_graph(r.spec));
      FAIL_CHECK("no error");
    } catch (const parse_error& e) {
      CHECK(r.type == parse);
      check_has(e.what(), r.reason);
      check_has(e.what(), r.spec);
    } catch (const domain_error& e) {
      CHECK(r.type == domain);
      check_has(e.what(), r.reason);
      check_has(e.what(), std::string(r.spec).substr(0, std::string(r.spec).find(':')));
    }
  }
}

TEST_CASE("absurd sizes are refused at once", "[graphs][catalogue][arguments]") {
  const names absurd = {"all_transpositions:N",
                        "transposons:N",
                        "block_interchange:N",
                        "full_reversals:N",
                        "signed_reversals:N",
                        "lrx:N",
                        "lx:N",
                        "top_spin:N",
                        "coxeter:N",
                        "cyclic_coxeter:N",
                        "pancake:N",
                        "cubic_pancake:N,1",
                        "burnt_pancake:N",
                        "three_cycles:N",
                        "three_cycles_0ij:N",
                        "three_cycles_01i:N",
                        "derangements:N",
                        "involutive_derangements:N",
                        "stars:N",
                        "generalized_stars:N",
                        "rapaport_m1:N",
                        "rapaport_m2:N",
                        "all_cycles:N",
                        "lsl_cycles:N",
                        "wrapped_k_cycles:N,3",
                        "larx:N",
                        "increasing_k_cycles:N,3",
                        "consecutive_k_cycles:N,3",
                        "down_cycles:N",
                        "prefix_cycles:N",
                        "square_with_whiskers:N,1",
                        "koltsov3:N",
                        "conjugacy_classes:N,2",
                        "rand_generators:N,2",
                        "heisenberg:N,5",
                        "unitriangular:N,5",
                        "sl_fund_roots:N,5",
                        "sl_root_weyl:N,5",
                        "rubik_cube:N",
                        "globe:N,1",
                        "globe:1,N",
                        "globe:N,N",
                        "hungarian_rings:N",
                        "hungarian_rings:N,0,N,0",
                        "wrapped_k_cycles:N,N",
                        "increasing_k_cycles:N,N"};
  for (const auto& pattern : absurd) {
    std::string spec = pattern;
    for (auto at = spec.find('N'); at != std::string::npos; at = spec.find('N', at)) spec.replace(at, 1, "1000000000");
    INFO(spec);
    CHECK_THROWS_AS(parse_graph(spec), domain_error);
  }
}

TEST_CASE("too many generators are refused soon", "[graphs][catalogue][arguments]") {
  for (const char* spec :
       {"all_transpositions:100000", "derangements:10", "involutive_derangements:20", "conjugacy_classes:12,12"}) {
    INFO(spec);
    CHECK_THROWS_AS(parse_graph(spec), resource_error);
  }
}

TEST_CASE("sizes beyond 64 bits do not wrap around", "[graphs][catalogue][arguments]") {
  // Twice these, or their sums, leave 63 bits.
  for (const char* spec :
       {"signed_reversals:9223372036854775807", "signed_reversals:4611686018427387905",
        "burnt_pancake:9223372036854775807", "burnt_pancake:4611686018427387904", "globe:9223372036854775807,1",
        "globe:1,9223372036854775807", "hungarian_rings:9223372036854775807", "hungarian_rings:9223372036854775806",
        "hungarian_rings:4,4611686018427387905,4,1", "hungarian_rings:4,4611686018427397905,4,1",
        "hungarian_rings:4,1,4,4611686018427387905", "hungarian_rings:9223372036854775807,0,9223372036854775807,0"}) {
    INFO(spec);
    CHECK_THROWS_AS(parse_graph(spec), domain_error);
  }
}

// Sizes at which a recursion or a search without a bound would overflow the stack or never end.
TEST_CASE("enumerations do not recurse or search without bound", "[graphs][catalogue][arguments]") {
  for (const char* spec : {"involutive_derangements:100000", "conjugacy_classes:100000,2", "derangements:20",
                           "derangements:1000", "conjugacy_classes:1000,2", "conjugacy_classes:60,2.2.2"}) {
    INFO(spec);
    CHECK_THROWS_AS(parse_graph(spec), resource_error);
  }
  CHECK(parse_graph("conjugacy_classes:100000,1").generator_count() == 1);
  CHECK(parse_graph("conjugacy_classes:200,2").generator_count() == 200 * 199 / 2);
}

}  // namespace catalogue_test
