// Networks: files that are read and refused, predictions against plain double precision, and beams that they steer.
#include <graphs/catalogue.hpp>
#include <kernels/byte_rows.hpp>
#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/network_program.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/random_rows.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace network_test {
namespace {

using Catch::Matchers::Contains;

void append(std::string& out, const std::vector<float>& numbers) {
  for (const float x : numbers) {
    for (int b = 0; b < 4; ++b) out += static_cast<char>(std::bit_cast<std::uint32_t>(x) >> 8 * b & 0xff);
  }
}

std::string file_of(const std::string& degree, std::string layers, const std::vector<float>& numbers, const std::string& more = "") {
  std::erase(layers, '\n');
  std::string out = R"({"format": "cosetta.network", "version": 1, "degree": )" + degree + R"(, "encoding": "one_hot", "layers": [)" + layers + "]" + more + "}\n";
  append(out, numbers);
  return out;
}

std::vector<float> random_floats(std::size_t count, std::mt19937_64& random, float least = -0.5F, float greatest = 0.5F) {
  std::uniform_real_distribution<float> uniform(least, greatest);
  std::vector<float> out(count);
  for (auto& x : out) x = uniform(random);
  return out;
}

/// All kinds of layers: two batch norms that fold and one that does not, residual blocks within each other.
std::string rich_file(std::size_t n, std::size_t hidden, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto h = std::to_string(hidden);
  std::vector<float> numbers;
  const auto put = [&](std::size_t count, float least = -0.5F, float greatest = 0.5F) {
    const auto some = random_floats(count, random, least, greatest);
    numbers.insert(numbers.end(), some.begin(), some.end());
  };
  const auto batch_norm = [&] { put(2 * hidden), put(hidden), put(hidden, 0.2F, 2.0F); };
  put(n * n * hidden), put(hidden), batch_norm();
  put(hidden * hidden), batch_norm();
  put(hidden * hidden), put(hidden), put(2 * hidden);
  batch_norm();
  put(hidden), put(1);
  return file_of(std::to_string(n), R"({"type": "linear", "in": )" + std::to_string(n * n) + R"(, "out": )" + h + R"(}, {"type": "batch_norm", "size": )" + h + R"(}, {"type": "relu"},
      {"type": "residual_begin"}, {"type": "residual_begin"}, {"type": "linear", "in": )" + h + R"(, "out": )" + h + R"(, "bias": false}, {"type": "batch_norm", "size": )" + h +
      R"(, "epsilon": 0.01}, {"type": "residual_end"}, {"type": "relu"}, {"type": "linear", "in": )" + h + R"(, "out": )" + h + R"(}, {"type": "layer_norm", "size": )" + h +
      R"(}, {"type": "residual_end"}, {"type": "batch_norm", "size": )" + h + R"(}, {"type": "linear", "in": )" + h + R"(, "out": 1})", numbers, R"(, "output": {"scale": 3, "offset": -1}, "about": "a test")");
}

/// As the file says it, in double precision, without folding.
double plain_prediction(const network& net, const std::uint8_t* row) {
  const std::size_t n = net.degree;
  std::vector<double> x(n * n);
  for (std::size_t v = 0; v < n; ++v) x[row[v] * n + v] = 1;
  std::vector<std::vector<double>> open;
  for (const auto& layer : net.layers) {
    std::vector<double> y(layer.out);
    double mean = 0, variance = 0;
    for (const double value : x) mean += value / static_cast<double>(x.size());
    for (const double value : x) variance += (value - mean) * (value - mean) / static_cast<double>(x.size());
    for (std::size_t o = 0; o < layer.out; ++o) {
      switch (layer.what) {
        case network_layer::kind::linear:
          y[o] = layer.bias[o];
          for (std::size_t k = 0; k < layer.in; ++k) y[o] += layer.weight[o * layer.in + k] * x[k];
          break;
        case network_layer::kind::batch_norm:
          y[o] = (x[o] - layer.mean[o]) / std::sqrt(layer.variance[o] + layer.epsilon) * layer.weight[o] + layer.bias[o];
          break;
        case network_layer::kind::layer_norm:
          y[o] = (x[o] - mean) / std::sqrt(variance + layer.epsilon) * layer.weight[o] + layer.bias[o];
          break;
        case network_layer::kind::relu:
          y[o] = std::max(x[o], 0.0);
          break;
        case network_layer::kind::residual_begin:
          y[o] = x[o];
          break;
        case network_layer::kind::residual_end:
          y[o] = x[o] + open.back()[o];
      }
    }
    if (layer.what == network_layer::kind::residual_begin) open.push_back(x);
    if (layer.what == network_layer::kind::residual_end) open.pop_back();
    x = std::move(y);
  }
  return x[0] * net.scale;  // the offset orders nothing
}

std::vector<float> predictions(const network& net, network_precision precision, kernels::instruction_set set, const std::vector<std::uint8_t>& rows, std::size_t batch) {
  const network_program program(net, precision, set);
  const std::size_t stride = kernels::byte_row_stride(net.degree), count = rows.size() / stride;
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; i += batch) program.predict(rows.data() + i * stride, stride, std::min(batch, count - i), out.data() + i);
  return out;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const auto count = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / count, mean_b = std::accumulate(b.begin(), b.end(), 0.0) / count;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) ab += (a[i] - mean_a) * (b[i] - mean_b), aa += (a[i] - mean_a) * (a[i] - mean_a), bb += (b[i] - mean_b) * (b[i] - mean_b);
  return ab / std::sqrt(aa * bb);
}

