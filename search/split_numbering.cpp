#include <search/split_numbering.hpp>

#include <algorithm>
#include <utility>

namespace cosetta::search {

std::optional<label_pair> two_labels(const graphs::state& central, const std::vector<std::uint32_t>& positions) {
  std::vector<std::uint64_t> labels;
  for (const auto position : positions) labels.push_back(central[position]);
  std::sort(labels.begin(), labels.end());
  const auto least = std::count(labels.begin(), labels.end(), labels.empty() ? 0 : labels.front());
  const auto greatest = std::count(labels.begin(), labels.end(), labels.empty() ? 0 : labels.back());
  if (labels.empty() || labels.front() == labels.back() || least + greatest != static_cast<std::ptrdiff_t>(labels.size())) {
    return std::nullopt;
  }
  if (greatest > least) return label_pair{labels.front(), labels.back(), static_cast<unsigned>(least)};
  return label_pair{labels.back(), labels.front(), static_cast<unsigned>(greatest)};
}

split_numbering::split_numbering(graphs::state central, std::vector<std::uint32_t> positions, const label_pair& labels,
                                 std::shared_ptr<const split_index> index)
    : central_(std::move(central)), positions_(std::move(positions)), labels_(labels), index_(std::move(index)) {}

std::optional<graphs::state> split_numbering::state_of(std::uint64_t index) const {
  const auto& split = *index_;
  if (index >= size()) return std::nullopt;
  std::uint32_t low = 0;
  auto high = static_cast<std::uint32_t>(split.patterns().size());
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (std::uint64_t{512} * split.first_line(middle) <= index ? low : high) = middle;
  }
  const unsigned weight = split.weight_of(low);
  const std::uint64_t number = index - std::uint64_t{512} * split.first_line(low);
  if (number >= split.bits_of(weight)) return std::nullopt;
  const std::uint64_t pattern = split.unrank(number, weight) | std::uint64_t{split.patterns()[low]} << split.columns();
  graphs::state out = central_;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    out[positions_[i]] = (pattern >> i & 1U) != 0 ? labels_.one : labels_.zero;
  }
  return out;
}

std::optional<std::uint64_t> split_numbering::index_of(const graphs::state& state) const {
  const auto& split = *index_;
  if (state.size() != central_.size()) return std::nullopt;
  graphs::state rest = state;  // with the moved positions as in the central state
  std::uint64_t pattern = 0;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    const std::uint32_t position = positions_[i];
    if (state[position] == labels_.one) {
      pattern |= std::uint64_t{1} << i;
    } else if (state[position] != labels_.zero) {
      return std::nullopt;
    }
    rest[position] = central_[position];
  }
  if (rest != central_ || __builtin_popcountll(pattern) != static_cast<int>(labels_.ones)) return std::nullopt;
  const std::uint32_t row = split.row_of(static_cast<std::uint32_t>(pattern >> split.columns()));
  return std::uint64_t{512} * split.first_line(row) +
         split_index::rank(pattern & ((std::uint64_t{1} << split.columns()) - 1));
}

}  // namespace cosetta::search
