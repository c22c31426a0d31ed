// Beams of tests: rows, and the levels of a device against those of the CPU.
#pragma once

#include <search/beam_levels.hpp>
#include <search/device_beam.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace cosetta::tests {

inline search::byte_row end_of(const search::byte_graph& graph, search::byte_row q, const std::vector<std::size_t>& word) {
  search::byte_row next(graph.stride);
  for (const auto g : word) {
    graph.move(q.data(), g, next.data());
    std::swap(q, next);
  }
  return q;
}

/// The end of a walk from home: directed graphs and subgroups are not left.
inline search::byte_row walked_row(const search::byte_graph& graph, std::mt19937_64& random) {
  auto q = graph.home();
  for (int i = 0; i < 400; ++i) q = end_of(graph, std::move(q), {random() % graph.generators});
  return q;
}

/// A beam on the CPU and one on a device make levels side by side until they are empty, or `most` of them.
inline void compare_beams(const std::shared_ptr<kernels::backend>& on, const search::byte_graph& graph, const search::heuristic& estimate,
                          const search::heuristic& device_estimate, const search::byte_ball& ball, std::uint32_t bound, std::size_t width, std::size_t most,
                          const search::byte_row& start) {
  search::run_context context;
  context.threads = 1;
  const search::device_beam_graph shared(on, graph, device_estimate, ball);
  search::beam_levels plain(graph, estimate, ball, bound, width, context, start.data());
  search::device_beam_levels levels(shared, bound, width, context, start.data());
  for (std::size_t level = 0;; ++level) {
    INFO("level " << level);
    REQUIRE(levels.level() == plain.level());
    REQUIRE(levels.size() == plain.size());
    REQUIRE(levels.candidates() == plain.candidates());
    REQUIRE(levels.was_cut() == plain.was_cut());
    REQUIRE(levels.least_score() == plain.least_score());
    REQUIRE(levels.met().has_value() == plain.met().has_value());
    if (plain.met()) {
      REQUIRE(levels.met()->distance == plain.met()->distance);
      REQUIRE(levels.met()->entry == plain.met()->entry);
    }
    const bool all = level % 8 == 0;
    for (std::size_t e = 0; e < plain.size(); e += all ? 1 + plain.size() / 500 : 1 + plain.size() / 20) {
      const auto entry = static_cast<std::uint32_t>(e);
      const auto word = levels.word_to(level, entry);
      REQUIRE(word == plain.word_to(level, entry));
      REQUIRE(levels.row(entry) == end_of(graph, start, word));
    }
    if (plain.size() == 0 || level == most) break;
    REQUIRE(plain.advance());
    REQUIRE(levels.advance());
  }
  CHECK(levels.device_bytes() <= search::device_beam_levels::device_bytes_for(graph, width));
}

}  // namespace cosetta::tests
