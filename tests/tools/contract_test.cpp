// The command-line contract: help pages and their examples, JSON documents, exit codes, signals, files.
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <tests/effort.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::tests {
namespace contract_test {
namespace {

using nlohmann::json;

const char* const verbs[] = {"",       "growth",        "diameter",      "path",  "solve", "walks", "graph",   "graph list", "graph info", "graph export",
                             "verify", "verify growth", "verify groups", "backends", "group", "group info", "group order", "group contains", "group factor",
                             "group random", "group orbits", "group blocks", "group classes", "group series",
                             "conjecture", "conjecture sweep", "conjecture merge", "conjecture list", "conjecture fit", "conjecture report", "conjecture search", "conjecture reproduce", "fit",
                             "dataset", "dataset export", "dataset score", "dataset baseline",
                             "plot", "plot growth", "plot graph", "plot diameters"};

TEST_CASE("every help page ends in examples, and the examples run") {
  for (const std::string verb : verbs) {
    INFO("verb '" << verb << "'");
    const scratch_folder folder;
    add_example_files(folder);
    const auto help = shell("cosetta " + verb + " --help", folder);
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    const auto at = help.out.find("Examples:");
    REQUIRE(at != std::string::npos);
    std::istringstream lines(help.out.substr(at + 9));
    std::size_t examples = 0;
    for (std::string line; std::getline(lines, line);) {
      const auto first = line.find_first_not_of(' ');
      if (first == std::string::npos) continue;
      const std::string command = line.substr(first);
      INFO(command);
      ++examples;
      // The two that take longest: whole towers, which the tests of search run under the sanitizers.
      if (sanitized && (command.find("--antipodes") != std::string::npos || command.find("--kind sphere") != std::string::npos)) continue;
      const auto got = shell(command, folder);
      INFO(got.err);
      CHECK((got.code == 0 || (got.code == 3 && command.find("--max-depth") != std::string::npos)));
      CHECK(!got.out.empty());
      CHECK(got.err.empty());
    }
    CHECK(examples > 0);
  }
}

TEST_CASE("a backend is used when it is asked for, or refused: another one never takes its place") {
  const scratch_folder folder;
  const auto found = shell("cosetta backends --json", folder);
  REQUIRE(found.code == 0);
  const bool usable = json::parse(found.out)["backends"][1]["usable"];
  folder.write("six.net", counting_network(6));
  for (const std::string command : {"growth lrx:8 --json", "growth lrx:8 --json --engine bucket", "diameter lrx:8", "walks lrx:8 --count 3 --length 4",
                                    "solve lrx:6 [1,0,2,3,4,5] --method beam", "solve lrx:6 [1,0,2,3,4,5] --method beam --network six.net"}) {
    INFO(command);
    const auto got = shell("cosetta " + command + " --backend cuda", folder);
    if (usable) {
      CHECK(got.code == 0);
      CHECK(got.out.substr(0, 100) == shell("cosetta " + command + " --backend cpu", folder).out.substr(0, 100));
      if (command.find("growth") == 0) CHECK(json::parse(got.out)["run"]["backend"] == "cuda");
    } else {
      CHECK(got.code == 4);
      CHECK(got.out.empty());
      CHECK(got.err.find("--backend cpu") != std::string::npos);
    }
  }
  const auto path = shell("cosetta path lrx:6 [1,0,2,3,4,5] --backend cuda", folder);
  CHECK(path.code == 2);
  CHECK(path.err.find("path runs on the CPU") != std::string::npos);
}

TEST_CASE("the growth document") {
  const scratch_folder folder;
  const auto got = shell("cosetta growth lrx:8 --json", folder);
  REQUIRE(got.code == 0);
  const auto d = json::parse(got.out);
  CHECK(d["schema"] == "cosetta.growth/1");
  CHECK(d["graph"]["spec"] == "lrx:8");
  CHECK(d["graph"]["kind"] == "cayley");
  CHECK(d["graph"]["degree"] == 8);
  CHECK(d["graph"]["generators"] == json({"L", "R", "X"}));
  CHECK(d["graph"]["inverse_closed"] == true);
  CHECK(d["result"]["status"] == "exact");
  CHECK(d["result"]["diameter"] == 28);
  CHECK(d["result"]["states"] == "40320");
  CHECK(d["result"]["last_layer"] == json({{1, 0, 7, 6, 5, 4, 3, 2}}));
  std::uint64_t sum = 0;
  for (const auto& layer : d["result"]["layers"]) sum += layer.get<std::uint64_t>();
  CHECK(sum == 40320);
  for (const char* key :
       {"engine", "backend", "threads", "seconds", "peak_bytes", "bits_per_state", "symmetry", "version", "command"}) {
    CHECK(d["run"].contains(key));
  }
  CHECK(d["run"]["command"] == "cosetta growth lrx:8 --json");
  const auto coset = json::parse(shell("cosetta growth lrx:6 --central 000111 --json", folder).out);
  CHECK(coset["graph"]["kind"] == "schreier");
  CHECK(coset["graph"]["central_state"] == json({0, 0, 0, 1, 1, 1}));
  CHECK(coset["result"]["states"] == "20");
  const auto one_based = json::parse(shell("cosetta growth lrx:8 --json --one-based", folder).out);
  CHECK(one_based["result"]["last_layer"] == json({{2, 1, 8, 7, 6, 5, 4, 3}}));
}

TEST_CASE("graph info is read back as the same graph") {
  const scratch_folder folder;
  for (const char* spec :
       {"lx:6", "heisenberg:3,modulo=7", "puzzle:pyramorphix", "heisenberg:4 --max-depth 5", "lrx:6 --one-based"}) {
    INFO(spec);
    const std::string words = spec;
    const std::string graph = words.substr(0, words.find(' '));
    const std::string flag = words.find("--one") == std::string::npos ? "" : " --one-based";
    const auto direct = shell("cosetta growth " + words + " --format csv", folder);
    const auto back = shell("cosetta graph info " + graph + flag + " --json | cosetta growth - --format csv" +
                                (words.find(' ') == std::string::npos ? "" : words.substr(words.find(' '))),
                            folder);
    CHECK(direct.out == back.out);
    CHECK(direct.code == back.code);
  }
}

TEST_CASE("bad input: one clear line, exit code 2 or 3") {
  const scratch_folder folder;
  folder.write("not_bijection.json", R"({"generators": [[0, 0, 1]]})");
  folder.write("lengths.json", R"({"generators": [[1, 0], [1, 0, 2]]})");
  folder.write("singular.json", R"({"modulus": 6, "generators": [[[2, 0], [0, 1]]]})");
  folder.write("truncated.json", R"({"generators": [[1, 0)");
  folder.write("truncated.gap", "M_A:=(1,2,3)(4,");
  folder.write("huge.gap", "M_A:=(1,1000000000);\n");
  folder.write("central.json", R"({"generators": [[1, 0, 2]], "central_state": [0, 1]})");
  folder.write("empty.json", "");
  folder.write("moves.txt", "M_A:=(1,2);");
  folder.write("dup.json", R"({"generators": {"a": [1, 0], "a": [0, 1]}})");
  folder.write("two.gap", "M_A:=(1,2);\nM_A:=(1,2,3);\n");
  folder.write("rect.json", R"({"modulus": 5, "generators": [[[1, 1]]]})");
  add_example_files(folder);
  folder.write("bad_growth.csv", "3,\"[1, x]\"\n");
  const struct {
    const char *arguments, *message;
  } cases[] = {
      {"growth not_bijection.json", "both go to 0"},
      {"growth lengths.json", "has degree"},
      {"growth singular.json", "singular matrix"},
      {"growth truncated.json", "truncated.json: parse error"},
      {"growth truncated.gap", "truncated.gap:1"},
      {"growth huge.gap", "huge.gap:1"},
      {"growth central.json", "2 labels"},
      {"growth empty.json", "empty.json"},
      {"growth moves.txt", "the ending of a file"},
      {"growth absent.gap", "absent.gap: no such file"},
      {"growth lrx", "n is missing"},
      {"growth lrx:2", "at least 3"},
      {"growth lrx:x", "expected an integer"},
      {"growth lrx:1000000000", "above the limit"},
      {"growth lrx:99999999999999999999999", "expected an integer"},
      {"growth lrx:8,k=9", "k must be"},
      {"growth lrx:8,j=1", "no parameter 'j'"},
      {"growth lrq:8", "nearest: lrx"},
      {"growth all_transpositions:1000000", "generators"},
      {"growth lrx:8 --central 0001", "4 labels"},
      {"growth lrx:8 --central 0001x001", "position 5"},
      {"growth lrx:8 --bogus", "--bogus"},
      {"growth lrx:8 --memory 12Q", "amount of memory"},
      {"growth lrx:8 --memory 1K", "needs at least"},
      {"growth lrx:8 --time soon", "no duration"},
      {"growth lrx:8 --time 0s", "no time at all"},
      {"group order lrx:8 --time 0s", "no time at all"},
      {"group orbits lrx:8 --time 0ms", "no time at all"},
      {"graph info lrx:8 --time 0s", "no time at all"},
      {"growth lrx:8 --threads 0", "--threads"},
      {"growth lrx:8 --max-depth -1", "max-depth"},
      {"growth lrx:8 --engine fast", "unknown engine"},
      {"growth lrx:8 --kernel mmx", "unknown kernel"},
      {"growth lrx:8 --format yaml", "unknown format"},
      {"growth lrx:8 --directed --inverse-closed", "exclude each other"},
      {"growth heisenberg:3", "--max-depth"},
      {"growth lx:14 --memory 1G", "raise --memory"},
      {"path lrx:5", "needs a STATE"},
      {"path lrx:5 [1,0,2,3]", "has 4 labels"},
      {"path lrx:5 [1,0,2,3,3]", "3 occurs once too often"},
      {"path lrx:5 '(0 9)'", "does not fit degree 5"},
      {"path lrx:6 000110 --central 000111", "0 occurs once too often"},
      {"path lrx:5 @L.Q", "Q"},
      {"path heisenberg:3,modulo=5 [[1,2],[0,1]]", "is no 3 x 3 matrix"},
      {"path lrx:5 @L --method magic", "unknown method"},
      {"path lrx:5 @L --method table", "--distances"},
      {"path lrx:5 @L --distances absent", "absent"},
      {"path lrx:5 @L --to @X --from-central", "exclude each other"},
      {"path lrx:5 @L --engine tower", "--engine"},
      {"path lrx:9 [1,0,8,7,6,5,4,3,2] --memory 1K", "needs at least"},
      {"growth", "GRAPH is required"},
      {"", "subcommand is required"},
      {"grwth lrx:8", "nearest: growth"},
      {"graph export lrx:9 --limit 1000", "more than 1000 vertices"},
      {"graph export lx:4 --format graph6", "undirected"},
      {"graph export lx:4 --format svg", "unknown export format"},
      {"growth dup.json", "occurs twice"},
      {"growth two.gap", "two different generators are called 'A'"},
      {"growth rect.json", "has to be square"},
      {"growth lrx:8 --json --format csv", "exclude each other"},
      {"growth lrx:8 --color mauve", "--color"},
      {"growth lrx:8 --last-layer 1000000000000", "--last-layer"},
      {"verify growth tables --max-states nan", "expected a number"},
      {"backends --format csv", "text and json"},
      {"growth lrx:6 --backend gpu", "there are auto, cpu, cuda"},
      {"path lrx:6 100000 --backend gpu", "there are auto, cpu, cuda"},
      {"walks lrx:5 --count 2 --length 3 --backend gpu", "there are auto, cpu, cuda"},
      {"solve lrx:6 [1,0,2,3,4,5] --backend cuda", "--method beam"},
      {"walks lrx:5 --length 3", "--count is required"},
      {"walks lrx:5 --count 2", "--kind classic needs --length"},
      {"walks lrx:5 --count 2 --length -1", "--length"},
      {"walks lrx:5 --count 2 --length 5000000000", "at most"},
      {"walks lrx:5 --count 2 --length 3 --kind lazy", "unknown --kind"},
      {"walks lrx:5 --count 2 --length 3 --kind group", "leave it out"},
      {"walks lrx:5 --count 2 --length 3 --kind sphere", "--save-distances"},
      {"walks lrx:5 --count 2 --length 3 --kind sphere --moves m.npy", "leave --moves out"},
      {"walks lrx:5 --count 2 --length 3 --encode onehot -o w.npy", "there are labels, lehmer, one_hot"},
      {"walks lrx:5 --count 2 --length 3 --encode one_hot", "give -o FILE.npy"},
      {"walks heisenberg:3 --count 2 --length 3 --encode lehmer -o w.npy", "take labels"},
      {"walks lrx:5 --count 2 --length 3 --states some", "there are end, all"},
      {"walks lrx:5 --count 2 --length 3 --distance-output d.npy", "--save-distances"},
      {"walks lrx:5 --count 2 --length 3 -o no/such/w.npy", "there is no folder 'no/such'"},
      {"walks lrx:5 --count 2 --length 3 --distances moves.gap -o w.npy", "no table of distances"},
      {"walks lrx:5 --count 10000000000000000 --length 3 -o w.npy", "the disk has room for"},
      {"walks lrx:5 --count 2 --length 4000000000 --states all --memory 1G", "one walk takes"},
      {"walks lrx:5 --count 100000000 --length 3 --json", "-o FILE.npy"},
      {"walks heisenberg:3 --count 2 --kind group", "infinite group"},
      {"verify growth absent", "no such file or folder"},
      {"verify growth bad_growth.csv", "bad_growth.csv:1"},
      {"plot growth", "give a GRAPH, or --from FILE"},
      {"plot growth lrq:8", "nearest: lrx"},
      {"plot growth lrx:8 --fits normal", "reflected_gumbel"},
      {"plot growth 'lrx:{3..99}'", "take a smaller range"},
      {"plot growth lrx:8 -o lrx8.png", "name it .svg"},
      {"plot growth lrx:8 --format csv", "the formats svg and json"},
      {"plot growth lrx:{5..6} --max-depth 2", "no growth is complete"},
      {"plot growth --from bad_growth.csv", "bad_growth.csv:1"},
      {"plot growth --from empty.json", "empty.json: there are no rows"},
      {"plot growth --from central.json", "no /result/layers"},
      {"plot graph lrx:6", "more than 200 vertices"},
      {"plot graph lrx:4 --limit 100000", "expected 1 to 1000"},
      {"plot graph heisenberg:3", "more than 200 vertices"},
      {"plot diameters absent.csv", "absent.csv"},
      {"plot diameters moves.gap", "moves.gap:2"},
      {"plot diameters lx.csv --table 3", "give --db"},
      {"plot diameters lx --db absent.db", "absent.db"},
  };
  for (const auto& [arguments, message] : cases) {
    INFO("cosetta " << arguments);
    const auto got = shell(std::string("cosetta ") + arguments, folder);
    INFO(got.err);
    CHECK((got.code == 2 || got.code == 3));
    CHECK(got.out.empty());
    CHECK_THAT(got.err, Catch::StartsWith("cosetta: ") && Catch::Contains(message));
    CHECK(std::count(got.err.begin(), got.err.end(), '\n') == 1);
  }
}

TEST_CASE("limits: exit code 3 and exact layers") {
  const scratch_folder folder;
  const auto depth = shell("cosetta growth lrx:12 --max-depth 5 --json", folder);
  CHECK(depth.code == 3);
  const auto d = json::parse(depth.out);
  CHECK(d["result"]["status"] == "lower_bound");
  CHECK(d["result"]["limit"] == "depth");
  CHECK(d["result"]["layers"] == json({1, 3, 6, 12, 24, 48}));
  CHECK(shell("cosetta growth lrx:5 --max-depth 10", folder).code == 0);
  CHECK(shell("cosetta growth lrx:14 --time 200ms", folder).code == 3);
  for (const auto* verb : {"growth", "group info", "group order", "graph info", "graph export"}) {
    CHECK(shell(std::string("cosetta ") + verb + " 'fp:a,b|a^4000001,b^3' --time 100ms", folder).code == 3);
  }
}

TEST_CASE("Ctrl-C: exit code 130 and the layers so far") {
  const scratch_folder folder;
  for (const auto& [engine, least] : {std::pair{"bucket", 9U}, {"auto", 1U}}) {
    INFO(engine);
    const auto got = shell("cosetta growth lrx:13 --threads 1 --kernel scalar --symmetry off --json -v --engine " + std::string(engine) +
                               " >partial.json 2>said & p=$!; " + until("grep -q 'depth    " + std::to_string(least - 1) + "' said") +
                               "kill -INT $p; wait $p",
                           folder);
    CHECK(got.code == 130);
    const auto d = json::parse(slurp(folder.path() / "partial.json"));
    CHECK(d["result"]["status"] == "interrupted");
    CHECK_FALSE(d["result"].contains("certified"));
    const auto& layers = d["result"]["layers"];
    REQUIRE(layers.size() >= least);
    const std::vector<std::uint64_t> lrx_13{1, 3, 6, 12, 24, 48, 91, 170, 319};
    for (std::size_t i = 0; i < std::min(layers.size(), lrx_13.size()); ++i) CHECK(layers[i] == lrx_13[i]);
  }
}

TEST_CASE("tables of distances are written when the run is complete, and only then") {
  const scratch_folder folder;
  const auto part = shell("cosetta growth lrx:8 --max-depth 5 --save-distances t", folder);
  CHECK(part.code == 3);
  CHECK_THAT(part.err, Catch::Contains("--save-distances t: not written"));
  CHECK(part.out == shell("cosetta growth lrx:8 --max-depth 5", folder).out);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "t"));
  const auto whole = shell("cosetta growth lrx:8 --save-distances t --json", folder);
  CHECK(whole.code == 0);
  CHECK(json::parse(whole.out)["result"]["distances"] == "t");
  CHECK(std::filesystem::file_size(folder.path() / "t") > 40320);
  CHECK(shell("cosetta growth lrx:8 --save-distances none/t", folder).code == 2);
  for (const char* graph : {"heisenberg:3,modulo=5", "heisenberg:3,modulo=61", "lrx:20 --central 00000000001111111111", "lrx:4"}) {
    INFO(graph);
    CHECK(json::parse(shell("cosetta growth " + std::string(graph) + " --save-distances u --json", folder).out)["result"]["distances"] == "u");
    CHECK(std::filesystem::remove(folder.path() / "u"));
    CHECK(shell("cosetta growth " + std::string(graph) + " --save-distances u --max-depth 2", folder).code == 3);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "u"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "u.part"));
  }
  const auto no_index = shell("cosetta growth heisenberg:3 --max-depth 9 --save-distances t", folder);
  CHECK(no_index.code == 2);
  CHECK_THAT(no_index.err, Catch::Contains("needs an index of the states"));
  CHECK(shell("cosetta growth lrx:8 --engine bucket --save-distances t", folder).code == 2);
}

