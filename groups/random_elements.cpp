#include <groups/random_elements.hpp>

#include <algorithm>

namespace cosetta::groups {

namespace {

constexpr std::size_t least_slots = 10;
constexpr int group_mixing_steps = 60;
constexpr int closure_mixing_steps = 20;  // each brings a random conjugate: less is needed

struct slot_pair {
  std::size_t changed, factor;
  bool inverted;
};

slot_pair pick(std::mt19937_64& rng, std::size_t slots) {
  const std::size_t i = rng() % slots;
  const std::size_t j = (i + 1 + rng() % (slots - 1)) % slots;
  return {i, j, rng() % 2 != 0};
}

std::vector<permutation> filled(std::span<const permutation> elements) {
  std::vector<permutation> out;
  for (std::size_t i = 0; i < std::max(least_slots, elements.size() + 1); ++i) {
    out.push_back(elements[i % elements.size()]);
  }
  return out;
}

}  // namespace

random_elements::random_elements(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed)
    : accumulator_(degree), rng_(seed) {
  if (generators.empty()) return;
  slots_ = filled(generators);
  for (int step = 0; step < group_mixing_steps; ++step) next();
}

const permutation& random_elements::next() {
  if (slots_.empty()) return accumulator_;
  const auto [i, j, inverted] = pick(rng_, slots_.size());
  slots_[i] = slots_[i] * (inverted ? slots_[j].inverse() : slots_[j]);
  accumulator_ = accumulator_ * slots_[i];
  return accumulator_;
}

random_normal_elements::random_normal_elements(std::span<const permutation> generators,
                                               std::span<const permutation> elements, std::uint64_t seed)
    : conjugators_(generators, elements[0].degree(), seed),
      slots_(filled(elements)),
      accumulator_(elements[0].degree()),
      rng_(seed + 1) {
  for (int step = 0; step < closure_mixing_steps; ++step) next();
}

const permutation& random_normal_elements::next() {
  const auto [i, j, inverted] = pick(rng_, slots_.size());
  const auto& g = conjugators_.next();
  slots_[i] = slots_[i] * (g.inverse() * (inverted ? slots_[j].inverse() : slots_[j]) * g);
  accumulator_ = accumulator_ * slots_[i];
  return accumulator_;
}

}  // namespace cosetta::groups
