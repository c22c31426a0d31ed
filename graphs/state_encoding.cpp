#include <graphs/state_encoding.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

constexpr std::array encodings{std::pair{state_encoding::labels, std::string_view("labels")}, std::pair{state_encoding::lehmer, std::string_view("lehmer")},
                               std::pair{state_encoding::one_hot, std::string_view("one_hot")}};
constexpr std::uint64_t most_entries = std::uint64_t{1} << 31;

/// Wide enough for any label that a state can have; entries over Z have signs.
npy_type label_type(const graph_definition& graph) {
  if (graph.matrices() == nullptr) return npy_type_for(*std::ranges::max_element(graph.central()));
  return graph.modulus() == 0 ? npy_type::int64 : npy_type_for(graph.modulus() - 1);
}

npy_type type_of(const graph_definition& graph, state_encoding encoding) {
  if (encoding == state_encoding::labels) return label_type(graph);
  return encoding == state_encoding::lehmer ? npy_type_for(graph.degree() - 1) : npy_type::uint8;
}

}  // namespace

std::string_view to_string(state_encoding encoding) noexcept {
  return std::ranges::find(encodings, encoding, [](const auto& e) { return e.first; })->second;
}

state_encoding state_encoding_from(std::string_view name) {
  for (const auto& [encoding, text] : encodings) {
    if (text == name) return encoding;
  }
  throw parse_error(fmt::format("unknown --encode '{}'; there are labels, lehmer, one_hot", name));
}

state_encoder::state_encoder(const graph_definition& graph, state_encoding encoding)
    : encoding_(encoding), type_(type_of(graph, encoding)), width_(graph.central().size()), columns_(0) {
  if (encoding == state_encoding::labels) return;
  if (graph.matrices() != nullptr) throw domain_error(fmt::format("{}: --encode {} is for permutations: take labels, the entries of the matrices", graph.spec(), to_string(encoding)));
  const auto largest = *std::ranges::max_element(graph.central());
  if (encoding != state_encoding::one_hot) return;
  if (largest >= most_entries / width_) throw domain_error(fmt::format("{}: one-hot rows of {} columns for the largest label, {} positions: take --encode labels", graph.spec(), largest, width_));
  columns_ = largest + 1;
}

std::vector<std::uint64_t> state_encoder::shape() const {
  return encoding_ == state_encoding::one_hot ? std::vector{width_, columns_} : std::vector{width_};
}

std::uint64_t state_encoder::bytes() const noexcept {
  return encoding_ == state_encoding::one_hot ? width_ * columns_ : width_ * npy_bytes(type_);
}

void state_encoder::append(std::string& out, std::span<const std::uint64_t> states) const {
  if (encoding_ == state_encoding::labels) return append_npy(out, type_, states);
  std::vector<std::uint32_t> digits(width_);
  for (; !states.empty(); states = states.subspan(width_)) {
    const auto s = states.first(width_);
    if (encoding_ == state_encoding::one_hot) {
      auto at = out.size();
      out.resize(at + bytes());
      for (std::size_t i = 0; i < width_; ++i, at += columns_) out[at + s[i]] = 1;
      continue;
    }
    for (std::size_t i = 0; i < width_; ++i) {
      digits[i] = 0;
      for (std::size_t j = i + 1; j < width_; ++j) digits[i] += s[j] < s[i] ? 1U : 0U;
    }
    append_npy(out, type_, std::span<const std::uint32_t>(digits));
  }
}

}  // namespace cosetta::graphs