TEST_CASE("groups: what is stopped gives what was complete") {
  const scratch_folder folder;
  const auto lines = shell("cosetta group random lrx:9 --count 1000000000 --time 300ms", folder);
  CHECK(lines.code == 3);
  CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') > 2);
  CHECK(lines.out.ends_with("]\n"));
  const auto rows = shell("cosetta group random lrx:9 --count 1000000000 --time 300ms --format latex", folder);
  CHECK(rows.code == 3);
  CHECK(rows.out.ends_with("\\hline\n\\end{tabular}\n"));
  const auto document = json::parse(shell("cosetta group random lrx:9 --count 1000000000 --time 300ms --json", folder).out);
  CHECK(document["result"]["status"] == "interrupted");
  CHECK(document["result"]["elements"].size() > 2);
  CHECK(document["run"]["setup_seconds"].is_number());
  const auto by_hand = shell(
      "cosetta group random lrx:9 --count 1000000000 --json -q >partial.json & p=$!; " + until_attentive + "kill -INT $p; wait $p", folder);
  CHECK(by_hand.code == 130);
  CHECK(json::parse(slurp(folder.path() / "partial.json"))["result"]["status"] == "interrupted");
  // Elements leave as they come.
  CHECK(shell("cosetta group random lrx:9 --count 1000000000 --time 20s | head -n 3", folder).out.size() == 60);
  for (const std::string verb : {"info", "order", "factor", "contains", "random", "orbits", "blocks", "classes", "series"}) {
    INFO(verb);
    const std::string element = verb == "factor" || verb == "contains" ? " '()' '(0 1)'" : "";
    const auto stopped = shell("cosetta group " + verb + " rubik_cube:3,metric=QTM" + element + " --json --time 0.000001s", folder);
    const auto d = json::parse(stopped.out);
    if (verb == "orbits") continue;  // needs no time
    CHECK(stopped.code == 3);
    CHECK(d["result"]["status"] == "interrupted");
  }
}

