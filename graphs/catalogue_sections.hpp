// The three parts of the catalogue's table, each in its own file. Internal to graphs/.
#pragma once

#include <graphs/catalogue.hpp>

#include <vector>

namespace cosetta::graphs {

std::vector<family> permutation_families();
std::vector<family> involution_and_cycle_families();  // the last part of permutation_families()
std::vector<family> standard_group_families();       // likewise, after those
std::vector<family> matrix_families();
std::vector<family> puzzle_families();

/// Parameter shorthands for the tables.
parameter required_integer(std::string name, std::int64_t least, std::string meaning);
parameter optional_integer(std::string name, std::int64_t fallback, std::int64_t least, std::string meaning);
parameter optional_flag(std::string name, bool fallback, std::string meaning);
parameter optional_text(std::string name, std::string fallback, std::string meaning);
/// An integer that names no size: a modulus, a seed.
parameter unlimited(parameter p);
parameter argument_list(std::string name, std::string meaning);

}  // namespace cosetta::graphs
