// Two proofs that a stabilizer chain is complete. Both end with `true`, or put an element that the chain lacked into it
// and start again at the level that it changed; either way the chain only grows towards the truth.
//
// A level i is complete when the stabilizer of b_i in G_i = <H, T_i> is H, the group that the deeper levels describe.
//
// 1. `prove_by_suborbits`: after Sims (see Seress, section 8.2), one generator at a time, on blocks. Let H <= N <= G_i
//    with N_(b_i) = H proven (at first N = H), such that B, the orbit of b_i under N, is a block of G_i (as it is if H
//    is the stabilizer); let z = u_d^-1 for an element u_d of G_i that takes B to another block d, and D the orbit of B
//    under <N, z>. For each orbit of N on the blocks in D with representative r choose u_r in G_i that takes B to r (1
//    for B, u_d for d), and put u_(r^n) = u_r n. If
//      (a) u_r N_r u_r^-1 <= N for each r, N_r the stabilizer of the block r in N, and
//      (b) u_c z u_(c^z)^-1 in N for each c of a set that represents the orbits of N_d on D,
//    then the |D| cosets N u_c are permuted by right multiplication with N and z, so N is the stabilizer of B in <N, z>,
//    and H that of b_i. Proof: (a) makes N u_c n = N u_(c^n). For k in N_d, z^-1 k z = u_d k u_d^-1 is in N by (a);
//    hence N u_(c^k) z = N u_c z (z^-1 k z) = N u_((c^k)^z): one c an orbit is enough. Few sifts, whatever the degree,
//    but generators of each N_r are needed: best for short bases.
// 2. `prove_by_schreier_generators`: small sets S_0, S_1, ... with S_(i+1) random Schreier generators of <S_i>, so that
//    <S_(i+1)> fixes b_i by construction; all Schreier generators of <S_i> must sift through the levels below
//    (Schreier's lemma). Its cost is the sum of |D_i| |S_i| sifts: best for long bases of small degree.
#pragma once

#include <groups/block_domain.hpp>
#include <groups/schreier_sims.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace cosetta::groups {

/// Throws resource_error.
[[noreturn]] void throw_proof_too_large();

template <class Domain>
class chain_proof {
 public:
  using scalar = typename Domain::scalar;
  using point = typename Domain::point;
  using chain_type = schreier_sims<Domain>;

  chain_proof(chain_type& chain, std::uint64_t seed, const group_control& control, chain_progress& progress)
      : chain_(chain), domain_(chain.domain()), rng_(seed), control_(control), progress_(progress), scratch_(domain_.row_size()) {
    x_ = scratch_.allocate();
    y_ = scratch_.allocate();
  }

  void prove_by_suborbits() {
    progress_.proving = true;
    std::size_t unproven = chain_.length();  // levels from here on are complete
    while (unproven > 0) {
      const auto changed = check_level(unproven - 1);
      unproven = changed ? std::max(*changed + 1, unproven) : unproven - 1;
      report();
    }
  }

  /// Precondition: `generators`, not empty, generate the group and were all sifted into the chain.
  void prove_by_schreier_generators(const std::vector<const scalar*>& generators) {
    progress_.proving = true;
    for (std::size_t width = 6;;) {
      const auto outcome = nested_pass(generators, width);
      if (outcome == verdict::proven) return;
      if (outcome == verdict::too_narrow) width *= 2;
    }
  }

 private:
  using pool = row_pool<scalar>;
  using tree = orbit_tree<Domain>;
  enum class verdict { proven, chain_grew, too_narrow };

  void report() {
    control_.check();
    if (!control_.observer) return;
    progress_.levels = chain_.length();
    progress_.log2_order = chain_.log2_order();
    control_.observer(progress_);
  }

  // ---- suborbits

  struct generator {
    const scalar* row;
    const scalar* inverse;
  };

  /// Strong generators of the levels from `from` on.
  std::vector<generator> generators_from(std::size_t from) const {
    std::vector<generator> out;
    for (std::size_t i = from; i < chain_.length(); ++i) {
      const auto& t = chain_[i].tree;
      for (std::size_t g = 0; g < t.generators().size(); ++g) out.push_back({t.generators()[g], t.generator_inverses()[g]});
    }
    return out;
  }

