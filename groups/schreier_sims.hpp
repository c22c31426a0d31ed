// The incremental stabilizer chain behind permutation and matrix groups, and its random construction.
//
// Level i holds the orbit of a base point b_i under <T_i>, T_i being the strong generators found at that level; all of
// them fix b_0, ..., b_(i-1). It is contained in the orbit under the true stabilizer, so that the product of the orbit
// lengths is a lower bound of the order: equality is what chain_proof.hpp is for.
// Leon, "On an algorithm for finding a base and a strong generating set", 1980.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/orbit_tree.hpp>
#include <groups/product_replacement.hpp>

#include <cmath>
#include <deque>
#include <optional>
#include <random>
#include <unordered_map>
#include <vector>

#include <gmpxx.h>

namespace cosetta::groups {

template <class Domain>
class schreier_sims {
 public:
  using scalar = typename Domain::scalar;
  using point = typename Domain::point;

  struct level {
    point base;
    orbit_tree<Domain> tree;
  };

  /// `domain` must outlive the chain. Transversal rows are kept while they need less than `row_bytes`.
  schreier_sims(const Domain& domain, std::size_t row_bytes)
      : domain_(&domain),
        row_bytes_(row_bytes),
        rows_(domain.row_size()),
        scratch_(domain.row_size()),
        x_(scratch_.allocate()),
        spare_(scratch_.allocate()) {}

  /// What ends long orbits, null for nothing: it is to outlive the orbits that are extended from here on.
  void obey(const group_control* control) noexcept { control_ = control; }

  const Domain& domain() const noexcept { return *domain_; }
  std::size_t length() const noexcept { return levels_.size(); }
  const level& operator[](std::size_t i) const noexcept { return levels_[i]; }

  mpz_class order(std::size_t from = 0) const {
    mpz_class product = 1;
    for (std::size_t i = from; i < levels_.size(); ++i) product *= static_cast<unsigned long>(levels_[i].tree.size());
    return product;
  }
  double log2_order() const {
    double sum = 0;
    for (const auto& l : levels_) sum += std::log2(static_cast<double>(l.tree.size()));
    return sum;
  }

  /// Divides x by transversal elements from level `from` on; returns the level whose orbit x leaves, length() if none.
  std::size_t sift(scalar* x, std::size_t from = 0) {
    for (std::size_t i = from; i < levels_.size(); ++i) {
      const auto node = levels_[i].tree.find(domain_->image(levels_[i].base, x));
      if (node == absent) return i;
      if (node != 0) levels_[i].tree.divide(x, node, rows_, row_bytes_);
    }
    return levels_.size();
  }
  std::size_t sift(scalar* x, std::size_t from = 0) const {
    for (std::size_t i = from; i < levels_.size(); ++i) {
      const auto node = levels_[i].tree.find(domain_->image(levels_[i].base, x));
      if (node == absent) return i;
      if (node != 0) levels_[i].tree.divide(x, node);
    }
    return levels_.size();
  }
  /// Sifts x away; true when nothing is left.
  bool absorbs(scalar* x, std::size_t from = 0) { return sift(x, from) == length() && domain_->is_identity(x); }

  void append_level(const point& base) {
    levels_.push_back({base, orbit_tree<Domain>(*domain_)});
    levels_.back().tree.add_root(base, nullptr);
  }

