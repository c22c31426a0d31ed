// Extremal search: against all sets one by one, killed and split, from seeds; the store's schemas; and the published claims.
#include <graphs/parse_graph.hpp>
#include <groups/permutation.hpp>
#include <kernels/error.hpp>
#include <search/growth.hpp>
#include <tools/conjecture/claim.hpp>
#include <tools/conjecture/extremal_search.hpp>
#include <tools/conjecture/known_sets.hpp>
#include <tools/conjecture/sqlite.hpp>
#include <tools/conjecture/sweep.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <tests/effort.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::conjecture {
namespace conjecture_search_test {
namespace {

using nlohmann::json;
using tests::scratch_folder;
using tests::shell;

search_options search_plain(unsigned threads = 2) {
  search_options out;
  out.context.threads = threads;
  out.context.memory_bytes = std::size_t{1} << 30;
  return out;
}

extremal_question question_of(const std::string& text) {
  auto q = parse_question(text, "q.json");
  q.settle();
  return q;
}

search_summary searched(const std::string& text, unsigned threads = 2) {
  store in_memory(":memory:", store::access::create);
  return run_search(question_of(text), in_memory, search_plain(threads)).summary;
}

/// Every orbit of sets, one by one and to its end, by the plain engine.
std::map<std::uint64_t, std::uint64_t> brute_force(const extremal_question& q, std::uint64_t order) {
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const auto& set : subset_orbits(q.of, q.degree, q.size, q.kind)) {
    graphs::permutation_set generators;
    for (const auto& g : set.all_generators()) generators.add(fmt::format("g{}", generators.size()), g);
    const auto growth = search::make_oracle_engine()->run(graphs::make_graph("set", generators), {}, search::run_context{});
    if (growth.states() == order) ++counts[q.value == search_value::diameter ? growth.diameter() : growth.layers.back()];
  }
  return counts;
}

TEST_CASE("an exhaustive search finds what all sets one by one show") {
  const std::pair<const char*, std::uint64_t> cases[] = {
      {R"({"degree": 5, "size": 3, "class": "involutions")", 120},
      {R"({"degree": 5, "size": 2, "up_to": "conjugacy")", 120},
      {R"({"degree": 5, "size": 2, "class": "even", "order": "alternating")", 60},
      {R"({"degree": 5, "size": 2, "order": 20)", 20},
      {R"({"degree": 5, "size": 2, "class": [3, 2], "order": "full", "measure": "last_sphere")", 120},
  };
  for (const auto& [head, order] : tests::inputs(std::vector(std::begin(cases), std::end(cases)))) {
    for (const bool smallest : {false, true}) {
      const auto text = fmt::format(R"({}, "goal": "{}", "keep": {}}})", head, smallest ? "smallest" : "largest", smallest ? 4 : 1);
      INFO(text);
      const auto q = question_of(text);
      const auto counts = brute_force(q, order);
      const auto found = searched(text);
      REQUIRE(found.best.has_value() == !counts.empty());
      if (counts.empty()) continue;
      const auto& [value, sets] = smallest ? *counts.begin() : *counts.rbegin();
      CHECK(found.best == value);
      CHECK(found.best_sets == sets);
      CHECK(found.proven);
      std::uint64_t all = 0;
      for (const auto& [v, n] : counts) all += n;
      CHECK(found.admissible == all);
      CHECK(found.records.size() == std::min<std::uint64_t>(q.keep, all));
      CHECK(found.records.front().value == value);
    }
  }
}

TEST_CASE("what is cut short does not change the records, nor do threads") {
  const std::string head = R"({"degree": 6, "size": 3, "class": "involutions", "keep": )";
  const auto all = searched(head + "1000}"), few = searched(head + "5}", 1), one = searched(head + "1}", 3);
  CHECK(all.cut_short == 0);
  CHECK(all.best == 16U);
  for (const auto* some : {&few, &one}) {
    CHECK(some->best_sets == all.best_sets);
    CHECK(some->admissible == all.admissible);
    for (std::size_t i = 0; i < some->records.size(); ++i) CHECK(some->records[i].key == all.records[i].key);
  }
  CHECK(one.cut_short > 0);
  const auto directed = searched(R"({"degree": 5, "size": 2, "up_to": "conjugacy", "keep": 3})");
  const auto whole = searched(R"({"degree": 5, "size": 2, "up_to": "conjugacy", "keep": 500})");
  CHECK(directed.best == whole.best);
  CHECK(directed.records[2].key == whole.records[2].key);
}

TEST_CASE("larger degrees go to the engines") {
  const auto found = searched(R"({"degree": 9, "size": 1, "class": [9], "order": 9})");
  CHECK(found.best == 4U);
  CHECK(found.admissible == 1);
  const auto directed = searched(R"({"degree": 9, "size": 1, "class": [5, 4], "order": 20, "up_to": "conjugacy"})");
  CHECK(directed.best == 19U);
}

TEST_CASE("annealing is a function of its seed, and finds what is known") {
  const std::string text = R"({"degree": 6, "size": 3, "class": "involutions", "method": "annealing", "restarts": 3, "steps": 60, "seed": 3})";
  store one(":memory:", store::access::create), three(":memory:", store::access::create);
  const auto first = run_search(question_of(text), one, search_plain(1));
  run_search(question_of(text), three, search_plain(3));
  CHECK(one.content() == three.content());
  CHECK(first.status == search::status::exact);
  CHECK_FALSE(first.summary.proven);
  CHECK(first.summary.best == 16U);
  const auto more = run_search(question_of(std::string(text).replace(text.find("\"restarts\": 3"), 13, "\"restarts\": 4")), one, search_plain(1));
  CHECK(more.summary.parts_done == 4);
  for (const char* other : {R"("class": "all", "size": 2)", R"("class": "odd", "size": 2, "goal": "smallest")", R"("class": [2, 2], "size": 3, "order": "alternating")", R"("class": "all", "size": 2, "up_to": "conjugacy", "measure": "last_sphere")"}) {
    const auto found = searched(fmt::format(R"({{"degree": 6, {}, "method": "annealing", "restarts": 1, "steps": 20}})", other));
    REQUIRE(found.best);
    for (const auto& r : found.records) CHECK(r.states == (std::string(other).find("alternating") == std::string::npos ? 720U : 360U));
  }
}

TEST_CASE("a search that is killed at any moment ends as an undisturbed one, and so do parts that are merged", "[program]") {
  const scratch_folder folder;
  const std::string search = tests::sanitized ? "cosetta conjecture search --degree 5 --size 3 --threads 2 --db " : "cosetta conjecture search --degree 7 --size 3 --class involutions --keep 7 --threads 2 --db ";
  REQUIRE(shell(search + "whole.db", folder).code == 0);
  std::mt19937 rng(std::random_device{}());
  for (std::size_t kill = 0; kill < tests::repeats(10); ++kill) {
    shell(search + "k.db >/dev/null 2>&1 & p=$!; sleep " + fmt::format("{:.3f}", 0.1 * static_cast<double>(rng() % 1000) / 1000) + "; kill -9 $p; wait $p", folder);
  }
  CHECK(shell(search + "k.db", folder).code == 0);
  const auto limited = shell(search + "part.db --limit 1", folder);
  CHECK((limited.code == 3 || tests::sanitized));
  CHECK(shell(search + "part.db", folder).code == 0);
  CHECK(shell(search + "half.db --limit 1 >/dev/null; cosetta conjecture merge merged.db part.db half.db", folder).code == 0);
  const auto content = [&](const char* name) { return store((folder.path() / name).string(), store::access::read).content(); };
  CHECK(content("k.db") == content("whole.db"));
  CHECK(content("part.db") == content("whole.db"));
  CHECK(content("merged.db") == content("whole.db"));
}

TEST_CASE("a store of schema 1 is taken over, and one without a table is refused") {
  const scratch_folder folder;
  const auto path = (folder.path() / "old.db").string();
  const auto sweep = parse_sweep(R"({"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 6]}]})", "lx.json");
  sweep_options options;
  {
    store s(path, store::access::create);
    run_sweep(sweep, s, options);
    s.connection().execute("DROP TABLE search_record; DROP TABLE search_part; DROP TABLE search; PRAGMA user_version = 1");
  }
  {
    const store old(path, store::access::read);  // as it is
    CHECK(old.listed("lx").size() == 3);
    CHECK(searches_of(old).empty());
    CHECK_THROWS_AS(summary_of(old, "x"), domain_error);
  }
  {
    store s(path, store::access::create);
    CHECK(run_search(question_of(R"({"degree": 4, "size": 2, "name": "pairs"})"), s, search_plain()).summary.best == 6U);
    CHECK(s.listed("lx").size() == 3);
    CHECK_THROWS_WITH(run_search(question_of(R"({"degree": 5, "size": 2, "name": "pairs"})"), s, search_plain()), Catch::Contains("another search with the name 'pairs'"));
    CHECK(s.connection().integer("PRAGMA user_version") == store_version);
  }
  database(path, SQLITE_OPEN_READWRITE).execute("PRAGMA foreign_keys = OFF; DROP TABLE search_part");
  CHECK_THROWS_WITH(store(path, store::access::read), Catch::Contains("a table is missing"));
}

