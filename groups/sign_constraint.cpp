#include <groups/backtrack_search.hpp>
#include <groups/sign_constraint.hpp>

#include <algorithm>
#include <bit>
#include <map>

namespace cosetta::groups {

namespace {

/// Adds v to a basis over GF(2) in which no two vectors have the same leading bit.
void extend_basis(std::vector<std::uint64_t>& basis, std::uint64_t v) {
  for (const auto b : basis) v = std::min(v, v ^ b);
  if (v != 0) basis.push_back(v);
}

bool in_span(const std::vector<std::uint64_t>& basis, std::uint64_t v) {
  for (const auto b : basis) v = std::min(v, v ^ b);
  return v == 0;
}

/// True for an odd permutation of the points. `seen` is zero on them, before and after.
template <class Image>
bool is_odd(std::span<const point> points, const Image* images, std::vector<std::uint8_t>& seen) {
  std::size_t cycles = 0;
  for (const auto p : points) {
    if (seen[p] != 0) continue;
    ++cycles;
    for (auto q = p; seen[q] == 0; q = images[q]) seen[q] = 1;
  }
  for (const auto p : points) seen[p] = 0;
  return (points.size() - cycles) % 2 != 0;
}

}  // namespace

cycle_table make_cycle_table(const permutation& x) {
  const auto n = x.degree();
  cycle_table out;
  out.position.resize(n);
  out.start.resize(n);
  out.length.assign(n, 0);
  for (point p = 0; p < n; ++p) {
    if (out.length[p] != 0) continue;
    const auto start = static_cast<std::uint32_t>(out.points.size());
    auto q = p;
    do {
      out.position[q] = static_cast<std::uint32_t>(out.points.size());
      out.start[q] = start;
      out.points.push_back(q);
      q = x[q];
    } while (q != p);
    const auto length = static_cast<std::uint32_t>(out.points.size()) - start;
    for (auto i = start; i < start + length; ++i) out.length[out.points[i]] = length;
  }
  return out;
}

std::optional<sign_constraint> sign_constraint::find(const search_chain& chain, const cycle_table& x, std::vector<source> sources) {
  const auto n = chain.degree();
  const auto& labels = chain.orbit_labels(0);
  for (point p = 0; p < n; ++p) {
    if (labels[p] != labels[x.points[x.start[p]]]) return std::nullopt;
  }
  sign_constraint out;
  std::vector<std::uint32_t> number(n, 0);
  std::vector<std::uint32_t> sizes(n, 0);
  for (const auto label : labels) ++sizes[label];
  for (point p = 0; p < n; ++p) {
    if (labels[p] != p || sizes[p] == 1) continue;
    number[p] = static_cast<std::uint32_t>(out.orbits_.size());
    out.orbits_.emplace_back();
  }
  const auto count = out.orbits_.size();
  if (count < 2 || count > 64) return std::nullopt;
  for (point p = 0; p < n; ++p) {
    if (sizes[labels[p]] > 1) out.orbits_[number[labels[p]]].push_back(p);
  }
  out.seen_.assign(n, 0);
  out.matched_.assign(n, 0);
  out.images_.resize(n);

  const auto length = chain.length();
  out.levels_.resize(length + 1);
  std::vector<std::vector<std::uint64_t>> entering(length);
  const auto base = chain.chain().base();
  for (const auto& s : chain.chain().strong_generators(0)) {
    std::size_t level = 0;
    while (level < length && s[base[level]] == base[level]) ++level;
    if (level == length) continue;
    const auto images = s.images();
    std::uint64_t signs = 0;
    for (std::size_t o = 0; o < count; ++o) {
      if (is_odd(out.orbits_[o], images.data(), out.seen_)) signs |= std::uint64_t{1} << o;
    }
    entering[level].push_back(signs);
  }
  std::vector<std::uint64_t> basis;
  std::vector<std::vector<std::uint64_t>> bases(length + 1);
  for (std::size_t level = length; level-- > 0;) {
    for (const auto v : entering[level]) extend_basis(basis, v);
    bases[level] = basis;
  }
  if (basis.size() == count) return std::nullopt;

  out.x_ = &x;
  out.cycles_.resize(count);
  for (std::size_t o = 0; o < count; ++o) {
    for (const auto p : out.orbits_[o]) {
      if (x.points[x.start[p]] != p) continue;
      const auto& s = sources[x.start[p]];
      out.cycles_[o].push_back({x.start[p], x.length[p], s.level, s.determined});
    }
  }
  for (std::size_t level = 0; level <= length; ++level) {
    auto& test = out.levels_[level];
    for (std::size_t o = 0; o < count; ++o) {
      std::map<std::uint32_t, int> open;  // cycles without an image, by length
      for (const auto& c : out.cycles_[o]) {
        if (c.level > level) ++open[c.length];
      }
      const bool decided = std::all_of(open.begin(), open.end(), [](const auto& e) { return e.first % 2 == 1 && e.second == 1; });
      if (decided) test.decided |= std::uint64_t{1} << o;
    }
    for (const auto v : bases[level]) extend_basis(test.basis, v & test.decided);
    if (test.basis.size() == static_cast<std::size_t>(std::popcount(test.decided))) test.decided = 0;  // all vectors occur
  }
  return out;
}

template <class Image>
bool sign_constraint::allows(std::size_t level, const Image* t, const cycle_table& y) const {
  const auto& test = levels_[level];
  std::uint64_t signs = 0;  // of g t^-1
  for (auto rest = test.decided; rest != 0; rest &= rest - 1) {
    const auto o = static_cast<std::size_t>(std::countr_zero(rest));
    const auto join = [&](std::uint32_t from, std::uint32_t to, std::uint32_t shift, std::uint32_t length) {
      for (std::uint32_t i = 0, j = shift; i < length; ++i) {
        images_[x_->points[from + i]] = y.points[to + j];
        if (++j == length) j = 0;
      }
    };
    for (const auto p : orbits_[o]) matched_[p] = 0;
    for (const auto& c : cycles_[o]) {
      if (c.level > level) continue;
      const point q = t[c.determined];
      const auto to = y.start[q];
      if (y.length[q] != c.length || matched_[y.points[to]] != 0) return false;
      matched_[y.points[to]] = 1;
      const auto ahead = x_->position[c.determined] - c.start;
      join(c.start, to, (y.position[q] - to + c.length - ahead) % c.length, c.length);
    }
    for (const auto& c : cycles_[o]) {
      if (c.level <= level) continue;
      const auto free = std::find_if(orbits_[o].begin(), orbits_[o].end(), [&](point p) {
        return y.length[p] == c.length && y.points[y.start[p]] == p && matched_[p] == 0;
      });
      if (free == orbits_[o].end()) return false;
      matched_[*free] = 1;
      join(c.start, y.start[*free], 0, c.length);
    }
    if (is_odd(orbits_[o], images_.data(), seen_) != is_odd(orbits_[o], t, seen_)) signs |= std::uint64_t{1} << o;
  }
  return in_span(test.basis, signs);
}

template bool sign_constraint::allows(std::size_t, const std::uint8_t*, const cycle_table&) const;
template bool sign_constraint::allows(std::size_t, const std::uint16_t*, const cycle_table&) const;
template bool sign_constraint::allows(std::size_t, const std::uint32_t*, const cycle_table&) const;

}  // namespace cosetta::groups