TEST_CASE("the group documents") {
  const scratch_folder folder;
  const auto result = [&](const std::string& arguments) {
    const auto d = json::parse(shell("cosetta group " + arguments + " --json", folder).out);
    CHECK(d["schema"] == "cosetta.group/1");
    CHECK(d["run"]["seconds"].is_number());
    CHECK(d["run"]["threads"] == 1);
    return d["result"];
  };
  for (const std::string verb : {"info", "order", "random", "orbits", "blocks", "classes", "series"}) {
    INFO(verb);
    CHECK(result(verb + " lrx:5")["status"] == "exact");
  }
  CHECK(result("factor lrx:5 @L.X")["status"] == "exact");
  CHECK(result("contains lrx:5 @L.X")["contains"] == json({true}));
  CHECK(result("contains lrx:5 @L.X '(0 1)'")["contains"] == json({true, true}));
  CHECK(result("order rubik_cube:2 --monte-carlo")["status"] == "monte_carlo");
  CHECK(result("info rubik_cube:2 --monte-carlo")["status"] == "monte_carlo");
  CHECK(result("series lrx:4")["abelian_invariants"] == json({"2"}));
}

TEST_CASE("automorphisms of graphs, where there is nauty") {
  const scratch_folder folder;
  const auto got = shell("cosetta graph info lrx:4 --automorphisms --json", folder);
  if (got.code == 4) {
    CHECK_THAT(got.err, Catch::Contains("nauty"));
    return;
  }
  CHECK(got.code == 0);
  CHECK(json::parse(got.out)["automorphisms"] == json({{"status", "exact"}, {"order", "48"}, {"vertex_orbits", 1}, {"vertex_transitive", true}}));
  CHECK(shell("cosetta graph info lrx:4 --automorphisms", folder).out.ends_with("automorphisms 48, vertex-transitive\n"));
  // A path of three vertices, as a Schreier graph: the ends may change places.
  CHECK(shell("cosetta graph info coxeter:3 --central 001 --automorphisms", folder).out.ends_with("automorphisms 2, 2 orbits of vertices\n"));
  CHECK(shell("cosetta graph info lrx:8 --automorphisms --limit 1000", folder).code == 3);
}

