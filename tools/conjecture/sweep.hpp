// Runs a sweep: computes what the store does not have yet, on all cores, and writes each finished graph at once.
//
// Small graphs run side by side with one thread each, large ones one after the other with all. A graph whose canonical key is in the store, or
// in work, is not computed again. Results do not depend on the number of threads or on interruptions, as far as no limit of time or memory came first.
#pragma once

#include <search/run_context.hpp>
#include <tools/conjecture/store.hpp>
#include <tools/conjecture/sweep_specification.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::conjecture {

struct sweep_progress {
  std::uint64_t total = 0, done = 0, reused = 0, failed = 0;
  double seconds = 0;
};

/// The i-th of n parts, 1 <= i <= n: the items whose places are i - 1 modulo n.
struct sweep_shard {
  std::uint64_t part = 1, parts = 1;
};

/// "2/8". Throws parse_error.
sweep_shard parse_shard(std::string_view text);

struct sweep_options {
  search::run_context context;  // stop token, deadline of the whole sweep, memory budget, threads; its observer is not used
  sweep_shard shard;
  std::string version, command;                          // for the provenance
  std::function<void(const sweep_progress&)> observer;  // at most ten times a second, by one thread at a time; may be empty
};

struct sweep_failure {
  std::string label, reason;
  bool by_limit = false;  // it would need more memory
};

struct sweep_result {
  search::status status = search::status::exact;  // lower_bound: some rows are bounds, lack a measure or failed, or time ran out; interrupted: asked to stop
  std::uint64_t total = 0, done = 0, reused = 0;
  std::uint64_t bounds = 0;  // of those that are done or reused, or what lacks a measure
  std::vector<sweep_failure> failures;
  std::vector<sweep_item> items;  // of the shard, without generators
  double seconds = 0;

  std::uint64_t left() const noexcept { return total - done - reused - failures.size(); }
};

/// Throws what parse_graph and the engines throw for the sweep as a whole; what is wrong with one graph is a failure in the result.
sweep_result run_sweep(const sweep_specification& specification, store& into, const sweep_options& options);

}  // namespace cosetta::conjecture
