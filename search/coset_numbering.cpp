#include <search/coset_numbering.hpp>

#include <algorithm>
#include <array>

namespace cosetta::search {

using groups::listed_group;

coset_numbering::coset_numbering(const groups::stabilizer_chain& chain, std::size_t level, const listed_group& h,
                                 std::span<const groups::point> extra)
    : level_(level), degree_(chain.degree()), h_(&h), support_(h.support().begin(), h.support().end()) {
  for (std::size_t l = 0; l < level; ++l) tracked_.push_back(static_cast<point>(chain.base()[l]));
  for (const auto p : support_) tracked_.push_back(static_cast<point>(p));
  for (const auto p : extra) tracked_.push_back(static_cast<point>(p));
  for (std::size_t l = 0; l < level; ++l) {
    const auto orbit = chain.orbit(l);
    upper_level u;
    u.size = static_cast<std::uint32_t>(orbit.size());
    u.position.assign(degree_, 0);
    for (std::size_t d = 0; d < orbit.size(); ++d) {
      u.position[orbit[d]] = static_cast<std::uint32_t>(d);
      const auto t = chain.transversal(l, d);
      const auto back = t.inverse();
      for (std::size_t i = 0; i < degree_; ++i) {
        u.rows.push_back(static_cast<point>(t[i]));
        u.inverse_rows.push_back(static_cast<point>(back[i]));
      }
    }
    count_ *= orbit.size();
    upper_.push_back(std::move(u));
  }
  std::vector<listed_group::local> place(degree_);
  for (std::size_t i = 0; i < support_.size(); ++i) place[support_[i]] = static_cast<listed_group::local>(i);
  for (std::size_t l = level; l < chain.length(); ++l) {
    lower_level low;
    const auto orbit = chain.orbit(l);
    if (orbit.size() == 1) continue;
    for (std::size_t d = 0; d < orbit.size(); ++d) {
      low.orbit.push_back(place[orbit[d]]);
      const auto t = chain.transversal(l, d);
      for (const auto p : support_) low.rows.push_back(place[t[p]]);
    }
    lower_.push_back(std::move(low));
  }
}

std::uint64_t coset_numbering::number(const point* images) const noexcept {
  std::array<point, 64> small;
  std::vector<point> large;
  point* left = small.data();
  if (level_ > small.size()) large.resize(level_), left = large.data();
  std::copy_n(images, level_, left);
  std::uint64_t c = 0;
  for (std::size_t l = 0; l < level_; ++l) {
    const auto& u = upper_[l];
    const auto d = u.position[left[l]];
    c = c * u.size + d;
    const auto* back = u.inverse_rows.data() + d * degree_;
    for (std::size_t j = l + 1; j < level_; ++j) left[j] = back[left[j]];
  }
  return c;
}

void coset_numbering::representative(std::uint64_t c, point* images) const noexcept {
  std::copy(tracked_.begin(), tracked_.end(), images);
  // q = u_(level-1) ... u_1 u_0: the deepest level acts first.
  for (std::size_t l = level_; l-- > 0;) {
    const auto& u = upper_[l];
    const auto* row = u.rows.data() + (c % u.size) * degree_;
    c /= u.size;
    for (std::size_t j = l; j < tracked(); ++j) images[j] = row[images[j]];
  }
  const std::size_t width = support_.size();
  point* q = images + level_;
  std::array<point, 4096> moved;
  for (const auto& low : lower_) {
    std::size_t best = 0;
    for (std::size_t d = 1; d < low.orbit.size(); ++d) {
      if (q[low.orbit[d]] < q[low.orbit[best]]) best = d;
    }
    const auto* u = low.rows.data() + best * width;
    for (std::size_t i = 0; i < width; ++i) moved[i] = q[u[i]];
    std::copy_n(moved.begin(), width, q);
  }
}

std::uint32_t coset_numbering::quotient(const point* y, const point* q, std::vector<point>& scratch) const {
  scratch.resize(degree_);
  for (std::size_t i = 0; i < support_.size(); ++i) scratch[q[level_ + i]] = static_cast<point>(i);
  std::array<listed_group::local, listed_group::max_base> images{};
  const auto base = h_->base();
  for (std::size_t j = 0; j < base.size(); ++j) images[j] = scratch[y[level_ + base[j]]];
  return h_->find(images.data());
}

}  // namespace cosetta::search