  /// Sifts a copy of x from level `from` on and makes what is left of it a strong generator. Returns the level that it
  /// went to, or nothing when x was in the chain already. Precondition: x fixes the base points before `from`.
  std::optional<std::size_t> insert(const scalar* x, std::size_t from = 0) {
    domain_->copy(x, x_);
    const auto i = sift(x_, from);
    if (i == levels_.size()) {
      if (domain_->is_identity(x_)) return std::nullopt;
      append_level(domain_->moved_point(x_));
    }
    add_strong_generator(i, x_);
    return i;
  }
  /// Precondition: x fixes the base points before level i.
  void add_strong_generator(std::size_t i, const scalar* x) {
    auto* g = rows_.allocate();
    auto* inverse = rows_.allocate();
    domain_->copy(x, g);
    domain_->invert(x, inverse);
    levels_[i].tree.extend(g, inverse, control_);
    flatten(i, g);
  }
  /// The same for rows that outlive the chain, the orbit being closed once.
  void add_strong_generators(std::size_t i, const std::vector<const scalar*>& generators) {
    for (const auto* g : generators) {
      auto& inverse = shared_inverses_[g];
      if (inverse == nullptr) {
        auto* row = rows_.allocate();
        domain_->invert(g, row);
        inverse = row;
      }
      levels_[i].tree.add_generator(g, inverse);
    }
    levels_[i].tree.close(0, control_);
  }
  /// Lets level i take a strong generator of a deeper level.
  void share_generator(std::size_t i, const scalar* g, const scalar* inverse) { levels_[i].tree.extend(g, inverse, control_); }

  /// Extends a complete chain of a group N to one of <N, x>, for an x that normalises N. With j the least power for which
  /// b^(x^j) is in the orbit of b under N, the stabilizer of b in <N, x> is <N_b, y>, y = x^j u^-1 with u in N: the same
  /// step, one level deeper. No proof is needed (Sims, Computing the order of a solvable permutation group, 1990).
  void add_normalizing(const scalar* x) {
    row_pool<scalar> rows(domain_->row_size());
    auto* y = rows.allocate();
    auto* power = rows.allocate();
    auto* square = rows.allocate();
    domain_->copy(x, y);
    for (std::size_t i = 0; !domain_->is_identity(y); ++i) {
      if (i == levels_.size()) append_level(domain_->moved_point(y));
      auto& tree = levels_[i].tree;
      std::size_t j = 1;
      auto p = domain_->image(levels_[i].base, y);
      for (; tree.find(p) == absent; ++j) {
        if (j == longest_power) throw_orbit_too_long();
        p = domain_->image(p, y);
      }
      raise(y, j, power, square);
      tree.divide(power, tree.find(p));
      add_strong_generator(i, y);
      std::swap(y, power);
    }
  }

  /// Tests each orbit but the first, which all generators have closed, with `count` random subproducts of all deeper
  /// strong generators, and closes it where one leads out: as those that preserve the orbit form a subgroup, a gap
  /// escapes with probability at most 2^-count (Babai, Cooperman, Finkelstein, Luks, Seress 1991). Returns whether an
  /// orbit grew.
  template <class Rng>
  bool close_orbits(Rng& rng, int count) {
    row_pool<scalar> rows(domain_->row_size());
    std::vector<scalar*> products;
    for (int k = 0; k < count; ++k) domain_->set_identity(products.emplace_back(rows.allocate()));
    bool grew = false;
    for (std::size_t i = levels_.size(); i-- > 1;) {
      auto& tree = levels_[i].tree;
      for (const auto* w : products) {
        for (std::size_t n = 0; n < tree.size(); ++n) {
          if (tree.find(domain_->image(tree.points()[n], w)) != absent) continue;
          add_strong_generator(i, w);
          grew = true;
          break;
        }
      }
      for (auto* w : products) {
        for (const auto* g : tree.generators()) {
          if (rng() % 2 != 0) domain_->compose(w, g, w);
        }
      }
    }
    return grew;
  }

  /// Writes transversal rows while the budget lasts, so that constant sifts divide by one product a level.
  void make_rows() {
    for (auto& l : levels_) l.tree.make_rows(rows_, row_bytes_);
  }

