// Growth: the sizes of the spheres around the central state of a Cayley or Schreier graph, exactly.
//
// `layers[i]` is the number of states at out-distance i. A layer is reported only when it is complete; whatever stops a
// run (depth, time, memory, Ctrl-C), the layers that are reported are exact.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/instruction_set.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::kernels {
class backend;
}

namespace cosetta::search {

enum class status { exact, lower_bound, interrupted };
enum class limit { none, depth, time, memory, interrupt };

std::string_view to_string(status s) noexcept;
std::string_view to_string(limit l) noexcept;

/// What a run would take, decided before it starts.
struct growth_plan {
  std::string engine;
  std::string text;               // one line for a person
  std::size_t fixed_bytes = 0;    // buffers that do not depend on the layers
  std::size_t state_bytes = 0;    // a stored state
  bool keeps_all_layers = false;  // directed: a new state may have been seen in any earlier layer
};

/// What a coset tower moves at once: words of 64 states, or vectors of eight words where the group allows it.
enum class tower_layout { automatic, words, vectors };

struct growth_options {
  std::optional<std::uint64_t> max_depth;
  std::size_t last_layer = 0;  // keep up to this many states of the last layer, the lexicographically least
  bool last_layer_only_whole = false;  // keep none of them where the last layer has more
  std::optional<kernels::instruction_set> instructions;  // forced kernel variant
  std::string checkpoint;                                // folder that each complete layer is written to; empty: none
  std::string resume;                                    // folder of a checkpoint to go on from; empty: none
  bool symmetry = true;  // store one state of each orbit of symmetries where an engine can
  bool doubled = false;  // towers: two buffers, the plain reference, instead of one bit a state
  tower_layout layout = tower_layout::automatic;
  std::shared_ptr<kernels::backend> device;  // where engines run that can, the others refuse; null: on the CPU
  /// Asked where a device would pay and `device` is null; gives null where there is none. May be empty.
  std::function<std::shared_ptr<kernels::backend>()> find_device;
  std::string save_distances;  // file for the table of all distances, written when the run is complete; empty: none
  /// Told the plan before the run starts; may be empty. With it, run() refuses what plan() refuses.
  std::function<void(const growth_plan&)> planned;
};

struct growth_result {
  search::status status = status::exact;
  search::limit limit = limit::none;  // what stopped the run
  std::vector<std::uint64_t> layers;
  std::vector<graphs::state> last_layer;  // of layers.back(), in lexicographic order
  bool last_layer_left_out = false;  // wanted, but a limit or an interrupt came before its states were found again
  std::string engine;
  std::string backend = "cpu";
  std::string kernel;  // instruction set, or empty
  unsigned threads = 1;
  double seconds = 0;
  std::size_t peak_bytes = 0;
  double bits_per_state = 0;   // of memory for each state that is stored, or spoken for by a stored one
  std::uint64_t symmetry = 1;  // states that one stored state speaks for, at most
  std::uint64_t swept_bytes = 0;  // towers: what had to go through main memory at least, all layers together; 0: not known
  bool certified = false;      // the layers add up to the proven number of vertices
  std::string distances;       // file that the table of distances was written to, or empty

  std::uint64_t states() const noexcept;
  std::uint64_t diameter() const noexcept { return layers.size() - 1; }  // a lower bound unless exact
};

/// Moments of the distance distribution over the states that were found.
struct distance_moments {
  double mean = 0;
  double deviation = 0;
  double skewness = 0;  // 0 where the deviation is 0
};
distance_moments moments(const std::vector<std::uint64_t>& layers);

class growth_engine {
 public:
  virtual ~growth_engine() = default;
  virtual std::string_view name() const noexcept = 0;

  /// Throws resource_error when the run cannot fit the budget, domain_error when the graph needs a depth limit.
  virtual growth_plan plan(const graphs::graph_definition& graph, const growth_options& options,
                           const run_context& context) const = 0;

  /// Precondition: plan() did not throw for the same arguments. Throws resource_error where only the built index shows that the
  /// run does not fit the budget.
  virtual growth_result run(const graphs::graph_definition& graph, const growth_options& options,
                            const run_context& context) const = 0;
};

/// The plain engine: one hash table of whole states. Everything else is proved against it.
std::unique_ptr<growth_engine> make_oracle_engine();
/// Packed states in a hash-partitioned frontier, on all cores.
std::unique_ptr<growth_engine> make_bucket_engine();

/// All elements of a permutation group as bits, over a tower of cosets.
std::unique_ptr<growth_engine> make_tower_engine();
/// The one of these that suits the graph and the budget.
std::unique_ptr<growth_engine> make_auto_engine();

/// "auto", "tower", "bucket" or "oracle"; nullptr for another name.
std::unique_ptr<growth_engine> make_growth_engine(std::string_view name);

}  // namespace cosetta::search
