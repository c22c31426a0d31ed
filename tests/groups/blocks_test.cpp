// Block systems: against all partitions at small degrees, on families whose lattice is known, on puzzles, against the
// published reference data where they are at hand, and refusals.
#include <groups/blocks.hpp>
#include <groups/orbit.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace blocks_test {
namespace {

using namespace cosetta::groups;
using cosetta::domain_error;
using cosetta::resource_error;
using points = std::vector<point>;
using generator_list = std::vector<permutation>;

auto message_with(const std::string& fragment) {
  return Catch::Predicate<std::exception>(
      [fragment](const std::exception& e) { return std::string(e.what()).find(fragment) != std::string::npos; },
      "message contains: " + fragment);
}

permutation random_permutation(std::mt19937_64& random, std::size_t degree) {
  points images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::shuffle(images.begin(), images.end(), random);
  return permutation(images);
}

permutation rotation(std::size_t n) {
  points images(n);
  for (point i = 0; i < n; ++i) images[i] = static_cast<point>((i + 1) % n);
  return permutation(images);
}

permutation reflection(std::size_t n) {
  points images(n);
  for (point i = 0; i < n; ++i) images[i] = static_cast<point>((n - i) % n);
  return permutation(images);
}

/// Regular: addition of the unit vectors of Z/p^rank.
generator_list elementary_abelian(point p, int rank) {
  point n = 1;
  for (int i = 0; i < rank; ++i) n *= p;
  generator_list out;
  for (point unit = 1; unit < n; unit *= p) {
    points images(n);
    for (point x = 0; x < n; ++x) images[x] = x / unit % p == p - 1 ? x - unit * (p - 1) : x + unit;
    out.emplace_back(images);
  }
  return out;
}

/// A random element of S_size wr S_count: count blocks of consecutive points.
permutation random_in_wreath(std::mt19937_64& random, std::size_t size, std::size_t count) {
  const auto top = random_permutation(random, count);
  points images;
  for (std::size_t block = 0; block < count; ++block) {
    for (const auto x : random_permutation(random, size).images())
      images.push_back(static_cast<point>(top[block] * size + x));
  }
  return permutation(images);
}

generator_list conjugated(const generator_list& generators, const permutation& by) {
  generator_list out;
  for (const auto& g : generators) out.push_back(by.inverse() * g * by);
  return out;
}

bool is_invariant(const generator_list& generators, const std::vector<std::uint32_t>& labels) {
  for (const auto& g : generators) {
    for (std::size_t x = 0; x < labels.size(); ++x) {
      for (std::size_t y = 0; y < x; ++y) {
        if ((labels[x] == labels[y]) != (labels[g[x]] == labels[g[y]])) return false;
      }
    }
  }
  return true;
}

/// Every partition into blocks of one size, the trivial ones included, that the generators preserve, as labels numbered
/// by smallest points.
void extend_partitions(std::vector<std::uint32_t>& labels, std::vector<std::size_t>& sizes, std::size_t n,
                       std::size_t size, const generator_list& generators,
                       std::vector<std::vector<std::uint32_t>>& out) {
  if (labels.size() == n) {
    if (is_invariant(generators, labels)) out.push_back(labels);
    return;
  }
  for (std::uint32_t b = 0; b <= sizes.size() && b < n / size; ++b) {
    if (b == sizes.size()) sizes.push_back(0);
    if (sizes[b] < size) {
      labels.push_back(b);
      ++sizes[b];
      extend_partitions(labels, sizes, n, size, generators, out);
      --sizes[b];
      labels.pop_back();
    }
    if (sizes.back() == 0) {
      sizes.pop_back();
      break;
    }
  }
}

std::vector<std::vector<std::uint32_t>> brute_systems(const generator_list& generators, std::size_t n) {
  std::vector<std::vector<std::uint32_t>> out;
  for (std::size_t size = 1; size <= n; ++size) {
    if (n % size != 0) continue;
    std::vector<std::uint32_t> labels;
    std::vector<std::size_t> sizes;
    extend_partitions(labels, sizes, n, size, generators, out);
  }
  return out;
}

std::set<std::vector<std::uint32_t>> label_set(const std::vector<block_system>& systems) {
  std::set<std::vector<std::uint32_t>> out;
  for (const auto& system : systems) out.insert(system.labels);
  REQUIRE(out.size() == systems.size());
  return out;
}

void check_system(const generator_list& generators, const block_system& system) {
  const auto blocks = system.blocks();
  REQUIRE(blocks.size() == system.count);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    REQUIRE(blocks[b].size() == system.block_size());
    REQUIRE(std::is_sorted(blocks[b].begin(), blocks[b].end()));
    if (b > 0) REQUIRE(blocks[b - 1].front() < blocks[b].front());
    for (const auto x : blocks[b]) REQUIRE(system.labels[x] == b);
  }
  REQUIRE(system.block_of(static_cast<point>(system.degree() - 1)) == blocks[system.labels.back()]);
  REQUIRE(make_block_system(blocks) == system);
  const auto action = block_action(generators, system);
  REQUIRE(action.size() == generators.size());
  for (std::size_t g = 0; g < generators.size(); ++g) {
    REQUIRE(make_permutation(action[g].images()) == action[g]);
    for (std::size_t x = 0; x < system.degree(); ++x) {
      REQUIRE(action[g][system.labels[x]] == system.labels[generators[g][x]]);
    }
  }
  REQUIRE(is_transitive(action, system.count));
}

