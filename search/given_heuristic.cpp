#include <search/given_heuristic.hpp>

#include <search/network_scores.hpp>

#include <utility>
#include <vector>

namespace cosetta::search {

namespace {

class given final : public heuristic {
 public:
  given(const graphs::graph_definition& graph, state_estimate estimate)
      : central_(graph.central()), estimate_(std::move(estimate)), stride_(kernels::byte_row_stride(central_.size())) {
    const auto rows = network_scores::sample(byte_graph(graph));
    std::vector<float> said(rows.size() / stride_);
    estimate_(states_of(rows.data(), said.size()), said);
    score_of_ = network_scores(said, "the given estimate");
  }

  std::string_view name() const noexcept override { return "given"; }
  std::uint32_t most() const noexcept override { return network_scores::last; }
  std::size_t bytes() const noexcept override { return 0; }
  std::size_t batch() const noexcept override { return 4096; }

  void score(const std::uint8_t* rows, std::size_t count, std::uint32_t* out) const override {
    std::vector<float> said(count);
    estimate_(states_of(rows, count), said);
    for (std::size_t i = 0; i < count; ++i) out[i] = score_of_(said[i]);
  }

 private:
  /// Rows hold places of labels, states labels of places.
  std::vector<std::uint64_t> states_of(const std::uint8_t* rows, std::size_t count) const {
    const auto n = central_.size();
    std::vector<std::uint64_t> out(count * n);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t v = 0; v < n; ++v) out[i * n + rows[i * stride_ + v]] = central_[v];
    }
    return out;
  }

  graphs::state central_;
  state_estimate estimate_;
  std::size_t stride_;
  network_scores score_of_;
};

}  // namespace

std::unique_ptr<heuristic> make_given_heuristic(const graphs::graph_definition& graph, state_estimate estimate) {
  return std::make_unique<given>(graph, std::move(estimate));
}

}  // namespace cosetta::search
