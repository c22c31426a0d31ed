// The tables of word_factorization: for each step of a chain and each coset a short word, and how short words are found.
//
// Words come from: the ball of short words; products of two short elements of one step, and conjugates of short elements
// of small support, sifted through the tables as Minkwitz does (an element that finds its coset taken is divided by the
// entry and tried one step down; a shorter word replaces a longer one); for cosets that are still without a word, products
// of entries; and, so that nothing depends on luck, random words of growing length.
#pragma once

#include <groups/chain_options.hpp>
#include <groups/stabilizer_steps.hpp>
#include <groups/word_store.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace cosetta::groups {

template <class Image>
class word_tables {
 public:
  /// A known word and its element.
  struct entry {
    const Image* row;
    word_piece word;
  };
  struct table {
    std::vector<Image*> inverse;         // of the coset's element, for division; null where there is none
    std::vector<std::uint32_t> length;   // no_word where there is none
    std::vector<std::uint32_t> offset;
    std::size_t filled = 0;
  };

  word_tables(const stabilizer_chain& chain, const image_domain<Image>& domain, const word_alphabet& alphabet,
              std::span<const Image* const> letters, std::size_t most_cosets, std::uint64_t seed, const group_control& control)
      : domain_(&domain), alphabet_(&alphabet), control_(control), letters_(letters.begin(), letters.end()),
        steps_(chain, domain, most_cosets), rows_(domain.row_size()), store_(alphabet), rng_(seed),
        ball_index_(domain.row_size(), 1) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const auto n = steps_.cosets(i);
      tables_.push_back({std::vector<Image*>(n, nullptr), std::vector<std::uint32_t>(n, no_word), std::vector<std::uint32_t>(n, 0), 1});
      tables_[i].inverse[0] = new_row();
      domain.set_identity(tables_[i].inverse[0]);
      tables_[i].length[0] = 0;
    }
    for (auto& r : work_) r = new_row();
    pieces_.resize(steps_.size() + 4);
    alternatives_.resize(steps_.size());
  }

  const image_domain<Image>& domain() const noexcept { return *domain_; }
  const stabilizer_steps<Image>& steps() const noexcept { return steps_; }
  const std::vector<table>& tables() const noexcept { return tables_; }
  const word_store& store() const noexcept { return store_; }
  const std::vector<entry>& ball() const noexcept { return ball_; }
  const std::vector<entry>& alternatives(std::size_t step) const noexcept { return alternatives_[step]; }
  std::uint64_t tried() const noexcept { return tried_; }
  const word_alphabet& alphabet() const noexcept { return *alphabet_; }
  const Image* letter(std::uint16_t code) const noexcept { return letters_[code]; }

  /// The number in ball() of an element, or `absent`.
  std::uint32_t in_ball(const Image* row) const noexcept {
    return ball_index_.find(row, [this](std::uint32_t i) { return ball_[i].row; });
  }

  /// Fills the tables: `words` sifts, no longer than the deadline; then completes them. The ball and the work space are
  /// of `elements` rows each, at most.
  void fill(std::uint64_t words, std::size_t elements, std::optional<std::chrono::steady_clock::time_point> until) {
    until_ = until;
    make_ball(static_cast<std::size_t>(std::min<std::uint64_t>(elements, words / 16 + 1024)));
    if (steps_.size() == 0) return;
    fill_top();
    if (steps_.size() == 1) return;  // every word is a geodesic
    for (const auto& e : ball_) {
      domain_->copy(e.row, work_[0]);
      pieces_[0] = e.word;
      sift(work_[0], 1, e.word.length, 0);
    }
    make_slight(std::clamp<std::uint64_t>(words / 16, std::uint64_t{1} << 13, std::uint64_t{1} << 20));
    constexpr int rounds = 3;
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t share = (words > tried_ ? words - tried_ : 0) / static_cast<std::uint64_t>(rounds - round);
      if (round == 0) conjugates(share / 2, elements);
      for (std::size_t i = 0; i < steps_.size(); ++i) {
        const double part = static_cast<double>(share) * 0.75 / static_cast<double>(steps_.size());
        products(i, static_cast<std::size_t>(std::sqrt(part)));
      }
      for (std::size_t i = 0; i < steps_.size(); ++i) complete(i);
    }
  }

  /// Lists the elements by which a factorization may leave a step, the shortest first, the identity being the first.
  void list_alternatives(std::size_t most) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      alternatives_[i] = {entry{tables_[i].inverse[0], {}}};
      for (const auto& r : shortest(i, most - 1)) alternatives_[i].push_back(inverse_entry(r));
    }
  }

  double mean_length(std::size_t step) const {
    double sum = 0;
    for (const auto n : tables_[step].length) sum += n == no_word ? 0 : n;
    return sum / static_cast<double>(tables_[step].filled);
  }
  std::size_t longest(std::size_t step) const {
    std::size_t most = 0;
    for (const auto n : tables_[step].length) most = std::max<std::size_t>(most, n == no_word ? 0 : n);
    return most;
  }

 private:
  Image* new_row() { return rows_.allocate(); }

  bool out_of_time() {
    if ((++polls_ & 1023) != 0) return late_ && !completing_;
    control_.check();
    if (until_ && std::chrono::steady_clock::now() >= *until_) late_ = true;
    return late_ && !completing_;
  }

  void make_ball(std::size_t most) {
    ball_index_ = row_index<Image>(domain_->row_size(), most + letters_.size() + 2);
    const auto row_of = [this](std::uint32_t i) { return ball_[i].row; };
    auto* one = new_row();
    domain_->set_identity(one);
    ball_.push_back({one, {}});
    ball_index_.insert(one, 0);
    std::vector<std::uint16_t> w;
    for (std::size_t i = 0; i < ball_.size() && ball_.size() < most; ++i) {
      if (out_of_time()) break;
      for (std::size_t c = 0; c < letters_.size() && ball_.size() < most; ++c) {
        domain_->compose(ball_[i].row, letters_[c], work_[0]);
        if (ball_index_.find(work_[0], row_of) != absent) continue;
        w.clear();
        store_.append(ball_[i].word, w);
        w.push_back(static_cast<std::uint16_t>(c));
        auto* row = new_row();
        domain_->copy(work_[0], row);
        ball_index_.insert(row, static_cast<std::uint32_t>(ball_.size()));
        ball_.push_back({row, {store_.add(w), static_cast<std::uint32_t>(w.size()), false}});
      }
    }
  }

  void set(std::size_t step, std::uint32_t coset, const Image* inverse, std::span<const std::uint16_t> w) {
    auto& t = tables_[step];
    if (t.length[coset] == no_word) {
      t.inverse[coset] = new_row();
      t.offset[coset] = store_.add(w);
      ++t.filled;
    } else {
      store_.replace(t.offset[coset], w);
    }
    domain_->copy(inverse, t.inverse[coset]);
    t.length[coset] = static_cast<std::uint32_t>(w.size());
  }

  /// Shortest words of all cosets of the first step: a breadth-first search of its Schreier graph.
  void fill_top() {
    auto& t = tables_[0];
    std::vector<std::uint32_t> queue{0};
    std::vector<std::uint16_t> w;
    for (std::size_t at = 0; at < queue.size(); ++at) {
      out_of_time();
      domain_->invert(t.inverse[queue[at]], work_[1]);
      for (std::size_t c = 0; c < letters_.size(); ++c) {
        const auto coset = steps_.coset_of_product(0, work_[1], letters_[c]);
        if (t.length[coset] != no_word) continue;
        domain_->compose(work_[1], letters_[c], work_[2]);
        domain_->invert(work_[2], work_[3]);
        w.clear();
        store_.append({t.offset[queue[at]], t.length[queue[at]], false}, w);
        w.push_back(static_cast<std::uint16_t>(c));
        set(0, coset, work_[3], w);
        queue.push_back(coset);
      }
    }
  }

  /// x in H_step is the product of the first `count` pieces, `length` letters in all; x is overwritten.
  void sift(Image* x, std::size_t count, std::uint32_t length, std::size_t step) {
    ++tried_;
    for (; step < steps_.size(); ++step) {
      const auto coset = steps_.coset(step, x);
      if (coset == 0) continue;
      auto& t = tables_[step];
      if (length < t.length[coset]) {
        buffer_.clear();
        for (std::size_t i = 0; i < count; ++i) store_.append(pieces_[i], buffer_);
        domain_->invert(x, work_[4]);
        set(step, coset, work_[4], buffer_);
        const auto opposite = steps_.coset(step, work_[4]);
        if (buffer_.size() < t.length[opposite]) {
          std::reverse(buffer_.begin(), buffer_.end());
          for (auto& c : buffer_) c = alphabet_->inverses[c];
          set(step, opposite, x, buffer_);
        }
        return;
      }
      pieces_[count++] = {t.offset[coset], t.length[coset], true};
      length += t.length[coset];
      domain_->compose(x, t.inverse[coset], x);
    }
  }

  /// Names an entry: what is there may be replaced by a shorter word at any sift.
  struct reference {
    std::uint32_t step, coset;
  };
  /// The inverse of the named element, which is what the tables hold as a row.
  entry inverse_entry(const reference& r) const noexcept {
    const auto& t = tables_[r.step];
    return {t.inverse[r.coset], {t.offset[r.coset], t.length[r.coset], true}};
  }

  /// The shortest known elements of H_step but the identity, from its table and those below.
  std::vector<reference> shortest(std::size_t step, std::size_t most) const {
    std::vector<std::size_t> count(1, 0);
    for (std::size_t i = step; i < steps_.size(); ++i) {
      for (const auto n : tables_[i].length) {
        if (n == no_word) continue;
        if (n >= count.size()) count.resize(n + 1, 0);
        ++count[n];
      }
    }
    std::size_t limit = 0, total = 0;
    while (limit < count.size() && total < most) total += count[limit++];
    std::vector<reference> out;
    for (std::size_t i = step; i < steps_.size(); ++i) {
      const auto& t = tables_[i];
      for (std::size_t c = 1; c < t.length.size(); ++c) {
        if (t.length[c] < limit) out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(c)});
      }
    }
    const auto length = [this](const reference& r) { return tables_[r.step].length[r.coset]; };
    std::stable_sort(out.begin(), out.end(), [&](const reference& a, const reference& b) { return length(a) < length(b); });
    if (out.size() > most) out.resize(most);
    return out;
  }

  std::uint64_t moved_points(const Image* x) const noexcept {
    std::uint64_t moved = 0;
    for (std::size_t p = 0; p < domain_->degree(); ++p) moved += x[p] != p;
    return moved;
  }

  /// Short words whose elements move few points: commutators of short words, then of those with short words.
  void make_slight(std::uint64_t words) {
    constexpr std::size_t most = 192;
    std::vector<reference> pairs;  // of numbers in the ball
    for (std::uint32_t j = 1; j < ball_.size() && std::uint64_t{10} * j * j <= words; ++j) {
      // Pairs of numbers whose product is at most words / 10: about as many as words.
      const auto last = std::min<std::uint64_t>(ball_.size() - 1, words / (10 * j));
      for (std::uint32_t i = j + 1; i <= last; ++i) pairs.push_back({i, j});
    }
    keep_slight_commutators(ball_, ball_, pairs, most);
    for (std::size_t i = 1; i < std::min<std::size_t>(ball_.size(), 4096); ++i) {
      if (4 * moved_points(ball_[i].row) <= domain_->degree()) slight_.push_back(ball_[i]);
    }
    add_powers(4096);
    pairs.clear();
    const auto by = slight_.empty() ? 0 : std::min<std::uint64_t>(ball_.size(), words / slight_.size());
    for (std::uint32_t i = 1; i < by; ++i) {
      for (std::uint32_t j = 0; j < slight_.size(); ++j) pairs.push_back({i, j});
    }
    keep_slight_commutators(ball_, std::vector<entry>(slight_), pairs, most);
    for (int generation = 0; generation < 3; ++generation) {
      // Two elements whose supports meet in one point have a 3-cycle as their commutator.
      if (slight_.empty() || moved_points(slight_[0].row) <= 6) return;
      row_pool<Image> rows(domain_->row_size());
      const std::vector<entry> others(slight_.begin(), slight_.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(slight_.size(), 24)));
      std::vector<entry> conjugated;
      pairs.clear();
      for (std::uint32_t i = 1; i < std::min<std::size_t>(ball_.size(), 200); ++i) {
        for (const auto& e : others) {
          auto* row = rows.allocate();
          domain_->invert(ball_[i].row, work_[1]);
          domain_->compose(work_[1], e.row, row);
          domain_->compose(row, ball_[i].row, row);
          buffer_.clear();
          store_.append({ball_[i].word.offset, ball_[i].word.length, true}, buffer_);
          store_.append(e.word, buffer_);
          store_.append(ball_[i].word, buffer_);
          for (std::uint32_t j = 0; j < others.size(); ++j) pairs.push_back({static_cast<std::uint32_t>(conjugated.size()), j});
          conjugated.push_back({row, {store_.add(buffer_), static_cast<std::uint32_t>(buffer_.size()), false}});
        }
      }
      keep_slight_commutators(conjugated, others, pairs, most);
    }
  }

  /// Powers of short words that move few points: in a giant that is given by random generators there is nothing else.
  void add_powers(std::uint64_t words) {
    constexpr std::uint64_t highest = 1000;
    struct found {
      std::uint64_t score, exponent;
      std::uint32_t element;
    };
    std::vector<found> list;
    std::vector<bool> seen(domain_->degree());
    for (std::uint32_t k = 1; k < std::min<std::uint64_t>(ball_.size(), words); ++k) {
      if (out_of_time()) break;
      const auto* x = ball_[k].row;
      std::fill(seen.begin(), seen.end(), false);
      std::map<std::uint64_t, std::uint64_t> cycles;  // points on the cycles of each length
      for (std::uint32_t p = 0; p < domain_->degree(); ++p) {
        std::uint64_t length = 0;
        for (auto q = p; !seen[q]; q = x[q], ++length) seen[q] = true;
        if (length > 1) cycles[length] += length;
      }
      found best{~std::uint64_t{0}, 0, k};
      for (const auto& [a, points_of_a] : cycles) {
        for (const auto& [b, points_of_b] : cycles) {
          const auto exponent = std::lcm(a, b);
          if (exponent > highest) continue;
          std::uint64_t moved = 0;
          for (const auto& [length, points] : cycles) moved += exponent % length == 0 ? 0 : points;
          if (moved == 0 || 2 * moved > domain_->degree()) continue;
          const auto score = moved * moved * exponent * ball_[k].word.length;
          if (score < best.score) best = {score, exponent, k};
        }
      }
      if (best.exponent != 0) list.push_back(best);
    }
    std::stable_sort(list.begin(), list.end(), [](const found& a, const found& b) { return a.score < b.score; });
    if (list.size() > 64) list.resize(64);
    for (const auto& f : list) {
      const auto& e = ball_[f.element];
      auto* row = new_row();
      domain_->set_identity(row);
      buffer_.clear();
      for (std::uint64_t i = 0; i < f.exponent; ++i) {
        domain_->compose(row, e.row, row);
        store_.append(e.word, buffer_);
      }
      slight_.push_back({row, {store_.add(buffer_), static_cast<std::uint32_t>(buffer_.size()), false}});
    }
  }

  /// Adds commutators of xs[pair.step] and others[pair.coset], and keeps the best of all.
  void keep_slight_commutators(const std::vector<entry>& xs, const std::vector<entry>& others, const std::vector<reference>& pairs, std::size_t most) {
    struct found {
      std::uint64_t moved, length;
      std::uint32_t pair;  // absent: one that is kept already, `other` its number
      std::uint32_t other;
      std::uint32_t rank = 0;  // among those that move as many points
    };
    std::vector<found> list;
    for (std::uint32_t i = 0; i < slight_.size(); ++i) {
      list.push_back({moved_points(slight_[i].row), slight_[i].word.length, absent, i});
    }
    const auto commutator = [&](const reference& r) {
      const auto &x = xs[r.step], &y = others[r.coset];
      domain_->invert(x.row, work_[1]);
      domain_->invert(y.row, work_[2]);
      domain_->compose(work_[1], work_[2], work_[0]);
      domain_->compose(work_[0], x.row, work_[0]);
      domain_->compose(work_[0], y.row, work_[0]);
    };
    for (std::uint32_t k = 0; k < pairs.size(); ++k) {
      if (out_of_time()) break;
      commutator(pairs[k]);
      const auto moved = moved_points(work_[0]);
      if (moved == 0 || 4 * moved > domain_->degree()) continue;
      list.push_back({moved, 2 * (xs[pairs[k].step].word.length + std::uint64_t{others[pairs[k].coset].word.length}), k, 0});
    }
    // The shortest of each number of moved points in turn: what moves other points is of no use for some of the steps.
    std::stable_sort(list.begin(), list.end(),
                     [](const found& a, const found& b) { return std::pair(a.moved, a.length) < std::pair(b.moved, b.length); });
    for (std::size_t i = 1; i < list.size(); ++i) {
      if (list[i].moved == list[i - 1].moved) list[i].rank = list[i - 1].rank + 1;
    }
    std::stable_sort(list.begin(), list.end(), [](const found& a, const found& b) { return a.rank * a.moved < b.rank * b.moved; });
    row_index<Image> seen(domain_->row_size(), most);
    std::vector<entry> kept;
    for (const auto& f : list) {
      if (kept.size() == most) break;
      if (f.pair == absent) {
        domain_->copy(slight_[f.other].row, work_[0]);
      } else {
        commutator(pairs[f.pair]);
      }
      if (seen.find(work_[0], [&kept](std::uint32_t i) { return kept[i].row; }) != absent) continue;
      seen.insert(work_[0], static_cast<std::uint32_t>(kept.size()));
      if (f.pair == absent) {
        kept.push_back(slight_[f.other]);
        continue;
      }
      const auto &x = xs[pairs[f.pair].step].word, &y = others[pairs[f.pair].coset].word;
      buffer_.clear();
      store_.append({x.offset, x.length, !x.inverse}, buffer_);
      store_.append({y.offset, y.length, !y.inverse}, buffer_);
      store_.append(x, buffer_);
      store_.append(y, buffer_);
      auto* row = new_row();
      domain_->copy(work_[0], row);
      kept.push_back({row, {store_.add(buffer_), static_cast<std::uint32_t>(buffer_.size()), false}});
    }
    slight_ = std::move(kept);
  }

  void products(std::size_t step, std::size_t k) {
    const auto list = shortest(step, k);
    for (const auto& first : list) {
      for (const auto& second : list) {
        if (out_of_time()) return;
        const auto a = inverse_entry(first), b = inverse_entry(second);
        domain_->compose(a.row, b.row, work_[0]);
        pieces_[0] = a.word;
        pieces_[1] = b.word;
        sift(work_[0], 2, a.word.length + b.word.length, step);
      }
    }
  }

  /// Sifts conjugates of elements that move few points, as they lie far down.
  void conjugates(std::uint64_t words, std::size_t elements) {
    if (steps_.size() < 2) return;
    std::map<std::uint64_t, std::vector<entry>> by_moved;
    for (const auto& e : slight_) by_moved[moved_points(e.row)].push_back(e);
    // The least first, as there are few of them; long words would never come between so many short ones that move more.
    auto rest = static_cast<std::size_t>(std::min<std::uint64_t>(words / 2, elements));
    for (const auto& [moved, seeds] : by_moved) {
      // Transpositions and 3-cycles are few, and all that a giant needs.
      rest -= std::min(rest, conjugates(seeds, moved <= 3 ? elements : rest / 2));
    }
  }

  /// The shortest words first, each element once, `most` of them. Returns how many.
  std::size_t conjugates(const std::vector<entry>& seeds, std::size_t most) {
    if (seeds.size() > most) return 0;
    row_pool<Image> rows(domain_->row_size());
    std::vector<entry> found;
    row_index<Image> seen(domain_->row_size(), most + 1);
    const auto row_of = [&found](std::uint32_t i) { return found[i].row; };
    std::vector<std::vector<std::uint32_t>> by_length;
    const auto add = [&](const entry& e) {
      if (e.word.length >= by_length.size()) by_length.resize(e.word.length + 1);
      by_length[e.word.length].push_back(static_cast<std::uint32_t>(found.size()));
      seen.insert(e.row, static_cast<std::uint32_t>(found.size()));
      found.push_back(e);
      const auto depth = steps_.depth(e.row);
      if (depth == 0 || depth == steps_.size()) return;
      domain_->copy(e.row, work_[0]);
      pieces_[0] = e.word;
      sift(work_[0], 1, e.word.length, depth);
    };
    for (const auto& e : seeds) add(e);
    std::vector<std::uint16_t> w;
    for (std::size_t length = 0; length < by_length.size(); ++length) {
      for (std::size_t k = 0; k < by_length[length].size(); ++k) {
        const auto e = found[by_length[length][k]];
        for (std::size_t c = 0; c < letters_.size(); ++c) {
          if (found.size() == most || out_of_time()) return found.size();
          domain_->compose(letters_[alphabet_->inverses[c]], e.row, work_[0]);
          domain_->compose(work_[0], letters_[c], work_[0]);
          if (seen.find(work_[0], row_of) != absent) continue;
          const auto code = static_cast<std::uint16_t>(c);
          w.assign(1, alphabet_->inverses[c]);
          store_.append(e.word, w);
          if (!w.empty() && w.back() == alphabet_->inverses[c]) {
            w.pop_back();
          } else {
            w.push_back(code);
          }
          auto* row = rows.allocate();
          domain_->copy(work_[0], row);
          add({row, {store_.add(w), static_cast<std::uint32_t>(w.size()), false}});
        }
      }
    }
    return found.size();
  }

  /// Gives every coset of the step a word. Precondition: the tables above are complete.
  void complete(std::size_t step) {
    auto& t = tables_[step];
    completing_ = true;
    bool injected = false;
    for (int attempt = 0; t.filled < steps_.cosets(step); ++attempt) {
      close(step, std::size_t{64} << std::min(2 * attempt, 8));
      if (attempt == 0 && t.filled < steps_.cosets(step)) close(step, 512);
      if (t.filled == steps_.cosets(step)) break;
      // The elements of H_step that are known fall short of H_step. Schreier generators would do, and products from
      // the step above are many of them; random words are certain, but long.
      if (step > 0 && attempt < 3) {
        products(step - 1, std::size_t{128} << attempt);
      } else {
        inject(8);
        injected = true;
      }
    }
    if (injected) products(step, 256);  // else lengths would double from step to step
    completing_ = false;
  }

  /// Fills cosets without a word by entries of the step times short elements, as far as it goes.
  void close(std::size_t step, std::size_t k) {
    auto& t = tables_[step];
    const auto list = shortest(step, k);
    std::vector<std::uint32_t> queue;
    for (std::uint32_t c = 0; c < t.length.size(); ++c) {
      if (t.length[c] != no_word) queue.push_back(c);
    }
    std::stable_sort(queue.begin(), queue.end(), [&t](auto a, auto b) { return t.length[a] < t.length[b]; });
    for (std::size_t at = 0; at < queue.size() && t.filled < t.length.size(); ++at) {
      out_of_time();
      const auto from = queue[at];
      domain_->invert(t.inverse[from], work_[1]);
      for (const auto& r : list) {
        const auto q = inverse_entry(r);
        const auto coset = steps_.coset_of_product(step, work_[1], q.row);
        if (t.length[coset] != no_word) continue;
        domain_->compose(work_[1], q.row, work_[2]);
        domain_->invert(work_[2], work_[3]);
        buffer_.clear();
        store_.append({t.offset[from], t.length[from], false}, buffer_);
        store_.append(q.word, buffer_);
        set(step, coset, work_[3], buffer_);
        queue.push_back(coset);
      }
    }
  }

  /// Sifts random words: longer ones each time, so that in the end they are as good as random elements.
  void inject(int count) {
    std::vector<std::uint16_t> w;
    for (int n = 0; n < count; ++n) {
      out_of_time();
      injected_length_ += 1 + injected_length_ / 16;
      w.clear();
      domain_->set_identity(work_[0]);
      for (std::size_t i = 0; i < injected_length_; ++i) {
        const auto code = static_cast<std::uint16_t>(rng_() % letters_.size());
        domain_->compose(work_[0], letters_[code], work_[0]);
        w.push_back(code);
      }
      pieces_[0] = {store_.add(w), static_cast<std::uint32_t>(w.size()), false};
      sift(work_[0], 1, pieces_[0].length, 0);
    }
  }

  const image_domain<Image>* domain_;
  const word_alphabet* alphabet_;
  group_control control_;
  std::vector<const Image*> letters_;
  stabilizer_steps<Image> steps_;
  row_pool<Image> rows_;
  word_store store_;
  std::mt19937_64 rng_;
  std::vector<table> tables_;
  std::vector<entry> ball_;
  std::vector<entry> slight_;
  row_index<Image> ball_index_;
  std::vector<std::vector<entry>> alternatives_;

  std::array<Image*, 5> work_{};
  std::vector<word_piece> pieces_;
  std::vector<std::uint16_t> buffer_;
  std::uint64_t tried_ = 0;
  std::uint64_t polls_ = 0;
  std::size_t injected_length_ = 24;
  bool late_ = false;
  bool completing_ = false;  // what must be done is done, late or not
  std::optional<std::chrono::steady_clock::time_point> until_;
};

}  // namespace cosetta::groups