void check_order(const std::vector<block_system>& systems) {
  for (std::size_t i = 1; i < systems.size(); ++i) {
    const auto& a = systems[i - 1];
    const auto& b = systems[i];
    REQUIRE((a.block_size() < b.block_size() || (a.block_size() == b.block_size() && a.block_of(0) < b.block_of(0))));
  }
}

/// All that the functions promise, against all partitions.
void check_against_partitions(const generator_list& generators, std::mt19937_64& random) {
  const auto n = generators.front().degree();
  INFO("generators " << to_cycles(generators.front()) << " " << to_cycles(generators.back()) << " degree " << n);
  const auto brute = brute_systems(generators, n);
  std::set<std::vector<std::uint32_t>> nontrivial;
  std::vector<block_system> all_with_trivial;
  for (const auto& labels : brute) {
    const std::size_t count = 1 + *std::max_element(labels.begin(), labels.end());
    const block_system system{labels, count};
    all_with_trivial.push_back(system);
    if (!system.is_trivial()) nontrivial.insert(labels);
  }
  std::set<std::vector<std::uint32_t>> minimal;
  for (const auto& labels : nontrivial) {
    const block_system system{labels, 1U + *std::max_element(labels.begin(), labels.end())};
    if (std::none_of(all_with_trivial.begin(), all_with_trivial.end(), [&](const auto& other) {
          return !other.is_trivial() && other != system && refines(other, system);
        })) {
      minimal.insert(labels);
    }
  }
  const auto all = all_block_systems(generators);
  REQUIRE(label_set(all) == nontrivial);
  REQUIRE(label_set(minimal_block_systems(generators)) == minimal);
  REQUIRE(is_primitive(generators) == nontrivial.empty());
  check_order(all);
  check_order(minimal_block_systems(generators));
  for (const auto& system : all) check_system(generators, system);

  // Any set of representatives of suborbits gives the same: here all points.
  points everything(n);
  std::iota(everything.begin(), everything.end(), point{0});
  REQUIRE(all_block_systems(generators, everything) == all);
  REQUIRE(is_primitive(generators, everything) == nontrivial.empty());

  // The finest system with given points in a block.
  for (int pick = 0; pick < 6; ++pick) {
    points together(random() % 4);
    for (auto& x : together) x = static_cast<point>(random() % n);
    const auto found = minimal_block_system(generators, together);
    const auto holds = [&](const block_system& system) {
      return std::all_of(together.begin(), together.end(),
                         [&](point x) { return system.labels[x] == system.labels[together[0]]; });
    };
    REQUIRE(holds(found));
    REQUIRE(std::find(all_with_trivial.begin(), all_with_trivial.end(), found) != all_with_trivial.end());
    for (const auto& other : all_with_trivial) {
      if (holds(other)) REQUIRE(refines(found, other));
    }
  }

  // A lattice.
  for (const auto& a : all_with_trivial) {
    for (const auto& b : all_with_trivial) {
      const auto up = join(a, b);
      const auto down = meet(a, b);
      REQUIRE(std::find(all_with_trivial.begin(), all_with_trivial.end(), up) != all_with_trivial.end());
      REQUIRE(std::find(all_with_trivial.begin(), all_with_trivial.end(), down) != all_with_trivial.end());
      REQUIRE((refines(a, up) && refines(b, up) && refines(down, a) && refines(down, b)));
      REQUIRE(join(a, down) == a);
      REQUIRE(meet(a, up) == a);
      REQUIRE(refines(a, b) == (up == b));
      REQUIRE(up == join(b, a));
      REQUIRE(down == meet(b, a));
      for (const auto& c : all_with_trivial) {
        if (refines(a, c) && refines(b, c)) REQUIRE(refines(up, c));
      }
    }
  }
}

