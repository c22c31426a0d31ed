#include <groups/cyclic_quotient.hpp>
#include <groups/subgroups.hpp>

namespace cosetta::groups {

cyclic_quotient::cyclic_quotient(const permutation_group& g, const std::vector<permutation>& generators,
                                 std::uint32_t largest) {
  const auto& first = generators.front();
  step_back_ = first.inverse();
  std::vector<permutation> relators;
  for (const auto& s : generators) {
    auto x = s * step_back_;
    if (!x.is_identity()) relators.push_back(std::move(x));
  }
  const auto closure = normal_closure(g, relators);
  const mpz_class index = g.order() / closure.order();
  for (std::uint32_t m = 2; m <= largest; ++m) {
    if (mpz_divisible_ui_p(index.get_mpz_t(), m)) modulus_ = m;
  }
  if (modulus_ == 1) return;
  if (index == modulus_) {
    kernel_ = closure;
  } else {  // M extended by s_1^m
    auto kernel_generators = closure.generators();
    kernel_generators.push_back(first.pow(modulus_));
    kernel_ = subgroup(g, std::move(kernel_generators));
  }
}

std::uint32_t cyclic_quotient::operator()(const permutation& x) const {
  if (modulus_ == 1) return 0;
  auto shifted = x;
  for (std::uint32_t j = 0;; ++j) {
    if (j + 1 == modulus_ || kernel_.contains(shifted)) return j;
    shifted = shifted * step_back_;
  }
}

}  // namespace cosetta::groups
