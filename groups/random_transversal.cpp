#include <groups/random_transversal.hpp>

namespace cosetta::groups {

namespace {

constexpr std::size_t tree_generators = 8;
constexpr int mixing_steps = 50;

/// `product_replacement` copies the rows, so that a pool for the time of its construction is enough.
product_replacement<image_domain<std::uint32_t>> make_source(const image_domain<std::uint32_t>& domain,
                                                             std::span<const permutation> generators,
                                                             std::uint64_t seed) {
  row_pool<std::uint32_t> rows(domain.row_size());
  std::vector<const std::uint32_t*> pointers;
  for (const auto& g : generators) {
    auto* images = rows.allocate();
    domain.set_identity(images);
    for (std::size_t i = 0; i < domain.degree(); ++i) images[i] = g[i];
    pointers.push_back(images);
  }
  return {domain, pointers, seed, mixing_steps};
}

}  // namespace

random_transversal::random_transversal(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed)
    : domain_(degree),
      source_(make_source(domain_, generators, seed)),
      pool_(domain_.row_size()),
      labels_(degree, unreached) {
  for (std::size_t i = 0; i < tree_generators; ++i) {
    auto* element = pool_.allocate();
    auto* inverse = pool_.allocate();
    domain_.copy(next(), element);
    domain_.invert(element, inverse);
    elements_.push_back(element);
    inverses_.push_back(inverse);
  }
}

void random_transversal::add_root(point root) {
  std::vector<point> queue{root};
  labels_[root] = at_root;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (std::size_t e = 0; e < tree_generators; ++e) {
      const point y = elements_[e][queue[i]];
      if (labels_[y] != unreached) continue;
      labels_[y] = static_cast<std::uint8_t>(e);
      queue.push_back(y);
    }
  }
}

std::optional<std::span<const random_transversal::row>> random_transversal::path_to_root(point x) {
  if (labels_[x] == unreached) return std::nullopt;
  path_.clear();
  while (labels_[x] != at_root) {
    path_.push_back(inverses_[labels_[x]]);
    x = path_.back()[x];
  }
  return path_;
}

}  // namespace cosetta::groups
