// Random walks on a graph from its central state, and random states: seeded, and by counters (kernels/random_steps.hpp), so that step j of
// walk i is a function of (seed, i, j) and nothing else. Any walk can be made again alone, and the number of threads, the number of
// walks and the cut into blocks change nothing.
//
//   classic           each step is a generator chosen uniformly
//   non_backtracking  each step is chosen uniformly among the generators that are not the inverse of the one before, as elements:
//                     after an involution it is itself excluded, and where an inverse is no generator (directed graphs) nothing is.
//                     A rule on words: around a pattern a walk may still stand still, or come back to the state before
//   group             the image of the central state under a uniformly random element of the group: by a uniformly random rank
//                     below the proven order, hence uniform on the vertices, of Schreier graphs too
//   sphere            uniform on the states at distance `length`, exactly, with a table of distances: drawn from the list of them
//                     where no layer up to there takes more than 64 MiB, else states of kind `group` until one is on the sphere,
//                     |V| / |sphere| tries on average
//
// The length of a walk is not the distance of its end.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/instruction_set.hpp>
#include <search/distance_table.hpp>
#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace cosetta::kernels {
class backend;
}

namespace cosetta::search {

enum class walk_kind { classic, non_backtracking, group, sphere };

std::string_view to_string(walk_kind kind) noexcept;
std::optional<walk_kind> walk_kind_from(std::string_view name) noexcept;

struct walk_options {
  walk_kind kind = walk_kind::classic;
  std::uint32_t length = 0;  // steps of a walk, radius of a sphere
  std::uint64_t seed = 1;
  const distance_table* distances = nullptr;  // of the same graph; for spheres; outlives the walks
  std::optional<kernels::instruction_set> instructions = {};  // forced kernel variant
  /// Null: the CPU. What takes the steps of walks by permutations of at most 256 points, to the same walks; one sample() at a time then.
  std::shared_ptr<kernels::backend> device = {};
};

class random_walks {
 public:
  /// Builds what the kind needs: the stabilizer chain of the group, the list of a sphere. Throws domain_error: a sphere without a
  /// table or beyond the diameter, a group over Z, a non-backtracking walk that would have to end, a device for what it does not
  /// walk (states of groups and spheres are drawn on the CPU alone); resource_error, backend_error, stopped_error.
  random_walks(const graphs::graph_definition& graph, const walk_options& options, const run_context& context = {});
  random_walks(random_walks&&) noexcept;
  random_walks& operator=(random_walks&&) noexcept;
  ~random_walks();

  const walk_options& options() const noexcept;
  /// Walks have steps; states of the kinds group and sphere come from nowhere.
  bool has_steps() const noexcept;
  /// Labels of a state.
  std::size_t width() const noexcept;

  enum class keep { end, all };
  /// Walks first, ..., first + count - 1, on context.threads threads. `states` takes count rows of width() labels, or, with
  /// `all`, count times length + 1 rows, the central state first; `moves`, unless empty, count rows of `length` generators.
  /// Preconditions: those sizes; `all` and `moves` only where has_steps(). Throws domain_error when a matrix entry over Z leaves
  /// 64 bits, stopped_error.
  void sample(std::uint64_t first, std::uint64_t count, keep kept, std::span<std::uint64_t> states, std::span<std::uint32_t> moves, const run_context& context) const;

 private:
  struct plan;
  std::unique_ptr<const plan> plan_;
};

}  // namespace cosetta::search
