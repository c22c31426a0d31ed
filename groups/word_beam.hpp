// One factorization by the tables of word_tables.hpp: a beam of partial results over the steps of the chain.
//
// At step i a partial result is an element r of H_i and the length of what has been divided off. It leaves the step by a
// short element q of H_i and the entry t of the coset of r q: r = (r q t^-1) t q^-1, with r q t^-1 in H_(i+1). The next
// table already says what the next step will cost; the best of that sum are kept.
#pragma once

#include <groups/word_tables.hpp>

#include <algorithm>
#include <span>
#include <vector>

namespace cosetta::groups {

template <class Image>
class word_beam {
 public:
  word_beam(const word_tables<Image>& tables, std::size_t width, std::size_t alternatives, const group_control& control)
      : tables_(tables), width_(std::max<std::size_t>(1, width)), alternatives_(std::max<std::size_t>(1, alternatives)),
        control_(control), pools_{row_pool<Image>(tables.domain().row_size()), row_pool<Image>(tables.domain().row_size())} {}

  /// Words, as codes, for the member whose row is given and its inverse: the best first, at most `most`.
  std::vector<std::vector<std::uint16_t>> factor(const Image* g, std::size_t most) {
    start(g);
    for (std::size_t i = 0; i < tables_.steps().size(); ++i) advance(i);
    std::vector<std::vector<std::uint16_t>> out;
    const auto& last = trail_.back();
    for (std::size_t k = 0; k < last.size() && k < most; ++k) out.push_back(word_of(static_cast<std::uint32_t>(k)));
    return out;
  }

 private:
  struct partial {
    std::uint32_t length = 0;
    std::uint32_t score = 0;
    std::uint32_t parent = 0;
    std::uint32_t alternative = 0;
    std::uint32_t coset = 0;
    const Image* row = nullptr;
  };
  struct origin {
    std::uint32_t left;  // number in the ball: the row is ball[left] * g or ball[left] * g^-1
    bool inverse;
  };

  Image* row(std::size_t side, std::size_t k) {
    auto& rows = rows_[side];
    while (rows.size() <= k) rows.push_back(pools_[side].allocate());
    return rows[k];
  }

  /// g and its inverse, also after a few short words: other ways to the same element.
  void start(const Image* g) {
    const auto& domain = tables_.domain();
    trail_.assign(1, {});
    auto* inverse = row(1, 0);
    domain.invert(g, inverse);
    const std::size_t starts = width_ == 1 ? 1 : std::min(tables_.ball().size(), std::max<std::size_t>(1, width_ / 8));
    for (std::uint32_t k = 0; k < starts; ++k) {
      for (const bool flipped : {false, true}) {
        if (flipped && width_ == 1) continue;
        const auto& p = tables_.ball()[k];
        auto* x = row(0, origins_.size());
        domain.compose(p.row, flipped ? inverse : g, x);
        partial s;
        s.length = p.word.length;
        s.row = x;
        s.parent = static_cast<std::uint32_t>(origins_.size());
        trail_[0].push_back(s);
        origins_.push_back({k, flipped});
      }
    }
  }

  void advance(std::size_t step) {
    const auto& domain = tables_.domain();
    const auto& steps = tables_.steps();
    const auto& table = tables_.tables()[step];
    const auto& ways = tables_.alternatives(step);
    const auto& from = trail_.back();
    const std::size_t ways_used = std::min(ways.size(), alternatives_);
    control_.check();

    candidates_.clear();
    std::uint32_t worst = no_word;  // what is longer than enough others is not kept
    const std::size_t enough = 4 * width_;
    const auto shorter = [](const partial& a, const partial& b) { return a.length < b.length; };
    for (std::uint32_t k = 0; k < from.size(); ++k) {
      for (std::uint32_t q = 0; q < ways_used; ++q) {
        const std::uint32_t so_far = from[k].length + ways[q].word.length;
        if (so_far >= worst) break;  // the ways are in order of length
        const auto coset = steps.coset_of_product(step, from[k].row, ways[q].row);
        partial p;
        p.length = so_far + table.length[coset];
        if (p.length >= worst) continue;
        p.parent = k;
        p.alternative = q;
        p.coset = coset;
        candidates_.push_back(p);
        if (candidates_.size() >= 4 * enough) {
          std::nth_element(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(enough), candidates_.end(), shorter);
          worst = candidates_[enough].length;
          candidates_.resize(enough);
        }
      }
    }
    if (candidates_.size() > enough) {
      std::nth_element(candidates_.begin(), candidates_.begin() + static_cast<std::ptrdiff_t>(enough), candidates_.end(), shorter);
      candidates_.resize(enough);
    }

    const std::size_t side = (step + 1) & 1;
    std::size_t used = 0;
    for (auto& p : candidates_) {
      auto* x = row(side, used++);
      domain.compose(from[p.parent].row, ways[p.alternative].row, x);
      domain.compose(x, table.inverse[p.coset], x);
      p.row = x;
      p.score = p.length;
      if (step + 1 < steps.size()) p.score += tables_.tables()[step + 1].length[steps.coset(step + 1, x)];
    }
    std::stable_sort(candidates_.begin(), candidates_.end(), [](const partial& a, const partial& b) { return a.score < b.score; });
    std::vector<partial> next;
    row_index<Image> seen(domain.row_size(), candidates_.size());
    for (const auto& p : candidates_) {
      if (next.size() == width_) break;
      if (seen.find(p.row, [&next](std::uint32_t i) { return next[i].row; }) != absent) continue;
      seen.insert(p.row, static_cast<std::uint32_t>(next.size()));
      next.push_back(p);
    }
    trail_.push_back(std::move(next));
  }

  std::vector<std::uint16_t> word_of(std::uint32_t k) const {
    // From the last step back: g = (t q^-1 of the last step) ... (t q^-1 of the first).
    const auto& store = tables_.store();
    std::vector<std::uint16_t> out;
    for (std::size_t i = trail_.size() - 1; i > 0; --i) {
      const auto& p = trail_[i][k];
      const auto& t = tables_.tables()[i - 1];
      store.append({t.offset[p.coset], t.length[p.coset], false}, out);
      auto q = tables_.alternatives(i - 1)[p.alternative].word;
      q.inverse = !q.inverse;
      store.append(q, out);
      k = p.parent;
    }
    const auto& o = origins_[trail_[0][k].parent];
    auto left = tables_.ball()[o.left].word;
    left.inverse = !left.inverse;
    std::vector<std::uint16_t> whole;
    store.append(left, whole);
    for (const auto c : out) {
      if (!whole.empty() && whole.back() == tables_.alphabet().inverses[c]) {
        whole.pop_back();
      } else {
        whole.push_back(c);
      }
    }
    if (o.inverse) {
      std::reverse(whole.begin(), whole.end());
      for (auto& c : whole) c = tables_.alphabet().inverses[c];
    }
    return whole;
  }

  const word_tables<Image>& tables_;
  std::size_t width_, alternatives_;
  const group_control& control_;
  row_pool<Image> pools_[2];
  std::vector<Image*> rows_[2];
  std::vector<std::vector<partial>> trail_;
  std::vector<origin> origins_;
  std::vector<partial> candidates_;
};

}  // namespace cosetta::groups
