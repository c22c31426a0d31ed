#include <kernels/bit_rows.hpp>
#include <search/state_numbering.hpp>
#include <search/tower_engine.hpp>
#include <search/tower_states.hpp>

#include <algorithm>
#include <bit>
#include <memory>

namespace cosetta::search {

namespace {

class word_sum {
 public:
  void fold(std::uint64_t word) noexcept {
    sum_ = (std::rotl(sum_, 29) ^ word) * 0xd6e8feb86659fd93;
    sum_ ^= sum_ >> 32;
  }
  template <class Array>
  void fold_all(const Array& array) noexcept {
    fold(array.size());
    for (const auto entry : array) fold(entry);
  }
  /// The numbers of states along a walk in a fixed disorder.
  template <class Numbering>
  void fold_walk(const graphs::graph_definition& graph, const Numbering& numbering) {
    auto s = graph.central();
    for (std::uint64_t i = 0, step = 1; i < 256; ++i, step = step * 6364136223846793005 + 1442695040888963407) {
      fold(numbering.index_of(s).value_or(~std::uint64_t{0}));
      s = graph.apply((step >> 33) % graph.generator_count(), s);
    }
  }
  std::uint64_t value() const noexcept { return sum_; }

 private:
  std::uint64_t sum_ = 0x9e3779b97f4a7c15;
};

/// The positions of a layout as a split index, if they are those that the generators move.
std::optional<split_numbering> split_of(const graphs::graph_definition& graph, const numbering_layout& layout) {
  constexpr std::size_t most_rows = 24;  // split_index.hpp
  const auto* set = graph.permutations();
  if (set == nullptr) return std::nullopt;
  std::vector<std::uint32_t> moved;
  for (std::uint32_t i = 0; i < graph.degree(); ++i) {
    if (std::ranges::any_of(set->elements(), [i](const auto& p) { return p[i] != i; })) moved.push_back(i);
  }
  auto sorted = layout.positions;
  std::ranges::sort(sorted);
  if (sorted != moved || moved.size() > 62 || layout.columns == 0 || layout.columns > moved.size() ||
      moved.size() - layout.columns > most_rows) {
    return std::nullopt;
  }
  const auto labels = two_labels(graph.central(), layout.positions);
  if (!labels) return std::nullopt;
  auto index = std::make_shared<const split_index>(layout.columns, static_cast<unsigned>(moved.size()) - layout.columns, labels->ones);
  return split_numbering(graph.central(), layout.positions, *labels, std::move(index));
}

std::optional<fibre_numbering> fibres_of(const graphs::graph_definition& graph, const numbering_layout& layout, const run_context& context) {
  const auto choice = find_fibre(graph);
  if (!choice) return std::nullopt;
  return fibre_numbering::make(*choice, layout.size / kernels::row_stride(choice->fibre.row_length()), context);
}

}  // namespace

numbering_layout layout_of(const coset_tower& tower, const growth_options& options) {
  return {"tower", tower.index_size(), tower.fingerprint(), options.symmetry, options.doubled, options.layout, {}, 0};
}

numbering_layout layout_of(const graphs::graph_definition& graph, const split_numbering& numbering) {
  word_sum sum;
  sum.fold(numbering.columns());
  sum.fold_all(numbering.positions());
  sum.fold_walk(graph, numbering);
  return {"split", numbering.size(), sum.value(), true, false, {}, numbering.positions(), numbering.columns()};
}

numbering_layout layout_of(const graphs::graph_definition& graph, const fibre_numbering& numbering) {
  word_sum sum;
  sum.fold(numbering.stride());
  sum.fold_all(numbering.keys());
  sum.fold_walk(graph, numbering);
  return {"fibres", numbering.size(), sum.value(), true, false, {}, {}, 0};
}

numbering_layout layout_of(const graphs::graph_definition& graph, const listed_numbering& numbering) {
  word_sum sum;
  sum.fold(numbering.states().size());
  sum.fold_walk(graph, numbering);
  return {"list", numbering.size(), sum.value(), true, false, {}, {}, 0};
}

bool is_known_kind(std::string_view kind) noexcept {
  return kind == "tower" || kind == "split" || kind == "fibres" || kind == "list";
}

state_numbers number_states(const graphs::graph_definition& graph, const numbering_layout& layout, const run_context& context) {
  const auto same = [&](const numbering_layout& other) { return other.size == layout.size && other.fingerprint == layout.fingerprint; };
  if (layout.kind == "tower") {
    growth_options options;
    options.symmetry = layout.symmetry, options.doubled = layout.doubled, options.layout = layout.moves;
    auto tower = build_tower(graph, options, context);
    if (!tower || tower->index_size() != layout.size || !same(layout_of(*tower, options))) return {};
    return [tower, central = graph.central()](const graphs::state& s) { return index_of_state(*tower, central, s); };
  }
  if (layout.kind == "split") {
    auto split = split_of(graph, layout);
    if (!split || !same(layout_of(graph, *split))) return {};
    return [numbering = std::move(*split)](const graphs::state& s) { return numbering.index_of(s); };
  }
  if (layout.kind == "list") {
    auto list = listed_numbering::make(graph, context);
    if (!list || !same(layout_of(graph, *list))) return {};
    return [numbering = std::move(*list)](const graphs::state& s) { return numbering.index_of(s); };
  }
  auto fibres = fibres_of(graph, layout, context);
  if (!fibres || !same(layout_of(graph, *fibres))) return {};
  return [numbering = std::move(*fibres)](const graphs::state& s) { return numbering.index_of(s); };
}

}  // namespace cosetta::search
