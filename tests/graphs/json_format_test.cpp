// Generator files in JSON, and how parse_graph tells files from names: in examples small enough to be checked by hand, with every refusal.
#include <graphs/file_formats.hpp>
#include <graphs/graph_builder.hpp>
#include <graphs/parse_graph.hpp>
#include <graphs/puzzle_geometry.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/graphs/file_samples.hpp>

namespace json_format_test {
namespace {

using namespace cosetta::graphs;
using namespace cosetta::tests;
using cosetta::domain_error;
using cosetta::parse_error;
using cosetta::resource_error;

}  // namespace

// --------------------------------------------------------------------------------------------------------------- JSON

TEST_CASE("JSON: generators by name keep their order", "[graphs][file_formats][json]") {
  const auto graph = read_json(R"({"name": "x", "central_state": [0, 0, 1],
      "generators": {"z": [1, 2, 0], "a": [1, 0, 2], "m": [0, 2, 1]}})",
                               "f.json", 0);
  CHECK(graph.spec() == "f.json");
  CHECK(graph.names() == names{"z", "a", "m"});
  CHECK(array_of(graph, "z") == image_array{1, 2, 0});
  CHECK(graph.central() == state{0, 0, 1});
  CHECK_FALSE(graph.is_inverse_closed());
}

TEST_CASE("JSON: arrays of generators, with names and without", "[graphs][file_formats][json]") {
  const auto plain = read_json(R"({"generators": [[1,2,0],[1,0,2]]})", "f.json", 0);
  CHECK(plain.names() == names{"g0", "g1"});
  CHECK(plain.central() == state{0, 1, 2});
  CHECK(read_json(R"({"generators": [[1,2,0],[1,0,2]], "generator_names": ["b","a"]})", "f.json", 0).names() ==
        names{"b", "a"});
  CHECK(read_json(R"({"moves": {"b": [1,0]}, "central": [3,3]})", "f.json", 0).central() == state{3, 3});
  CHECK(read_json(R"({"generators": [[0,1]], "central_state": null, "generator_names": null})", "f.json", 0).names() ==
        names{"g0"});
}

TEST_CASE("JSON: images may count from 1", "[graphs][file_formats][json]") {
  const auto graph = read_json(R"({"generators": {"a": [2, 3, 1]}})", "f.json", 1);
  CHECK(array_of(graph, "a") == image_array{1, 2, 0});
  const auto message =
      refusal<domain_error>([] { return read_json(R"({"generators": {"a": [1, 2, 0]}})", "f.json", 1); });
  check_has(message, "0 is no point");
}

TEST_CASE("JSON: matrices with a modulus and over Z", "[graphs][file_formats][json]") {
  const auto graph =
      read_json(R"({"generators": {"u": [[1, -1], [0, 1]], "v": [[7, 0], [12, 1]]}, "modulus": 6})", "f.json", 0);
  REQUIRE(graph.matrices() != nullptr);
  CHECK(graph.modulus() == 6);  // composite
  CHECK(cosetta::groups::to_string((*graph.matrices())[0]) == "[[1,5],[0,1]]");
  CHECK(cosetta::groups::to_string((*graph.matrices())[1]) == "[[1,0],[0,1]]");
  CHECK(graph.central() == state{1, 0, 0, 1});

  const auto integers = read_json(R"({"generators": [[[1, -1], [0, 1]]]})", "f.json", 0);
  CHECK(integers.modulus() == 0);
  CHECK(cosetta::groups::to_string((*integers.matrices())[0]) == "[[1,-1],[0,1]]");
  CHECK(read_json(R"({"generators": [[[1, -1], [0, 1]]], "modulo": 0})", "f.json", 0).modulus() == 0);
  CHECK(read_json(R"({"generators": [[[1, -1], [0, 1]]], "modulus": 9223372036854775807})", "f.json", 0).modulus() ==
        9223372036854775807ULL);
}

TEST_CASE("JSON: central states of matrices", "[graphs][file_formats][json]") {
  const std::string head = R"({"generators": {"u": [[1, 1], [0, 1]]}, "modulus": 5, "central_state": )";
  CHECK(read_json(head + "[[1, 2, 3], [-1, 0, 7]]}", "f.json", 0).central() == state{1, 2, 3, 4, 0, 2});
  CHECK(read_json(head + "[[1, 2, 3], [-1, 0, 7]]}", "f.json", 0).columns() == 3);
  CHECK(read_json(head + "[3, -1]}", "f.json", 0).central() == state{3, 4});
  CHECK(read_json(head + "[[3], [4]]}", "f.json", 0).columns() == 1);
  const auto domain = [&](const std::string& central) {
    return refusal<domain_error>([&] { return read_json(head + central + "}", "f.json", 0); });
  };
  check_has(domain("[1, 2, 3]"), "3 rows");
  check_has(domain("[[1, 2]]"), "1 rows");
  check_has(domain("[[1, 2], [3]]"), "differ in length");
  CHECK_THROWS_AS(read_json(head + "7}", "f.json", 0), parse_error);
  CHECK_THROWS_AS(read_json(head + "[1.5, 2]}", "f.json", 0), parse_error);
  CHECK_THROWS_AS(read_json(head + "[]}", "f.json", 0), domain_error);
}