TEST_CASE("limits end the enumeration, too, and what does not fit the memory is said") {
  store s(":memory:", store::access::create);
  auto limited = search_plain(1);
  limited.context.deadline = std::chrono::steady_clock::now();
  const auto pairs = question_of(R"({"degree": 9, "size": 2, "class": "even", "order": "any", "up_to": "conjugacy", "method": "exhaustive", "name": "pairs"})");
  const auto early = run_search(pairs, s, limited);
  CHECK(early.status == search::status::lower_bound);
  CHECK((early.summary.row.name == "pairs" && early.summary.parts_done == 0 && !early.summary.proven));
  CHECK_THROWS_WITH(run_search(question_of(R"({"degree": 5, "size": 2, "name": "pairs"})"), s, search_plain()), Catch::Contains("another search"));
  limited = search_plain(1);
  limited.context.memory_bytes = 1 << 20;
  CHECK_THROWS_WITH(run_search(pairs, s, limited), Catch::Contains("raise --memory"));
  std::size_t checks = 0;
  subset_orbits({}, 7, 2, inversion::as_given, 20'000'000, [&] { ++checks; });
  CHECK(checks > 2890 / 64);
  limited.context.memory_bytes = std::size_t{20} << 20;
  const std::string large = R"({"degree": 12, "size": 2, "method": "annealing", "restarts": 1, "steps": 3)";
  CHECK_THROWS_AS(run_search(question_of(large + "}"), s, limited), resource_error);
  const auto any = run_search(question_of(large + R"(, "order": "any"})"), s, limited);
  CHECK(any.summary.cut_short + any.summary.admissible > 0);
}

