// What long work is allowed and whom it tells. The library never prints, never reads the environment and never exits:
// the program fills this structure in and looks at the result.
#pragma once

#include <groups/chain_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

namespace cosetta::search {

struct progress {
  std::uint64_t depth = 0;     // of the layer that is being expanded
  std::uint64_t sphere = 0;    // its states
  std::uint64_t expanded = 0;  // how many of them are done
  std::uint64_t seen = 0;      // states in all complete layers
  double seconds = 0;
  std::size_t bytes = 0;        // memory in use
  bool layer_complete = false;  // the first report of a new layer
};

struct run_context {
  std::stop_token stop;  // asked for by Ctrl-C
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::size_t memory_bytes = std::size_t{1} << 30;
  unsigned threads = 1;
  std::function<void(const progress&)> observer;  // called by one thread at a time; may be empty

  bool expired() const { return deadline && std::chrono::steady_clock::now() >= *deadline; }
  /// The work is to end: somebody asked, or time is up.
  bool is_stopped() const { return stop.stop_requested() || expired(); }
  /// Throws groups::stopped_error when the work is to end.
  void check() const { groups::group_control{stop, deadline, {}}.check(); }
};

}  // namespace cosetta::search