std::vector<std::size_t> block_sizes(const generator_list& generators) {
  std::vector<std::size_t> out;
  for (const auto& system : all_block_systems(generators)) out.push_back(system.block_size());
  return out;
}

/// The moves U, L, F, R, B, D of the cube on 48 facelets, from the GAP documentation.
generator_list cube_moves() {
  generator_list out;
  for (const auto* move : {"(1,3,8,6)(2,5,7,4)(9,33,25,17)(10,34,26,18)(11,35,27,19)",
                           "(9,11,16,14)(10,13,15,12)(1,17,41,40)(4,20,44,37)(6,22,46,35)",
                           "(17,19,24,22)(18,21,23,20)(6,25,43,16)(7,28,42,13)(8,30,41,11)",
                           "(25,27,32,30)(26,29,31,28)(3,38,43,19)(5,36,45,21)(8,33,48,24)",
                           "(33,35,40,38)(34,37,39,36)(3,9,46,32)(2,12,47,29)(1,14,48,27)",
                           "(41,43,48,46)(42,45,47,44)(14,22,30,38)(15,23,31,39)(16,24,32,40)"}) {
    out.push_back(parse_permutation(move, 48, 1));
  }
  return out;
}

/// The nested lists of numbers after "name": in a line of JSON, flat lists as rows; empty where there is no such name.
std::vector<points> rows_of(std::string_view line, const std::string& name) {
  std::vector<points> out;
  const auto at = line.find("\"" + name + "\":[");
  if (at == line.npos) return out;
  const char* p = line.data() + at + name.size() + 4;
  for (int depth = 1; depth > 0; ++p) {
    if (*p == '[' && ++depth == 2) out.emplace_back();
    if (*p == ']') --depth;
    if (*p >= '0' && *p <= '9') p = std::from_chars(p, line.data() + line.size(), out.back().emplace_back()).ptr - 1;
  }
  return out;
}

}  // namespace

TEST_CASE("block systems are all invariant partitions into equal blocks", "[groups][blocks]") {
  const auto s = cosetta::tests::seed(0xb10c5);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  int tried = 0;
  for (int round = 0; round < 600 && tried < 220; ++round) {
    const std::size_t n = 1 + random() % 9;
    generator_list generators;
    std::vector<std::size_t> divisors;
    for (std::size_t d = 1; d <= n; ++d) {
      if (n % d == 0) divisors.push_back(d);
    }
    const auto size = divisors[random() % divisors.size()];
    for (std::size_t g = 0; g < 1 + random() % 3; ++g) {
      auto element = random_in_wreath(random, size, n / size);
      if (random() % 2 == 0) element = element.pow(static_cast<int>(random() % 4));
      generators.push_back(element);
    }
    if (random() % 3 == 0) generators.push_back(rotation(n));
    if (random() % 4 == 0) generators.push_back(permutation(n));
    if (random() % 4 == 0) generators.push_back(generators.front());
    generators = conjugated(generators, random_permutation(random, n));
    if (!is_transitive(generators, n)) continue;
    ++tried;
    check_against_partitions(generators, random);
  }
  CHECK(tried >= 150);
  // Regular groups have the most systems.
  check_against_partitions(elementary_abelian(2, 3), random);
  check_against_partitions(elementary_abelian(3, 2), random);
  check_against_partitions({rotation(8)}, random);
  check_against_partitions({rotation(10), reflection(10)}, random);
}

