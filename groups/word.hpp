// Words in generators and their inverses. Letter +i is generator i, -i its inverse, counted from 1 so that the sign is
// never lost (the convention of GAP and of the coset-enumeration literature). A word is read left to right: the element
// of a * b is first a, then b. In text, letters are joined by dots: "L.L.X".
#pragma once

#include <groups/generating_set.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::groups {

using word = std::vector<std::int32_t>;

/// Cancels adjacent inverse letters until none are left.
word free_reduce(std::span<const std::int32_t> w);

/// The formal inverse: reversed, each letter inverted.
word inverse(std::span<const std::int32_t> w);

/// The numbers of the names in a text without dots, "LLX", where every name is a single character; nothing where that is not so.
std::optional<std::vector<std::size_t>> parse_run(std::string_view text, std::span<const std::string> names);

/// Reads "L.L.X", or "LLX" where all names are single characters; the empty text is the empty word. A name of the list is that letter; otherwise one
/// with the mark of an inverse (f', -f, f_inv) is the inverse of the letter so named. Throws parse_error with position and name.
word parse_word(std::string_view text, std::span<const std::string> names);

/// Joins names with dots; an inverse letter is written f', or -f or f_inv where f' is a generator of its own.
std::string to_string(std::span<const std::int32_t> w, std::span<const std::string> names);

/// The product of the letters, left to right. Precondition: letters are within the set, `identity` is its identity.
template <group_element Element>
Element evaluate(std::span<const std::int32_t> w, const generating_set<Element>& generators, Element identity) {
  for (const auto letter : w) {
    const auto& element = generators[static_cast<std::size_t>((letter > 0 ? letter : -letter) - 1)];
    identity = identity * (letter > 0 ? element : element.inverse());
  }
  return identity;
}

}  // namespace cosetta::groups
