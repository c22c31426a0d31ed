#include <kernels/byte_rows.hpp>
#include <kernels/error.hpp>
#include <search/heuristic.hpp>
#include <search/path_patterns.hpp>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

class pattern_heuristic final : public heuristic {
 public:
  pattern_heuristic(const graphs::graph_definition& graph, prepared_patterns patterns)
      : central_(graph.central()), stride_(kernels::byte_row_stride(graph.degree())), patterns_(std::move(patterns)) {}

  std::string_view name() const noexcept override { return "pattern tables"; }
  void score(const std::uint8_t* rows, std::size_t count, std::uint32_t* out) const override {
    const auto& search = *patterns_.search;
    graphs::state s(central_.size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto* row = rows + i * stride_;
      for (std::size_t v = 0; v < s.size(); ++v) s[row[v]] = central_[v];
      out[i] = search.bounds(*search.space().labels(s));
    }
  }
  std::uint32_t most() const noexcept override { return 255 * static_cast<std::uint32_t>(patterns_.search->lookups()); }
  std::size_t bytes() const noexcept override { return patterns_.bytes; }

 private:
  graphs::state central_;
  std::size_t stride_;
  prepared_patterns patterns_;
};

}  // namespace

std::unique_ptr<heuristic> make_pattern_heuristic(const graphs::graph_definition& graph, std::size_t most_bytes, const run_context& context) {
  auto patterns = prepare_patterns(graph, graph.central(), most_bytes, {}, context);
  if (patterns.search == nullptr) throw domain_error(fmt::format("{}: no pattern tables: {}; use another --heuristic", graph.spec(), patterns.text));
  return std::make_unique<pattern_heuristic>(graph, std::move(patterns));
}

}  // namespace cosetta::search
