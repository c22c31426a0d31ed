// The orbit of a point (or of several roots) with a transversal: a Schreier tree whose elements become explicit rows on
// first use. Node q, reached from its parent p by generator g, stands for u_q = u_p g; kept is the row of u_q^-1, since
// sifting divides by it.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/image_domain.hpp>
#include <groups/row_pool.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cosetta::groups {

/// Throws resource_error.
[[noreturn]] void throw_orbit_too_long();

template <class Domain>
class orbit_tree {
 public:
  using scalar = typename Domain::scalar;
  using point = typename Domain::point;
  using pool = row_pool<scalar>;

  explicit orbit_tree(const Domain& domain) : domain_(&domain), index_(domain) {}

  std::size_t size() const noexcept { return points_.size(); }
  const std::vector<point>& points() const noexcept { return points_; }
  std::uint32_t find(const point& p) const noexcept { return index_.find(p); }
  const std::vector<const scalar*>& generators() const noexcept { return generators_; }
  const std::vector<const scalar*>& generator_inverses() const noexcept { return generator_inverses_; }
  std::uint32_t parent(std::uint32_t node) const noexcept { return parents_[node]; }
  std::uint32_t label(std::uint32_t node) const noexcept { return labels_[node]; }
  /// The longest way from a node to its root: what dividing costs where there is no row.
  std::uint32_t depth() const noexcept { return depth_; }

  /// A root whose element is the inverse of the given row; null stands for the identity.
  void add_root(const point& p, const scalar* inverse) {
    index_.insert(p, static_cast<std::uint32_t>(points_.size()));
    points_.push_back(p);
    parents_.push_back(absent);
    labels_.push_back(absent);
    depths_.push_back(0);
    inverses_.push_back(inverse);
  }

  /// Gives a root that was added without one its inverse row, before anything of its tree is divided by.
  void set_root(std::uint32_t node, const scalar* inverse) { inverses_[node] = inverse; }

  /// Without extending the orbit; `close` does that.
  void add_generator(const scalar* g, const scalar* inverse) {
    generators_.push_back(g);
    generator_inverses_.push_back(inverse);
  }

  /// Closes the orbit under all generators; the nodes before `first` were closed already. A control ends what takes long,
  /// here and below: the tree is then of no further use.
  void close(std::uint32_t first, const group_control* control = nullptr) {
    for (std::uint32_t node = first; node < points_.size(); ++node) {
      for (std::uint32_t g = 0; g < generators_.size(); ++g) visit(node, g, control);
    }
  }
  /// Adds a generator and closes the orbit; the orbit was closed under the others. Returns whether it grew.
  bool extend(const scalar* g, const scalar* inverse, const group_control* control = nullptr) {
    const auto before = static_cast<std::uint32_t>(points_.size());
    add_generator(g, inverse);
    for (std::uint32_t node = 0; node < before; ++node) visit(node, static_cast<std::uint32_t>(generators_.size() - 1), control);
    close(before, control);
    return points_.size() != before;
  }

  /// Grows the tree of the first root again, breadth first under all generators: positions and rows are new.
  void regrow(const group_control* control = nullptr) {
    const auto root = points_[0];
    const auto* inverse = inverses_[0];
    index_ = typename Domain::orbit_index(*domain_);
    points_.clear(), parents_.clear(), labels_.clear(), depths_.clear(), inverses_.clear();
    depth_ = 0;
    add_root(root, inverse);
    close(0, control);
  }

  /// x := x * u_node^-1, writing rows on the way while the pool holds less than `budget` bytes.
  void divide(scalar* x, std::uint32_t node, pool& rows, std::size_t budget) {
    if (inverses_[node] == nullptr && parents_[node] != absent && rows.bytes() < budget) make_row(node, rows);
    divide(x, node);
  }
  void divide(scalar* x, std::uint32_t node) const {
    while (parents_[node] != absent && inverses_[node] == nullptr) {
      domain_->compose(x, generator_inverses_[labels_[node]], x);
      node = parents_[node];
    }
    if (inverses_[node] != nullptr) domain_->compose(x, inverses_[node], x);
  }
  /// Writes all rows while the pool holds less than `budget` bytes.
  void make_rows(pool& rows, std::size_t budget) {
    for (std::uint32_t node = 0; node < points_.size() && rows.bytes() < budget; ++node) {
      if (inverses_[node] == nullptr && parents_[node] != absent) make_row(node, rows);
    }
  }

 private:
  static constexpr std::size_t max_nodes = std::size_t{1} << 24;  // about 1 GiB

  void visit(std::uint32_t node, std::uint32_t g, const group_control* control) {
    if (++visits_ % (1U << 12) == 0 && control != nullptr) control->check();
    const point q = domain_->image(points_[node], generators_[g]);
    if (index_.find(q) != absent) return;
    if (points_.size() == max_nodes) throw_orbit_too_long();
    index_.insert(q, static_cast<std::uint32_t>(points_.size()));
    points_.push_back(q);
    parents_.push_back(node);
    labels_.push_back(g);
    depths_.push_back(depths_[node] + 1);
    depth_ = std::max(depth_, depths_.back());
    inverses_.push_back(nullptr);
  }

  void make_row(std::uint32_t node, pool& rows) {
    path_.clear();
    while (parents_[node] != absent && inverses_[node] == nullptr) {
      path_.push_back(node);
      node = parents_[node];
    }
    for (; !path_.empty(); path_.pop_back()) {
      const auto child = path_.back();
      const scalar* g = generator_inverses_[labels_[child]];
      if (inverses_[node] == nullptr) {
        inverses_[child] = g;
      } else {
        auto* row = rows.allocate();
        domain_->compose(g, inverses_[node], row);
        inverses_[child] = row;
      }
      node = child;
    }
  }

  const Domain* domain_;
  typename Domain::orbit_index index_;
  std::vector<point> points_;
  std::vector<std::uint32_t> parents_, labels_, depths_;
  std::uint32_t depth_ = 0;
  std::uint32_t visits_ = 0;
  std::vector<const scalar*> inverses_;
  std::vector<const scalar*> generators_, generator_inverses_;
  std::vector<std::uint32_t> path_;
};

}  // namespace cosetta::groups
