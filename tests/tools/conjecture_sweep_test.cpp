// Sweeps: specifications, known diameters, kills at any moment, shards, limits.
#include <kernels/error.hpp>
#include <tools/conjecture/sweep.hpp>

#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <tests/effort.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::conjecture {
namespace conjecture_sweep_test {
namespace {

using nlohmann::json;
using tests::scratch_folder;
using tests::shell;

sweep_options plain_options(unsigned threads = 2) {
  sweep_options options;
  options.context.threads = threads;
  options.context.memory_bytes = std::size_t{1} << 30;
  options.version = "test";
  options.command = "test";
  return options;
}

TEST_CASE("known diameters of families, every way to measure") {
  const scratch_folder folder;
  const auto specification = parse_sweep(
      R"({"name": "known", "graphs": [{"family": "lx:{n}", "n": [4, 10]}, {"family": "lrx:{n}", "n": [4, 9]}, {"family": "top_spin:{n},k=4", "n": [6, 8]},
          {"family": "heisenberg:3,modulo={m}", "m": [3, 7, 2]}, {"family": "coxeter:{n}", "n": 5}],
          "measures": ["diameter", "growth", "last_layer", "moments", "order", "transitive", "girth"]})",
      "known.json");
  store s((folder.path() / "a.db").string(), store::access::create);
  const auto result = run_sweep(specification, s, plain_options());
  CHECK(result.done == 20);
  CHECK((result.status == search::status::exact && result.reused == 0 && result.failures.empty()));
  for (const auto& row : s.listed("known")) {
    INFO(row.member.label);
    const auto n = static_cast<std::uint64_t>(row.member.parameters.front().second);
    std::uint64_t sum = 0;
    for (const auto layer : row.graph.layers) sum += layer;
    CHECK(row.graph.states == mpz_class(std::to_string(sum)));
    CHECK(row.graph.order == row.graph.states);
    if (row.graph.last_layer) CHECK(row.graph.last_layer->size() == row.graph.last_sphere);
    if (row.member.spec.starts_with("lx:") && n >= 5) CHECK(row.graph.diameter == 3 * n * n / 4 - 2 * n + 3);  // Glushkov
    if (row.member.spec.starts_with("lrx:")) {
      CHECK(row.graph.diameter == n * (n - 1) / 2);
      // The unique farthest state 1 0 n-1 ... 2, in the labelling of the graph as it was given.
      REQUIRE(row.graph.last_layer);
      graphs::state wanted{1, 0}, found(n);
      for (std::uint64_t i = n - 1; i > 1; --i) wanted.push_back(i);
      const auto& z = row.member.relabelling;
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto image = row.graph.last_layer->front()[z[i]];
        found[i] = static_cast<std::uint64_t>(std::find(z.begin(), z.end(), image) - z.begin());
      }
      if (n >= 5) CHECK((row.graph.last_sphere == 1U && found == wanted));
    }
    if (row.member.spec == "coxeter:5") CHECK((row.graph.diameter == 10U && row.graph.girth == 4U));
    if (row.member.spec == "heisenberg:3,modulo=5") CHECK((row.graph.order == 125 && !row.graph.identified));
  }
  CHECK(s.listed("known")[13].graph.diameter == 12U);  // top_spin:6,k=4
  const auto again = run_sweep(specification, s, plain_options());
  CHECK((again.done == 0 && again.reused == 20));
}

TEST_CASE("one graph is computed once, whatever it is called") {
  const scratch_folder folder;
  const auto specification = parse_sweep(
      R"({"name": "same", "graphs": [{"family": "lrx:{n}", "n": [5, 5]}, {"generators": [[4,0,1,2,3],[0,1,2,4,3]], "inverse_closed": true, "label": "rx"},
          {"generators": [[1,0,2,3,4],[1,2,3,4,0],[0,1,2,3,4]], "label": "directed"}, {"family": "lx:5"}], "measures": ["diameter"]})",
      "same.json");
  store s((folder.path() / "a.db").string(), store::access::create);
  const auto result = run_sweep(specification, s, plain_options());
  CHECK((result.done == 2 && result.reused == 2));
  const auto rows = s.listed("same");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].graph.key == rows[1].graph.key);
  CHECK(rows[2].graph.key == rows[3].graph.key);
  CHECK(rows[0].graph.key != rows[2].graph.key);
  // Another sweep asks for more: the row then has both.
  const auto more = parse_sweep(R"({"name": "more", "graphs": [{"family": "lx:5"}], "measures": ["order", "girth"]})", "more.json");
  CHECK(run_sweep(more, s, plain_options()).done == 1);
  CHECK(to_string(s.listed("more").front().graph.asked) == "diameter,order,girth");
  CHECK(run_sweep(specification, s, plain_options()).reused == 4);
}

