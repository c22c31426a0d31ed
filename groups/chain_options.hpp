// What the construction of a stabilizer chain is told, and what it says of its result.
#pragma once

#include <kernels/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

/// How an order is known. It is part of every result, never an ambient option: a Monte Carlo order is at most the true
/// one and, as far as product replacement gives uniform elements, smaller with probability below 2^(1-error_bits).
enum class certainty { proven, monte_carlo };

/// Thrown when the stop token or the deadline ends a construction; nothing is left half-built.
class stopped_error : public error {
 public:
  using error::error;
};

struct chain_progress {
  std::size_t levels = 0;      // of the chain so far
  double log2_order = 0;       // of the subgroup that it describes so far
  std::uint64_t elements = 0;  // sifted
  bool proving = false;
};

/// When long work on a group must end, and whom it tells.
struct group_control {
  std::stop_token stop;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::function<void(const chain_progress&)> observer;  // may be empty

  /// Throws stopped_error when the work is to end.
  void check() const {
    if (stop.stop_requested()) throw stopped_error("stopped");
    if (deadline && std::chrono::steady_clock::now() >= *deadline) throw stopped_error("the time limit was reached: raise --time");
  }
};

struct chain_options {
  certainty wanted = certainty::proven;
  /// The order, if the caller knows it: it replaces the proof once it is reached and `error_bits` more random elements
  /// brought nothing new. One that the group contradicts is a domain_error that shows the contradiction.
  std::optional<mpz_class> known_order;
  std::vector<std::uint32_t> base_prefix;  // the base begins with these points
  int error_bits = 40;
  std::uint64_t seed = 1;
  std::size_t row_bytes = std::size_t{256} << 20;  // transversal elements held explicitly; the rest as Schreier trees
  group_control control;
};

}  // namespace cosetta::groups