TEST_CASE("rows of a search that somebody damaged are refused") {
  const auto damaged = [](const char* change) {
    store s(":memory:", store::access::create);
    run_search(question_of(R"({"degree": 4, "size": 2, "class": [3], "order": "any", "name": "pairs"})"), s, search_plain(1));
    s.connection().execute(change);
    CHECK_THROWS_WITH(summary_of(s, "pairs"), Catch::Contains("the store is damaged"));
  };
  damaged("UPDATE search SET question = '{'");
  damaged("UPDATE search SET question = '{\"degree\": 4, \"size\": 2, \"goal\": \"smallest\"}'");
  damaged("UPDATE search SET question = replace(question, 'largest', 'middle')");
  damaged("UPDATE search_record SET generators = '[[0,1,1,2]]'");
  damaged("UPDATE search_record SET generators = '7,'");
  damaged("UPDATE search_record SET states = 'many'");
  damaged("UPDATE search_record SET value = -3");
  damaged("UPDATE search_part SET sets = -1");
}

TEST_CASE("an edited specification leaves its old places behind") {
  store s(":memory:", store::access::create);
  const auto sweep = [](int to) { return parse_sweep(fmt::format(R"({{"name": "lx", "graphs": [{{"family": "lx:{{n}}", "n": [4, {}]}}]}})", to), "lx.json"); };
  sweep_options options;
  run_sweep(sweep(7), s, options);
  CHECK(s.listed("lx").size() == 4);
  run_sweep(sweep(5), s, options);
  CHECK(s.listed("lx").size() == 2);
  CHECK(run_sweep(sweep(7), s, options).reused == 4);
}

