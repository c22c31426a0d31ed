// The verbs of the conjecture laboratory as programs: kills at any moment, Ctrl-C, texts and documents.
#include <tools/conjecture/store.hpp>
#include <kernels/error.hpp>

#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <tests/effort.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::conjecture {
namespace conjecture_program_test {
namespace {

using nlohmann::json;
using tests::scratch_folder;
using tests::shell;

TEST_CASE("a sweep that is killed at any moment ends as an undisturbed one") {
  const scratch_folder folder;
  const std::string graphs = tests::sanitized ? R"({"subsets": {"degree": 5, "size": 2}}, {"family": "lx:{n}", "n": [4, 7]})"
                                              : R"({"subsets": {"degree": 7, "size": 3, "class": "involutions"}}, {"family": "lx:{n}", "n": [4, 10]}, {"subsets": {"degree": 7, "size": 2}})";
  folder.write("s.json", R"({"name": "s", "graphs": [)" + graphs + R"(], "measures": ["diameter", "growth", "last_layer", "order", "girth"]})");
  const std::string sweep = "cosetta conjecture sweep s.json --threads 2 --memory 1G --db ";
  REQUIRE(shell(sweep + "whole.db", folder).code == 0);
  std::mt19937 rng(std::random_device{}());
  double longest = tests::sanitized ? 1 : 0.15;  // drifts to where rows come in some runs and not in all
  std::size_t last = 0;
  for (std::size_t kill = 0; kill < tests::repeats(20); ++kill) {
    const double moment = longest * static_cast<double>(rng() % 1000) / 1000;
    INFO(moment << " s, after " << last << " rows");
    shell(sweep + "k.db >/dev/null 2>&1 & p=$!; sleep " + fmt::format("{:.3f}", moment) + "; kill -9 $p; wait $p", folder);
    std::size_t rows = 0;
    try {
      rows = store((folder.path() / "k.db").string(), store::access::read).listed("s").size();  // every row is whole
    } catch (const parse_error& e) {  // killed before there was a table
      CHECK(last == 0);
      CHECK_THAT(e.what(), Catch::Contains("no such store") || Catch::Contains("an empty file"));
    }
    CHECK(rows >= last);
    longest *= rows > last ? 0.8 : 1.2;
    last = rows;
  }
  const auto rest = shell(sweep + "k.db", folder);
  CHECK(rest.code == 0);
  const store killed((folder.path() / "k.db").string(), store::access::read), whole((folder.path() / "whole.db").string(), store::access::read);
  CHECK(killed.content() == whole.content());
}

TEST_CASE("Ctrl-C leaves the store valid") {
  const scratch_folder folder;
  folder.write("s.json", R"({"name": "s", "graphs": [{"family": "lx:{n}", "n": [4, 8]}, {"family": "lrx:{n}", "n": [13, 13]}]})");
  const auto got = shell("cosetta conjecture sweep s.json --db a.db --json >out & p=$!; " + tests::until_attentive + "sleep 0.3; kill -INT $p; wait $p", folder);
  CHECK(got.code == 130);
  const auto d = json::parse(tests::slurp(folder.path() / "out"));
  CHECK(d["schema"] == "cosetta.sweep/1");
  CHECK(d["result"]["status"] == "interrupted");
  CHECK(d["result"]["left"] >= 1);
  CHECK(shell("cosetta conjecture list --db a.db", folder).code == 0);
}

TEST_CASE("the text and the documents of a sweep") {
  const scratch_folder folder;
  folder.write("lx.json", R"({"name": "lx", "graphs": [{"family": "lx:{n}", "n": [4, 9]}]})");
  const auto first = shell("cosetta conjecture sweep lx.json --db a.db", folder);
  CHECK(first.out == " n    4  5  6  7  8  9\n d    6 11 18 25 35 45          6 done, 0 failed, 0 reused\n");
  CHECK(first.err.empty());
  const auto again = shell("cosetta conjecture sweep lx.json --db a.db --json", folder);
  const auto d = json::parse(again.out);
  CHECK((d["result"]["reused"] == 6 && d["result"]["rows"].size() == 6 && d["result"]["rows"][5]["diameter"] == 45));
  CHECK(d["result"]["rows"][5]["parameters"]["n"] == 9);
  folder.write("f.json", R"({"name": "f", "graphs": [{"family": "lx:{n}", "n": [1, 4]}]})");
  const auto failing = shell("cosetta conjecture sweep f.json --db a.db", folder);
  CHECK(failing.code == 2);
  CHECK_THAT(failing.err, Catch::Contains("failed: lx:1: n = 1"));
  CHECK_THAT(failing.out, Catch::Contains("failed, 1 reused"));
  CHECK(shell("cosetta conjecture list --db a.db --sweep lx --format csv | head -n 2", folder).out.starts_with("sweep,label,order,diameter,status"));
  CHECK(json::parse(shell("cosetta conjecture list --db a.db --json", folder).out)["rows"][0]["provenance"]["engine"] == "ranked");
  CHECK(shell("cosetta conjecture list --db a.db --sweep nosuch", folder).code == 2);
  CHECK(shell("cosetta conjecture list --db absent.db", folder).code == 2);
  CHECK(shell("cosetta conjecture merge a.db a.db", folder).code == 2);
  CHECK_THAT(shell("cosetta conjecture merge b.db a.db", folder).out, Catch::Contains("lx  6 graphs, 6 exact\n"));
}

}  // namespace
}  // namespace conjecture_program_test
}  // namespace cosetta::conjecture
