#include <search/byte_graph.hpp>

#include <algorithm>
#include <bit>

namespace cosetta::search {

namespace {

bool is_even(const groups::permutation& p) {
  std::vector<bool> seen(p.degree());
  bool even = true;
  for (std::size_t i = 0; i < p.degree(); ++i) {
    for (std::size_t j = i, first = 1; !seen[j]; j = p[static_cast<groups::point>(j)], first = 0) {
      seen[j] = true;
      if (first == 0) even = !even;
    }
  }
  return even;
}

}  // namespace

byte_graph::byte_graph(const graphs::graph_definition& graph)
    : n(graph.degree()),
      stride(kernels::byte_row_stride(n)),
      generators(graph.generator_count()),
      is_odd(true),
      kernels(kernels::byte_row_kernels_for(kernels::best_instruction_set())) {
  const auto& elements = graph.permutations()->elements();
  for (const auto& p : elements) {
    const auto q = p.inverse();
    for (std::size_t i = 0; i < stride; ++i) {
      forward.push_back(static_cast<std::uint8_t>(i < n ? q[static_cast<groups::point>(i)] : i));
      backward.push_back(static_cast<std::uint8_t>(i < n ? p[static_cast<groups::point>(i)] : i));
    }
    const auto at = std::ranges::find(elements, q);
    inverses.push_back(at == elements.end() ? absent : static_cast<std::uint32_t>(at - elements.begin()));
    is_odd = is_odd && !is_even(p);
  }
}

byte_row byte_graph::home() const {
  byte_row out(stride);
  for (std::size_t v = 0; v < stride; ++v) out[v] = static_cast<std::uint8_t>(v);
  return out;
}

byte_ball::byte_ball(const byte_graph& graph, const std::vector<std::uint8_t>& tables, std::size_t most, const run_context& context)
    : stride_(graph.stride), mask_(std::bit_ceil(2 * std::max<std::size_t>(most, 1) + 2) - 1), table_(mask_ + 1, byte_graph::absent) {
  const auto put = [&](const std::uint8_t* row, std::uint64_t key, unsigned distance, step s) {
    auto& at = table_[slot(row, key)];
    if (at != byte_graph::absent) return true;
    if (size() > 0 && size() >= most) return false;
    at = static_cast<std::uint32_t>(size());
    rows_.insert(rows_.end(), row, row + stride_);
    distances_.push_back(static_cast<std::uint8_t>(distance));
    steps_.push_back(s);
    return true;
  };
  const auto home = graph.home();
  const auto unmoved = home;  // a table that moves nothing
  std::vector<std::uint8_t> next(graph.generators * stride_);
  std::vector<std::uint64_t> keys(graph.generators);
  std::vector<kernels::moved_row> what(graph.generators);
  const kernels::moved_row still{0, 0};
  graph.kernels.move(home.data(), unmoved.data(), stride_, &still, 1, next.data(), keys.data());
  put(home.data(), keys[0], 0, {0, 0});
  for (std::size_t begin = 0, end = 1; begin < end && radius() < 254; begin = end, end = size()) {
    for (std::size_t i = begin; i < end; ++i) {
      if (i % 1024 == 0) context.check();
      for (std::size_t g = 0; g < graph.generators; ++g) what[g] = {0, static_cast<std::uint32_t>(g)};
      graph.kernels.move((*this)[i], tables.data(), stride_, what.data(), what.size(), next.data(), keys.data());
      for (std::size_t g = 0; g < graph.generators; ++g) {
        if (put(next.data() + g * stride_, keys[g], distances_[i] + 1U, {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(g)})) continue;
        // The sphere would not be whole: it goes.
        rows_.resize(end * stride_), distances_.resize(end), steps_.resize(end);
        std::ranges::fill(table_, byte_graph::absent);
        for (std::size_t k = 0; k < end; ++k) {
          graph.kernels.move((*this)[k], unmoved.data(), stride_, &still, 1, next.data(), keys.data());
          table_[slot((*this)[k], keys[0])] = static_cast<std::uint32_t>(k);
        }
        return;
      }
    }
  }
}

std::size_t byte_ball::slot(const std::uint8_t* row, std::uint64_t key) const noexcept {
  auto at = key & mask_;
  while (table_[at] != byte_graph::absent && !equal_rows((*this)[table_[at]], row, stride_)) at = (at + 1) & mask_;
  return at;
}

std::uint32_t byte_ball::find(const std::uint8_t* row, std::uint64_t key) const noexcept { return table_[slot(row, key)]; }

}  // namespace cosetta::search