TEST_CASE("squares with whiskers") {
  const auto of = [](const std::vector<std::string>& cycles, std::size_t n) {
    std::vector<groups::permutation> out;
    for (const auto& c : cycles) out.push_back(groups::parse_permutation(c, n));
    return square_with_whiskers(out);
  };
  using lengths = std::vector<std::size_t>;
  CHECK(of({"(3 4)(5 6)", "(1 2)(3 5)(4 6)", "(0 1)(2 3)(4 7)"}, 8) == lengths{3, 1, 0, 0});
  CHECK(of({"(0 1 2 3)"}, 4) == lengths{0, 0, 0, 0});
  CHECK(of({"(0 1 2 3)", "(1 4)(3 5)"}, 6) == lengths{1, 0, 1, 0});
  CHECK(of({"(0 1)(2 3)", "(1 2)"}, 4).empty());              // a path
  CHECK(of({"(0 1 2)", "(2 3)"}, 4).empty());                 // a triangle
  CHECK(of({"(0 1 2 3)", "(3 4)", "(3 5)"}, 6).empty());      // two at one corner
  CHECK(of({"(0 1 2 3)", "(3 4)", "(4 5)", "(4 6)"}, 7).empty());  // a whisker with a fork
  CHECK(of({"(0 1 2 3)", "(0 2)"}, 4).empty());               // a diagonal
  CHECK(of({"(0 1 2 3)"}, 5).empty());                        // not connected
  CHECK(of({"(0 1 2 3)", "(4 5 6)"}, 7).empty());
  CHECK(of({"(0 1 2 3 4)"}, 5).empty());
  const auto known = known_sets(7, 3, inversion::closed);
  CHECK(known.contains(canonical_form(graphs::parse_graph("koltsov3:7,2,1").permutations()->elements(), 7).key));
  CHECK(known.contains(canonical_form(graphs::parse_graph("lrx:7").permutations()->elements(), 7).key));
}

TEST_CASE("even and odd classes, and what is wrong with a question") {
  for (std::size_t n = 2; n <= 6; ++n) {
    const permutation_class even = parse_class("even", n), odd = parse_class("odd", n);
    CHECK(class_elements(even, n).size() == class_size(even, n));
    CHECK(class_elements(odd, n).size() == class_size(odd, n));
    CHECK(class_size(even, n) + class_size(odd, n) == class_size({}, n));
  }
  CHECK(to_string(parse_class("2,3", 6)) == "3,2");
  const std::pair<const char*, const char*> cases[] = {
      {R"({"size": 2})", "\"degree\" is missing"},
      {R"({"degree": 40, "size": 2})", "/degree: expected an integer from 2 to 16"},
      {R"({"degree": 5, "size": 2, "class": "cycles"})", "/class: 'cycles': expected all"},
      {R"({"degree": 5, "size": 2, "order": "half"})", "/order: order 'half'"},
      {R"({"degree": 5, "size": 2, "order": -1})", "q.json: /order: expected full, alternating, transitive, any, or the order of the group, found -1"},
      {R"({"degree": 5, "size": 2, "goal": "best"})", "/goal: expected"},
      {R"({"degree": 5, "size": 2, "keep": 0})", "/keep: expected"},
      {R"({"degree": 5, "sizes": 2})", "unknown key \"sizes\""},
  };
  for (const auto& [text, message] : cases) CHECK_THROWS_WITH(parse_question(text, "q.json"), Catch::Contains(message) && Catch::StartsWith("q.json: "));
  CHECK_THROWS_AS(question_of(R"({"degree": 3, "size": 4, "class": "transpositions"})"), domain_error);
  CHECK_THROWS_WITH(question_of(R"({"degree": 5, "size": 2, "order": 7})"), Catch::Contains("does not divide 120"));
  CHECK_THROWS_AS(question_of(R"({"degree": 12, "size": 2, "method": "exhaustive"})"), resource_error);
  CHECK(question_of(R"({"degree": 12, "size": 2})").method == search_method::annealing);
  CHECK(question_of(R"({"degree": 7, "size": 2})").method == search_method::exhaustive);
}