TEST_CASE("a cyclic group has a system for every divisor", "[groups][blocks]") {
  CHECK(block_sizes({rotation(12)}) == std::vector<std::size_t>{2, 3, 4, 6});
  CHECK(block_sizes({rotation(12), reflection(12)}) == std::vector<std::size_t>{2, 3, 4, 6});
  CHECK(block_sizes({rotation(360)}).size() == 22);
  CHECK(block_sizes({rotation(360), reflection(360)}).size() == 22);
  CHECK(block_sizes({rotation(1024)}) == std::vector<std::size_t>{2, 4, 8, 16, 32, 64, 128, 256, 512});
  CHECK(is_primitive(generator_list{rotation(1009)}));
  CHECK_FALSE(is_primitive(generator_list{rotation(1009 * 3)}));
  const auto minimal = minimal_block_systems(generator_list{rotation(360)});
  REQUIRE(minimal.size() == 3);
  CHECK(minimal[0].block_of(0) == points{0, 180});
  CHECK(minimal[1].block_of(0) == points{0, 120, 240});
  CHECK(minimal[2].block_size() == 5);
  const auto system = minimal_block_system(generator_list{rotation(12)}, points{1, 5});
  CHECK(system.blocks() == std::vector<points>{{0, 4, 8}, {1, 5, 9}, {2, 6, 10}, {3, 7, 11}});
  CHECK(minimal_block_system(generator_list{rotation(12)}, points{0, 6, 10}).block_size() == 6);
}

TEST_CASE("the systems of a regular group are its subgroups", "[groups][blocks]") {
  // All subspaces but the two trivial ones: 67 and 374 over GF(2), 28 over GF(3), 8 over GF(5).
  CHECK(all_block_systems(elementary_abelian(2, 4)).size() == 65);
  CHECK(all_block_systems(elementary_abelian(2, 5)).size() == 372);
  CHECK(all_block_systems(elementary_abelian(3, 3)).size() == 26);
  CHECK(all_block_systems(elementary_abelian(5, 2)).size() == 6);
  CHECK(minimal_block_systems(elementary_abelian(2, 5)).size() == 31);
  CHECK(minimal_block_systems(elementary_abelian(3, 3)).size() == 13);
  CHECK_THROWS_MATCHES(all_block_systems(elementary_abelian(2, 5), {}, 371), resource_error,
                       message_with("more than the 371 block systems"));
  CHECK(all_block_systems(elementary_abelian(2, 5), {}, 372).size() == 372);
  // S_4 on itself has 30 subgroups.
  const generator_list s4{parse_permutation("(0 1 2 3)"), parse_permutation("(0 1)", 4)};
  const auto regular = orbit(s4, permutation(4), on_right{});
  generator_list on_itself;
  for (const auto& g : s4) on_itself.push_back(action_on(regular, g, on_right{}));
  CHECK(all_block_systems(on_itself).size() == 28);
}

TEST_CASE("wreath products keep the blocks that they are made of", "[groups][blocks]") {
  const auto s = cosetta::tests::seed(0x3ea7);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (const auto& [size, count] :
       std::vector<std::pair<std::size_t, std::size_t>>{{2, 50}, {5, 10}, {3, 4}, {30, 7}}) {
    const auto n = size * count;
    const auto relabel = random_permutation(random, n);
    generator_list generators;
    for (int g = 0; g < 6; ++g) generators.push_back(random_in_wreath(random, size, count));
    generators = conjugated(generators, relabel);
    REQUIRE(is_transitive(generators, n));
    std::vector<points> expected(count);
    for (point x = 0; x < n; ++x) expected[x / size].push_back(relabel[x]);
    const auto systems = all_block_systems(generators);
    REQUIRE(std::find(systems.begin(), systems.end(), make_block_system(expected)) != systems.end());
    CHECK_FALSE(is_primitive(generators));
    CHECK(minimal_block_system(generators, expected[1]) == make_block_system(expected));
    for (const auto& system : systems) check_system(generators, system);
  }
}

TEST_CASE("the action on blocks is a homomorphism", "[groups][blocks]") {
  std::mt19937_64 random(77);
  generator_list elements;
  for (int g = 0; g < 8; ++g) elements.push_back(random_in_wreath(random, 3, 7));
  std::vector<points> blocks(7);
  for (point x = 0; x < 21; ++x) blocks[x / 3].push_back(x);
  const auto system = make_block_system(blocks);
  const auto images = block_action(elements, system);
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = 0; b < 8; ++b) {
      REQUIRE(block_action(generator_list{elements[a] * elements[b]}, system)[0] == images[a] * images[b]);
    }
  }
}