TEST_CASE("verify groups tells agreement from disagreement, and from nothing") {
  const scratch_folder folder;
  const std::string s3 = R"("degree":3,"generators":[[1,2,0],[1,0,2]])";
  const auto verify = [&](const std::string& rows, const std::string& options = "") {
    folder.write("t.jsonl", rows + "\n");
    return shell("cosetta verify groups t.jsonl " + options, folder);
  };
  for (const std::string order : {"6", "\"6\""}) {
    const auto got = verify("{\"name\":\"S3\"," + s3 + ",\"order\":" + order + "}");
    CHECK(got.code == 0);
    CHECK_THAT(got.out, Catch::StartsWith("agree     S3  1 property,") && Catch::Contains("1 row, 1 property agree"));
  }
  CHECK(verify("{\"name\":\"S3\"," + s3 + ",\"order\":7,\"derived_series_orders\":[6,3,\"1\"]}").code == 1);
  CHECK(verify("{\"name\":\"S3\"," + s3 + ",\"derived_series_orders\":[6,3,\"1\"]}").code == 0);
  const auto unknown = verify("{\"name\":\"S3\"," + s3 + ",\"colour\":\"red\"}\n{\"name\":\"S3\"," + s3 + ",\"order\":6,\"smell\":1}");
  CHECK(unknown.code == 0);
  CHECK_THAT(unknown.out, Catch::Contains("nothing   S3  0 properties") && Catch::Contains("(not compared: colour)") &&
                              Catch::Contains("(not compared: smell)") && Catch::Contains("2 rows, 1 property agree, 0 rows disagree, 1 with nothing to compare"));
  CHECK(verify("{\"name\":\"S3\"," + s3 + "}").code == 2);
  CHECK(verify(R"({"name":"elsewhere","in":[[0,1,2]]})").code == 2);
  const std::pair<std::string, const char*> malformed[] = {
      {R"({"name":"x","generators":[[1,0]],"order":"2"})", "t.jsonl:1: a row of permutations needs a degree"},
      {R"({"name":"x","degree":2,"generators":[[1,0,2]],"order":"2"})", "t.jsonl:1: [1,0,2]: 3 images, but the degree is 2"},
      {R"({"name":"x","degree":2,"generators":[[1,1]],"order":"2"})", "t.jsonl:1: [1,1]: not a permutation"},
      {R"({"name":"x","degree":2,"generators":[["a","b"]],"order":"2"})", "t.jsonl:1: [\"a\",\"b\"]"},
      {R"({"name":"x","degree":2,"generators":7})", "t.jsonl:1: generators is no list"},
      {R"({"name":"x","degree":2,"generators":[[1,0]],"order":2.5})", "t.jsonl:1: 2.5 is no whole number"},
      {R"({"name":"x","degree":2,"generators":[[1,0]],"orbit_lengths":"2"})", "t.jsonl:1: orbit_lengths is"},
      {R"({"name":"x","degree":2,"generators":[[1,0]],"in":[[0]]})", "t.jsonl:1: [0]: 1 images"},
      {R"({"name":"x","generators":[[[1]]],"dimension":1})", "t.jsonl:1: a row of matrices needs field_order"},
      {R"({"name":"x","generators":[[[0]]],"dimension":1,"field_order":5,"characteristic":5,"order":"1"})", "t.jsonl:1: "},
      {R"({"generators":[[1,0]],"degree":2})", "t.jsonl:1: the row has no name"},
      {R"({"name":"x"})", "t.jsonl:1: the row has neither"},
      {"[1]", "t.jsonl:1: a row is a JSON object"},
      {"{", "t.jsonl:1: "},
  };
  for (const auto& [row, message] : malformed) {
    INFO(row);
    const auto got = verify(row);
    CHECK(got.code == 2);
    CHECK_THAT(got.err, Catch::Contains(message));
    CHECK(std::count(got.err.begin(), got.err.end(), '\n') == 1);
  }
  const auto stopped = verify("{\"name\":\"S3\"," + s3 + ",\"order\":6}", "--time 0.000001s --json");
  CHECK(stopped.code == 3);
  const auto d = json::parse(stopped.out);
  CHECK(d["status"] == "interrupted");
  CHECK(d["counts"]["left"] == 1);
  CHECK(verify("{\"name\":\"S3\"," + s3 + ",\"order\":6}", "--format csv --threads 2 --memory 64M").out.starts_with("outcome,name,properties,seconds,remark\nagree,S3,1,"));
}

