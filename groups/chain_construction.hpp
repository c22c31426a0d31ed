// From generators to a chain with a certainty: the steps that permutation and matrix groups share. What differs, how a
// chain is proven, is handed in.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/product_replacement.hpp>
#include <groups/schreier_sims.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cosetta::groups {

[[noreturn]] void refuse_known_order(const mpz_class& known, const mpz_class& order, bool proven);

template <class Domain>
bool all_commute(const Domain& domain, const std::vector<const typename Domain::scalar*>& generators) {
  row_pool<typename Domain::scalar> rows(domain.row_size());
  auto* ab = rows.allocate();
  auto* ba = rows.allocate();
  for (const auto* a : generators) {
    for (const auto* b : generators) {
      if (a == b) break;
      domain.compose(a, b, ab);
      domain.compose(b, a, ba);
      if (!domain.equal(ab, ba)) return false;
    }
  }
  return true;
}

/// `upper_bound` is a proven bound on the order, if one is at hand. Fills `chain` (empty, or with the levels of a wished base) with the group that the generators, none of them the
/// identity, generate. `prove(source, progress)` is called with a chain that is probably complete, and makes it so.
template <class Domain, class Prove>
certainty construct_chain(schreier_sims<Domain>& chain, const std::vector<const typename Domain::scalar*>& generators,
                          const chain_options& options, const std::optional<mpz_class>& upper_bound, const Prove& prove) {
  const auto& domain = chain.domain();
  struct obedience {
    schreier_sims<Domain>& chain;
    ~obedience() { chain.obey(nullptr); }
  } const obeying{chain};
  chain.obey(&options.control);
  const auto& known = options.known_order;
  const auto settle = [&] {
    if (known && chain.order() != *known) refuse_known_order(*known, chain.order(), true);
    return certainty::proven;
  };
  if (all_commute(domain, generators)) {
    for (const auto* g : generators) {
      options.control.check();
      chain.add_normalizing(g);
    }
    return settle();
  }
  if (chain.length() == 0) chain.append_level(domain.moved_point(generators[0]));
  for (const auto* g : generators) chain.add_strong_generator(0, g);

  chain_progress progress;
  product_replacement<Domain> source(domain, generators, options.seed);
  const bool wants_proof = options.wanted == certainty::proven;
  // A known order is used to skip the proof, after as many idle sifts as a Monte Carlo order needs: it may be wrong.
  const int idle = wants_proof && !known ? 20 : options.error_bits;
  if (grow_at_random(chain, source, idle, upper_bound, options.control, progress)) return settle();
  if (known) {
    const auto order = chain.order();
    if (order == *known) return certainty::proven;
    if (order > *known) refuse_known_order(*known, order, false);  // one that was missed is to be refuted by proof
  } else if (!wants_proof) {
    return certainty::monte_carlo;
  }
  prove(source, progress);
  return settle();
}

}  // namespace cosetta::groups
