// Growth on a CUDA device, held against what the device can do, and checked against published tables.
//
//   device_benchmark [GRAPH...] [--if-room GRAPH...]     default: lrx:12 lrx:13 pancake:13 --if-room lrx:14 pancake:14
//   device_benchmark --host GRAPH   the same on the host in the device's place, to see that it works
//
// Columns: sweep seconds (layers only; the tower's tables are built by the CPU and copied before), bytes asked for and integer operations, each
// a second and as a part of the measured ceiling, and whether the layers are those of the table. Bytes are those of each unit that is made
// and of each of its sources that changed; what of it comes from the second cache is not known here, so that this part can exceed 100 %.
// Exit code 1 when layers are wrong, or when there is no room for a graph that does not stand behind --if-room; 77 when there is no device.
#include <graphs/parse_graph.hpp>
#include <kernels/cuda/ceiling_grid.hpp>
#include <search/device_sweep.hpp>
#include <search/run_sweep.hpp>
#include <search/tower_choice.hpp>

#include <tests/device/device_program.hpp>
#include <tests/device/published_layers.hpp>

#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cosetta;
using tests::now;

/// False when the layers are wrong.
bool measure(const std::string& spec, const std::shared_ptr<kernels::backend>& on, const kernels::device_ceilings& ceilings) {
  const auto graph = graphs::parse_graph(spec);
  if (graph.permutations() == nullptr) throw domain_error(spec + ": towers of permutation groups only");
  search::run_context context;
  context.memory_bytes = std::size_t{64} << 30;
  auto start = now();
  const groups::permutation_group group(*graph.permutations());
  auto choice = search::choose_tower(group, {}, context);
  if (!choice.design) throw domain_error(spec + ": no tower: " + choice.reason);
  const auto tower = std::make_shared<const search::coset_tower>(std::move(*choice.design), context);
  const auto storage = tower->design().modulus > 1 ? search::tower_storage::graded : search::tower_storage::delayed;
  const auto plan = search::plan_device(*tower, storage, *on, {static_cast<std::size_t>(0.95 * static_cast<double>(on->free_bytes())), std::size_t{64} << 30, {}});
  const double tables = now() - start;
  start = now();
  search::device_sweep sweep(tower, graph.central(), plan, on);
  on->synchronize();
  const double upload = now() - start;
  const search::growth_options options;
  start = now();
  const auto result = search::sweep_run(sweep, graph.central(), group.order().get_ui(), options, context).run();
  const double seconds = now() - start;
  const auto* table = static_cast<const std::vector<std::uint64_t>*>(nullptr);
  for (const auto& row : tests::published_layers()) {
    if (row.graph == spec) table = &row.layers;
  }
  const bool right = result.certified && (table == nullptr || *table == result.layers);
  const double bytes = static_cast<double>(sweep.swept_bytes()) / seconds, operations = static_cast<double>(sweep.operations()) / seconds;
  fmt::print("{:<12} {:>9.3f} s  {:>7.1f} GB/s {:>4.0f} %  {:>7.1f} G op/s {:>4.0f} %  diameter {:>3}  {}\n", spec, seconds, bytes / 1e9, 100 * bytes / ceilings.bytes_per_second,
             operations / 1e9, 100 * operations / ceilings.operations_per_second, result.diameter(),
             right ? table != nullptr ? "layers as published" : "layers add up to the order" : "WRONG LAYERS");
  fmt::print("{:<12} {}{}; tables {:.2f} s, copied in {:.2f} s\n", "", tower->has_lanes() ? "vectors, " : "words, ", plan.text(), tables, upload);
  return right;
}

/// Kernels are loaded, and compiled where there is only PTX for the device, when they are first started: not while the graphs are timed. With words and
/// vectors, in place and not.
void warm_up(const std::shared_ptr<kernels::backend>& on) {
  search::growth_options options;
  options.device = on;
  for (const char* spec : {"lrx:8", "pancake:8"}) {
    for (const auto layout : {search::tower_layout::words, search::tower_layout::vectors}) {
      options.layout = layout;
      search::make_growth_engine("tower")->run(graphs::parse_graph(spec), options, {});
    }
  }
}

int run(const std::shared_ptr<kernels::backend>& on, std::vector<std::string> arguments) {
  warm_up(on);
  const auto ceilings = kernels::measure_ceilings(*on);
  fmt::print("{}: copies {:.0f} GB/s, {:.0f} G integer operations a second\n", on->device(), ceilings.bytes_per_second / 1e9, ceilings.operations_per_second / 1e9);
  if (arguments.empty()) arguments = {"lrx:12", "lrx:13", "pancake:13", "--if-room", "lrx:14", "pancake:14"};
  bool right = true, may_lack_room = false;
  for (const auto& spec : arguments) {
    may_lack_room = may_lack_room || spec == "--if-room";
    if (spec == "--if-room") continue;
    try {
      right = measure(spec, on, ceilings) && right;
    } catch (const resource_error& e) {
      fmt::print("{:<12} left out: {}\n", spec, e.what());
      right = right && may_lack_room;
    }
  }
  return right ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) { return cosetta::tests::run_on_device("device_benchmark", argc, argv, run); }
