#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

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
  }
  if (!inverted && name.starts_with('-')) inverted = letter_named(name.substr(1), names);
  if (!inverted && name.ends_with("_inv")) inverted = letter_named(name.substr(0, name.size() - 4), names);
  if (inverted) return -*inverted;
  return std::nullopt;
}

/// A marked name that is read back as this inverse letter: other generators may be called f' or -f themselves.
std::string inverse_letter_name(std::int32_t letter, std::span<const std::string> names) {
  const std::string& name = names[static_cast<std::size_t>(-letter - 1)];
  const std::string candidates[] = {name + "'", std::string("-").append(name), name + "_inv"};
  for (const auto& candidate : candidates) {
    if (find_letter(candidate, names) == letter) return candidate;
  }
  return candidates[0];
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

std::optional<std::vector<std::size_t>> parse_run(std::string_view text, std::span<const std::string> names) {
  std::vector<std::size_t> out;
  if (std::any_of(names.begin(), names.end(), [](const auto& name) { return name.size() != 1; })) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = letter_named(text.substr(i, 1), names);
    if (!letter) return std::nullopt;
    out.push_back(static_cast<std::size_t>(*letter - 1));
  }
  return out;
}

word parse_word(std::string_view text, std::span<const std::string> names) {
  if (text.find('.') == std::string_view::npos) {
    if (const auto run = parse_run(text, names)) {
      word out;
      for (const auto i : *run) out.push_back(static_cast<std::int32_t>(i) + 1);
      return out;
    }
  }
  std::size_t longest = 0;
  for (const auto& name : names) longest = std::max(longest, name.size() + 4);  // with the mark of an inverse
  word out;
  while (!text.empty() || !out.empty()) {
    // A name may hold dots itself, as R[0..3] does: take the shortest piece up to a dot that is a letter.
    std::optional<std::int32_t> letter;
    std::size_t end = text.find('.');
    for (;; end = text.find('.', end + 1)) {
      letter = find_letter(text.substr(0, end), names);
      if (letter || end == std::string_view::npos || end >= longest) break;
    }
    if (!letter) {
      throw parse_error(fmt::format("word: letter {} is '{}', which is no generator; there are {}", out.size() + 1,
                                    text.substr(0, text.find('.')),
                                    fmt::join(names.first(std::min<std::size_t>(names.size(), 12)), " ")));
    }
    out.push_back(*letter);
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string to_string(std::span<const std::int32_t> w, std::span<const std::string> names) {
  std::string out;
  for (const auto letter : w) {
    if (!out.empty()) out += '.';
    out += letter > 0 ? names[static_cast<std::size_t>(letter - 1)] : inverse_letter_name(letter, names);
  }
  return out;
}

}  // namespace cosetta::groups
