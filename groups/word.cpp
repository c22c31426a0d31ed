#include <groups/word.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include <kernels/error.hpp>

namespace cosetta::groups {

namespace {

std::optional<std::int32_t> letter_named(std::string_view name, std::span<const std::string> names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::int32_t>(found - names.begin()) + 1;
}

std::optional<std::int32_t> find_letter(std::string_view name, std::span<const std::string> names) {
  if (const auto letter = letter_named(name, names)) return letter;
  std::optional<std::int32_t> inverted;
  if (name.ends_with('\'')) {
    inverted = letter_named(name.substr(0, name.size() - 1), names);
  } else if (name.starts_with('-')) {
    inverted = letter_named(name.substr(1), names);
  } else if (name.ends_with("_inv")) {
    inverted = letter_named(name.substr(0, name.size() - 4), names);
  }
  if (inverted) return -*inverted;
  return std::nullopt;
}

}  // namespace

word free_reduce(std::span<const std::int32_t> w) {
  word out;
  for (const auto letter : w) {
    if (!out.empty() && out.back() == -letter) {
      out.pop_back();
    } else {
      out.push_back(letter);
    }
  }
  return out;
}

word inverse(std::span<const std::int32_t> w) {
  word out(w.rbegin(), w.rend());
  for (auto& letter : out) letter = -letter;
  return out;
}

word parse_word(std::string_view text, std::span<const std::string> names) {
  word out;
  if (text.empty()) return out;
  for (std::size_t position = 0;; ++position) {
    const auto dot = text.find('.');
    const auto name = text.substr(0, dot);
    const auto letter = find_letter(name, names);
    if (!letter) {
      throw parse_error(fmt::format("word: letter {} is '{}', which is no generator; there are {}", position + 1, name,
                                    fmt::join(names.first(std::min<std::size_t>(names.size(), 12)), " ")));
    }
    out.push_back(*letter);
    if (dot == std::string_view::npos) return out;
    text.remove_prefix(dot + 1);
  }
}

std::string to_string(std::span<const std::int32_t> w, std::span<const std::string> names) {
  std::string out;
  for (const auto letter : w) {
    if (!out.empty()) out += '.';
    const auto& name = names[static_cast<std::size_t>((letter > 0 ? letter : -letter) - 1)];
    out += letter > 0 ? name : inverse_name(name, inverse_mark::prime);
  }
  return out;
}

}  // namespace cosetta::groups