TEST_CASE("JSON: a catalogue name, and the envelope of graph info", "[graphs][file_formats][json]") {
  CHECK(read_json(R"({"spec": "lrx:8"})", "f.json", 0).spec() == "lrx:8");
  CHECK(read_json(R"({"graph": {"spec": "lrx:8"}})", "f.json", 0).generator_count() == 3);
  const auto wrapped =
      read_json(R"({"schema": "x", "graph": {"spec": "lrx:3", "generators": {"b": [1,0]}}})", "f.json", 0);
  CHECK(wrapped.names() == names{"b"});  // generators say more than a name
  CHECK_THROWS_AS(read_json(R"({"graph": {"graph": {"spec": "lrx:8"}}})", "f.json", 0), parse_error);
  check_has(refusal<domain_error>([] { return read_json(R"({"spec": "lrx:2"})", "f.json", 0); }), "f.json: lrx:2");
  check_has(refusal<parse_error>([] { return read_json(R"({"spec": "nonsense"})", "f.json", 0); }),
            "f.json: unknown graph");
}

TEST_CASE("JSON: every refusal names the file and the reason", "[graphs][file_formats][json]") {
  const std::vector<std::pair<std::string, std::string>> not_the_format = {
      {"", "parse error"},
      {"{", "parse error"},
      {R"({"generators": {"a": [1, 0]})", "parse error"},
      {"\xff", "parse error"},
      {"[]", "JSON object"},
      {"7", "JSON object"},
      {"{}", "no \"generators\""},
      {R"({"spec": 7})", "no \"generators\""},
      {R"({"generators": 7})", "neither an object nor an array"},
      {R"({"generators": "L"})", "neither an object nor an array"},
      {R"({"generators": {"a": 7}})", "generator a"},
      {R"({"generators": {"a": "10"}})", "generator a"},
      {R"({"generators": {"a": [1, 0.5]}})", "expected an integer"},
      {R"({"generators": {"a": [1, "0"]}})", "expected an integer"},
      {R"({"generators": {"a": [1, 99999999999999999999]}})", "expected an integer"},
      {R"({"generators": [[1, 0]], "generator_names": ["a", "b"]})", "1 names"},
      {R"({"generators": [[1, 0]], "generator_names": "a"})", "1 names"},
      {R"({"generators": [[1, 0]], "generator_names": [7]})", "no text"},
      {R"({"generators": [[1, 0]], "central_state": 7})", "central_state"},
      {R"({"generators": [[1, 0]], "central_state": [0, "1"]})", "central_state"},
      {R"({"generators": {"a": [[1, 0], [0, 1]], "b": [1, 0]}})", "generator b"},
      {R"({"generators": {"a": [1, 0], "b": [[1, 0], [0, 1]]}})", "generator b"},
      {R"({"generators": {"a": [[1, 0], 7]}})", "generator a"},
      {R"({"generators": {"a": [[1, 0], [0, 1]]}, "modulus": "5"})", "modulus"},
      {R"({"generators": {"a": [[1, 0], [0, 1]]}, "modulus": 2.5})", "modulus"},
  };
  for (const auto& [text, reason] : not_the_format) {
    INFO(text);
    const std::string message = refusal<parse_error>([&, &text = text] { return read_json(text, "f.json", 0); });
    check_has(message, "f.json: ");
    check_has(message, reason);
  }
  const std::vector<std::pair<std::string, std::string>> outside = {
      {R"({"generators": {}})", "no generators"},
      {R"({"generators": []})", "no generators"},
      {R"({"generators": {"a": []}})", "degree 0"},
      {R"({"generators": {"a": [1, 1]}})", "generator a"},
      {R"({"generators": {"a": [1, 2]}})", "2 is no point"},
      {R"({"generators": {"a": [-1, 0]}})", "-1 is no point"},
      {R"({"generators": {"a": [1, 1000000000]}})", "no point"},
      {R"({"generators": {"a": [1, 9223372036854775808]}})", "63 bits"},
      {R"({"generators": {"a": [1, 0], "b": [1, 2, 0]}})", "b has degree 3"},
      {R"({"generators": [[1, 0]], "central_state": [0]})", "1 labels"},
      {R"({"generators": [[1, 0]], "central_state": []})", "empty"},
      {R"({"generators": [[1, 0]], "central_state": [0, -1]})", "negative"},
      {R"({"generators": {"a": [[1, 0], [0]]}})", "differ in length"},
      {R"({"generators": {"a": [[], []]}})", "differ in length"},
      {R"({"generators": {"a": [[1, 0, 0], [0, 1, 0]]}})", "2 x 3"},
      {R"({"generators": {"a": [[2, 0], [0, 1]]}, "modulus": 6})", "generator a"},
      {R"({"generators": {"a": [[1, 0], [0, 1]]}, "modulus": 1})", "modulus 1"},
      {R"({"generators": {"a": [[1, 0], [0, 1]]}, "modulus": -5})", "modulus -5"},
      {R"({"generators": {"a": [[1, 0], [0, 1]]}, "modulus": 9223372036854775808})", "63 bits"},
      {R"({"generators": {"a": [[1, 0], [0, 1]], "b": [[1]]}})", "b is 1 x 1"},
  };
  for (const auto& [text, reason] : outside) {
    INFO(text);
    const std::string message = refusal<domain_error>([&, &text = text] { return read_json(text, "f.json", 0); });
    check_has(message, "f.json: ");
    check_has(message, reason);
  }
  // The least entry there is, in one-based counting.
  CHECK_THROWS_AS(read_json(R"({"generators": {"a": [-9223372036854775808, 1]}})", "f.json", 1), domain_error);
}

