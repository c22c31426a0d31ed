#include <kernels/bit_rows.hpp>
#include <search/colour_choice.hpp>
#include <search/state_numbering.hpp>
#include <search/tower_engine.hpp>
#include <search/tower_states.hpp>

#include <algorithm>
#include <bit>
#include <memory>
#include <span>

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

numbering_layout made(const char* kind, std::uint64_t size, std::uint64_t fingerprint) {
  numbering_layout out;
  out.kind = kind, out.size = size, out.fingerprint = fingerprint;
  return out;
}

std::shared_ptr<const colour_tower> colours_of(const graphs::graph_definition& graph, const numbering_layout& layout, const run_context& context) {
  if (graph.permutations() == nullptr || graph.degree() > 4096) return nullptr;
  const auto is_small = [](std::uint32_t x) { return x < 256; };
  if (!std::ranges::all_of(layout.merged, is_small) || !std::ranges::all_of(layout.pieces, is_small)) return nullptr;
  const coarsening coarser{{layout.merged.begin(), layout.merged.end()}, {layout.pieces.begin(), layout.pieces.end()}};
  const auto gauge = layout.gauge < 0 ? colour_cosets::no_gauge : static_cast<std::size_t>(layout.gauge);
  groups::chain_options options;
  options.control = {context.stop, context.deadline, {}};
  auto design = colour_design_for(groups::permutation_group(*graph.permutations(), options), graph, coarser, gauge);
  if (!design || 64 * design->blocks * design->fibre->words() != layout.size) return nullptr;
  // Tables of moves are not needed to number states.
  return std::make_shared<const colour_tower>(std::move(*design), context);
}

std::optional<fibre_numbering> fibres_of(const graphs::graph_definition& graph, const numbering_layout& layout, const run_context& context) {
  const auto choice = find_fibre(graph);
  if (!choice) return std::nullopt;
  return fibre_numbering::make(*choice, layout.size / kernels::row_stride(choice->fibre.row_length()), context);
}

}  // namespace

numbering_layout layout_of(const coset_tower& tower, const growth_options& options) {
  auto out = made("tower", tower.index_size(), tower.fingerprint());
  out.symmetry = options.symmetry, out.doubled = options.doubled, out.moves = options.layout;
  return out;
}

numbering_layout layout_of(const graphs::graph_definition& graph, const colour_tower& tower) {
  struct {
    const colour_tower& tower;
    const graphs::state& central;
    std::optional<std::uint64_t> index_of(const graphs::state& s) const { return tower.index(s, central); }
  } const numbering{tower, graph.central()};
  const auto& design = tower.design();
  const auto& coarser = design.cosets->coarser();
  word_sum sum;
  sum.fold(tower.words());
  for (std::size_t k = 0; k < tower.blocks(); ++k) sum.fold_all(std::span(tower.sources(k), tower.generators()));
  sum.fold_walk(graph, numbering);
  auto out = made("colours", tower.index_size(), sum.value());
  out.merged.assign(coarser.merged.begin(), coarser.merged.end());
  out.pieces.assign(coarser.pieces.begin(), coarser.pieces.end());
  if (design.gauge != colour_cosets::no_gauge) out.gauge = static_cast<std::int64_t>(design.gauge);
  return out;
}

numbering_layout layout_of(const graphs::graph_definition& graph, const split_numbering& numbering) {
  word_sum sum;
  sum.fold(numbering.columns());
  sum.fold_all(numbering.positions());
  sum.fold_walk(graph, numbering);
  auto out = made("split", numbering.size(), sum.value());
  out.positions = numbering.positions(), out.columns = numbering.columns();
  return out;
}

numbering_layout layout_of(const graphs::graph_definition& graph, const fibre_numbering& numbering) {
  word_sum sum;
  sum.fold(numbering.stride());
  sum.fold_all(numbering.keys());
  sum.fold_walk(graph, numbering);
  return made("fibres", numbering.size(), sum.value());
}

numbering_layout layout_of(const graphs::graph_definition& graph, const listed_numbering& numbering) {
  word_sum sum;
  sum.fold(numbering.states().size());
  sum.fold_walk(graph, numbering);
  return made("list", numbering.size(), sum.value());
}

bool is_known_kind(std::string_view kind) noexcept {
  return kind == "tower" || kind == "colours" || kind == "split" || kind == "fibres" || kind == "list";
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
  if (layout.kind == "colours") {
    auto tower = colours_of(graph, layout, context);
    if (!tower || !same(layout_of(graph, *tower))) return {};
    return [tower, central = graph.central()](const graphs::state& s) { return tower->index(s, central); };
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
