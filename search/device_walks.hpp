// Random walks on a backend of grids (kernels/cuda/walk_grid.hpp): what random_walks gives for permutations of at most 256 points, the same
// moves and the same states. While the device walks, the host writes down what the launch before brought. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>
#include <kernels/cuda/walk_grid.hpp>
#include <kernels/random_steps.hpp>
#include <search/run_context.hpp>
#include <search/walks.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cosetta::search {

class device_walks {
 public:
  /// `buffer_bytes`: about what moves and states of a launch may take on the device, twice, and in pinned memory.
  /// Throws domain_error where the generators are no permutations, of more than 256 points, or more than 2^16; resource_error, backend_error.
  device_walks(std::shared_ptr<kernels::backend> on, const graphs::graph_definition& graph, const kernels::step_rules& rules, kernels::philox_key key,
               std::size_t buffer_bytes = std::size_t{64} << 20);

  /// As random_walks::sample() of walks of `length` steps. One call at a time on a backend. Throws resource_error, backend_error, stopped_error.
  void sample(std::uint64_t first, std::uint64_t count, std::uint32_t length, random_walks::keep kept, std::span<std::uint64_t> states, std::span<std::uint32_t> moves,
              const run_context& context) const;

 private:
  struct job;
  struct buffers;
  template <bool Near>
  void launch(const job& now, const buffers& to) const;
  void write_down(const job& done, buffers& from, std::uint32_t length, std::span<std::uint64_t> states, std::span<std::uint32_t> moves, const run_context& context) const;

  std::shared_ptr<kernels::backend> on_;
  std::vector<std::uint64_t> centre_;
  kernels::grid::walk_key key_;
  std::size_t buffer_bytes_;
  std::uint32_t words_, generators_;
  bool is_near_ = false;
  kernels::device_array<std::uint64_t> images_;
  kernels::device_array<std::uint32_t> skipped_, row_begin_, row_numbers_;
};

}  // namespace cosetta::search
