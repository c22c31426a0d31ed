// What an extremal search asks: among the sets of k permutations of n points of a class, up to relabelling of the points (and inversion of the
// elements), that generate a group as wished, which have the largest or the smallest value?
//
//   { "name": "triples", "degree": 7, "size": 3, "class": "involutions", "up_to": "conjugacy_and_inversion", "order": "full",
//     "measure": "diameter", "goal": "largest", "keep": 10, "method": "exhaustive" }
#pragma once

#include <tools/conjecture/subset_orbits.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <gmpxx.h>

namespace cosetta::conjecture {

enum class search_method { exhaustive, annealing };
enum class search_value { diameter, last_sphere };

std::string_view to_string(search_method m) noexcept;
std::string_view to_string(search_value v) noexcept;

/// Which group the set is to generate.
struct group_wish {
  enum class kind { full, alternating, transitive, any, order } which = kind::full;
  mpz_class order;  // of `order`

  bool operator==(const group_wish&) const = default;
};

/// "full" (S_n), "alternating" (A_n), "transitive", "any" or a decimal order. Throws parse_error.
group_wish parse_group_wish(std::string_view text);
std::string to_string(const group_wish& wish);

inline constexpr std::size_t max_search_degree = 16, max_search_size = 8;

struct extremal_question {
  std::string name;  // empty: title()
  std::size_t degree = 0, size = 0;
  permutation_class of;
  inversion kind = inversion::closed;  // closed: with all inverses, an undirected graph
  group_wish wish;
  search_value value = search_value::diameter;
  bool smallest = false;
  std::size_t keep = 10;                // so many records
  std::optional<search_method> method;  // nothing: exhaustive where that is some hours of work at most
  std::uint64_t seed = 1, restarts = 32, steps = 300;  // of annealing; restarts may grow from run to run

  /// "S_7: 3 involutions, undirected, order full, largest diameter"
  std::string title() const;
  /// What makes two searches the same one, in the store: JSON. Precondition: there is a method.
  std::string identity() const;
  std::string name_or_title() const { return name.empty() ? title() : name; }
  /// A guess at the number of sets that an exhaustive search looks at, and at its seconds on one core.
  double estimated_sets() const;
  double estimated_seconds() const;
  /// A guess at the bytes that an exhaustive search holds: the elements of the class and where they are; the sets.
  double estimated_element_bytes() const;
  double set_bytes() const;
  /// Settles the method. Throws domain_error, resource_error for what cannot be searched.
  void settle();
};

/// Throws parse_error, "FILE: /degree: ...".
extremal_question parse_question(std::string_view text, const std::string& file);
/// What identity() says, back. Throws parse_error.
extremal_question parse_identity(std::string_view text, const std::string& where);

}  // namespace cosetta::conjecture