TEST_CASE("JSON: several graphs in one file", "[graphs][file_formats][json]") {
  const std::string three = R"({"central_state": [0, 1, 2], "generators": {"a": [1, 2, 0]}})", four = R"({"generators": [[1, 2, 3, 0]], "generator_names": ["R[0,3]"]})";
  const std::string forms[] = {R"({"3": )" + three + R"(, "four": )" + four + "}", R"({"graphs": {"3": )" + three + R"(, "four": )" + four + "}}",
                               R"([{"n": 3, )" + three.substr(1) + R"(, {"name": "four", )" + four.substr(1) + "]"};
  const temporary_folder folder;
  for (const auto& text : forms) {
    INFO(text);
    CHECK(read_json(text, "f", 0, "3").degree() == 3);
    CHECK(read_json(text, "f", 0, "four").names() == names{"R[0,3]"});
    const auto all = read_json_graphs(text, "f");
    REQUIRE(all.size() == 2);
    CHECK(all[0].first == "3");
    CHECK(all[1].second.degree() == 4);
    check_has(refusal<parse_error>([&] { return read_json(text, "f", 0); }), "f: name one graph of the file, as in FILE.json#NAME: 3, four");
    check_has(refusal<parse_error>([&] { return read_json(text, "f", 0, "fuor"); }), "no graph 'fuor'; nearest: four");
    const auto file = folder.write("graphs_info.json", text);
    CHECK(parse_graph(file + "#four").degree() == 4);
    CHECK(parse_graph((folder / ".") + "#3").degree() == 3);
  }
  CHECK(read_json("[" + three + "]", "f", 0).degree() == 3);
  CHECK(read_json_graphs(three, "f").size() == 1);
  check_has(refusal<parse_error>([&] { return read_json(three, "f", 0, "3"); }), "holds one graph: leave #3 out");
  check_has(refusal<parse_error>([&] { return read_json(R"({"a": 1})", "f", 0); }), "f: no \"generators\"");
}

// -------------------------------------------------------------------------------------------------------- parse_graph

TEST_CASE("parse_graph reads a file by its suffix", "[graphs][parse_graph]") {
  const temporary_folder folder;
  const auto gap = folder.write("a.gap", "M_a:=(1,2,3);\n");
  const auto g = folder.write("a.g", "a:=(1,2,3);\n");
  const auto json = folder.write("a.json", R"({"generators": {"a": [1, 2, 0]}})");
  const auto tws = folder.write("a.tws", "Set C 3 1\nMove a\nC\n2 3 1\nEnd\n");
  const auto ksolve = folder.write("a.ksolve", "Set C 3 1\nMove a\nC\n2 3 1\nEnd\n");
  const auto def = folder.write("a.def", "Set C 3 1\nMove a\nC\n2 3 1\nEnd\n");
  const auto csv =
      folder.write("a.csv", "puzzle_type,allowed_moves\nt/1,\"{'a': [1, 2, 0]}\"\nt/2,\"{'b': [1, 0]}\"\n");
  const auto single = folder.write("single.csv", "puzzle_type,allowed_moves\nt,\"{'a': [1, 2, 0]}\"\n");

  // Formats that list one direction of each turn get the other; JSON means what it says.
  for (const auto& file : {gap, g, tws, ksolve, def}) {
    INFO(file);
    const auto graph = parse_graph(file);
    CHECK(graph.spec() == file);
    CHECK(graph.names() == names{"a", "a'"});
    CHECK(array_of(graph, "a") == image_array{1, 2, 0});
    CHECK(array_of(graph, "a'") == image_array{2, 0, 1});
  }
  CHECK(parse_graph(json).names() == names{"a"});
  CHECK(parse_graph(csv + "#t/1").names() == names{"a", "-a"});
  CHECK(parse_graph(csv + "#t/2").names() == names{"b"});
  CHECK(parse_graph(csv + "#t/1").spec() == csv + "#t/1");
  CHECK(parse_graph(single).names() == names{"a", "-a"});
  CHECK_THROWS_AS(parse_graph(csv + "#t/3"), parse_error);

  parse_options directed;
  directed.inverses = closure::directed;
  CHECK(parse_graph(gap, directed).names() == names{"a"});
  CHECK(parse_graph(single, directed).names() == names{"a"});
  parse_options closed;
  closed.inverses = closure::inverse_closed;
  CHECK(parse_graph(json, closed).names() == names{"a", "a'"});
  CHECK(parse_graph("lx:4", closed).names() == names{"L", "X", "L'"});
  CHECK(parse_graph("lrx:4", closed).names() == names{"L", "R", "X"});
  CHECK(parse_graph("lx:4").names() == names{"L", "X"});
}

