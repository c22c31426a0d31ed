#include <search/path_moves.hpp>

#include <numeric>

namespace cosetta::search {

path_moves::path_moves(const graphs::graph_definition& graph, const graphs::state& around,
                       std::optional<kernels::instruction_set> instructions)
    : kernels_(kernels::frontier_kernels_for(instructions.value_or(kernels::best_instruction_set()))) {
  if (const auto* set = graph.permutations()) {
    compile(*set, around, true);
  } else {
    compile(*graph.matrices(), around, graph.modulus() != 0);
  }
}

template <class Set>
void path_moves::compile(const Set& generators, const graphs::state& around, bool packed) {
  const std::size_t n = generators.size();
  Set both;
  for (std::size_t i = 0; i < n; ++i) both.add(std::to_string(i), generators[i]);
  for (std::size_t i = 0; i < n; ++i) both.add(std::to_string(n + i), generators[i].inverse());
  std::vector<std::size_t> first(2 * n);
  std::iota(first.begin(), first.end(), std::size_t{0});
  for (const auto& [later, earlier] : both.duplicates()) first[later] = earlier;
  // packed_graph has one transition for each element that is neither trivial nor an earlier one, in this order.
  std::vector<std::size_t> transition(2 * n);
  std::size_t next = 0;
  for (std::size_t i = 0; i < 2 * n; ++i) {
    if (!both[i].is_identity()) transition[i] = first[i] == i ? next++ : transition[first[i]];
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (both[i].is_identity() || first[i] != i) continue;
    moves_.push_back(packed ? move{i, transition[i], transition[n + i]} : move{i, i, n + i});
  }
  definition_.emplace("", std::move(both), around);
  if (packed) packed_.emplace(*definition_, std::nullopt);
  words_ = packed ? packed_->words() : around.size();
}

std::vector<std::uint64_t> path_moves::pack(const graphs::state& s) const {
  return packed_ ? packed_->pack(s) : s;
}

graphs::state path_moves::unpack(const std::uint64_t* packed) const {
  return packed_ ? packed_->unpack(packed) : graphs::state(packed, packed + words_);
}

void path_moves::apply(direction d, std::size_t i, const std::uint64_t* in, std::uint64_t* out, std::size_t lanes) const {
  const std::size_t at = d == direction::forward ? moves_[i].transition : moves_[i].inverse;
  if (packed_) {
    kernels_.apply(packed_->transitions()[at], in, out, words_, lanes);
    return;
  }
  graphs::state s(words_);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::size_t w = 0; w < words_; ++w) s[w] = in[w * lanes + lane];
    const auto image = definition_->apply(at, s);
    for (std::size_t w = 0; w < words_; ++w) out[w * lanes + lane] = image[w];
  }
}

std::vector<std::uint64_t> path_moves::image(direction d, std::size_t i, const std::vector<std::uint64_t>& packed) const {
  constexpr std::size_t lanes = 8;
  std::vector<std::uint64_t> in(words_ * lanes), out(words_ * lanes), result(words_);
  for (std::size_t w = 0; w < words_; ++w) std::fill_n(in.begin() + static_cast<std::ptrdiff_t>(w * lanes), lanes, packed[w]);
  apply(d, i, in.data(), out.data(), lanes);
  for (std::size_t w = 0; w < words_; ++w) result[w] = out[w * lanes];
  return result;
}

}  // namespace cosetta::search