  /// Nothing when level i is complete, given that the deeper ones are; otherwise the level that has changed.
  std::optional<std::size_t> check_level(std::size_t i) {
    const auto deeper = generators_from(i + 1);
    for (const auto& g : deeper) {
      if (i == 0) break;  // closed under all generators of the group
      const auto& t = chain_[i].tree;
      for (std::size_t p = 0; p < t.size(); ++p) {
        if (t.find(domain_.image(t.points()[p], g.row)) != absent) continue;
        chain_.share_generator(i, g.row, g.inverse);
        return i;
      }
    }
    subgroup n(*this, i, deeper);
    std::optional<std::size_t> changed;
    for (;;) {
      block_forest forest(*this, n);
      const root* d = nullptr;  // of the smallest orbit of N on blocks that is left
      for (const auto& r : forest.roots) {
        if (r.node != 0 && (d == nullptr || r.size < d->size)) d = &r;
      }
      if (d == nullptr) {  // N is transitive: does it hold what generated the level?
        for (const auto* t : chain_[i].tree.generators()) {
          domain_.copy(t, x_);
          if (!in_subgroup(x_, n, changed)) return changed;
        }
        return std::nullopt;
      }
      if (changed = check_generator(n, forest, forest.root_at[d->node]); changed) return changed;
      if (!n.find_blocks(*this)) return missing_element(n);
    }
  }

  struct root {
    std::uint32_t node;
    std::size_t size;                         // of its orbit under N
    std::uint32_t place;                      // in the orbit of b_i under G_i
    const scalar* inverse = nullptr;          // u_r^-1
    std::vector<const scalar*> stabilizer{};  // generators of N_r
  };

  /// N, its order, the orbit B of b_i under it, and the block system of B on the orbit of b_i under G_i.
  struct subgroup {
    std::size_t level;
    pool rows;
    std::vector<generator> generators;
    mpz_class order;
    tree orbit;                                 // of b_i under N
    std::vector<std::uint32_t> representative;  // by places in the orbit under G_i
    bool is_stabilizer = true;                  // N = H

    subgroup(const chain_proof& proof, std::size_t i, const std::vector<generator>& deeper)
        : level(i), rows(proof.domain_.row_size()), generators(deeper), order(proof.chain_.order(i + 1)), orbit(proof.domain_) {
      orbit.add_root(proof.chain_[i].base, nullptr);
      representative.resize(proof.chain_[i].tree.size());
      for (std::uint32_t p = 0; p < representative.size(); ++p) representative[p] = p;
    }

    /// False when the images of B under the generators of G_i overlap.
    bool find_blocks(const chain_proof& proof) {
      orbit = tree(proof.domain_);
      orbit.add_root(proof.chain_[level].base, nullptr);
      for (const auto& g : generators) orbit.add_generator(g.row, g.inverse);
      orbit.close(0, &proof.control_);
      const auto& all = proof.chain_[level].tree;
      std::fill(representative.begin(), representative.end(), absent);
      std::vector<std::vector<std::uint32_t>> blocks(1);
      for (const auto& p : orbit.points()) blocks[0].push_back(all.find(p));
      for (const auto p : blocks[0]) representative[p] = blocks[0][0];
      const auto moving = proof.generators_from(level);
      for (std::size_t next = 0; next < blocks.size(); ++next) {
        for (const auto& g : moving) {
          std::vector<std::uint32_t> image;
          for (const auto p : blocks[next]) image.push_back(all.find(proof.domain_.image(all.points()[p], g.row)));
          const auto name = representative[image[0]];
          const bool whole = std::all_of(image.begin(), image.end(), [&](auto p) { return representative[p] == name; });
          if (!whole) return false;
          if (name != absent) continue;
          for (const auto p : image) representative[p] = image[0];
          blocks.push_back(std::move(image));
        }
      }
      return true;
    }
  };

  static constexpr std::size_t forest_bytes = std::size_t{64} << 20;
  static constexpr std::size_t nested_bytes = std::size_t{1} << 30;
  static constexpr std::size_t proof_bytes = std::size_t{4} << 30;

  /// The orbits of N on the blocks, each grown from one representative; that of B itself comes first.
  struct block_forest {
    pool rows;
    block_domain<Domain> blocks;
    orbit_tree<block_domain<Domain>> trees;
    std::vector<root> roots;
    std::vector<std::uint32_t> root_at;  // of each node: its root's place in `roots`

    block_forest(chain_proof& proof, const subgroup& n)
        : rows(proof.domain_.row_size()), blocks(proof.domain_, proof.chain_[n.level].tree, n.representative), trees(blocks) {
      for (const auto& g : n.generators) trees.add_generator(g.row, g.inverse);
      const auto& orbit = proof.chain_[n.level].tree;
      plant(proof, n, 0);
      // The next base point represents its own suborbit: its stabilizer in H is at hand.
      if (n.level + 1 < proof.chain_.length()) {
        if (const auto next = orbit.find(proof.chain_[n.level + 1].base); next != absent) plant(proof, n, next);
      }
      for (std::uint32_t p = 0; p < orbit.size(); ++p) plant(proof, n, p);
    }

