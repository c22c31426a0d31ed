// A chain of stabilizers whose steps fix several base points at once: H_0 = G >= H_1 >= ... >= H_m = 1, and a perfect
// hash of the cosets of H_(i+1) in H_i, by the images of the base points of step i. For word_factorization.
#pragma once

#include <groups/image_domain.hpp>
#include <groups/row_pool.hpp>
#include <groups/stabilizer_chain.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace cosetta::groups {

template <class Image>
class stabilizer_steps {
 public:
  /// Neighbouring levels of the chain share a step while its cosets are at most `most_cosets`.
  stabilizer_steps(const stabilizer_chain& chain, const image_domain<Image>& domain, std::size_t most_cosets) : rows_(domain.row_size()) {
    for (std::size_t i = 0; i < chain.length(); ++i) {
      const auto orbit = chain.orbit(i);
      if (orbit.size() == 1) continue;
      if (steps_.empty() || steps_.back().cosets * orbit.size() > most_cosets) {
        steps_.push_back({levels_.size(), levels_.size(), 1});
      } else {
        // The level before is followed by another in its step: its transversal is needed.
        auto& before = levels_.back();
        for (std::size_t k = 0; k < before.size; ++k) {
          auto* row = rows_.allocate();
          domain.set_identity(row);
          const auto u = chain.transversal(before.chain_level, k).inverse();
          std::memcpy(row, u.image_bytes(), u.degree() * sizeof(Image));
          before.inverses.push_back(row);
        }
      }
      level l{chain.base()[i], i, orbit.size(), std::vector<std::uint32_t>(domain.degree(), absent), {}};
      for (std::size_t k = 0; k < orbit.size(); ++k) l.position[orbit[k]] = static_cast<std::uint32_t>(k);
      levels_.push_back(std::move(l));
      ++steps_.back().last;
      steps_.back().cosets *= orbit.size();
    }
  }

  std::size_t size() const noexcept { return steps_.size(); }
  std::size_t cosets(std::size_t step) const noexcept { return steps_[step].cosets; }
  std::vector<std::uint32_t> base() const {
    std::vector<std::uint32_t> out;
    for (const auto& l : levels_) out.push_back(l.base);
    return out;
  }

  /// The number of the coset H_(step+1) x, where image(b) is the image of b under x; 0 for x in H_(step+1), `absent`
  /// when x is not in H_step.
  template <class ImageOf>
  std::uint32_t coset_by(std::size_t step, ImageOf&& image) const noexcept {
    const auto& s = steps_[step];
    Image x[32];
    const std::size_t k = s.last - s.first;
    for (std::size_t j = 0; j < k; ++j) x[j] = static_cast<Image>(image(levels_[s.first + j].base));
    std::uint32_t out = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const auto& l = levels_[s.first + j];
      const auto position = l.position[x[j]];
      if (position == absent) return absent;
      out = out * static_cast<std::uint32_t>(l.size) + position;
      if (position == 0) continue;
      for (std::size_t i = j + 1; i < k; ++i) x[i] = l.inverses[position][x[i]];
    }
    return out;
  }
  std::uint32_t coset(std::size_t step, const Image* x) const noexcept {
    return coset_by(step, [x](std::uint32_t b) { return x[b]; });
  }
  std::uint32_t coset_of_product(std::size_t step, const Image* x, const Image* y) const noexcept {
    return coset_by(step, [x, y](std::uint32_t b) { return y[x[b]]; });
  }
  /// The last step whose group holds x, as its base points say: size() for the identity.
  std::size_t depth(const Image* x) const noexcept {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (std::size_t j = steps_[i].first; j < steps_[i].last; ++j) {
        if (x[levels_[j].base] != levels_[j].base) return i;
      }
    }
    return steps_.size();
  }

 private:
  struct level {
    std::uint32_t base;
    std::size_t chain_level;
    std::size_t size;
    std::vector<std::uint32_t> position;  // in the orbit, of each point
    std::vector<const Image*> inverses;   // of the transversal; none at the end of a step
  };
  struct span_of_levels {
    std::size_t first, last;  // levels
    std::size_t cosets;
  };
  row_pool<Image> rows_;
  std::vector<level> levels_;
  std::vector<span_of_levels> steps_;
};

}  // namespace cosetta::groups
