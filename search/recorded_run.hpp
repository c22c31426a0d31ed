// Runs of sweeps that write a table of distances when they are complete. Internal to search/.
#pragma once

#include <kernels/error.hpp>
#include <kernels/word_array.hpp>
#include <search/distance_table.hpp>
#include <search/run_sweep.hpp>
#include <search/tower_engine.hpp>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace cosetta::search {

/// What is kept for a table of distances.
class distance_store {
 public:
  /// Residues where neighbours tell which way is down, a byte a state otherwise and where that is little.
  static bool keeps_residues(const graphs::graph_definition& graph) { return graph.is_inverse_closed(); }
  static bool keeps_depths(const graphs::graph_definition& graph, std::uint64_t states) {
    return !graph.is_inverse_closed() || states <= std::uint64_t{1} << 24;
  }
  static std::size_t bytes_for_index(const graphs::graph_definition& graph, std::uint64_t states, std::uint64_t index_size) {
    return (keeps_residues(graph) ? index_size / 4 : 0) + (keeps_depths(graph, states) ? index_size : 0);
  }

  distance_store(const graphs::graph_definition& graph, std::uint64_t states, std::uint64_t index_size, const growth_options& options)
      : writer_(options.save_distances), words_(index_size / 64) {
    if (keeps_residues(graph)) fill(planes_, 2 * words_);
    if (keeps_depths(graph, states)) fill(depths_, 8 * words_);
  }
  std::size_t bytes() const noexcept { return planes_.bytes() + depths_.bytes(); }
  distance_record record() const {
    distance_record r;
    if (planes_.size() > 0) r.planes = {planes_.data(), planes_.data() + words_};
    if (depths_.size() > 0) r.depths = reinterpret_cast<std::uint8_t*>(depths_.data());
    return r;
  }
  void finish(const graphs::graph_definition& graph, const numbering_layout& layout, const growth_result& result) {
    const bool bytes = depths_.size() > 0 && result.diameter() <= distance_record::most_depth;
    writer_.finish(graph, {layout, result.layers, bytes ? distance_table::kind::depths : distance_table::kind::residues,
                           bytes ? depths_.data() : planes_.data()});
  }

 private:
  static void fill(kernels::word_array& array, std::size_t words) {
    array = kernels::word_array(words);
    std::fill_n(array.data(), words, ~std::uint64_t{0});
  }

  distance_table_writer writer_;
  std::size_t words_;
  kernels::word_array planes_, depths_;
};

/// Adds to an offer what a table of distances would take, if one is wanted. Throws domain_error where none is to be had.
inline void add_distances(sweep_offer& offer, const graphs::graph_definition& graph, std::uint64_t index_size, const growth_options& options) {
  if (options.save_distances.empty()) return;
  if (!graph.is_inverse_closed() && offer.states > std::uint64_t{1} << 33) {
    throw domain_error(fmt::format("{}: --save-distances keeps a byte for each state of a directed graph, and {} states are more than 2^33: "
                                   "close the generators under inversion with --inverse-closed",
                                   graph.spec(), offer.states));
  }
  offer.bytes += distance_store::bytes_for_index(graph, offer.states, index_size);
}

/// A store for the run, and its file begun, where a table is wanted; else null.
inline std::unique_ptr<distance_store> make_store(const graphs::graph_definition& graph, std::uint64_t states, std::uint64_t index_size,
                                           const growth_options& options) {
  if (options.save_distances.empty()) return nullptr;
  return std::make_unique<distance_store>(graph, states, index_size, options);
}

/// The run over a sweep, and the table of distances when it is complete. `layout`: a function that gives the numbering_layout.
template <bit_sweep Sweep, class Layout>
growth_result run_recorded(Sweep& sweep, const graphs::graph_definition& graph, std::uint64_t states, const growth_options& options,
                           const run_context& context, distance_store* distances, const Layout& layout) {
  auto result = sweep_run(sweep, graph.central(), states, options, context, distances ? distances->record() : distance_record{}).run();
  result.engine = "tower";
  if (!distances) return result;
  result.peak_bytes += distances->bytes();
  if (result.status != status::exact) return result;
  distances->finish(graph, layout(), result);
  result.distances = options.save_distances;
  return result;
}

}  // namespace cosetta::search