TEST_CASE("networks: folded and packed they say what plain double precision says, the same in every variant and batch; int8 orders alike") {
  std::mt19937_64 random(tests::seed(71));
  for (const auto& [n, hidden] : {std::pair<std::size_t, std::size_t>{5, 6}, {9, 40}, {20, 64}}) {
    const auto net = parse_network(rich_file(n, hidden, n), "rich");
    CHECK(net.layers.size() == 14);
    CHECK(net.widths() == std::to_string(n * n) + "-" + std::to_string(hidden) + "-" + std::to_string(hidden) + "-" + std::to_string(hidden) + "-1");
    const auto rows = tests::random_rows(n, 150, random);
    const auto scalar = kernels::instruction_set::scalar;
    const auto first = predictions(net, network_precision::float32, scalar, rows, 150), small = predictions(net, network_precision::int8, scalar, rows, 150);
    for (std::size_t i = 0; i < first.size(); ++i) {
      CHECK(first[i] == Approx(plain_prediction(net, rows.data() + i * kernels::byte_row_stride(n))).margin(1e-4));
    }
    CHECK(correlation(first, small) > (hidden < 10 ? 0.98 : 0.995));
    for (const auto set : kernels::all_instruction_sets()) {
      if (!kernels::is_supported(set)) continue;
      INFO(kernels::to_string(set) << ", " << n << " points");
      for (const std::size_t batch : {1, 37, 150}) {
        CHECK(predictions(net, network_precision::float32, set, rows, batch) == first);
        CHECK(predictions(net, network_precision::int8, set, rows, batch) == small);
      }
    }
  }
}

