// Nearly uniform random elements of a group from generators: product replacement with an accumulator ("rattle";
// Celler, Leedham-Green, Murray, Niemeyer, O'Brien 1995; Leedham-Green 2001).
#pragma once

#include <groups/row_pool.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace cosetta::groups {

template <class Domain>
class product_replacement {
 public:
  using scalar = typename Domain::scalar;

  /// Precondition: at least one generator. Rows of the generators are copied. Mixing takes `mixing_steps`, or thirty
  /// steps a slot where there are many: each slot must meet most others before groups such as C_2^200 look uniform.
  product_replacement(const Domain& domain, const std::vector<const scalar*>& generators, std::uint64_t seed,
                      std::size_t mixing_steps = 100)
      : domain_(&domain), rows_(domain.row_size()), rng_(seed) {
    const std::size_t slots = std::max<std::size_t>(10, generators.size() + 1);
    for (std::size_t i = 0; i < slots; ++i) {
      slots_.push_back(rows_.allocate());
      domain.copy(generators[i % generators.size()], slots_.back());
    }
    accumulator_ = rows_.allocate();
    domain.set_identity(accumulator_);
    inverse_ = rows_.allocate();
    mixing_steps = std::max(mixing_steps, generators.size() > 10 ? 30 * slots : 0);
    for (std::size_t i = 0; i < mixing_steps; ++i) step();
  }

  /// Valid until the next call. Each element is nearly uniform after any number of steps; but one step brings in one slot
  /// only, so that of a group that needs about as many generators as there are slots (D_4^20) many elements in a row
  /// would lie in a proper subgroup. A quarter of the slots is enough, measured, for the error rates that are promised.
  const scalar* next() {
    for (std::size_t i = slots_.size() / 4; i > 1; --i) step();
    return step();
  }

 private:
  const scalar* step() {
    const std::size_t i = pick(slots_.size());
    std::size_t j = pick(slots_.size() - 1);
    if (j >= i) ++j;
    const scalar* factor = slots_[j];
    if (pick(2) != 0) {
      domain_->invert(factor, inverse_);
      factor = inverse_;
    }
    domain_->compose(slots_[i], factor, slots_[i]);
    domain_->compose(accumulator_, slots_[i], accumulator_);
    return accumulator_;
  }

  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(rng_() % n); }

  const Domain* domain_;
  row_pool<scalar> rows_;
  std::mt19937_64 rng_;
  std::vector<scalar*> slots_;
  scalar* accumulator_;
  scalar* inverse_;
};

}  // namespace cosetta::groups
