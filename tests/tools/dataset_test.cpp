// Competitions: what is exported is read, solved and scored; Santa's own form, made small by hand; every kind of invalid line is named.
#include <algorithm>
#include <functional>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::tests {
namespace dataset_test {
namespace {

using nlohmann::json;

std::vector<std::string> lines_of_file(const scratch_folder& folder, const std::string& name) {
  std::vector<std::string> out;
  std::istringstream in(slurp(folder.path() / name));
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

bool exists(const scratch_folder& folder, const std::string& name) {
  return std::filesystem::exists(folder.path() / name);
}

/// Santa's form: a ring of four with two moves, and one of three whose labels are colours.
void add_santa(const scratch_folder& folder) {
  folder.write("santa/puzzle_info.csv",
               "puzzle_type,allowed_moves\n"
               "ring_4,\"{'r': [1, 2, 3, 0], 'x': [1, 0, 2, 3]}\"\n"
               "ring_3,\"{'r': [1, 2, 0]}\"\n");
  folder.write("santa/puzzles.csv",
               "id,puzzle_type,solution_state,initial_state,num_wildcards\n"
               "0,ring_4,N0;N1;N2;N3,N3;N0;N1;N2,0\n"
               "1,ring_4,A;A;B;B,B;A;A;B,0\n"
               "2,ring_3,A;B;B,B;A;B,0\n"
               "3,ring_4,N0;N1;N2;N3,N1;N0;N2;N3,2\n");
}

TEST_CASE("dataset: export, baseline and score, for each format") {
  const scratch_folder folder;
  const struct {
    const char *arguments, *files, *header, *submission;
  } cases[] = {
      {"lrx:8 --format cayleypy --length 30", "puzzle_info.json test.csv", "initial_state_id,initial_state,comment", "initial_state_id,path"},
      {"lrx:8 --format cayleypy --kind group", "puzzle_info.json test.csv", "initial_state_id,initial_state,comment", "initial_state_id,path"},
      {"lx:6 --format cayleypy --length 9", "puzzle_info.json test.csv", "initial_state_id,initial_state,comment", "initial_state_id,path"},
      {"lrx:10 --central 0000011111 --format cayleypy --length 25", "puzzle_info.json test.csv", "initial_state_id,initial_state,comment", "initial_state_id,path"},
      {"lrx:7 --format permutation --length 22", "puzzle_info.json test.csv", "id,n,permutation", "id,permutation,solution"},
      {"lx:6 --format permutation", "puzzle_info.json test.csv", "id,n,permutation", "id,permutation,solution"},
      {"lrx:8 --format santa2023 --length 30", "puzzle_info.csv puzzles.csv", "id,puzzle_type,solution_state,initial_state,num_wildcards", "id,moves"},
      {"rubik_cube:2,metric=fixed_HTM --format santa2023", "puzzle_info.csv puzzles.csv", "id,puzzle_type,solution_state,initial_state,num_wildcards", "id,moves"},
      {"lrx:8 --central 00112233 --format santa2023 --length 12 --wildcards 2", "puzzle_info.csv puzzles.csv", "id,puzzle_type,solution_state,initial_state,num_wildcards", "id,moves"},
      {"lrx:6 --format santa2023 --length 0 --train-length 3", "puzzle_info.csv puzzles.csv", "id,puzzle_type,solution_state,initial_state,num_wildcards", "id,moves"},
  };
  int number = 0;
  for (const auto& [arguments, files, header, submission] : cases) {
    INFO(arguments);
    const auto name = "d" + std::to_string(number++);
    const auto made = shell("cosetta dataset export " + std::string(arguments) + " --count 6 --train 10 --seed 11 -o " + name, folder);
    INFO(made.err);
    REQUIRE(made.code == 0);
    CHECK(made.err.empty());
    std::istringstream names(files);
    std::string info, test;
    names >> info >> test;
    for (const auto& file : {info, test, std::string("sample_submission.csv"), std::string("README.md"), std::string("train.csv"), std::string("train_states.npy"), std::string("train_walk_lengths.npy")}) {
      INFO(file);
      CHECK(exists(folder, name + "/" + file));
    }
    CHECK(exists(folder, name + "-key/key.csv"));
    CHECK(lines_of_file(folder, name + "/" + test).front() == header);
    CHECK(lines_of_file(folder, name + "/" + test).size() == 7);
    CHECK(lines_of_file(folder, name + "/sample_submission.csv").front() == submission);
    CHECK(lines_of_file(folder, name + "/sample_submission.csv").size() == 7);
    CHECK(lines_of_file(folder, name + "/train.csv").size() == 11);

    const auto baseline = shell("cosetta dataset baseline " + name + " -o w.csv", folder);
    INFO(baseline.err);
    CHECK(baseline.code == 0);
    CHECK_THAT(baseline.out, Catch::StartsWith("w.csv  6 of 6 rows solved, by "));
    const auto score = shell("cosetta dataset score " + name + " w.csv", folder);
    INFO(score.err);
    CHECK(score.code == 0);
    CHECK(score.err.empty());
    CHECK_THAT(score.out, Catch::Contains("  valid, 6 rows\n"));
    CHECK(baseline.out == "w.csv  6 of 6 rows solved, by " + score.out.substr(0, score.out.find(' ')) + " moves\n");
    // What the sample holds is no solution, but it is read.
    const auto sample = shell("cosetta dataset score " + name + " " + name + "/sample_submission.csv", folder);
    CHECK(sample.code == 1);
    CHECK(std::count(sample.err.begin(), sample.err.end(), '\n') >= 1);
    // The folder is a graph: that of the first argument, with -f for the inverses of Santa.
    const std::string graph = std::string(arguments).substr(0, std::string(arguments).find(" --format"));
    const auto growth = shell("cosetta growth " + graph + " --max-depth 4 --format csv", folder);
    if (graph.find("--central") == std::string::npos || info == "puzzle_info.json") {
      CHECK(shell("cosetta growth " + name + " --max-depth 4 --format csv", folder).out == growth.out);
    }
  }
}

TEST_CASE("dataset: the key solves the rows, and gives true distances") {
  const scratch_folder folder;
  REQUIRE(shell("cosetta growth lrx:6 --save-distances t", folder).code == 0);
  REQUIRE(shell("cosetta dataset export lrx:6 --count 8 --length 9 --train 40 --train-length 12 --distances t -o d --key secret", folder).code == 0);
  CHECK_FALSE(exists(folder, "d-key"));
  const auto key = lines_of_file(folder, "secret/key.csv");
  REQUIRE(key.size() == 9);
  CHECK(key[0] == "initial_state_id,walk,walk_length,path,distance");
  std::string words = "initial_state_id,path\n";
  const auto test = lines_of_file(folder, "d/test.csv");
  for (std::size_t i = 1; i < key.size(); ++i) {
    std::istringstream fields(key[i]);
    std::string id, walk, length, path, distance;
    std::getline(fields, id, ','), std::getline(fields, walk, ','), std::getline(fields, length, ','), std::getline(fields, path, ','), std::getline(fields, distance);
    words += id + "," + path + "\n";
    CHECK(length == "9");
    const auto state = test[i].substr(test[i].find('"') + 1, 11);
    CHECK(shell("cosetta walks lrx:6 --count 8 --length 9 --kind non_backtracking --distances t | sed -n " + std::to_string(i) + "p", folder).out == "[" + state + "]   " + distance + "\n");
    CHECK(test[i].ends_with("\",\"generated rw, len=9\""));
  }
  folder.write("w.csv", words);
  CHECK(shell("cosetta dataset score d w.csv", folder).out == "72  valid, 8 rows\n");
  // Training states: the walk is never shorter than the distance, and of its parity or not.
  const auto train = lines_of_file(folder, "d/train.csv");
  CHECK(train[0] == "state,walk_length,distance");
  REQUIRE(train.size() == 41);
  const auto states = slurp(folder.path() / "d/train_states.npy"), lengths = slurp(folder.path() / "d/train_walk_lengths.npy"), distances = slurp(folder.path() / "d/train_distances.npy");
  REQUIRE(states.size() == 128 + 240);
  REQUIRE(lengths.size() == 128 + 40);
  REQUIRE(distances.size() == 128 + 40);
  for (std::size_t i = 0; i < 40; ++i) {
    std::string row = "\"";
    for (std::size_t k = 0; k < 6; ++k) row += (k == 0 ? "" : ",") + std::to_string(int{states[128 + 6 * i + k]});
    const int length = lengths[128 + i], distance = distances[128 + i];
    CHECK(train[i + 1] == row + "\"," + std::to_string(length) + "," + std::to_string(distance));
    CHECK(length == static_cast<int>(1 + i % 12));
    CHECK(distance <= length);
  }
  // The same states in another encoding.
  REQUIRE(shell("cosetta dataset export lrx:6 --count 8 --length 9 --train 40 --train-length 12 --encode one_hot -o h", folder).code == 0);
  const auto one_hot = slurp(folder.path() / "h/train_states.npy");
  REQUIRE(one_hot.size() == 128 + 40 * 36);
  for (std::size_t i = 0; i < 240; ++i) CHECK(one_hot.substr(128 + 6 * i, 6) == std::string(static_cast<std::size_t>(states[128 + i]), '\0') + '\1' + std::string(static_cast<std::size_t>(5 - states[128 + i]), '\0'));
  CHECK_THAT(slurp(folder.path() / "h/README.md"), Catch::Contains("entry i, v of a state is 1"));
  // The same seed makes the same folder, with any number of threads; another one another.
  REQUIRE(shell("cosetta dataset export lrx:6 --count 8 --length 9 --train 40 --train-length 12 --distances t -o e --threads 7", folder).code == 0);
  CHECK(shell("diff -r d e && diff secret/key.csv e-key/key.csv", folder).code == 0);
  REQUIRE(shell("cosetta dataset export lrx:6 --count 8 --length 9 --seed 2 -o f", folder).code == 0);
  CHECK(shell("cmp -s d/test.csv f/test.csv", folder).code == 1);
  CHECK(shell("grep -rl 'seed' d", folder).out.empty());
}

TEST_CASE("dataset: Santa's own form is scored by its rules") {
  const scratch_folder folder;
  add_santa(folder);
  // r: new[i] = old[i + 1], so that N3;N0;N1;N2 becomes N0;N1;N2;N3.
  folder.write("good.csv", "id,moves\n0,r\n1,-r.-r.-r\n2,r\n3,r.-r\n");
  const auto good = shell("cosetta dataset score santa good.csv", folder);
  CHECK(good.err.empty());
  CHECK(good.out == "7  valid, 4 rows\n");  // the last row has two wrong labels, and two wildcards
  CHECK(good.code == 0);
  folder.write("any_order.csv", "\xef\xbb\xbfid,moves\r\n3,\"x\"\r\n\r\n2,r\r\n1,r\r\n0,-r.-r.-x.x.-r\r\n");
  CHECK(shell("cosetta dataset score santa any_order.csv", folder).out == "8  valid, 4 rows\n");
  CHECK(shell("cosetta growth santa#ring_4 --format csv", folder).out == shell("cosetta growth santa/puzzle_info.csv#ring_4 --format csv", folder).out);
  CHECK_THAT(shell("cosetta growth santa", folder).err, Catch::Contains("name one puzzle type"));
  const auto baseline = shell("cosetta dataset baseline santa >w.csv && cosetta dataset score santa w.csv", folder);
  CHECK(baseline.code == 0);
  CHECK_THAT(baseline.out, Catch::Contains("valid, 4 rows"));
}

TEST_CASE("dataset: each kind of invalid line is named by file, line and reason") {
  const scratch_folder folder;
  add_santa(folder);
  folder.write("bad.csv",
               "id,moves\n"
               "0,q.r\n"        // no such move
               "1,\n"           // empty
               "7,r\n"          // no such row
               "0,r\n"          // twice
               "3,r,x\n");      // a field too many
  const auto bad = shell("cosetta dataset score santa bad.csv", folder);
  CHECK(bad.code == 1);
  CHECK(bad.out == "invalid: 0 of 4 rows are solved, by 0 moves\n");
  CHECK(bad.err ==
        "bad.csv:2: id 0: move 1 is 'q', which is no move of ring_4\n"
        "bad.csv:3: id 1: an empty word is not valid\n"
        "bad.csv:4: id 7: no such row in santa/puzzles.csv\n"
        "bad.csv:5: id 0: was given in line 2 already\n"
        "bad.csv:6: id 3: 3 fields instead of 2\n"
        "bad.csv: id 2: no row for santa/puzzles.csv:4\n");
  folder.write("wrong.csv", "id,moves\n0,x\n1,r\n2,r..r\n3,r\n");
  const auto wrong = shell("cosetta dataset score santa wrong.csv --json", folder);
  CHECK(wrong.code == 1);
  const auto d = json::parse(wrong.out);
  CHECK(d["schema"] == "cosetta.dataset_score/1");
  CHECK(d["result"]["status"] == "invalid");
  CHECK(d["result"]["total"].is_null());
  CHECK(d["result"]["valid_rows"] == 1);
  CHECK(d["result"]["invalid"] == json({{{"line", 2}, {"id", "0"}, {"reason", "not solved: after 1 move 3 of 4 labels are wrong, 0 may be"}},
                                        {{"line", 4}, {"id", "2"}, {"reason", "move 2 is '', which is no move of ring_3"}},
                                        {{"line", 5}, {"id", "3"}, {"reason", "not solved: after 1 move 3 of 4 labels are wrong, 2 may be"}}}));
  folder.write("graph/puzzle_info.json", R"({"central_state": [0, 1, 2], "generators": {"a": [1, 2, 0]}})");
  folder.write("graph/test.csv", "initial_state_id,initial_state\n5,\"1,2,0\"\n6,\"1,0,2\"\n");
  folder.write("s.csv", "initial_state_id,path\n5,a.a\n6,UNSOLVED\n");
  CHECK(shell("cosetta dataset score graph s.csv", folder).err == "s.csv:3: id 6: not solved\n");
  const auto impossible = shell("cosetta dataset baseline graph", folder);
  CHECK(impossible.code == 1);
  CHECK(impossible.out == "initial_state_id,path\n5,a.a\n6,UNSOLVED\n");
  CHECK_THAT(impossible.err, Catch::StartsWith("graph/test.csv:3: id 6: no word solves it"));
  // permutations: the row is known by its id, and by its permutation where there is no id
  folder.write("p/puzzle_info.json", R"({"central_state": [0, 1, 2], "generators": {"a": [1, 2, 0], "b": [1, 0, 2]}})");
  folder.write("p/test.csv", "id,n,permutation\n0,3,\"1,0,2\"\n1,3,\"2,0,1\"\n");
  folder.write("ps.csv", "id,permutation,solution\n0,\"1,0,2\",b\n1,\"1,0,2\",a\n");
  CHECK(shell("cosetta dataset score p ps.csv", folder).err == "ps.csv:3: id 1: the permutation is not that of p/test.csv:3\n");
  folder.write("pt.csv", "permutation,solution\n\"2, 0, 1\",a\n\"1,0,2\",b\n");
  CHECK(shell("cosetta dataset score p pt.csv", folder).out == "2  valid, 2 rows\n");
}

TEST_CASE("dataset: several graphs in one folder, and words without dots") {
  const scratch_folder folder;
  folder.write("many/graphs_info.json", R"({"three": {"generators": {"L": [1, 2, 0], "R": [2, 0, 1]}}, "four": {"generators": {"L": [1, 2, 3, 0], "X": [1, 0, 2, 3]}}})");
  folder.write("many/test.csv", "initial_state_id,initial_state\n0,\"2,0,1\"\n1,\"2,3,0,1\"\n2,\"1,0,2,3\"\n");
  folder.write("words.csv", "initial_state_id,path\n0,L\n1,LL\n2,X\n");
  folder.write("mixed.csv", "initial_state_id,path\n0,RR\n1,LLXXXX\n2,X.X.X\n");
  folder.write("wrong.csv", "initial_state_id,path\n0,LX\n1,L.LXX\n2,X\n");
  CHECK(shell("cosetta dataset score many words.csv", folder).out == "4  valid, 3 rows\n");
  CHECK(shell("cosetta dataset score many mixed.csv", folder).out == "11  valid, 3 rows\n");
  CHECK_THAT(shell("cosetta dataset score many wrong.csv", folder).err, Catch::Contains("move 1 is 'LX', which is no move of three") && Catch::Contains("move 2 is 'LXX', which is no move of four"));
  CHECK(shell("cosetta dataset baseline many -q -o b.csv && cosetta dataset score many b.csv", folder).code == 0);
  CHECK_THAT(shell("cosetta growth many", folder).err, Catch::Contains("as in FILE.json#NAME: three, four"));
  CHECK_THAT(shell("cosetta growth many#four", folder).out, Catch::Contains("|V| = 24"));
  folder.write("alike/graphs_info.json", R"([{"name": "a", "generators": {"L": [1, 0]}}, {"name": "b", "generators": {"X": [1, 0]}}])");
  folder.write("alike/test.csv", "initial_state_id,initial_state\n0,\"1,0\"\n");
  CHECK_THAT(shell("cosetta dataset score alike words.csv", folder).err, Catch::Contains("as the graphs a and b have"));
  folder.write("many/test.csv", "initial_state_id,initial_state\n0,\"1,0\"\n");
  CHECK_THAT(shell("cosetta dataset score many words.csv", folder).err, Catch::Contains("no graph of the folder has that degree"));
  // Santa's rules know no such words.
  add_santa(folder);
  folder.write("good.csv", "id,moves\n0,r\n1,-r\n2,r\n3,xx\n");
  CHECK_THAT(shell("cosetta dataset score santa good.csv", folder).err, Catch::Contains("move 1 is 'xx'"));
}

TEST_CASE("dataset: what cannot be read or made is refused") {
  const scratch_folder folder;
  add_santa(folder);
  folder.write("good.csv", "id,moves\n0,r\n1,-r\n2,r\n3,x\n");
  folder.write("columns.csv", "id,path\n0,r\n");
  folder.write("more.csv", "id,moves,remark\n0,r,x\n");
  folder.write("quote.csv", "id,moves\n0,\"r\n");
  folder.write("empty.csv", "");
  folder.write("half/puzzles.csv", "id,puzzle_type,solution_state,initial_state,num_wildcards\n0,t,A;B,B;A,0\n");
  folder.write("short/puzzle_info.json", R"({"central_state": [0, 1], "generators": {"a": [1, 0]}})");
  folder.write("short/test.csv", "initial_state_id,initial_state\n0,\"1,0\"\n1,\"1,0,2\"\n");
  folder.write("twice/puzzle_info.json", R"({"central_state": [0, 1], "generators": {"a": [1, 0]}})");
  folder.write("twice/test.csv", "initial_state_id,initial_state\n0,\"1,0\"\n0,\"0,1\"\n");
  folder.write("dots.json", R"({"generators": {"a.b": [1, 0]}})");
  folder.write("quotes.json", R"({"generators": {"a'": [1, 0]}})");
  const struct {
    const char *arguments, *message;
  } cases[] = {
      {"score santa columns.csv", "columns.csv:1: expected the columns id,moves"},
      {"score santa more.csv", "expected the columns id,moves"},
      {"score santa quote.csv", "quote.csv:2: a quoted field"},
      {"score santa empty.csv", "empty.csv:1: expected the columns"},
      {"score santa absent.csv", "absent.csv: no such file"},
      {"score absent good.csv", "absent: no such folder"},
      {"score tables good.csv", "no such folder"},
      {"score half good.csv", "no puzzle_info.json, puzzle_info.csv or graphs_info.json"},
      {"score short good.csv", "short/test.csv:3: initial_state has 3 labels, the moves have degree 2"},
      {"score twice good.csv", "twice/test.csv:3: id 0 is that of line 2, too"},
      {"baseline absent", "no such folder"},
      {"export lrx:5 -o santa", "santa: exists already"},
      {"export lrx:5 -o new --key santa", "santa: exists already"},
      {"export lrx:5 -o new --key new/", "kept apart"},
      {"export lrx:5 -o no/such/new", "there is no folder 'no/such'"},
      {"export lrx:5 -o new --format csv", "unknown --format"},
      {"export lrx:5 -o new --kind sphere", "needs --length"},
      {"export lrx:5 -o new --kind sphere --length 3", "--save-distances"},
      {"export lrx:5 -o new --wildcards 2", "only the format santa2023"},
      {"export lrx:5 -o new --train-length 0", "--train 0"},
      {"export lx:5 -o new --format santa2023", "--inverse-closed"},
      {"export lrx:5 -o new --format santa2023 --name ring#5", "leave '#' out"},
      {"export lrx:5 --central 00011 -o new --format permutation", "--format cayleypy"},
      {"export heisenberg:3,modulo=5 -o new", "moves that are permutations"},
      {"export dots.json -o new", "rename it"},
      {"export quotes.json -o new --format santa2023", "rename it"},
  };
  for (const auto& [arguments, message] : cases) {
    INFO("cosetta dataset " << arguments);
    const auto got = shell("cosetta dataset " + std::string(arguments), folder);
    INFO(got.err);
    CHECK(got.code == 2);
    CHECK(got.out.empty());
    CHECK_THAT(got.err, Catch::StartsWith("cosetta: ") && Catch::Contains(message));
    CHECK(std::count(got.err.begin(), got.err.end(), '\n') == 1);
    CHECK_FALSE(exists(folder, "new"));
    CHECK_FALSE(exists(folder, "new-key"));
  }
  CHECK(shell("ls -a | grep part", folder).out.empty());
}

/// The central state with two neighbouring places exchanged that hold different labels.
std::string twisted_corner(const std::string& puzzle_info) {
  auto labels = json::parse(puzzle_info)["central_state"].get<std::vector<int>>();
  const auto at = std::adjacent_find(labels.begin(), labels.end(), std::not_equal_to<>());
  std::iter_swap(at, at + 1);
  const auto text = json(labels).dump();
  return text.substr(1, text.size() - 2);
}

TEST_CASE("dataset: patterns near and far, without a solution, given up; and Ctrl-C leaves nothing") {
  const scratch_folder folder;
  // Stickers of the 2x2x2 cube by colours: equal labels hide the element.
  REQUIRE(shell("cosetta dataset export rubik_cube:2,metric=fixed_QTM --central 000011112222333344445555 --length 4 --count 3 -o near", folder).code == 0);
  const auto near = shell("cosetta dataset baseline near -o n.csv && cosetta dataset score near n.csv", folder);
  INFO(near.err);
  CHECK(near.code == 0);
  // Far from the goal the colours are told apart: of the 3x3x3 cube as of the 2x2x2.
  REQUIRE(shell("cosetta dataset export rubik_cube:3,metric=QTM --kind group --format santa2023 --count 2 --train 0 -o far", folder).code == 0);
  CHECK_THAT(lines_of_file(folder, "far/puzzles.csv")[1], Catch::Contains(",A;A;A;A;"));
  const auto far = shell("cosetta dataset baseline far --states 2000 -o f.csv && cosetta dataset score far f.csv", folder);
  INFO(far.err);
  CHECK(far.code == 0);
  CHECK_THAT(far.out, Catch::EndsWith("valid, 2 rows\n"));
  const auto given_up = shell("cosetta dataset baseline far --states 1 -o f.csv", folder);
  CHECK(given_up.code == 3);
  CHECK_THAT(given_up.err, Catch::Contains("far/puzzles.csv:2: id 0: no word found within 1 states; raise --states"));
  CHECK(lines_of_file(folder, "f.csv")[1] == "0,UNSOLVED");
  // Two stickers of one corner exchanged, or two corners: no turns do that.
  folder.write("odd/puzzle_info.json", slurp(folder.path() / "near/puzzle_info.json"));
  folder.write("odd/test.csv", "initial_state_id,initial_state\n0,\"" + twisted_corner(slurp(folder.path() / "near/puzzle_info.json")) + "\"\n");
  const auto odd = shell("cosetta dataset baseline odd --states 500", folder);
  CHECK(odd.code == 1);
  CHECK_THAT(odd.err, Catch::Contains("odd/test.csv:2: id 0: no word solves it"));
  const auto interrupted = shell("cosetta dataset export lrx:32 --count 100000000 --length 300 -o big & p=$!; " + until_attentive + until("ls | grep -q part") + "kill -INT $p; wait $p", folder);
  CHECK(interrupted.code == 130);
  CHECK(shell("ls | grep big", folder).out.empty());
}

TEST_CASE("solve and baseline: rows that are solved as they stand, and what wildcards leave open") {
  const scratch_folder folder;
  folder.write("w/puzzle_info.csv", "puzzle_type,allowed_moves\nw,\"{'L': [1, 2, 3, 0]}\"\n");
  folder.write("w/puzzles.csv",
               "id,puzzle_type,solution_state,initial_state,num_wildcards\n0,w,N0;N1;N2;N3,N1;N0;N2;N3,2\n1,w,N0;N1;N2;N3,N1;N0;N3;N2,2\n"
               "2,w,N0;N1;N2;N3,N1;N2;N3;N0,0\n");
  for (const std::string verb : {"dataset baseline w", "solve w"}) {
    INFO(verb);
    const auto got = shell("cosetta " + verb, folder);
    CHECK(got.code == 3);
    CHECK_THAT(got.out, Catch::StartsWith("id,moves\n0,L.-L\n1,UNSOLVED\n2,"));
    CHECK_THAT(got.err, Catch::Contains("w/puzzles.csv:3: id 1: it has no exact solution, and wildcards are not searched"));
  }
  CHECK(shell("cosetta solve w --inverse-closed", folder).code == 2);
  CHECK(shell("cosetta solve lrx:6 '(0 1)' --heuristic none", folder).code == 2);
  CHECK(shell("cosetta solve coxeter:6 '(0 1)' --method beam --heuristic rotation", folder).code == 2);
  CHECK(shell("cosetta solve lrx:6 '(0 1)' --attempts 0", folder).code == 2);
  // Rows side by side come in their order; rows of equal labels are solved, too.
  CHECK(shell("cosetta dataset export lrx:9 --count 40 --length 60 -o many", folder).code == 0);
  const auto alone = shell("cosetta solve many --beam 50 --threads 1", folder), together = shell("cosetta solve many --beam 50 --threads 3", folder);
  CHECK(alone.code == 0);
  CHECK(alone.out == together.out);
  folder.write("equal/puzzle_info.csv", "puzzle_type,allowed_moves\nw,\"{'L': [1, 2, 3, 0]}\"\n");
  folder.write("equal/puzzles.csv", "id,puzzle_type,solution_state,initial_state,num_wildcards\n0,w,A;A;B;B,A;B;B;A,0\n1,w,N0;N1;N2;N3,N1;N2;N3;N0,0\n");
  const auto equal = shell("cosetta solve equal", folder);
  CHECK(equal.code == 0);
  CHECK_THAT(equal.out, Catch::Contains("0,-L\n1,-L\n"));
  CHECK(shell("cosetta solve pancake:8 '(0 1)' --heuristic gap --attempts 4 --no-improve", folder).code == 0);
  // Stopped while it sets up: a document all the same.
  const auto stopped = shell("cosetta solve lrx:200 '(0 1)' --time 1ms --json", folder);
  CHECK(stopped.code == 3);
  CHECK(json::parse(stopped.out)["result"]["status"] == "not_found");
  CHECK(json::parse(stopped.out)["result"]["limit"] == "time");
  // A directed graph where the beam finds nothing: the cure is named.
  CHECK_THAT(shell("cosetta solve lx:9 '(0 5)' --max-length 2 --ball 1", folder).out, Catch::Contains("--method chain"));
  CHECK(shell("cosetta solve lrx:6", folder).code == 2);
  CHECK(shell("cosetta solve lrx:6 --from w", folder).code == 2);
  CHECK(shell("cosetta solve lrx:6 '(0 1)' --method beam --ball 18446744073709551615", folder).code == 3);
  CHECK(shell("cosetta solve lrx:6 '(0 1)' --max-length 18446744073709551615", folder).out.starts_with("X   1  found"));
  CHECK(shell("cosetta solve alt:7 '(0 1)'", folder).code == 1);
  CHECK(shell("cosetta solve lrx:200 '(0 1)' --memory 64M --beam 10", folder).out.starts_with("X   1  found"));
}

TEST_CASE("solve: beams steered by a network from a file") {
  const scratch_folder folder;
  folder.write("five.net", counting_network(5));
  for (const std::string precision : {"float32", "int8"}) {
    const auto got = shell("cosetta solve lrx:5 '[1,0,2,3,4]' --network five.net --json --precision " + precision, folder);
    CHECK(got.code == 0);
    CHECK(json::parse(got.out)["run"]["heuristic"] == "network 25-1, " + precision);
    CHECK(json::parse(got.out)["result"]["word"] == "X");
  }
  const auto other = shell("cosetta solve lrx:6 '(0 1)' --network five.net", folder);
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Catch::Contains("is for 5 points, the graph has 6"));
  folder.write("short.net", "{}\n");
  CHECK_THAT(shell("cosetta solve lrx:5 '(0 1)' --network short.net", folder).err, Catch::Contains("short.net:1: no \"format\""));
  for (const char* more : {"--network short.net", "--network none.net", "--precision int8", "--network five.net --heuristic gap", "--network five.net --method chain", "--network five.net --precision int4",
                           "--network five.net --method beam --backend cuda --precision int8", "--network five.net --backend cuda"}) {
    INFO(more);
    CHECK(shell(std::string("cosetta solve lrx:5 '(0 1)' ") + more, folder).code == 2);
  }
}

}  // namespace
}  // namespace dataset_test
}  // namespace cosetta::tests
