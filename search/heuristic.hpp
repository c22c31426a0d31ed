// What orders the states of a beam: an estimate of the distance home, for batches of states and never for one.
//
// A state is a row of kernels::byte_rows: the places of its labels, row[v] the place of label v, padded to the stride. An estimate may be
// too great or too small, and only its order counts; equal states have equal estimates. Internal to search/.
#pragma once

#include <search/run_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cosetta::graphs {
class graph_definition;
}
namespace cosetta::kernels {
class backend;
class pair_sums;
}

namespace cosetta::search {

struct network;
struct network_on_device;
enum class network_precision;

class heuristic {
 public:
  virtual ~heuristic() = default;
  virtual std::string_view name() const noexcept = 0;
  /// out[i] for row i. Thread-safe. Precondition: the rows are elements of the group.
  virtual void score(const std::uint8_t* rows, std::size_t count, std::uint32_t* out) const = 0;
  /// No score is greater.
  virtual std::uint32_t most() const noexcept = 0;
  virtual std::size_t bytes() const noexcept = 0;
  /// Rows that one call should have, about: more where a call costs more than its rows.
  virtual std::size_t batch() const noexcept { return 256; }
  /// Where scores are sums over pairs, these; otherwise null.
  virtual const kernels::pair_sums* sums() const noexcept { return nullptr; }
  /// Where scores are a network's on a device, it (device_network.hpp); otherwise null. For one thread at a time, which calls nothing else meanwhile.
  virtual network_on_device* on_device() const noexcept { return nullptr; }
};

/// Sums of exact distances of two labels from home (pair_tables.hpp): `rotation` up to the powers of a generator that is one cycle, nothing where
/// there is none. Nothing, either, where the tables take more than `most_bytes`. Throws groups::stopped_error.
std::unique_ptr<heuristic> make_pair_heuristic(const graphs::graph_definition& graph, bool rotation, std::size_t most_bytes, const run_context& context);

/// The number of labels v, v + 1 that are no neighbours, and of ends that hold a wrong label, where a generator leaves that end alone (Helmert,
/// SoCS 2010, for pancakes); `cyclic`: the last label is a neighbour of the first, and there are no ends.
std::unique_ptr<heuristic> make_gap_heuristic(const graphs::graph_definition& graph, bool cyclic);

/// The number of labels that are not home.
std::unique_ptr<heuristic> make_hamming_heuristic(const graphs::graph_definition& graph);

/// The sum of the lower bounds that the tables of the search by depth give (pattern_search.hpp). Throws domain_error where there are none.
std::unique_ptr<heuristic> make_pattern_heuristic(const graphs::graph_definition& graph, std::size_t most_bytes, const run_context& context);

/// The estimate of a trained network, as 65 535 steps from half its range below the least to half its range above the greatest that it says of 512
/// ends of random walks and of home; beyond, and where it is no number, the first and the last step. Throws domain_error where the network is for
/// another number of points, or says something infinite of those states.
std::unique_ptr<heuristic> make_network_heuristic(const graphs::graph_definition& graph, const network& net, network_precision precision);

/// The same by a network that runs on a backend of grids, in bf16 (device_network.hpp). One thread scores at a time, the others wait. Throws resource_error, backend_error too.
std::unique_ptr<heuristic> make_device_network_heuristic(const graphs::graph_definition& graph, const network& net, const std::shared_ptr<kernels::backend>& on);

}  // namespace cosetta::search