  /// x := x u_node^-1 at level i.
  void divide(scalar* x, std::size_t i, std::uint32_t node) { levels_[i].tree.divide(x, node, rows_, row_bytes_); }
  /// out = u_node^-1 of level i.
  void inverse_transversal(std::size_t i, std::uint32_t node, scalar* out) const {
    domain_->set_identity(out);
    levels_[i].tree.divide(out, node);
  }
  /// A uniformly random element of what the levels from `from` on describe.
  template <class Rng>
  void random_element(scalar* out, Rng& rng, std::size_t from = 0) const {
    domain_->set_identity(out);
    multiply_by_random(out, rng, from);
  }
  /// out := out * h^-1 with such an element h.
  template <class Rng>
  void multiply_by_random(scalar* out, Rng& rng, std::size_t from) const {
    for (std::size_t i = from; i < levels_.size(); ++i) {
      const auto size = levels_[i].tree.size();
      std::uniform_int_distribution<std::uint32_t> pick(0, static_cast<std::uint32_t>(size - 1));
      levels_[i].tree.divide(out, pick(rng));
    }
  }

 private:
  static constexpr std::uint32_t deep = 64;
  static constexpr std::size_t few_row_bytes = std::size_t{4} << 20;

  /// Keeps division cheap where rows are dear: a tree of a cycle of n points is n deep, but log n deep when the powers
  /// x^2, x^4, x^8, ... are generators, too.
  void flatten(std::size_t i, const scalar* x) {
    auto& tree = levels_[i].tree;
    if (tree.depth() <= deep || tree.size() * domain_->row_size() * sizeof(scalar) <= few_row_bytes) return;
    tree.regrow(control_);
    if (tree.depth() <= deep) return;
    for (std::uint32_t k = 1; k < tree.depth(); k *= 2) {
      auto* power = rows_.allocate();
      auto* inverse = rows_.allocate();
      domain_->compose(x, x, power);
      domain_->invert(power, inverse);
      tree.add_generator(power, inverse);
      x = power;
    }
    tree.regrow(control_);
  }

  /// out = x^k, k > 0, with a row of work space.
  void raise(const scalar* x, std::size_t k, scalar* out, scalar* square) const {
    domain_->set_identity(out);
    domain_->copy(x, square);
    for (;;) {
      if (k % 2 != 0) domain_->compose(out, square, out);
      k /= 2;
      if (k == 0) return;
      domain_->copy(square, spare_);
      domain_->compose(square, spare_, square);
    }
  }

  static constexpr std::size_t longest_power = std::size_t{1} << 24;  // as long as orbits may be

  const Domain* domain_;
  const group_control* control_ = nullptr;
  std::size_t row_bytes_;
  row_pool<scalar> rows_, scratch_;
  scalar* x_;
  scalar* spare_;
  std::deque<level> levels_;
  std::unordered_map<const scalar*, const scalar*> shared_inverses_;
};

/// Sifts random elements until `error_bits` of them in a row were in the chain and its orbits are closed: a uniformly
/// random element leaves an incomplete chain with closed orbits with probability at least 1/2. Returns true when the
/// order met `upper_bound`, which ends it at once.
template <class Domain>
bool grow_at_random(schreier_sims<Domain>& chain, product_replacement<Domain>& source, int error_bits,
                    const std::optional<mpz_class>& upper_bound, const group_control& control, chain_progress& progress) {
  const double bound_bits = upper_bound ? std::log2(upper_bound->get_d()) : 0;  // infinite past 2^1024: compared exactly
  const auto met = [&] {
    return upper_bound && (!std::isfinite(bound_bits) || chain.log2_order() > bound_bits - 0.5) && chain.order() >= *upper_bound;
  };
  if (met()) return true;
  std::mt19937_64 rng(chain.length());
  for (int trivial = 0;;) {
    if (trivial >= error_bits) {
      if (!chain.close_orbits(rng, error_bits)) return false;
      trivial = 0;
      if (met()) return true;
    }
    if (++progress.elements % 64 == 0) {
      control.check();
      if (control.observer) {
        progress.levels = chain.length();
        progress.log2_order = chain.log2_order();
        control.observer(progress);
      }
    }
    if (chain.insert(source.next())) {
      trivial = 0;
      if (met()) return true;
    } else {
      ++trivial;
    }
  }
}

}  // namespace cosetta::groups