TEST_CASE("a checkpoint is taken up where it was left") {
  const scratch_folder folder;
  for (const std::string graph : {"lrx:8", "lx:8", "burnt_pancake:5", "heisenberg:3,modulo=11"}) {
    INFO(graph);
    const auto whole = shell("cosetta growth " + graph, folder);
    const std::string place = "ck-" + graph.substr(0, 3);
    CHECK(shell("cosetta growth " + graph + " --max-depth 6 --checkpoint " + place, folder).code == 3);
    CHECK(shell("cosetta growth " + graph + " --max-depth 9 --resume " + place + " --threads 3", folder).code == 3);
    CHECK(shell("cosetta growth " + graph + " --resume " + place + " --checkpoint else" + place, folder).out ==
          whole.out);
    CHECK(shell("cosetta growth " + graph + " --resume else" + place, folder).out == whole.out);
  }
  CHECK(shell("cosetta growth lrx:9 --resume ck-lrx", folder).code == 2);
  CHECK(shell("cosetta growth lrx:8 --resume nowhere", folder).code == 2);
  CHECK(shell("printf x >> ck-lrx/layer-00009.states && cosetta growth lrx:8 --resume ck-lrx", folder).code == 2);
  // What must not happen to a checkpoint: trusted when edited, overwritten by mistake, read and written at once.
  CHECK(shell("cosetta growth lrx:8 --checkpoint c1 --max-depth 8; cosetta growth lrx:8 --resume c1 --checkpoint ./c1/",
              folder)
            .code == 0);
  CHECK(shell("cosetta growth lrx:8 --checkpoint c1", folder).code == 2);
  CHECK(shell("sed -i 's/1,3,6,/1,3,7,/' c1/manifest.json && cosetta growth lrx:8 --resume c1", folder).code == 2);
  CHECK(shell("cosetta growth lrx:8 --resume typo; test ! -e typo", folder).code == 0);
  // Killed at any moment, it goes on from a complete layer.
  const auto killed = shell(
      "{ cosetta growth lrx:10 --checkpoint k & p=$!; " + until("test -e k/manifest.json") + "kill -9 $p; wait $p; "
      "for t in 0.05 0.1 0.2 0.3; do cosetta growth lrx:10 --resume k & p=$!; sleep $t; kill -9 $p; wait $p; done; } "
      ">/dev/null 2>&1; cosetta growth lrx:10 --resume k | tail -n 1",
      folder);
  CHECK_THAT(killed.out, Catch::StartsWith("diameter 45, last sphere 1,"));
}

