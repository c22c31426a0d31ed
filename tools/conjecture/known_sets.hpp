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

/// The specs of the catalogue's permutation families of this degree, without random ones; of other parameters than integers, the defaults. Families that have
/// more than `most_generators` generators for 6 points, or here, are left out.
std::vector<std::string> catalogue_instances(std::size_t degree, std::size_t most_generators);

/// Where the simple graph with the edges {i, g(i)} is connected and has one cycle, of four points, with a path at some of them (CayleyPy Growth:
/// "square with whiskers"): the lengths of the paths around the square, from the greatest on. Empty where it is another graph.
std::vector<std::size_t> square_with_whiskers(const std::vector<groups::permutation>& generators);

}  // namespace cosetta::conjecture