TEST_CASE("networks: files that are no network are refused by name, place and reason") {
  const std::string one = R"({"type": "linear", "in": 4, "out": 1})";
  const std::vector<float> five{1, 2, 3, 4, 5};
  const auto net = parse_network(file_of("2", one, five), "good.net");
  CHECK(net.layers[0].weight == std::vector<float>{1, 2, 3, 4});
  CHECK(net.layers[0].bias == std::vector<float>{5});
  CHECK(net.scale == 1);
  const float infinity = std::numeric_limits<float>::infinity(), no_number = std::numeric_limits<float>::quiet_NaN();
  auto cut = file_of("2", one, five);
  cut.pop_back();
  const std::string norm = R"({"type": "batch_norm", "size": 1})", begin = R"({"type": "residual_begin"})", end = R"({"type": "residual_end"})";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "bad.net:1: no header"},
      {"{}", "no header"},
      {"{}\n", "no \"format\""},
      {"[1\n", "bad.net:1: not JSON"},
      {"\xff\xfe\n", "not JSON"},
      {"7\n", "not a JSON object"},
      {"{\"format\": \"other\"}\n", "is not \"cosetta.network\""},
      {"{\"format\": \"cosetta.network\", \"version\": 2}\n", "version 2: this program reads version 1"},
      {file_of("1", one, five), "\"degree\" is 1, not a number from 2 to 250"},
      {file_of("-2", one, five), "\"degree\" is -2"},
      {file_of("2", one, five, ", \"heads\": 3"), "unknown key \"heads\""},
      {file_of("2", one, five, ", \"output\": {\"scale\": 1e40}"), "\"scale\" is 1e+40"},
      {file_of("2", "", five), "\"layers\" is no list of 1 to"},
      {file_of("2", R"({"type": "conv"})", five), "layer 0: unknown type \"conv\""},
      {file_of("2", R"({"type": "relu"})", five), "layer 0: the first layer has to be linear"},
      {file_of("2", R"({"type": "linear", "in": 5, "out": 1})", five), "layer 0: it takes 5 numbers, but gets 4"},
      {file_of("2", R"({"type": "linear", "in": 4, "out": 99999})", five), "layer 0: \"out\" is 99999"},
      {file_of("2", R"({"type": "linear", "in": 4, "out": 1, "bias": 0})", five), "\"bias\" is neither true nor false"},
      {file_of("2", R"({"type": "linear", "in": 4, "out": 2})", std::vector<float>(10)), "the last layer gives 2 numbers"},
      {file_of("2", one + "," + begin, five), "a residual_begin without its residual_end"},
      {file_of("2", one + "," + end, five), "layer 1: no residual_begin belongs to it"},
      {file_of("2", one + "," + begin + R"(, {"type": "linear", "in": 1, "out": 2}, )" + end, five), "layer 3: 1 numbers are added to 2"},
      {file_of("2", one + R"(, {"type": "batch_norm", "size": 1, "epsilon": -1})", five), "\"epsilon\" is negative"},
      {file_of("250", R"({"type": "linear", "in": 62500, "out": 16384}, {"type": "linear", "in": 16384, "out": 1})", five), "20 bytes follow the header, but its layers have 1024032769 numbers"},
      {cut, "byte 131: 19 bytes follow the header"},
      {file_of("2", one, {1, 2, 3, 4, 5, 6}), "24 bytes follow the header"},
      {file_of("2", one, {1, 2, no_number, 4, 5}), "layer 0, weight[2] is nan"},
      {file_of("2", one, {1, 2, 3, 4, infinity}), "layer 0, bias[0] is inf"},
      {file_of("2", one + "," + norm, {1, 2, 3, 4, 5, 6, 7, 8, -1}), "layer 1, running_var[0] is -1: a variance"}};
  for (const auto& [bytes, reason] : cases) CHECK_THROWS_WITH(parse_network(bytes, "bad.net"), Contains(reason) && Contains("bad.net"));
  for (const auto& [bytes, reason] : cases) CHECK_THROWS_AS(parse_network(bytes, "bad.net"), parse_error);
  CHECK_THROWS_AS(read_network("no/such/file.net"), parse_error);
  CHECK_THROWS_AS(read_network("/"), parse_error);
  // What a mutated file holds is refused, or a network that runs.
  std::mt19937_64 random(tests::seed(72));
  const auto good = rich_file(2, 3, 1);
  const auto rows = tests::random_rows(2, 1, random);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < 1500; ++i) {
    auto bytes = good;
    for (std::size_t k = 1 + random() % 3; k > 0; --k) {
      const std::size_t at = random() % (random() % 2 == 0 ? bytes.size() : 700);
      if (random() % 3 == 0) bytes.erase(at, 1 + random() % 9);
      else bytes[at] = random() % 2 == 0 ? static_cast<char>(random()) : "0189{}[],:\""[random() % 11];
    }
    try {
      predictions(parse_network(bytes, "mutated"), network_precision::int8, kernels::best_instruction_set(), rows, 1);
    } catch (const parse_error&) {
      ++refused;
    } catch (const domain_error&) {
    }
  }
  CHECK(refused > 500);
}

graphs::state replay(const graphs::graph_definition& graph, graphs::state s, const std::vector<std::size_t>& word) {
  for (const auto g : word) s = graph.apply(g, s);
  return s;
}

/// Labels that are not home, and nothing else: one layer that counts those at home, and its place in a layer of eight outputs with another behind it.
std::string hamming_file(std::size_t n, bool deep) {
  std::vector<float> numbers(n * n * (deep ? 8 : 1));
  for (std::size_t i = 0; i < n; ++i) numbers[i * n + i] = -1;
  numbers.resize(numbers.size() + (deep ? 8 : 1));
  numbers[n * n * (deep ? 8 : 1)] = static_cast<float>(n);
  const auto in = std::to_string(n * n);
  if (!deep) return file_of(std::to_string(n), R"({"type": "linear", "in": )" + in + R"(, "out": 1})", numbers);
  for (const float x : {1.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F}) numbers.push_back(x);
  return file_of(std::to_string(n), R"({"type": "linear", "in": )" + in + R"(, "out": 8}, {"type": "relu"}, {"type": "linear", "in": 8, "out": 1})", numbers);
}