TEST_CASE("the text and the documents of a search", "[program]") {
  const scratch_folder folder;
  const auto got = shell("cosetta conjecture search --degree 7 --size 3 --class involutions --keep 2 --db a.db", folder);
  CHECK(got.code == 0);
  CHECK_THAT(got.out, Catch::Contains("exhausted: 676 of 676 sets up to relabelling and inversion, 254 with the group wished"));
  CHECK_THAT(got.out, Catch::Contains("largest diameter 30, proven; one set attains it\n  30  (2 3)(4 6), (1 2)(3 5)(4 6), (0 1)(2 4)(3 6)"));
  CHECK_THAT(got.out, Catch::Contains("= koltsov3:7,2,1,1") && Catch::Contains("square with whiskers 2 1 0 0"));
  const auto d = json::parse(shell("cosetta conjecture search --show --db a.db --json", folder).out);
  CHECK(d["schema"] == "cosetta.search/1");
  CHECK((d["searches"][0]["proven"] == true && d["searches"][0]["best"] == 30 && d["searches"][0]["records"].size() == 2));
  CHECK(shell("cosetta conjecture search --show --db a.db --format csv | head -n 1", folder).out == "value,diameter,states,last_sphere,generators,key,families,proven\n");
  CHECK(shell("cosetta conjecture search --degree 4 --size 1", folder).code == 1);  // no permutation generates S_4
  CHECK(shell("cosetta conjecture search --degree 4", folder).code == 2);
  CHECK(shell("cosetta conjecture search --show --db a.db --name nosuch", folder).code == 2);
  CHECK(shell("cosetta conjecture search --degree 5 --size 2 --order most", folder).code == 2);
  folder.write("q.json", R"({"degree": 4, "size": 2, "name": "q"})");
  CHECK(shell("cosetta conjecture search q.json", folder).code == 0);
  for (const char* option : {"--degree 4", "--size 2", "--class all", "--directed", "--order full", "--measure diameter", "--smallest", "--keep 1", "--method auto", "--seed 1", "--restarts 1", "--steps 1"}) {
    const auto beside = shell(fmt::format("cosetta conjecture search q.json {}", option), folder);
    CHECK(beside.code == 2);
    CHECK_THAT(beside.err, Catch::Contains("beside SPEC"));
  }
  const auto both = json::parse(shell("cosetta conjecture search --degree 4 --size 2 --directed --class 4 --order 4 --json", folder).out);
  const auto& record = both["searches"][0]["records"][0];
  CHECK(record["generators"] == json::parse("[[1,2,3,0],[3,0,1,2]]"));
  CHECK(record["diameter"] == 2);
}

