// The store: what is put in comes out, what is no store is refused, and proofs beat bounds.
#include <kernels/error.hpp>
#include <tools/conjecture/store.hpp>

#include <catch2/catch.hpp>
#include <tests/tools/program.hpp>

namespace cosetta::conjecture {
namespace conjecture_store_test {
namespace {

using tests::scratch_folder;

finished_graph sample(const std::string& key, std::uint64_t position = 0) {
  stored_graph g;
  g.graph.key = key;
  g.graph.kind = "cayley";
  g.graph.degree = 3;
  g.graph.generators = "[[1,0,2],[1,2,0]]";
  g.graph.asked = parse_measures("diameter,growth,last_layer,moments,order,transitive,girth");
  g.graph.diameter = 2;
  g.graph.states = mpz_class("123456789012345678901234567890");
  g.graph.layers = {1, 2, 18446744073709551615ULL};
  g.graph.last_sphere = 18446744073709551615ULL;
  g.graph.last_layer = std::vector<graphs::state>{{0, 2, 1}, {2, 1, 0}};
  g.graph.moments = search::distance_moments{1.0 / 3, 0.1, -0.5};
  g.graph.order = mpz_class("1000000000000000000000000");
  g.graph.transitive = true;
  g.graph.girth = 2;
  g.provenance = {"0.1.0", "cosetta 'x'", "ranked", 0.25, 1000, 2, "", 1 << 30, 0, 0};
  return {{"s", "label of " + key, position, "lx:3", {{"n", 3}, {"k", -1}}, key, {2, 0, 1}}, g};
}

TEST_CASE("what is put into a store comes out of it") {
  const scratch_folder folder;
  const auto path = (folder.path() / "a.db").string();
  const auto one = sample("d3:102,120"), two = sample("u3:102", 7);
  {
    store s(path, store::access::create);
    s.put(std::vector{two, one});
  }
  const store s(path, store::access::read);
  const auto rows = s.listed("s");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].member == one.member);
  CHECK(rows[1].member == two.member);
  const auto &g = rows[0].graph, &want = one.graph->graph;
  CHECK(g.layers == want.layers);
  CHECK(g.last_layer == want.last_layer);
  CHECK(g.states == want.states);
  CHECK(g.order == want.order);
  CHECK(g.last_sphere == want.last_sphere);
  CHECK(g.moments->mean == want.moments->mean);
  CHECK(g.asked == want.asked);
  CHECK((g.transitive == true && g.girth == 2U && g.diameter == 2U && g.status == search::status::exact));
  CHECK(rows[0].provenance.command == "cosetta 'x'");
  CHECK(s.find("u3:102"));
  CHECK_FALSE(s.find("u3:120"));
  CHECK(s.listed("").size() == 2);
  CHECK(s.listed("t").empty());
  CHECK(s.sweeps().front().graphs == 2);
}

TEST_CASE("content knows mathematics from provenance") {
  const scratch_folder folder;
  const auto name = [&](const char* file) { return (folder.path() / file).string(); };
  store a(name("a"), store::access::create), b(name("b"), store::access::create), c(name("c"), store::access::create);
  auto one = sample("k"), two = sample("l", 1);
  a.put(std::vector{one, two});
  one.graph->provenance.seconds = 9;
  one.graph->provenance.version = "9";
  b.put(std::vector{two});
  b.put(std::vector{one});
  CHECK(a.content() == b.content());
  one.graph->graph.girth = 3;
  c.put(std::vector{one, two});
  CHECK(a.content() != c.content());
}

TEST_CASE("a proof takes the place of a bound, and two proofs must agree") {
  const scratch_folder folder;
  const auto name = [&](const char* file) { return (folder.path() / file).string(); };
  const auto proof = sample("k");
  auto bound = proof, more = proof;
  for (auto* b : {&bound, &more}) {
    b->graph->graph.status = search::status::lower_bound;
    b->graph->graph.moments.reset();
    b->graph->graph.last_layer.reset();
    b->graph->graph.girth.reset();
  }
  bound.graph->graph.diameter = 1;
  bound.graph->graph.states = 3;
  more.graph->graph.states = 5;
  store a(name("a"), store::access::create);
  a.put(std::vector{bound});
  a.put(std::vector{more});
  a.put(std::vector{bound});
  CHECK(a.find("k")->graph.states == 5);
  store b(name("b"), store::access::create);
  b.put(std::vector{proof});
  a.merge(b);
  CHECK(a.content() == b.content());
  b.put(std::vector{bound});
  CHECK(a.content() == b.content());
  auto wrong = proof;
  wrong.graph->graph.diameter = 4;
  CHECK_THROWS_WITH(a.put(std::vector{wrong}), Catch::Contains("another diameter"));
  CHECK(a.content() == b.content());
  auto moved = sample("other");
  moved.member.label = proof.member.label;
  store c(name("c"), store::access::create);
  c.put(std::vector{moved});
  CHECK_THROWS_WITH(a.merge(c), Catch::Contains("is another graph than in"));
  CHECK(a.content() == b.content());
  // What was asked for in two sweeps is there after both.
  auto order = proof, girth = proof;
  order.graph->graph = graph_row{};
  order.graph->graph.key = "x", order.graph->graph.kind = "cayley";
  girth.graph->graph = order.graph->graph;
  order.graph->graph.asked.insert(measure::order);
  order.graph->graph.order = 6;
  girth.graph->graph.asked.insert(measure::girth);
  girth.graph->graph.girth = 4;
  order.member.key = girth.member.key = "x", order.member.label = girth.member.label = "x";
  a.put(std::vector{order});
  a.put(std::vector{girth});
  CHECK(to_string(a.find("x")->graph.asked) == "order,girth");
  CHECK(a.find("x")->graph.order == 6);
}

TEST_CASE("a store that is none is refused, with advice") {
  const scratch_folder folder;
  const auto name = [&](const char* file) { return (folder.path() / file).string(); };
  const auto refuse = [&](const char* file, const char* why) {
    for (const auto how : {store::access::create, store::access::read}) {
      const auto before = tests::slurp(folder.path() / file);
      CHECK_THROWS_WITH(store(name(file), how), Catch::Contains(why) && Catch::Contains(file));
      CHECK(tests::slurp(folder.path() / file) == before);
    }
  };
  folder.write("text", std::string(5000, 'x'));
  refuse("text", "no SQLite file");
  folder.write("short", "x");
  refuse("short", "no SQLite file");
  {
    store s(name("good"), store::access::create);
    for (std::uint64_t i = 0; i < 200; ++i) s.put(std::vector{sample("key" + std::to_string(i), i)});
  }
  const auto whole = tests::slurp(folder.path() / "good");
  REQUIRE(whole.size() > 20'000);
  auto damaged = whole;
  for (std::size_t i = 4096; i < damaged.size(); ++i) damaged[i] = static_cast<char>(damaged[i] ^ 0x5a);
  folder.write("damaged", damaged);
  refuse("damaged", "damaged");
  folder.write("torn", whole.substr(0, whole.size() / 2));
  refuse("torn", "damaged");
  auto newer = whole;
  newer[63] = 9;  // user_version, big-endian at offset 60 of the header
  folder.write("newer", newer);
  refuse("newer", "schema 9");
  auto foreign = whole;
  foreign[71] = 1;  // application_id at offset 68
  folder.write("foreign", foreign);
  refuse("foreign", "another program");
  CHECK_THROWS_WITH(store(name("absent"), store::access::read), Catch::Contains("no such store"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "absent"));
  CHECK_THROWS_WITH(store(folder.path().string(), store::access::create), Catch::Contains("a folder"));
  CHECK_THROWS_AS(store(name("no/such/folder.db"), store::access::create), domain_error);
  folder.write("empty", "");
  CHECK_THROWS_WITH(store(name("empty"), store::access::read), Catch::Contains("an empty file"));
  CHECK_NOTHROW(store(name("empty"), store::access::create));
}

}  // namespace
}  // namespace conjecture_store_test
}  // namespace cosetta::conjecture
