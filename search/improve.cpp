#include <kernels/error.hpp>
#include <search/byte_graph.hpp>
#include <search/improve.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::search {

struct word_improver::state {
  byte_graph graph;
  byte_ball table, tried;
  std::vector<std::uint8_t> inverses;  // of the rows of `tried`
  std::vector<kernels::moved_row> all;

  state(const graphs::graph_definition& g, const improve_options& options, const run_context& context)
      : graph(g), table(graph, graph.forward, options.table_states, context), tried(graph, graph.forward, options.tried_states, context), inverses(tried.size() * graph.stride) {
    for (std::size_t i = 0; i < tried.size(); ++i) {
      for (std::size_t x = 0; x < graph.stride; ++x) inverses[i * graph.stride + tried[i][x]] = static_cast<std::uint8_t>(x);
      all.push_back({static_cast<std::uint32_t>(i), 0});
    }
  }

  /// Letters that lead to a row of a ball, put before what is there.
  static void put_letters(const byte_ball& ball, std::size_t i, std::vector<std::size_t>& word) {
    for (; ball.distance(i) > 0; i = ball.before(i)) word.insert(word.begin(), ball.last_move(i));
  }

  /// A shortest word for an element, if it has fewer than `length` letters and at most reach().
  std::optional<std::vector<std::size_t>> shorter(const std::uint8_t* element, std::size_t length, std::vector<std::uint8_t>& rows, std::vector<std::uint64_t>& keys) const {
    constexpr std::size_t batch = 256;
    rows.resize(batch * graph.stride), keys.resize(batch);
    std::size_t best = length, first = 0, second = 0;
    for (std::size_t i = 0; i < all.size() && tried.distance(i) < best; i += batch) {
      const auto count = std::min(batch, all.size() - i);
      graph.kernels.move(inverses.data(), element, graph.stride, all.data() + i, count, rows.data(), keys.data());
      for (std::size_t k = 0; k < count; ++k) table.prefetch(keys[k]);
      for (std::size_t k = 0; k < count; ++k) {
        const auto at = table.find(rows.data() + k * graph.stride, keys[k]);
        if (at == byte_graph::absent || tried.distance(i + k) + table.distance(at) >= best) continue;
        best = tried.distance(i + k) + table.distance(at), first = i + k, second = at;
      }
    }
    if (best == length) return std::nullopt;
    std::vector<std::size_t> out;
    put_letters(table, second, out);
    put_letters(tried, first, out);
    return out;
  }
};

word_improver::word_improver(const graphs::graph_definition& graph, const improve_options& options, const run_context& context) {
  if (graph.permutations() == nullptr || graph.degree() > most_points) {
    throw domain_error(fmt::format("{}: words are improved over permutations of at most {} points", graph.spec(), most_points));
  }
  const auto row_bytes = byte_ball::bytes_of_a_row(kernels::byte_row_stride(graph.degree()));
  const auto most = context.memory_bytes / 4 / (2 * row_bytes);
  if (options.table_states > most || options.tried_states > most) {
    throw resource_error(fmt::format("{}: balls of {} and {} states to improve words do not fit a quarter of the memory budget: raise --memory", graph.spec(),
                                     options.table_states, options.tried_states));
  }
  state_ = std::make_unique<state>(graph, options, context);
}

word_improver::word_improver(word_improver&&) noexcept = default;
word_improver::~word_improver() = default;

std::size_t word_improver::reach() const noexcept { return state_->table.radius() + state_->tried.radius(); }

std::vector<std::size_t> word_improver::improve(std::vector<std::size_t> word, const run_context& context) const {
  const auto& s = *state_;
  std::vector<std::uint8_t> rows, element, next(s.graph.stride);
  std::vector<std::uint64_t> keys;
  // Windows that begin before `i`, whole ones, are done.
  for (std::size_t i = 0; i < word.size() && !context.is_stopped();) {
    const auto length = std::min(reach() + 1, word.size() - i);
    element = s.graph.home();
    for (std::size_t k = 0; k < length; ++k) {
      s.graph.move(element.data(), word[i + k], next.data());
      std::swap(element, next);
    }
    const auto shorter = s.shorter(element.data(), length, rows, keys);
    if (!shorter) {
      if (i + length == word.size()) break;  // the others lie in this one
      ++i;
      continue;
    }
    const auto at = word.begin() + static_cast<std::ptrdiff_t>(i);
    word.insert(word.erase(at, at + static_cast<std::ptrdiff_t>(length)), shorter->begin(), shorter->end());
    i -= std::min(i, reach());
  }
  return word;
}

std::vector<std::size_t> improve_word(const graphs::graph_definition& graph, std::vector<std::size_t> word, const run_context& context,
                                      const improve_options& options) {
  return word_improver(graph, options, context).improve(std::move(word), context);
}

}  // namespace cosetta::search