TEST_CASE("published claims: those that are quick agree, and a wrong one does not", "[program]") {
  const scratch_folder folder;
  if (!tests::sanitized) {
    for (const char* name : {"pancake", "heisenberg_linear", "lx_glushkov", "longest_lrx", "whiskers_involutions"}) {
      const auto got = shell(fmt::format("cosetta conjecture reproduce {} --threads 2", name), folder);
      INFO(got.out << got.err);
      CHECK(got.code == 0);
      CHECK_THAT(got.out, Catch::Contains("1 agree, 0 disagree\n"));
    }
  }
  const std::string head = R"({"name": "x", "claim": "c", "source": "s", "seconds": 0, "checks": [)";
  folder.write("wrong/value.json", head + R"({"graphs": {"family": "lx:{n}", "n": [4, 6]}, "expect": [6, 11, 17]}]})");
  folder.write("wrong/formula.json", head + R"({"graphs": {"family": "coxeter:{n}", "n": [2, 8]}, "expect": [1, 3, 6, 10, 15, 21, 28], "formula": "n^2", "from": 2}]})");
  folder.write("wrong/bound.json", head + R"({"bound": [0, 1, 0], "degrees": [4, 4], "expect": {"lrx:4,1": 6}}]})");
  folder.write("wrong/search.json", head + R"({"search": {"degree": 5, "size": 3, "class": "involutions"}, "expect": {"best": 10, "attained_by": 2, "square_with_whiskers": true}}]})");
  folder.write("wrong/layer.json", head + R"({"graphs": {"family": "lrx:{n}", "n": [5, 5]}, "last_layer": [[[1,0,4,2,3]]]}]})");
  folder.write("wrong/zz_not_json.json", "{");
  folder.write("wrong/zz_keep.json", std::string(head).replace(head.find("\"x\""), 3, "\"keep\"") + R"({"search": {"degree": 4, "size": 2, "keep": 1}, "expect": {"square_with_whiskers": true}}]})");
  folder.write("wrong/zz_annealing.json", head + R"({"search": {"degree": 4, "size": 2, "method": "annealing"}, "expect": {"attained_by": 2}}]})");
  const auto wrong = shell("cosetta conjecture reproduce wrong --db a.db", folder);
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.out, Catch::Contains("cannot be checked  zz_not_json") && Catch::Contains("keep 1: 2 sets attain it") && Catch::Contains("annealing, which proves nothing"));
  CHECK_THAT(wrong.out, Catch::Contains("diameter of lx:6: computed 18, expected 17") && Catch::Contains("the formula that is found: computed n (n - 1) / 2, expected n^2"));
  CHECK_THAT(wrong.out, Catch::Contains("sets that attain it: computed 1, expected 2") && Catch::Contains("a square with whiskers attains it: computed no, expected yes"));
  CHECK_THAT(wrong.out, Catch::Contains("diameter of coxeter:4 is at most 4: computed no, expected yes") && Catch::Contains("0 agree, 5 disagree, 3 cannot be checked\n"));
  CHECK(shell("cosetta conjecture reproduce nosuch", folder).code == 2);
  folder.write("empty.json", head + "]}");
  CHECK(shell("cosetta conjecture reproduce empty.json", folder).code == 2);
  folder.write("free.json", head + R"({"graphs": {"family": "lx:5"}}]})");
  CHECK_THAT(shell("cosetta conjecture reproduce free.json", folder).err, Catch::Contains("a check that cannot fail is none"));
  for (const char* nothing : {R"({"graphs": {"family": "lx:5"}, "expect": []})", R"({"search": {"degree": 4, "size": 2}, "expect": {}})", R"({"bound": [0, 1, 0], "degrees": [4, 4], "expect": {}})"}) {
    CHECK_THROWS_WITH(parse_claim(head + nothing + "]}", "c.json"), Catch::Contains("/expect: nothing is expected"));
  }
  CHECK_THROWS_WITH(parse_claim(head + R"({"graphs": {"family": "lrx:5"}, "last_layer": [[[1,0,4,3,2]]], "expect": [999]}]})", "c.json"), Catch::Contains("unknown key \"expect\""));
  // The store may have a search of the same title, with other records; and one of the same claim, before it was edited.
  folder.write("pairs.json", head + R"({"search": {"degree": 4, "size": 2, "keep": 5}, "expect": {"best": 6}}]})");
  CHECK(shell("cosetta conjecture search --degree 4 --size 2 --keep 3 --db s.db && cosetta conjecture reproduce pairs.json --db s.db", folder).code == 0);
  folder.write("pairs.json", head + R"({"search": {"degree": 4, "size": 2, "keep": 6}, "expect": {"best": 6}}]})");
  const auto edited = shell("cosetta conjecture reproduce pairs.json --db s.db", folder);
  CHECK(edited.code == 2);
  CHECK_THAT(edited.out, Catch::Contains("another search 'reproduce x 0'"));
}

}  // namespace
}  // namespace conjecture_search_test
}  // namespace cosetta::conjecture
