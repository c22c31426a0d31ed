#include <groups/group_products.hpp>
#include <groups/homomorphism.hpp>
#include <groups/standard_groups.hpp>
#include <kernels/error.hpp>

#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

/// A group without generators has one here, the identity, which holds its degree.
generating_set<permutation> named(const permutation_group& g) {
  generating_set<permutation> out;
  for (std::size_t i = 0; i < g.generators().size(); ++i) out.add(fmt::format("g{}", i + 1), g.generators()[i]);
  if (out.empty()) out.add("e", permutation(g.degree()));
  return out;
}

chain_options with_order(const permutation_group& g, const permutation_group& h, mpz_class order) {
  chain_options options;
  options.seed = g.options().seed;
  options.row_bytes = g.options().row_bytes;
  options.control = g.options().control;
  if (g.proof() == certainty::proven && h.proof() == certainty::proven) {
    options.known_order = std::move(order);
  } else {
    options.wanted = certainty::monte_carlo;
  }
  return options;
}

permutation_group wreath(const permutation_group& base, const permutation_group& top, const generating_set<permutation>& product,
                         bool faithful) {
  const auto order = wreath_product_order(base.order(), top.degree(), top.order());
  return permutation_group(product, with_order(base, top, faithful ? order : mpz_class(1)));
}

}  // namespace

permutation_group direct_product(const permutation_group& g, const permutation_group& h) {
  return permutation_group(direct_product(named(g), named(h)), with_order(g, h, g.order() * h.order()));
}

permutation_group wreath_product(const permutation_group& base, const permutation_group& top) {
  return wreath(base, top, wreath_product(named(base), named(top)), true);
}

permutation_group product_action_wreath_product(const permutation_group& base, const permutation_group& top) {
  return wreath(base, top, product_action_wreath_product(named(base), named(top)), base.degree() != 1);
}

permutation_group semidirect_product(const permutation_group& n, const permutation_group& h,
                                     std::span<const std::vector<permutation>> action) {
  if (action.size() != h.generators().size()) {
    throw domain_error(fmt::format("{} rows of images for {} generators of the acting group: give one for each", action.size(),
                                   h.generators().size()));
  }
  const std::size_t most = max_degree - h.degree();
  if (n.order() > most) {
    throw resource_error(fmt::format("the semidirect product acts on the {} elements of the normal factor; at most {} fit; take a smaller one",
                                     n.order().get_str(), most));
  }
  const auto count = n.order().get_ui();
  std::vector<permutation> elements;
  elements.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) elements.push_back(n.unrank64(i));

  std::vector<permutation> automorphisms;
  for (std::size_t i = 0; i < action.size(); ++i) {
    const auto refuse = [i](const std::string& why) {
      throw domain_error(fmt::format("row {} of the action is no automorphism of the normal factor: {}", i, why));
    };
    for (const auto& x : action[i]) {
      if (!n.contains(x)) refuse(fmt::format("{} of degree {} is not in it", to_cycles(x), x.degree()));
    }
    std::optional<homomorphism> phi;
    try {
      phi = make_homomorphism(n, action[i], n.degree());
    } catch (const domain_error& e) {
      refuse(e.what());
    }
    if (!phi->is_injective()) refuse("it is not injective");
    std::vector<point> images(count);
    for (std::uint64_t e = 0; e < count; ++e) {
      if (e % 1024 == 0) n.options().control.check();
      images[e] = static_cast<point>(n.rank64(phi->image(elements[e])));
    }
    automorphisms.emplace_back(images);
  }
  try {
    make_homomorphism(h, automorphisms, count);
  } catch (const domain_error& e) {
    throw domain_error(fmt::format("the rows do not define an action of the acting group: {}", e.what()));
  }

  std::vector<permutation> generators;
  for (const auto& s : n.generators()) {
    std::vector<point> images(count);
    for (std::uint64_t e = 0; e < count; ++e) images[e] = static_cast<point>(n.rank64(elements[e] * s));
    generators.push_back(beside(permutation(images), permutation(h.degree())));
  }
  for (std::size_t i = 0; i < automorphisms.size(); ++i) generators.push_back(beside(automorphisms[i], h.generators()[i]));
  return permutation_group(std::move(generators), count + h.degree(), with_order(n, h, n.order() * h.order()));
}

}  // namespace cosetta::groups
