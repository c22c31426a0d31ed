#include <graphs/graph_builder.hpp>
#include <kernels/error.hpp>

#include <fmt/format.h>

namespace cosetta::graphs {

void graph_builder::charge(std::size_t points) {
  points_ += points;
  if (permutations_.size() + matrices_.size() >= max_generators || points_ > max_points) refuse_size();
}

void graph_builder::refuse_size() const {
  throw resource_error(fmt::format(
      "{}: more than {} generators or {} points in all of them; a generating set of this size cannot be held: "
      "take smaller parameters",
      spec_, max_generators, max_points));
}

void graph_builder::add(std::string name, groups::permutation p) {
  charge(p.degree());
  permutations_.add(std::move(name), std::move(p));
}

void graph_builder::add(std::string name, groups::matrix a) {
  charge(a.entries().size());
  matrices_.add(std::move(name), std::move(a));
}

void graph_builder::check_degree(std::int64_t degree) const {
  if (degree > static_cast<std::int64_t>(groups::max_degree)) {
    throw domain_error(fmt::format("{}: degree {} is above the limit of {} points", spec_, degree, groups::max_degree));
  }
}

graph_definition graph_builder::finish() && {
  if (!matrices_.empty()) return make_graph(std::move(spec_), std::move(matrices_), std::move(central));
  return make_graph(std::move(spec_), std::move(permutations_), std::move(central));
}

}  // namespace cosetta::graphs
