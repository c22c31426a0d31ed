// The generating sets of the catalogue's families, to recognise records by their canonical keys.
#pragma once

#include <tools/conjecture/canonical_set.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace cosetta::conjecture {

/// Names of the families' sets of this degree with at most `size` generators (or inverse pairs), by canonical key. Families of all parameters up
/// to the degree are tried, in the order of the catalogue; random ones are not.
std::unordered_map<std::string, std::vector<std::string>> known_sets(std::size_t degree, std::size_t size, inversion kind);

}  // namespace cosetta::conjecture