TEST_CASE("output files are written whole or not at all") {
  const scratch_folder folder;
  CHECK(shell("cosetta growth lrx:5 --format csv -o out.csv", folder).out.empty());
  CHECK(slurp(folder.path() / "out.csv").starts_with("distance,states\n0,1\n1,3\n"));
  const auto bad = shell("cosetta growth lrx:5 -o no/such/folder/out.csv", folder);
  CHECK(bad.code == 2);
  CHECK_THAT(bad.err, Catch::Contains("cannot be written: there is no folder 'no/such/folder'"));
  folder.write("plain", "x");
  CHECK(shell("cosetta group order lrx:5 -o plain/out", folder).code == 2);
  CHECK(shell("cosetta graph info lrx:5 -o no/out", folder).code == 2);
  std::size_t left = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    left += entry.path().extension() == ".part";
  CHECK(left == 0);
}

TEST_CASE("a full disk, a device and a closed stderr") {
  const scratch_folder folder;
  CHECK(shell("cosetta graph list >/dev/full", folder).code == 4);
  CHECK(shell("cosetta growth lrx:5 >/dev/full", folder).code == 4);
  CHECK(shell("cosetta growth lrx:5 -o /dev/full", folder).code == 4);
  CHECK(shell("cosetta growth nosuch:3 2>/dev/full", folder).code == 2);
  CHECK(shell("cosetta growth lrx:5 -v 2>&-", folder).code == 0);
  CHECK(
      shell(
          "mkfifo pipe; cat pipe >read & cosetta growth lrx:5 -q -o pipe; wait; test -p pipe && grep -q diameter read",
          folder)
          .code == 0);
  CHECK(
      shell("ln -s target link; cosetta growth lrx:5 -o link; test -L link && grep -q diameter target", folder).code ==
      0);
}

