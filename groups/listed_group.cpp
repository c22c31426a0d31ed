#include <groups/listed_group.hpp>
#include <kernels/error.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::groups {

listed_group::listed_group(const stabilizer_chain& chain, std::size_t level) {
  for (std::size_t l = level; l < chain.length(); ++l) {
    size_ *= chain.orbit(l).size();
    if (size_ > max_size) {
      throw resource_error(fmt::format("the stabilizer of {} base points has more than {} elements", level, max_size));
    }
  }
  const auto strong = chain.strong_generators(level);
  for (point p = 0; p < chain.degree(); ++p) {
    if (std::ranges::any_of(strong, [&](const permutation& g) { return g[p] != p; })) support_.push_back(p);
  }
  if (support_.size() > 4096) throw resource_error("a subgroup that moves more than 4096 points is not written out");
  const std::size_t width = support_.size();
  std::vector<local> place(chain.degree());
  for (std::size_t i = 0; i < width; ++i) place[support_[i]] = static_cast<local>(i);

  // Level by level from the bottom: the elements of H_l are those of H_(l+1) times the transversal of level l, so that
  // element (d_l, d_(l+1), ...) is h * u with h = (d_(l+1), ...) and number d_l * |H_(l+1)| + h.
  std::vector<local> rows(width);
  for (std::size_t i = 0; i < width; ++i) rows[i] = static_cast<local>(i);
  for (std::size_t l = chain.length(); l-- > level;) {
    const auto orbit = chain.orbit(l);
    if (orbit.size() == 1) continue;
    base_.insert(base_.begin(), place[chain.base()[l]]);
    std::vector<local> longer;
    longer.reserve(rows.size() * orbit.size());
    std::vector<local> u(width);
    for (std::size_t d = 0; d < orbit.size(); ++d) {
      const auto t = chain.transversal(l, d);
      for (std::size_t i = 0; i < width; ++i) u[i] = place[t[support_[i]]];
      for (const auto image : rows) longer.push_back(u[image]);
    }
    rows = std::move(longer);
  }
  rows_ = std::move(rows);

  if (base_.empty()) return;
  trie_.assign(width, absent);
  for (std::size_t e = 0; e < size_; ++e) {
    std::uint32_t node = 0;
    for (std::size_t j = 0; j < base_.size(); ++j) {
      const auto slot = node + row(e)[base_[j]];
      if (j + 1 == base_.size()) {
        trie_[slot] = static_cast<std::uint32_t>(e);
      } else {
        if (trie_[slot] == absent) {
          trie_[slot] = static_cast<std::uint32_t>(trie_.size());
          trie_.resize(trie_.size() + width, absent);
        }
        node = trie_[slot];
      }
    }
  }
}

permutation listed_group::element(std::size_t index, std::size_t degree) const {
  std::vector<point> images(degree);
  for (std::size_t i = 0; i < degree; ++i) images[i] = static_cast<point>(i);
  for (std::size_t i = 0; i < support_.size(); ++i) images[support_[i]] = support_[row(index)[i]];
  return permutation(images);
}

std::uint32_t listed_group::inverse(std::size_t a) const {
  // g^-1 takes b to the point that g takes to b.
  local images[max_base];
  const auto* images_of = row(a);
  for (std::size_t j = 0; j < base_.size(); ++j) {
    images[j] = static_cast<local>(std::find(images_of, images_of + support_.size(), base_[j]) - images_of);
  }
  return find(images);
}

}  // namespace cosetta::groups