    void plant(chain_proof& proof, const subgroup& n, std::uint32_t place) {
      const auto p = n.representative[place];
      const auto& orbit = proof.chain_[n.level].tree;
      if (trees.find(orbit.points()[p]) != absent) return;
      const auto node = static_cast<std::uint32_t>(trees.size());
      trees.add_root(orbit.points()[p], nullptr);
      trees.close(node, &proof.control_);
      root_at.resize(trees.size(), static_cast<std::uint32_t>(roots.size()));
      roots.push_back({node, trees.size() - node, p});
    }
    /// Writes u_r^-1, without which no node of the tree can be divided by: few of many roots need it.
    void write_root(chain_proof& proof, const subgroup& n, root& r) {
      if (r.node == 0 || r.inverse != nullptr) return;
      proof.chain_.inverse_transversal(n.level, r.place, proof.x_);
      r.inverse = proof.keep(rows, proof.x_);
      trees.set_root(r.node, r.inverse);
    }
    block_forest(const block_forest&) = delete;
    block_forest& operator=(const block_forest&) = delete;
  };

  /// x preserves B. True when it is in N; otherwise it goes into the chain and `changed` says where.
  bool in_subgroup(scalar* x, subgroup& n, std::optional<std::size_t>& changed) {
    n.orbit.divide(x, n.orbit.find(domain_.image(chain_[n.level].base, x)), n.rows, forest_bytes);
    changed = chain_.insert(x, n.level + 1);
    return !changed;
  }

  /// Generators of N_r. `forward` is u_r.
  void find_stabilizer(subgroup& n, block_forest& forest, root& r, const scalar* forward) {
    if (r.size == 1) {
      for (const auto& g : n.generators) r.stabilizer.push_back(g.row);
      return;
    }
    const std::size_t i = n.level;
    const mpz_class target = n.order / static_cast<unsigned long>(r.size);
    if (target == 1) return;
    if (n.is_stabilizer && i + 1 < chain_.length() && forest.trees.points()[r.node] == chain_[i + 1].base) {
      for (const auto& g : generators_from(i + 2)) r.stabilizer.push_back(g.row);
      return;
    }
    // Uniformly random elements of N_r until a chain of their own reaches its order, which is known.
    chain_type sub(domain_, forest_bytes);
    scalar* const x = forest.rows.allocate();
    while (sub.order() < target) {
      control_.check();
      domain_.set_identity(x);  // (h u_c)^-1 with h in H, c in B
      n.orbit.divide(x, static_cast<std::uint32_t>(rng_() % n.orbit.size()), n.rows, forest_bytes);
      chain_.multiply_by_random(x, rng_, i + 1);
      forest.trees.divide(x, forest.trees.find(forest.blocks.image(forest.trees.points()[r.node], x)), forest.rows, forest_bytes);
      domain_.compose(x, forward, x);
      if (sub.insert(x)) r.stabilizer.push_back(keep(forest.rows, x));
    }
  }

  /// (a) and (b) for z = u_d^-1; then N becomes <N, z>.
  std::optional<std::size_t> check_generator(subgroup& n, block_forest& forest, std::uint32_t d_root) {
    auto& d = forest.roots[d_root];
    auto& trees = forest.trees;
    const auto& points = trees.points();
    forest.write_root(*this, n, d);
    const scalar* const z = d.inverse;

    // D as a union of orbits of N: those that z connects to the first one.
    std::vector<std::uint32_t> leader(forest.roots.size());
    for (std::uint32_t r = 0; r < leader.size(); ++r) leader[r] = r;
    const auto find = [&leader](std::uint32_t r) {
      while (leader[r] != r) r = leader[r] = leader[leader[r]];
      return r;
    };
    const auto moved = [&](std::uint32_t c) { return trees.find(forest.blocks.image(points[c], z)); };
    for (std::uint32_t c = 0; c < points.size(); ++c) leader[find(forest.root_at[c])] = find(forest.root_at[moved(c)]);
    const auto in_orbit = [&](std::uint32_t r) { return find(r) == find(0); };

    std::optional<std::size_t> changed;
    std::size_t size = 0;  // |D|
    for (std::uint32_t r = 0; r < forest.roots.size(); ++r) {
      if (!in_orbit(r)) continue;
      auto& at = forest.roots[r];
      size += at.size;
      if (r == 0) continue;
      forest.write_root(*this, n, at);
      domain_.invert(at.inverse, x_);
      const auto* forward = keep(forest.rows, x_);
      find_stabilizer(n, forest, at, forward);
      for (const auto* k : at.stabilizer) {
        domain_.compose(forward, k, x_);
        domain_.compose(x_, at.inverse, x_);
        if (!in_subgroup(x_, n, changed)) return changed;
      }
    }

    std::vector<std::uint32_t> queue;
    std::vector<bool> seen(points.size(), false);
    for (std::uint32_t c = 0; c < points.size(); ++c) {
      if (seen[c] || !in_orbit(forest.root_at[c])) continue;
      seen[c] = true;
      queue.assign(1, c);
      for (std::size_t next = 0; next < queue.size(); ++next) {
        for (const auto* k : d.stabilizer) {
          const auto image = trees.find(forest.blocks.image(points[queue[next]], k));
          if (!seen[image]) seen[image] = true, queue.push_back(image);
        }
      }
      domain_.set_identity(y_);
      trees.divide(y_, c, forest.rows, forest_bytes);
      domain_.invert(y_, x_);
      domain_.compose(x_, z, x_);
      trees.divide(x_, moved(c), forest.rows, forest_bytes);
      if (!in_subgroup(x_, n, changed)) return changed;
    }
    domain_.invert(z, x_);
    n.generators.push_back({keep(n.rows, z), keep(n.rows, x_)});
    n.order *= static_cast<unsigned long>(size);
    n.is_stabilizer = false;
    return std::nullopt;
  }