TEST_CASE("signals: an interrupt after somebody else's SIGUSR1") {
  const scratch_folder folder;
  const auto got = shell(
      "cosetta growth lrx:13 --threads 1 --kernel scalar --symmetry off -q >/dev/null & p=$!; " + until_attentive + "kill -USR1 $p; sleep 0.2; kill -INT $p; wait $p",
      folder);
  CHECK(got.code == 130);
}

TEST_CASE("-v shows the plan and every layer on stderr, -q nothing, stdout is the same") {
  const scratch_folder folder;
  const auto plain = shell("cosetta growth lrx:7", folder);
  const auto verbose = shell("cosetta growth lrx:7 -v", folder);
  const auto quiet = shell("cosetta growth lrx:7 -q", folder);
  CHECK(plain.out == verbose.out);
  CHECK(plain.out == quiet.out);
  CHECK(plain.err.empty());
  CHECK(quiet.err.empty());
  CHECK_THAT(verbose.err, Catch::StartsWith("bucket: "));
  CHECK(std::count(verbose.err.begin(), verbose.err.end(), '\n') == 23);  // the plan and 22 layers
}

TEST_CASE("verify tells agreement from disagreement") {
  const scratch_folder folder;
  add_example_files(folder);
  folder.write("wrong_growth.csv", "ignored");
  folder.write("wrong/lrx_cayley_growth.csv",
               "4,\"[1, 3, 5, 6, 5, 3, 1]\"\n5,\"[1, 3, 6, 10, 16, 24, 29, 21, 6, 4]\"\n");
  folder.write("cosets/lrx_coset_growth.csv", "000111,\"[1, 2, 3, 4, 4, 3, 2, 1]\"\n");
  folder.write(
      "rows/growth.jsonl",
      R"({"name":"LX_S3","kind":"perm","generator_names":["L","X"],"generators":[[1,2,0],[1,0,2]],"directed_spheres":[1,2,3],"symmetric_spheres":[1,3,2]})");
  CHECK(shell("cosetta verify growth tables", folder).code == 0);
  const auto wrong = shell("cosetta verify growth wrong", folder);
  CHECK(wrong.code == 1);
  CHECK_THAT(wrong.out, Catch::Contains("DISAGREE") && Catch::Contains("at distance 9: published 4, computed 3"));
  CHECK(shell("cosetta verify growth rows", folder).code == 0);
  folder.write("unknown/nosuch_cayley_growth.csv", "4,\"[1, 3]\"\n");
  CHECK(shell("cosetta verify growth unknown", folder).code == 2);
  CHECK(shell("cosetta verify growth tables --memory 1K", folder).code == 3);
  CHECK(shell("cosetta verify growth cosets", folder).code == 0);
  const auto document = json::parse(shell("cosetta verify growth tables --json", folder).out);
  CHECK(document["rows"].size() == 4);
  CHECK(document["rows"][0]["outcome"] == "agree");
  const auto small = shell("cosetta verify growth tables --max-states 1000 --prefix-states 500", folder);
  CHECK(small.code == 0);
  CHECK_THAT(small.out, Catch::Contains("3 agree, 1 prefix"));
}

}  // namespace
}  // namespace contract_test
}  // namespace cosetta::tests