TEST_CASE("limits give bounds, and higher limits better ones") {
  const scratch_folder folder;
  const auto specification = [](const std::string& limits) {
    return parse_sweep(R"({"name": "bounds", "graphs": [{"family": "lrx:{n}", "n": [7, 10]}], "measures": ["diameter", "growth"], "limits": )" + limits + "}", "b.json");
  };
  store s((folder.path() / "a.db").string(), store::access::create);
  const auto low = run_sweep(specification(R"({"max_states": 5040})"), s, plain_options());
  CHECK((low.done == 4 && low.bounds == 3 && low.status == search::status::lower_bound));
  const auto rows = s.listed("bounds");
  CHECK(rows[0].graph.status == search::status::exact);
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(rows[i].graph.status == search::status::lower_bound);
    CHECK(*rows[i].graph.states <= 5040);
    CHECK(rows[i].provenance.stopped_by == "states");
  }
  CHECK(rows[1].graph.layers.size() == 13);  // 1 + 3 + 6 + ... + 1481 = 4131, and 2059 more would be too many
  const auto same = run_sweep(specification(R"({"max_states": 5000})"), s, plain_options());
  CHECK((same.done == 0 && same.reused == 4 && same.bounds == 3));
  const auto high = run_sweep(specification(R"({"max_states": 50000})"), s, plain_options());
  CHECK((high.done == 3 && high.reused == 1 && high.bounds == 2));
  CHECK(s.listed("bounds")[1].graph.diameter == 28U);
}

TEST_CASE("two shards merged are one run, and threads do not matter") {
  const scratch_folder folder;
  const auto name = [&](const char* file) { return (folder.path() / file).string(); };
  const auto specification = parse_sweep(
      R"({"name": "pairs", "graphs": [{"subsets": {"degree": 5, "size": 2, "class": "all"}, "up_to": "conjugacy"}, {"family": "lrx:{n}", "n": [3, 8]},
          {"random": {"degree": 7, "size": 2, "count": 10, "seed": 3}}], "measures": ["diameter", "last_layer", "girth"]})",
      "pairs.json");
  store whole(name("whole"), store::access::create), merged(name("merged"), store::access::create);
  const auto all = run_sweep(specification, whole, plain_options(3));
  std::uint64_t parts = 0;
  for (std::uint64_t part = 1; part <= 2; ++part) {
    store one(name(part == 1 ? "one" : "two"), store::access::create);
    auto options = plain_options(1);
    options.shard = {part, 2};
    parts += run_sweep(specification, one, options).total;
    merged.merge(one);
  }
  CHECK(parts == all.total);
  CHECK(merged.content() == whole.content());
  CHECK_THROWS_AS(parse_shard("0/2"), parse_error);
  CHECK_THROWS_AS(parse_shard("3/2"), parse_error);
  CHECK_THROWS_AS(parse_shard("1"), parse_error);
  CHECK(parse_shard("2/8").parts == 8);
}

