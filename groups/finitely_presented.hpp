// Finitely presented groups as data: generator names, relators and, where a subgroup is meant, words that generate it.
// Words are those of <groups/word.hpp>. Nothing is decided here; coset enumeration decides.
//
// In text the three parts are set apart by bars:  a,b | a^2, b^3, (a*b)^7 | a*b  . A word is a product by * or . of
// names, 1 (the empty word), parentheses, powers u^n with any integer n, inverses u', conjugates u^v = v^-1*u*v and
// commutators [u,v] = u^-1*v^-1*u*v, [u,v,w] = [[u,v],w], as GAP has them. Operators that follow bind from left to
// right: a^b^2 = (a^b)^2. A relation u=v is the relator u*v^-1; a chain u=v=w makes all of its members equal.
// Blanks do not count. Cf. D. F. Holt, B. Eick, E. A. O'Brien, "Handbook of Computational Group Theory" (2005), 2.4.
#pragma once

#include <groups/word.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::groups {

struct presentation {
  std::vector<std::string> generators;
  std::vector<word> relators;
  std::vector<word> subgroup;  // none: the trivial subgroup

  bool operator==(const presentation&) const = default;
};

/// What a text may expand to, intermediate words included: a^1000000000 is short to write.
inline constexpr std::size_t max_presentation_letters = std::size_t{1} << 22;
inline constexpr std::size_t max_presentation_generators = std::size_t{1} << 12;

/// Reads "a,b|a^2,b^3,(a*b)^7" or "a,b|a^2,b^3,(a*b)^7|a*b". Words are kept as written: nothing is cancelled. Throws
/// parse_error with the column (from 1) and what was expected there, resource_error past the limits.
presentation parse_presentation(std::string_view text);

/// The text of a word, "(a*b)^7" or "a^2*b^-1"; the empty word is "1".
std::string to_product(std::span<const std::int32_t> w, std::span<const std::string> names);

/// The text that parse_presentation reads as this presentation again.
std::string to_string(const presentation& p);

}  // namespace cosetta::groups