TEST_CASE("primitive groups", "[groups][blocks]") {
  for (std::size_t n = 2; n <= 80; ++n) {
    CHECK(is_primitive(generator_list{rotation(n), transposition(n, 0, 1)}));
    if (n >= 4) CHECK(minimal_block_systems(generator_list{rotation(n), transposition(n, 0, 1)}).empty());
  }
  // S_n on k-sets is primitive unless n = 2k, where complements are blocks.
  for (std::size_t n = 5; n <= 9; ++n) {
    const generator_list sn{rotation(n), transposition(n, 0, 1)};
    for (std::size_t k = 2; 2 * k <= n; ++k) {
      points set(k);
      std::iota(set.begin(), set.end(), point{0});
      const auto sets = orbit(sn, set, on_sets{});
      generator_list action;
      for (const auto& g : sn) action.push_back(action_on(sets, g, on_sets{}));
      INFO(n << " " << k);
      CHECK(is_primitive(action) == (n != 2 * k));
      CHECK(all_block_systems(action).size() == (n == 2 * k ? 1 : 0));
    }
  }
  // PSL(3,7) on the points of its plane, and on its flags, where the points and the lines of flags are the systems.
  const std::vector<matrix> sl37{make_matrix(3, 3, 7, std::vector<std::int64_t>{1, 1, 0, 0, 1, 0, 0, 0, 1}),
                                 make_matrix(3, 3, 7, std::vector<std::int64_t>{0, 1, 0, 0, 0, 1, 1, 0, 0})};
  const auto plane = orbit(sl37, std::vector<std::uint64_t>{1, 0, 0}, on_lines{});
  REQUIRE(plane.size() == 57);
  generator_list on_plane;
  for (const auto& g : sl37) on_plane.push_back(action_on(plane, g, on_lines{}));
  CHECK(is_primitive(on_plane));
  // A line is the set of points with last coordinate 0; a flag is the pair ({point}, line).
  points line;
  for (point i = 0; i < 57; ++i) {
    if (plane[i][2] == 0) line.push_back(i);
  }
  REQUIRE(line.size() == 8);
  const std::vector<points> flag{{line[0]}, line};
  const auto flags = orbit(on_plane, flag, on_tuples_by<on_sets>{});
  REQUIRE(flags.size() == 57 * 8);
  generator_list on_flags;
  for (const auto& g : on_plane) on_flags.push_back(action_on(flags, g, on_tuples_by<on_sets>{}));
  CHECK(block_sizes(on_flags) == std::vector<std::size_t>{8, 8});
  CHECK(minimal_block_systems(on_flags).size() == 2);
}

TEST_CASE("the pieces of a cube are the blocks of its facelets", "[groups][blocks]") {
  const auto moves = cube_moves();
  const auto found = orbits(moves, 48);
  REQUIRE(found.size() == 2);
  for (const auto& facelets : found) {
    REQUIRE(facelets.size() == 24);
    const bool corners = facelets[0] == 0;  // facelet 1 of GAP's numbering is a corner
    const auto restricted = restrict_to(moves, facelets);
    const auto systems = all_block_systems(restricted);
    REQUIRE(systems.size() == 1);
    CHECK(systems[0].block_size() == (corners ? 3 : 2));
    CHECK(is_primitive(block_action(restricted, systems[0])));
    // Up, left and back meet in the first corner: 1, 9 and 35; up and back in the first edge: 2 and 34.
    points first;
    for (const auto x : systems[0].block_of(0)) first.push_back(facelets[x] + 1);
    CHECK(first == (corners ? points{1, 9, 35} : points{2, 34}));
  }
}

TEST_CASE("small degrees follow GAP", "[groups][blocks]") {
  CHECK(is_primitive(generator_list{permutation(0)}));
  CHECK(is_primitive(generator_list{permutation(1)}));
  CHECK(is_primitive(generator_list{transposition(2, 0, 1)}));
  CHECK_FALSE(is_primitive(generator_list{permutation(2)}));
  CHECK_FALSE(is_primitive(generator_list{transposition(3, 0, 1)}));
  for (const std::size_t n : {0UL, 1UL}) {
    CHECK(minimal_block_systems(generator_list{permutation(n)}).empty());
    CHECK(all_block_systems(generator_list{permutation(n)}).empty());
  }
  CHECK(minimal_block_system(generator_list{permutation(0)}, {}) == block_system{{}, 0});
  CHECK(minimal_block_system(generator_list{permutation(1)}, points{0, 0}) == block_system{{0}, 1});
  CHECK(minimal_block_system(generator_list{rotation(4)}, {}).count == 4);
  CHECK(minimal_block_system(generator_list{rotation(4)}, points{3}).count == 4);
  CHECK(minimal_block_system(generator_list{rotation(4)}, points{0, 1}).count == 1);
  CHECK(make_block_system({}) == block_system{{}, 0});
  CHECK(block_action(generator_list{permutation(0)}, block_system{})[0].degree() == 0);
}