TEST_CASE("what is wrong with a specification is said with its place") {
  const auto graphs = [](const std::string& entry) { return R"({"name": "x", "graphs": [)" + entry + "]}"; };
  const std::pair<std::string, const char*> cases[] = {
      {"{", "s.json: parse error"},
      {"[]", "s.json: the document: expected an object"},
      {R"({"name": "x"})", "s.json: the document: \"graphs\" is missing"},
      {R"({"name": 3, "graphs": []})", "s.json: /name: expected a text"},
      {R"({"name": "x", "graphs": []})", "s.json: /graphs: no graphs"},
      {R"({"name": "x", "name": "y", "graphs": []})", "\"name\" occurs twice"},
      {R"({"name": "x", "graphs": [], "limit": {}})", "unknown key \"limit\""},
      {graphs("{}"), "s.json: /graphs/0: one of \"family\""},
      {graphs("7"), "s.json: /graphs/0: expected an object"},
      {graphs(R"({"family": "lx:{n}"})"), "/graphs/0: the values of {n} are missing"},
      {graphs(R"({"family": "lx:{n}", "n": "4"})"), "/graphs/0/n: expected an integer"},
      {graphs(R"({"family": "lx:{n}", "n": [4]})"), "/graphs/0/n: expected [from, to]"},
      {graphs(R"({"family": "lx:{n}", "n": [9, 4]})"), "/graphs/0/n: the range from 9 to 4 is empty"},
      {graphs(R"({"family": "lx:{n}", "n": [4, 1.5]})"), "/graphs/0/n/1: expected an integer"},
      {graphs(R"({"family": "lx:{n}", "n": [0, 900000000]})"), "graphs; at most"},
      {graphs(R"({"family": "lx:{n}", "n": 4, "k": 3})"), "unknown key \"k\""},
      {graphs(R"({"family": "lxr:{n}", "n": 4})"), "/graphs/0/family: unknown family 'lxr'; nearest:"},
      {graphs(R"({"family": "lx:{n", "n": 4})"), "a parameter is written {n}"},
      {graphs(R"({"generators": [[1,0],[1,0,2]]})"), "/graphs/0/generators/1: degree 3"},
      {graphs(R"({"generators": [[1,1]]})"), "/graphs/0/generators/0: "},
      {graphs(R"({"generators": []})"), "/graphs/0/generators: expected at least one"},
      {graphs(R"({"generators": [[1,0]], "labl": "x"})"), "unknown key \"labl\""},
      {graphs(R"({"subsets": {"degree": 30, "size": 2}})"), "/graphs/0/subsets/degree: expected an integer from 2 to 12"},
      {graphs(R"({"subsets": {"degree": 12, "size": 2}})"), "/graphs/0/subsets: the class has"},
      {graphs(R"({"subsets": {"degree": 5, "size": 2, "class": "oddly"}})"), "/graphs/0/subsets/class: 'oddly': expected all"},
      {graphs(R"({"subsets": {"degree": 5, "size": 2, "class": [4, 2]}})"), "cycles of 6 points"},
      {graphs(R"({"subsets": {"degree": 5, "size": 2}, "up_to": "isomorphism"})"), "/graphs/0/up_to: expected"},
      {graphs(R"({"random": {"degree": 2, "size": 2, "count": 1}})"), "/graphs/0/random: 2 random elements"},
      {graphs(R"({"random": {"degree": 5, "size": 2, "count": -1}})"), "/graphs/0/random/count: expected"},
      {R"({"name": "x", "graphs": [{"family": "lx:5"}], "measures": ["width"]})", "/measures/0: expected one of"},
      {R"({"name": "x", "graphs": [{"family": "lx:5"}], "measures": []})", "/measures: no measures"},
      {R"({"name": "x", "graphs": [{"family": "lx:5"}], "limits": {"memory": "2Q"}})", "/limits/memory: '2Q'"},
      {R"({"name": "x", "graphs": [{"family": "lx:5"}], "limits": {"time": "soon"}})", "/limits/time: 'soon'"},
      {R"({"name": "x", "graphs": [{"family": "lx:5"}], "limits": {"max_states": 0.5}})", "/limits/max_states: expected"},
  };
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK_THROWS_WITH(parse_sweep(text, "s.json"), Catch::Contains(message) && Catch::StartsWith("s.json: "));
  }
  CHECK_THROWS_WITH(expand(parse_sweep(graphs(R"({"generators": [[1,0]], "label": "a"}, {"generators": [[1,0,2]], "label": "a"})"), "s.json")), Catch::Contains("occurs twice"));
  CHECK(expand(parse_sweep(graphs(R"({"family": "lx:{n}", "n": [4, 6]}, {"family": "lx:{n}", "n": [5, 7]})"), "s.json")).size() == 4);
}

}  // namespace
}  // namespace conjecture_sweep_test
}  // namespace cosetta::conjecture