TEST_CASE("parse_graph reads the generator file of a competition folder", "[graphs][parse_graph]") {
  const temporary_folder folder;
  std::filesystem::create_directories(folder / "agent");
  std::filesystem::create_directories(folder / "santa");
  std::filesystem::create_directories(folder / "empty");
  const auto json = folder.write("agent/puzzle_info.json", R"({"generators": {"a": [1, 2, 0]}, "central_state": [0, 0, 1]})");
  const auto csv = folder.write("santa/puzzle_info.csv", "puzzle_type,allowed_moves\nt/1,\"{'a': [1, 2, 0]}\"\nt/2,\"{'b': [1, 0]}\"\n");
  for (const auto& name : {folder / "agent", folder / "agent/"}) {
    CHECK(parse_graph(name).names() == names{"a"});
    CHECK(parse_graph(name).central() == state{0, 0, 1});
  }
  CHECK(parse_graph(folder / "santa#t/1").names() == names{"a", "-a"});
  CHECK(parse_graph(folder / "santa/#t/2").names() == names{"b"});
  check_has(refusal<parse_error>([&] { return parse_graph(folder / "santa"); }), "name one puzzle type");
  check_has(refusal<parse_error>([&] { return parse_graph(folder / "empty"); }), "no puzzle_info.json, puzzle_info.csv or graphs_info.json");
}

TEST_CASE("parse_graph replaces the central state", "[graphs][parse_graph]") {
  parse_options options;
  options.central = "0011";
  const auto graph = parse_graph("lrx:4", options);
  CHECK(graph.central() == state{0, 0, 1, 1});
  CHECK_FALSE(graph.known().vertices);
  options.central = "001";
  CHECK_THROWS_AS(parse_graph("lrx:4", options), domain_error);
  options.central = "00x1";
  CHECK_THROWS_AS(parse_graph("lrx:4", options), parse_error);
}

TEST_CASE("parse_graph reads JSON from a stream for '-'", "[graphs][parse_graph]") {
  std::istringstream in(R"({"generators": {"a": [2, 3, 1]}})");
  parse_options options;
  options.standard_input = &in;
  options.first_point = 1;
  const auto graph = parse_graph("-", options);
  CHECK(graph.spec() == "stdin");
  CHECK(array_of(graph, "a") == image_array{1, 2, 0});
  std::istringstream bad("{");
  options.standard_input = &bad;
  check_has(refusal<parse_error>([&] { return parse_graph("-", options); }), "stdin: ");
  check_has(refusal<parse_error>([] { return parse_graph("-"); }), "stdin");
}

TEST_CASE("parse_graph refuses what is no file", "[graphs][parse_graph]") {
  const temporary_folder folder;
  check_has(refusal<parse_error>([&] { return parse_graph(folder / "absent.gap"); }), "absent.gap: no such file");
  check_has(refusal<parse_error>([&] { return parse_graph(folder / "absent.csv#x"); }), "absent.csv: no such file");
  std::filesystem::create_directories(folder / "folder.json");
  check_has(refusal<parse_error>([&] { return parse_graph(folder / "folder.json"); }), "is a folder");
  check_has(refusal<parse_error>([] { return parse_graph(""); }), "empty");
  const auto broken = folder.write("broken.gap", "a:=(1,2);\nb:=(2,2);\n");
  check_has(refusal<domain_error>([&] { return parse_graph(broken); }), broken + ":2: ");
  const auto empty = folder.write("empty.json", "");
  check_has(refusal<parse_error>([&] { return parse_graph(empty); }), empty);
}

}  // namespace json_format_test