TEST_CASE("networks: one that counts labels away from home orders states as hamming does") {
  std::mt19937_64 random(tests::seed(73));
  const auto graph = graphs::make_catalogue_graph("lrx:8");
  const auto hamming = make_hamming_heuristic(graph);
  const auto rows = tests::random_rows(8, 300, random);
  std::vector<std::uint32_t> expected(300), out(300);
  hamming->score(rows.data(), 300, expected.data());
  for (const bool deep : {false, true}) {
    const auto net = parse_network(hamming_file(8, deep), "hamming");
    for (const auto precision : {network_precision::float32, network_precision::int8}) {
      const auto learned = make_network_heuristic(graph, net, precision);
      CHECK(learned->name() == std::string(deep ? "network 64-8-1, " : "network 64-1, ") + (precision == network_precision::int8 ? "int8" : "float32"));
      learned->score(rows.data(), 300, out.data());
      std::map<std::uint32_t, std::uint32_t> score_of;  // of each number of labels
      for (std::size_t i = 0; i < 300; ++i) CHECK(score_of.try_emplace(expected[i], out[i]).first->second == out[i]);
      CHECK(score_of.size() > 4);
      CHECK(std::is_sorted(score_of.begin(), score_of.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
      CHECK(std::max_element(out.begin(), out.end())[0] <= learned->most());
    }
    CHECK_THROWS_AS(make_network_heuristic(graphs::make_catalogue_graph("lrx:9"), net, network_precision::float32), domain_error);
  }
  // Weights that pass what float32 holds.
  const std::vector<float> great(64 * 8, 1e29F);
  std::vector<float> numbers(great);
  numbers.resize(great.size() + 8);
  for (int i = 0; i < 9; ++i) numbers.push_back(i < 8 ? 1e29F : 0.0F);
  const auto net = parse_network(file_of("8", R"({"type": "linear", "in": 64, "out": 8}, {"type": "linear", "in": 8, "out": 1})", numbers), "great");
  CHECK_THROWS_AS(make_network_heuristic(graph, net, network_precision::float32), domain_error);
}

TEST_CASE("networks: beams by them lead home, the same for any number of threads") {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  std::mt19937_64 random(tests::seed(74));
  beam_options options;
  options.width = tests::sanitized ? 100 : 300, options.ball_states = 500, options.attempts = 1, options.estimate = beam_estimate::network;
  CHECK_THROWS_AS(beam_solver(graph, options, {}), domain_error);
  for (const auto precision : {network_precision::float32, network_precision::int8}) {
    options.network = std::make_shared<const network>(parse_network(rich_file(9, 33, 5), "rich")), options.precision = precision;
    options.max_length = 60;
    const beam_solver solver(graph, options, {});
    graphs::state s = graph.central();
    std::shuffle(s.begin(), s.end(), random);
    std::optional<beam_result> first;
    for (const unsigned threads : {1U, 3U}) {
      run_context context;
      context.threads = threads;
      const auto r = solver.solve(s, context);
      if (r.found) CHECK(replay(graph, s, r.word) == graph.central());
      if (!first) first = r;
      CHECK(r.found == first->found);
      CHECK(r.word == first->word);
      CHECK(r.candidates == first->candidates);
    }
    options.network = std::make_shared<const network>(parse_network(hamming_file(9, true), "hamming"));
    options.width = 2000, options.max_length.reset();
    const auto r = beam_solver(graph, options, {}).solve(s, {});
    REQUIRE(r.found);
    CHECK(replay(graph, s, r.word) == graph.central());
    options.width = 300;
  }
  const std::vector<float> zeros(81 * 16384 + 2 * 16384 + 1);
  options.network = std::make_shared<const network>(parse_network(file_of("9", R"({"type": "linear", "in": 81, "out": 16384}, {"type": "linear", "in": 16384, "out": 1})", zeros), "wide"));
  options.width = 10, options.ball_states = 1;
  run_context small;
  small.memory_bytes = 5'000'000;
  CHECK_THROWS_WITH(beam_solver(graph, options, small), Contains("the network takes"));
}

}  // namespace
}  // namespace network_test
}  // namespace cosetta::search
