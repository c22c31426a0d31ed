// One measure of a sweep's graphs along a parameter, as fits, figures and reports take it.
#pragma once

#include <tools/conjecture/formula.hpp>
#include <tools/conjecture/records.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmpxx.h>

namespace cosetta::conjecture {

/// The measures that are one whole number for each graph.
inline constexpr std::string_view number_measures[] = {"diameter", "last_sphere", "girth", "order"};

/// Throws parse_error for another name than those of number_measures.
void check_number_measure(std::string_view measure);

/// Nothing where the graph does not have it, or not yet. Precondition: a name of number_measures.
std::optional<mpz_class> number_of(const graph_row& graph, std::string_view measure);

/// Whether the number is proven, and no bound.
bool is_proven(const graph_row& graph, std::string_view measure) noexcept;

/// Rows along one parameter, for a choice of the others.
struct measured_table {
  std::string title;                // "top_spin:{n},k={k}, k = 3"
  std::string name;                 // "top_spin(n, k=3)"
  std::string along;                // "n"
  std::vector<fit_row> rows;        // ascending
  std::vector<std::size_t> graphs;  // of each row its place among the graphs that were given
};

/// Of each template the parameter that takes most values runs along the rows. Graphs without parameters, or without the measure, have no place
/// in them. Ascending titles.
std::vector<measured_table> measured_tables(std::span<const listed_graph> graphs, std::string_view measure);

/// "top_spin:{n},k=3" of "top_spin:8,k=3" with n = 8, as the specification wrote it, and whether the graph was closed under inversion.
std::string template_of(const member_row& member);

}  // namespace cosetta::conjecture
