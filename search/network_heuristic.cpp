#include <graphs/graph_definition.hpp>
#include <kernels/error.hpp>
#include <search/byte_graph.hpp>
#include <search/heuristic.hpp>
#include <search/network_program.hpp>
#include <search/network_scores.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

class learned final : public heuristic {
 public:
  learned(const byte_graph& graph, const network& net, network_precision precision)
      : name_(fmt::format("network {}, {}", net.widths(), precision == network_precision::int8 ? "int8" : "float32")),
        program_(net, precision, kernels::best_instruction_set()),
        stride_(graph.stride) {
    const auto rows = network_scores::sample(graph);
    std::vector<float> said(rows.size() / stride_);
    program_.predict(rows.data(), stride_, said.size(), said.data());
    score_of_ = network_scores(said, name_);
  }

  std::string_view name() const noexcept override { return name_; }
  std::uint32_t most() const noexcept override { return network_scores::last; }
  std::size_t bytes() const noexcept override { return program_.bytes(); }

  void score(const std::uint8_t* rows, std::size_t count, std::uint32_t* out) const override {
    std::array<float, 256> said;
    for (std::size_t i = 0; i < count; i += said.size()) {
      const auto now = std::min(said.size(), count - i);
      program_.predict(rows + i * stride_, stride_, now, said.data());
      for (std::size_t k = 0; k < now; ++k) out[i + k] = score_of_(said[k]);
    }
  }

 private:
  std::string name_;
  network_program program_;
  std::size_t stride_;
  network_scores score_of_;
};

}  // namespace

std::vector<std::uint8_t> network_scores::sample(const byte_graph& graph) {
  constexpr std::size_t walks = 256;
  std::mt19937_64 random(1);
  std::vector<std::uint8_t> out = graph.home(), now, next(walks * graph.stride);
  for (std::size_t i = 0; i < walks; ++i) now.insert(now.end(), out.begin(), out.end());
  const std::size_t steps = std::min<std::size_t>(graph.n * graph.n + 50, 4000);
  std::vector<kernels::moved_row> what(walks);
  for (std::size_t step = 1; step <= steps; ++step) {
    for (std::size_t i = 0; i < walks; ++i) what[i] = {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(random() % graph.generators)};
    graph.kernels.move(now.data(), graph.forward.data(), graph.stride, what.data(), walks, next.data(), nullptr);
    now.swap(next);
    if (step == graph.n || step == steps) out.insert(out.end(), now.begin(), now.end());
  }
  return out;
}

network_scores::network_scores(std::span<const float> said, const std::string& name) {
  for (const float x : said) {
    if (!(std::abs(x) < 1e30F)) throw domain_error(fmt::format("{}: it says {} of a state: its weights are too great", name, x));
  }
  const auto [least, greatest] = std::ranges::minmax(said);
  const float range = greatest - least;
  steps_.low = least - range / 2;
  steps_.steps = range > 0 ? static_cast<float>(last) / (2 * range) : 0;
}

std::unique_ptr<heuristic> make_network_heuristic(const graphs::graph_definition& graph, const network& net, network_precision precision) {
  if (net.degree != graph.degree()) {
    throw domain_error(fmt::format("{}: the network {} is for {} points, the graph has {}", graph.spec(), net.widths(), net.degree, graph.degree()));
  }
  return std::make_unique<learned>(byte_graph(graph), net, precision);
}

}  // namespace cosetta::search