  /// B is no block, so the stabilizer of b_i is larger than H: a random element of G_i shows it sooner or later.
  std::size_t missing_element(const subgroup& n) {
    std::vector<const scalar*> generators;
    for (const auto& g : generators_from(n.level)) generators.push_back(g.row);
    product_replacement<Domain> source(domain_, generators, rng_());
    for (;;) {
      control_.check();
      if (const auto changed = chain_.insert(source.next(), n.level)) return *changed;
    }
  }

  const scalar* keep(pool& rows, const scalar* x) {
    if (rows.bytes() > proof_bytes) throw_proof_too_large();
    auto* row = rows.allocate();
    domain_.copy(x, row);
    return row;
  }

  // ---- Schreier generators

  verdict nested_pass(const std::vector<const scalar*>& generators, std::size_t width) {
    const std::size_t length = chain_.length();
    chain_type nested(domain_, nested_bytes);
    pool rows(domain_.row_size());
    std::vector<const scalar*> current = generators;
    for (std::size_t i = 0; i < length; ++i) {
      nested.append_level(chain_[i].base);
      for (const auto* g : current) nested.add_strong_generator(i, g);
      if (nested[i].tree.size() < chain_[i].tree.size()) return verdict::too_narrow;
      if (nested[i].tree.size() > chain_[i].tree.size()) {
        for (const auto* g : current) chain_.add_strong_generator(i, g);
        return verdict::chain_grew;
      }
      if (i + 1 < length) current = random_schreier_generators(nested, i, width, rows);
    }
    nested.make_rows();
    for (std::size_t i = length; i-- > 0;) {
      report();
      const auto& t = nested[i].tree;
      for (std::uint32_t n = 0; n < t.size(); ++n) {
        nested.inverse_transversal(i, n, y_);
        domain_.invert(y_, x_);  // u_n
        for (std::uint32_t g = 0; g < t.generators().size(); ++g) {
          const auto target = t.find(domain_.image(t.points()[n], t.generators()[g]));
          if (t.parent(target) == n && t.label(target) == g) continue;  // trivial by construction
          const auto schreier_generator = [&] {
            domain_.compose(x_, t.generators()[g], y_);
            t.divide(y_, target);
          };
          schreier_generator();
          if (nested.absorbs(y_, i + 1)) continue;
          schreier_generator();  // again, for the chain itself: is it news to that?
          return chain_.insert(y_) ? verdict::chain_grew : verdict::too_narrow;
        }
      }
    }
    return verdict::proven;
  }

  std::vector<const scalar*> random_schreier_generators(chain_type& nested, std::size_t i, std::size_t count, pool& rows) {
    std::vector<const scalar*> out;
    if (nested[i].tree.generators().empty()) return out;
    product_replacement<Domain> source(domain_, nested[i].tree.generators(), rng_(), 40);
    for (std::size_t k = 0; k < count; ++k) {
      domain_.copy(source.next(), x_);
      nested.divide(x_, i, nested[i].tree.find(domain_.image(nested[i].base, x_)));
      if (!domain_.is_identity(x_)) out.push_back(keep(rows, x_));
    }
    return out;
  }

  chain_type& chain_;
  const Domain& domain_;
  std::mt19937_64 rng_;
  const group_control& control_;
  chain_progress& progress_;
  pool scratch_;
  scalar* x_;
  scalar* y_;
};

}  // namespace cosetta::groups
