#include <groups/generator_symmetry.hpp>
#include <groups/orbit.hpp>
#include <search/pattern_space.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace cosetta::search {

std::optional<pattern_space> pattern_space::of(const graphs::graph_definition& graph, const graphs::state& home, std::string& reason,
                                               const run_context& context) {
  if (graph.permutations() == nullptr) {
    reason = "pattern tables need permutations";
    return std::nullopt;
  }
  if (!graph.is_inverse_closed()) {
    reason = "pattern tables need generators that are closed under inversion (--inverse-closed)";
    return std::nullopt;
  }
  context.check();
  const auto& all = graph.permutations()->elements();
  pattern_space out;
  for (std::size_t i = 0; i < graph.degree(); ++i) {
    if (std::ranges::any_of(all, [&](const auto& p) { return p[i] != i; })) out.positions_.push_back(i);
  }
  const std::size_t n = out.places();
  if (n > coordinate::most_places) {
    reason = fmt::format("pattern tables take at most {} places that move, here are {}", coordinate::most_places, n);
    return std::nullopt;
  }
  std::vector<groups::point> number(graph.degree(), 0);
  for (std::size_t i = 0; i < n; ++i) number[out.positions_[i]] = static_cast<groups::point>(i);
  for (std::size_t g = 0; g < all.size(); ++g) {
    std::vector<groups::point> images;
    for (const auto i : out.positions_) images.push_back(number[all[g][i]]);
    groups::permutation p(std::move(images));
    if (p.is_identity() || std::ranges::find(out.elements_, p) != out.elements_.end()) continue;
    const auto q = p.inverse();
    auto& move = out.moves_.emplace_back();
    for (std::size_t i = 0; i < n; ++i) move.push_back(static_cast<std::uint8_t>(q[i]));
    out.elements_.push_back(std::move(p));
    out.numbers_.push_back(g);
  }
  out.orbits_.resize(n);
  for (const auto& orbit : groups::orbits(std::span(out.elements_), n)) {
    for (const auto i : orbit) out.orbits_[i] = static_cast<std::uint8_t>(out.orbit_count_);
    ++out.orbit_count_;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto label = home[out.positions_[i]];
    std::size_t c = 0;
    while (c < i && (home[out.positions_[c]] != label || out.orbits_[c] != out.orbits_[i])) ++c;
    if (c == i) {
      out.home_.push_back(static_cast<std::uint8_t>(out.home_labels_.size()));
      out.home_labels_.push_back(label);
      out.class_orbits_.push_back(out.orbits_[i]);
    } else {
      out.home_.push_back(out.home_[c]);
    }
  }
  out.distinct_ = out.home_labels_.size() == n;
  if (n > 0) out.find_symmetries();
  return out;
}

void pattern_space::find_symmetries() {
  const auto found = groups::symmetries_of(elements_, 4096, 2'000'000);
  for (const auto& w : found.elements) {
    place_symmetry s;
    for (std::size_t i = 0; i < places(); ++i) s.images.push_back(static_cast<std::uint8_t>(w[i]));
    if (!keeps_colouring(s, home_)) continue;
    for (const auto& move : moves_) {
      images conjugate(places());
      for (std::size_t i = 0; i < places(); ++i) conjugate[s.images[i]] = s.images[move[i]];
      s.generators.push_back(static_cast<std::uint32_t>(std::ranges::find(moves_, conjugate) - moves_.begin()));
    }
    if (std::ranges::find(symmetries_, s.generators, &place_symmetry::generators) != symmetries_.end()) continue;
    symmetries_.push_back(std::move(s));
    if (symmetries_.size() == most_symmetries) break;
  }
}

std::optional<pattern_space::images> pattern_space::labels(const graphs::state& s) const {
  images out(places());
  std::vector<std::size_t> seen(home_labels_.size(), 0), at_home(home_labels_.size(), 0);
  for (std::size_t i = 0; i < places(); ++i) {
    std::size_t c = 0;
    const auto fits = [&](std::size_t k) { return home_labels_[k] == s[positions_[i]] && class_orbits_[k] == orbits_[i]; };
    while (c < home_labels_.size() && !fits(c)) ++c;
    if (c == home_labels_.size()) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(c);
    ++seen[c], ++at_home[home_[i]];
  }
  if (seen != at_home) return std::nullopt;
  return out;
}

}  // namespace cosetta::search
