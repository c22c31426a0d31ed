// What the verbs path and walks write: documents, lines and arrays that say the same, and nothing where they are interrupted.
#include <algorithm>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::tests {
namespace path_and_walks_test {
namespace {

using nlohmann::json;

TEST_CASE("the path document") {
  const scratch_folder folder;
  const auto document = [&](const std::string& arguments, int code) {
    const auto got = shell("cosetta path " + arguments + " --json", folder);
    INFO(arguments << ": " << got.err);
    CHECK(got.code == code);
    const auto d = json::parse(got.out);
    CHECK(d["schema"] == "cosetta.path/1");
    for (const char* key : {"method", "threads", "seconds", "states", "peak_bytes", "version", "command"}) CHECK(d["run"].contains(key));
    return d["result"];
  };
  const auto found = document("lrx:8 [7,6,5,4,3,2,1,0]", 0);
  CHECK(found["status"] == "geodesic");
  CHECK(found["length"] == 26);
  CHECK(found["optimal"] == true);
  CHECK(found["lower_bound"] == 26);
  CHECK(found["from"] == json({7, 6, 5, 4, 3, 2, 1, 0}));
  const auto word = found["word"].get<std::string>();
  CHECK(std::count(word.begin(), word.end(), '.') == 25);
  // The word leads from STATE to the centre; the other way round it is read from the centre.
  const auto back = document("lrx:8 @" + document("lrx:8 '(0 3 5)' --from-central", 0)["word"].get<std::string>() + " --to '(0 3 5)'", 0);
  CHECK(back["length"] == 0);
  CHECK(back["word"] == "");
  const auto none = document("alt:8 '(0 1)'", 1);
  CHECK(none["status"] == "no_path");
  CHECK(none["word"].is_null());
  CHECK(none["length"].is_null());
  CHECK(none["optimal"] == false);
  const auto bound = document("lrx:12 [1,0,11,10,9,8,7,6,5,4,3,2] --max-depth 9", 3);
  CHECK(bound["status"] == "lower_bound");
  CHECK(bound["limit"] == "depth");
  CHECK(bound["lower_bound"] == 10);
  CHECK(document("lrx:40 '(0 20)' --memory 16M --method bidirectional", 3)["limit"] == "memory");
  CHECK(document("lrx:40 '(0 20)' --time 300ms", 3)["limit"] == "time");
  const auto one_based = document("lrx:5 '(1 2)' --one-based", 0);
  CHECK(one_based["from"] == json({2, 1, 3, 4, 5}));
  CHECK(one_based["word"] == "X");
  CHECK(document("lrx:6 010101 --central 000111", 0)["length"] == 7);
  // Directed: lx has no step back.
  CHECK(document("lx:5 @L", 0)["word"] == "L.L.L.L");
  CHECK(document("lx:5 @L --inverse-closed", 0)["word"] == "L'");
  CHECK(shell("cosetta growth lx:7 --save-distances t -q", folder).code == 0);
  const auto table = document("lx:7 '(0 4)(1 2)' --distances t", 0);
  CHECK(table["length"] == document("lx:7 '(0 4)(1 2)'", 0)["length"]);
  CHECK(shell("cosetta path lx:7 --central 0011122 0101122 --distances t", folder).code == 2);  // of another graph
}

TEST_CASE("paths: Ctrl-C leaves a bound") {
  const scratch_folder folder;
  const auto got = shell("cosetta path lrx:40 '(0 20)' --json -v >partial.json 2>said & p=$!; " + until("grep -q 'depth   15' said") + "kill -INT $p; wait $p", folder);
  CHECK(got.code == 130);
  const auto d = json::parse(slurp(folder.path() / "partial.json"));
  CHECK(d["result"]["status"] == "interrupted");
  CHECK(d["result"]["lower_bound"] >= 16);
}

TEST_CASE("walks: arrays, documents and lines say the same") {
  const scratch_folder folder;
  const auto numbers = [&](const std::string& file, std::size_t count) {  // of an array of bytes
    const auto text = slurp(folder.path() / file);
    CHECK(text.starts_with(std::string("\x93NUMPY\x01\x00", 8)));
    REQUIRE(text.size() == 128 + count);
    return std::vector<int>(text.begin() + 128, text.end());
  };
  REQUIRE(shell("cosetta growth lrx:6 --save-distances t", folder).code == 0);
  const std::string walk = "cosetta walks lrx:6 --count 5 --length 7 --seed 3 --distances t ";
  const auto said = shell(walk + "--states all -o w.npy --moves m.npy --distance-output d.npy", folder);
  CHECK(said.out == "w.npy  5 x 8 x 6 uint8, 368 B\nm.npy  5 x 7 uint8, 163 B\nd.npy  5 x 8 uint8, 168 B\n");
  const auto states = numbers("w.npy", 5 * 8 * 6), moves = numbers("m.npy", 5 * 7), distances = numbers("d.npy", 5 * 8);
  CHECK_THAT(slurp(folder.path() / "w.npy"), Catch::Contains("'descr': '|u1', 'fortran_order': False, 'shape': (5, 8, 6), }"));
  const auto lines = shell(walk + "--states all", folder).out;
  const auto document = json::parse(shell(walk + "--states all --json", folder).out);
  CHECK(document["schema"] == "cosetta.walks/1");
  CHECK(document["result"]["seed"] == "3");
  std::string expected;
  for (std::size_t row = 0; row < 40; ++row) {
    if (row % 8 == 0 && row > 0) expected += "\n";
    const std::vector<int> s(states.begin() + static_cast<std::ptrdiff_t>(6 * row), states.begin() + static_cast<std::ptrdiff_t>(6 * row + 6));
    CHECK(document["result"]["states"][row] == json(s));
    CHECK(document["result"]["distances"][row] == distances[row]);
    expected += json(s).dump() + "   " + std::to_string(distances[row]) + "\n";
    if (row % 8 > 0) CHECK(std::abs(distances[row] - distances[row - 1]) <= 1);
    // L turns left, R turns right, X exchanges: new[i] = old[p[i]].
    if (row % 8 == 0) continue;
    std::vector<int> old(states.begin() + static_cast<std::ptrdiff_t>(6 * row - 6), states.begin() + static_cast<std::ptrdiff_t>(6 * row));
    const auto m = moves[row / 8 * 7 + row % 8 - 1];
    if (m == 0) std::rotate(old.begin(), old.begin() + 1, old.end());
    if (m == 1) std::rotate(old.begin(), old.end() - 1, old.end());
    if (m == 2) std::swap(old[0], old[1]);
    CHECK(old == s);
  }
  CHECK(lines == expected);
  for (const char* threads : {"1", "2", "7"}) CHECK(shell(walk + "--states all --threads " + threads, folder).out == lines);
  // The same walks as Lehmer codes, and one-hot.
  CHECK(shell(walk + "--states all --encode lehmer -o c.npy", folder).out == "c.npy  5 x 8 x 6 uint8, 368 B\n");
  CHECK(shell(walk + "--states all --encode one_hot -o h.npy", folder).out == "h.npy  5 x 8 x 6 x 6 uint8, 1.5 KiB\n");
  const auto codes = numbers("c.npy", 5 * 8 * 6), bits = numbers("h.npy", 5 * 8 * 36);
  for (std::size_t i = 0; i < states.size(); ++i) {
    int smaller = 0;
    for (std::size_t j = i + 1; j % 6 != 0; ++j) smaller += states[j] < states[i] ? 1 : 0;
    CHECK(codes[i] == smaller);
    for (int v = 0; v < 6; ++v) CHECK(bits[6 * i + static_cast<std::size_t>(v)] == (states[i] == v ? 1 : 0));
  }
  CHECK(json::parse(shell(walk + "--encode lehmer -o c.npy --json", folder).out)["result"]["states"]["encoding"] == "lehmer");
  // 300 labels need two bytes; over Z entries have signs.
  CHECK_THAT(shell("cosetta walks lrx:300 --count 2 --length 5 -o big.npy", folder).out, Catch::StartsWith("big.npy  2 x 300 uint16, "));
  CHECK_THAT(shell("cosetta walks heisenberg:3 --count 2 --length 5 -o z.npy", folder).out, Catch::StartsWith("z.npy  2 x 9 int64, "));
  CHECK(shell("cosetta walks lrx:6 --count 0 --length 5 -o none.npy", folder).code == 0);
  CHECK(shell("cosetta walks lrx:6 --count 3 --kind sphere --length 15 --distances t", folder).out == shell("cosetta growth lrx:6 --last-layer 1 | tail -n 1 | sed 's/$/   15/;p;p'", folder).out);
}

TEST_CASE("walks: what is interrupted leaves no file") {
  const scratch_folder folder;
  const auto got = shell("cosetta walks lrx:16 --count 100000000 --length 400 --threads 1 -o w.npy --moves m.npy & p=$!; " + until_attentive + until("ls | grep -q 'w.npy.*part'") +
                             "kill -INT $p; wait $p",
                         folder);
  CHECK(got.code == 130);
  CHECK(shell("cosetta walks lrx:16 --count 100000000 --length 400 --time 200ms -o w.npy", folder).code == 3);
  CHECK(shell("ls", folder).out.empty());
}

}  // namespace
}  // namespace path_and_walks_test
}  // namespace cosetta::tests