TEST_CASE("block systems need a transitive group", "[groups][blocks]") {
  const generator_list two{parse_permutation("(0 1 2)(3 4 5)")};
  const auto message = message_with("orbit of 0 has 3 of 6 points: use restrict_to");
  CHECK_THROWS_MATCHES(minimal_block_systems(two), domain_error, message);
  CHECK_THROWS_MATCHES(all_block_systems(two), domain_error, message);
  CHECK_THROWS_MATCHES(minimal_block_system(two, points{0, 1}), domain_error, message);
  CHECK_FALSE(is_primitive(two));
  const generator_list none;
  CHECK_THROWS_MATCHES(is_primitive(none), domain_error, message_with("pass the identity"));
  CHECK_THROWS_MATCHES(all_block_systems(none), domain_error, message_with("pass the identity"));
  CHECK_THROWS_MATCHES(minimal_block_system(none, {}), domain_error, message_with("pass the identity"));
  CHECK_THROWS_MATCHES(minimal_block_system(generator_list{rotation(4)}, points{4}), domain_error,
                       message_with("point 4"));
  CHECK_THROWS_MATCHES(is_primitive(generator_list{rotation(4)}, points{1, 7}), domain_error,
                       message_with("representative 7"));
  CHECK_THROWS_MATCHES(is_primitive(generator_list{rotation(4), rotation(5)}), domain_error,
                       message_with("generator 1 has degree 5"));
}

TEST_CASE("what is no block system is refused", "[groups][blocks]") {
  const auto make = [](const std::vector<points>& blocks) { return make_block_system(blocks); };
  CHECK_THROWS_MATCHES(make({{0, 1}, {2}}), domain_error, message_with("block 1 has 1 points"));
  CHECK_THROWS_MATCHES(make({{}, {}}), domain_error, message_with("block 0 has 0 points"));
  CHECK_THROWS_MATCHES(make({{0, 1}, {2, 4}}), domain_error, message_with("point 4 in block 1"));
  CHECK_THROWS_MATCHES(make({{0, 1}, {1, 2}}), domain_error,
                       message_with("point 1 is in block 0 and again in block 1"));
  CHECK_THROWS_MATCHES(make({{0, 0}, {1, 2}}), domain_error, message_with("point 0 is in block 0 and again"));
  CHECK(make({{3, 1}, {0, 2}}).labels == std::vector<std::uint32_t>{0, 1, 0, 1});
  const generator_list square{permutation(4), rotation(4)};
  CHECK_THROWS_MATCHES(block_action(square, make({{0, 1}, {2, 3}})), domain_error,
                       message_with("generator 1 takes points of block 0 to blocks 0 and 1"));
  CHECK_THROWS_MATCHES(block_action(square, make({{0, 1}})), domain_error, message_with("has degree 4, expected 2"));
}

TEST_CASE("block systems agree with GAP's", "[groups][blocks]") {
  std::ifstream file(std::string(COSETTA_SOURCE_DIR) + "/../shared/data/groups/perm_groups.jsonl");
  if (!file) return;  // reference data are no part of the repository
  std::size_t imprimitive = 0;
  for (std::string line; std::getline(file, line);) {
    const auto name = line.substr(0, line.find(','));
    INFO(name);
    generator_list generators;
    for (const auto& images : rows_of(line, "generators")) generators.push_back(make_permutation(images));
    REQUIRE_FALSE(generators.empty());
    REQUIRE(is_primitive(generators) == (line.find("\"is_primitive\":true") != line.npos));
    if (!is_transitive(generators, generators[0].degree())) continue;
    std::vector<points> blocks;
    for (const auto& system : all_block_systems(generators)) blocks.push_back(system.block_of(0));
    auto expected = rows_of(line, "block_representatives_containing_0");
    std::sort(blocks.begin(), blocks.end());
    std::sort(expected.begin(), expected.end());
    REQUIRE(blocks == expected);
    imprimitive += !expected.empty();
  }
  CHECK(imprimitive >= 20);
}

}  // namespace blocks_test
