#include <groups/coset_enumeration.hpp>
#include <groups/coset_words.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

using coset = coset_table::coset;

constexpr coset none = std::numeric_limits<coset>::max();

// ---------------------------------------------------------------------------------------------------------- the table

/// A word and its letters inverted, for scans from both ends. Relators are written twice over, so that a rotation is a
/// pointer.
struct scanned_word {
  const column* letters;
  const column* inverses;  // of the same positions
  std::size_t length;
};

struct rotation {
  std::uint32_t relator;
  std::uint32_t first;  // position
};

class enumeration {
 public:
  enumeration(const coset_words& words, const coset_options& options, coset_strategy strategy,
              std::chrono::steady_clock::time_point start)
      : words_(words),
        options_(options),
        strategy_(strategy),
        start_(start),
        inverse_of_(words.inverse_of),
        columns_(words.inverse_of.size()) {
    // While the table grows from half its limit to all of it, both are held.
    const std::size_t row = columns_ * sizeof(coset) * 3 / 2 + 5 * sizeof(coset);
    most_rows_ = std::min<std::size_t>({options.max_cosets, options.memory_bytes / row, none - 1});
    if (most_rows_ == 0) most_rows_ = 1;
    for (const auto& r : words.relators) relators_.push_back(hold(r.letters, true));
    marks_.assign(relators_.size(), 0);
    if (strategy == coset_strategy::hlt) choose_marks();
    for (const auto& s : words.subgroup) subgroup_.push_back(hold(s, false));
    if (strategy == coset_strategy::felsch) list_rotations();
    add_row();
  }

  /// False when the table is full.
  bool run() { return strategy_ == coset_strategy::felsch ? run_felsch() : run_hlt(); }

  std::size_t live() const noexcept { return live_; }
  std::size_t most_rows() const noexcept { return most_rows_; }
  std::uint64_t defined() const noexcept { return defined_; }

  /// The result of a run that returned true. Leaves this object empty.
  coset_table finish() && {
    std::size_t at = 0;
    compact(at);
    standardise();
    // Columns of the result depend on the action only: equal actions, equal tables.
    std::vector<std::uint32_t> columns_of;
    std::vector<column> kept;
    for (std::size_t i = 0; i < words_.columns_of.size(); i += 2) {
      const column x = words_.columns_of[i];
      const column y = words_.columns_of[i + 1];
      bool involution = true;
      for (std::size_t c = 0; involution && c < rows_; ++c)
        involution = table_[c * columns_ + x] == table_[c * columns_ + y];
      const auto first = static_cast<std::uint32_t>(kept.size());
      columns_of.insert(columns_of.end(), {first, involution ? first : first + 1});
      kept.push_back(x);
      if (!involution) kept.push_back(y);
    }
    for (std::size_t c = 0; c < rows_ && kept.size() < columns_; ++c) {
      for (std::size_t i = 0; i < kept.size(); ++i) table_[c * kept.size() + i] = table_[c * columns_ + kept[i]];
    }
    table_.resize(rows_ * kept.size());
    table_.shrink_to_fit();
    return {std::move(columns_of), kept.size(), rows_, std::move(table_), {strategy_, defined_, most_live_}};
  }

 private:
  scanned_word hold(const columns& w, bool twice) {
    columns letters = w;
    if (twice) letters.insert(letters.end(), w.begin(), w.end());
    columns inverses(letters.size());
    std::transform(letters.begin(), letters.end(), inverses.begin(), [&](column x) { return inverse_of_[x]; });
    letters_.push_back(std::move(letters));
    letters_.push_back(std::move(inverses));
    return {letters_[letters_.size() - 2].data(), letters_.back().data(), w.size()};
  }

  /// For each letter the rotations of relators that begin with it: those that pass an edge so labelled.
  void list_rotations() {
    rotations_.resize(columns_);
    for (std::uint32_t i = 0; i < relators_.size(); ++i) {
      for (std::uint32_t at = 0; at < words_.relators[i].root; ++at) {
        rotations_[relators_[i].letters[at]].push_back({i, at});
      }
    }
  }

  /// A loop u^k that closes at a coset does so at k of them (2k where u is a rotation of its inverse), and one scan is
  /// enough: without marks, a^n would cost n^2. The 32 relators that gain most get a bit.
  void choose_marks() {
    std::vector<std::size_t> order(relators_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](auto i, auto j) { return words_.relators[i].visits() > words_.relators[j].visits(); });
    for (std::size_t k = 0; k < std::min<std::size_t>(order.size(), 32); ++k) {
      if (words_.relators[order[k]].visits() > 2) marks_[order[k]] = std::uint32_t{1} << k;
    }
  }

  /// Relator r closes at c.
  void mark_loop(coset c, std::size_t r) {
    const auto& w = words_.relators[r];
    for (std::size_t i = 0, phase = 0; i < w.letters.size(); ++i) {
      if (phase == 0 || phase == w.reversal) closed_[c] |= marks_[r];
      if (++phase == w.root) phase = 0;
      c = entry(c, w.letters[i]);
    }
  }

  coset& entry(coset c, column x) { return table_[c * columns_ + x]; }
  bool is_live(coset c) const { return representative_[c] == c; }

  coset find(coset c) {
    while (representative_[c] != c) c = representative_[c] = representative_[representative_[c]];
    return c;
  }

  void add_row() {
    if (rows_ == representative_.size()) {
      // Sizes are the limit halved again and again, so that the last step is from half of it.
      std::size_t size = most_rows_;
      while (size > 1024 && size / 2 > rows_) size = (size + 1) / 2;
      table_.reserve(size * columns_);
      table_.resize(size * columns_, none);
      representative_.resize(size);
      closed_.resize(size);
    }
    closed_[rows_] = 0;
    representative_[rows_] = static_cast<coset>(rows_);
    ++rows_;
    ++live_;
    ++defined_;
    most_live_ = std::max(most_live_, live_);
  }

  void join(coset c, column x, coset d) {
    entry(c, x) = d;
    entry(d, inverse_of_[x]) = c;
    if (strategy_ == coset_strategy::felsch) note(c, x);
  }

  void note(coset c, column x) {
    constexpr std::size_t most = std::size_t{1} << 20;
    if (deductions_.size() < most) {
      deductions_.emplace_back(c, x);
    } else {
      deductions_lost_ = true;
    }
  }

  /// A new coset c * x. False when there is no room.
  bool define(coset c, column x) {
    if (rows_ == most_rows_) return false;
    work_ += columns_;
    const auto fresh = static_cast<coset>(rows_);
    add_row();
    join(c, x, fresh);
    return true;
  }

  void merge(coset a, coset b) {
    a = find(a);
    b = find(b);
    if (a == b) return;
    if (a > b) std::swap(a, b);
    representative_[b] = a;
    dead_.push_back(b);
    --live_;
  }

  /// a and b are equal: so are their images, and so on; rows of dead cosets are emptied into their representatives'.
  void coincidence(coset a, coset b) {
    ++coincidences_;
    merge(a, b);
    for (std::size_t head = 0; head < dead_.size(); ++head) {
      const coset e = dead_[head];
      for (column x = 0; x < columns_; ++x) {
        const coset f = entry(e, x);
        if (f == none) continue;
        const column y = inverse_of_[x];
        entry(e, x) = none;
        entry(f, y) = none;
        const coset u = find(e);
        const coset v = find(f);
        if (entry(u, x) != none) {
          merge(v, entry(u, x));
        } else if (entry(v, y) != none) {
          merge(u, entry(v, y));
        } else {
          join(u, x, v);
        }
      }
    }
    dead_.clear();
  }

  /// Follows w from c and, backwards, to c; draws the conclusion where at most one edge is missing, and with `fill`
  /// defines cosets until that is so. False when there is no room.
  template <bool fill>
  bool scan(coset c, const scanned_word& w) {
    coset front = c;
    coset back = c;
    std::size_t i = 0;
    std::size_t j = w.length;  // positions [i, j) are open
    work_ += w.length;
    for (;;) {
      const coset* table = table_.data();
      while (i < j) {
        const coset next = table[front * columns_ + w.letters[i]];
        if (next == none) break;
        front = next;
        ++i;
      }
      while (i < j) {
        const coset next = table[back * columns_ + w.inverses[j - 1]];
        if (next == none) break;
        back = next;
        --j;
      }
      if (i == j) {
        if (front != back) coincidence(front, back);
        return true;
      }
      if (i + 1 == j) {
        join(front, w.letters[i], back);
        return true;
      }
      if constexpr (!fill) return true;
      if (!define(front, w.letters[i])) return false;
      check(c, false);  // a relator may be long: a^2000001
    }
  }

  /// Stop, deadline and progress, now and then.
  void check(std::size_t done, bool looking_ahead) {
    if (work_ < (std::size_t{1} << 16)) return;
    work_ = 0;
    const auto now = std::chrono::steady_clock::now();
    const bool late = options_.deadline && now >= *options_.deadline;
    if (late || options_.stop.stop_requested()) {
      throw resource_error(
          fmt::format("coset enumeration: {} with {} cosets live: {}", late ? "out of time" : "stopped", live_,
                      late ? "allow more time, or enumerate the cosets of a larger subgroup" : "it was asked to"));
    }
    if (!options_.observer || now - last_report_ < std::chrono::milliseconds(100)) return;
    last_report_ = now;
    options_.observer(
        {strategy_, looking_ahead, done, live_, defined_, std::chrono::duration<double>(now - start_).count()});
  }

  // -- room

  /// Removes dead rows. `at` becomes the number of live rows before it.
  void compact(std::size_t& at) {
    if (live_ == rows_) return;
    std::erase_if(deductions_, [&](const auto& d) { return !is_live(d.first); });
    coset to = 0;
    std::size_t before = 0;
    for (std::size_t c = 0; c < rows_; ++c) {
      if (c == at) before = to;
      if (representative_[c] != c) continue;
      const auto row = table_.begin() + static_cast<std::ptrdiff_t>(c * columns_);
      if (to != c) std::copy_n(row, columns_, table_.begin() + static_cast<std::ptrdiff_t>(to * columns_));
      closed_[to] = closed_[c];
      representative_[c] = to++;
    }
    if (at >= rows_) before = to;
    for (std::size_t i = 0; i < to * columns_; ++i) {
      if (table_[i] != none) table_[i] = representative_[table_[i]];
    }
    for (auto& d : deductions_) d.first = representative_[d.first];
    std::fill(table_.begin() + static_cast<std::ptrdiff_t>(to * columns_),
              table_.begin() + static_cast<std::ptrdiff_t>(rows_ * columns_), none);
    std::iota(representative_.begin(), representative_.begin() + to, coset{0});
    rows_ = to;
    at = before;
  }

  /// Scans all relators at all cosets from `from` on without defining any.
  void look_ahead(std::size_t from) {
    for (std::size_t c = from; c < rows_; ++c) {
      for (std::size_t r = 0; r < relators_.size() && is_live(static_cast<coset>(c)); ++r) {
        if ((closed_[c] & marks_[r]) == 0) static_cast<void>(scan<false>(static_cast<coset>(c), relators_[r]));
      }
      check(c, true);
    }
  }

  // -- strategies

  bool run_hlt() {
    std::size_t at = 0;
    while (!open_subgroup()) {
      if (!make_room(at)) return false;
    }
    for (at = 0; at < rows_;) {
      if (!is_live(static_cast<coset>(at)) || close_row(static_cast<coset>(at))) {
        ++at;
      } else if (!make_room(at)) {
        return false;
      }
      check(at, false);
    }
    return true;
  }

  bool open_subgroup() {
    return std::all_of(subgroup_.begin(), subgroup_.end(), [&](const auto& s) { return scan<true>(0, s); });
  }

  /// Closes all relators at c and defines what is missing in its row. False when there is no room.
  bool close_row(coset c) {
    for (std::size_t r = 0; r < relators_.size(); ++r) {
      if ((closed_[c] & marks_[r]) != 0) continue;
      const std::uint64_t before = coincidences_;
      if (!scan<true>(c, relators_[r])) return false;
      if (!is_live(c)) return true;
      if (marks_[r] != 0 && before == coincidences_) mark_loop(c, r);
    }
    for (column x = 0; x < columns_; ++x) {
      if (entry(c, x) == none && !define(c, x)) return false;
    }
    return true;
  }

  /// Rows are worth looking for when at least a sixteenth is free afterwards: each search costs a pass over the table.
  bool make_room(std::size_t& at) {
    const std::size_t wanted = most_rows_ / 16 + 1;
    if (rows_ - live_ < wanted) look_ahead(at);
    if (rows_ - live_ < wanted) return false;
    compact(at);
    return true;
  }

  bool run_felsch() {
    std::size_t at = 0;
    while (!open_subgroup()) {
      if (!find_dead_rows(at)) return false;
    }
    for (;;) {
      follow(0);
      for (at = 0; at < rows_;) {
        if (!is_live(static_cast<coset>(at)) || fill_row(at)) {
          ++at;
        } else if (!find_dead_rows(at)) {
          return false;
        }
      }
      if (!deductions_lost_) return true;
      deductions_lost_ = false;
      look_ahead(0);
    }
  }

  bool find_dead_rows(std::size_t& at) {
    follow(at);
    if (rows_ - live_ < most_rows_ / 64 + 1) return false;
    compact(at);
    return true;
  }

  bool fill_row(std::size_t at) {
    const auto c = static_cast<coset>(at);
    for (column x = 0; x < columns_ && is_live(c); ++x) {
      if (entry(c, x) != none) continue;
      if (!define(c, x)) return false;
      follow(at);
    }
    return true;
  }

  /// Draws all consequences of the edges that are new: the relators that pass through them are scanned.
  void follow(std::size_t done) {
    while (!deductions_.empty()) {
      const auto [c, x] = deductions_.back();
      deductions_.pop_back();
      scan_rotations(c, x);
      if (!is_live(c)) continue;
      const coset d = entry(c, x);
      const column y = inverse_of_[x];
      if (d != none && (d != c || y != x)) scan_rotations(d, y);
      check(done, false);
    }
  }

  void scan_rotations(coset c, column x) {
    for (const auto [relator, first] : rotations_[x]) {
      if (!is_live(c)) return;
      const auto& r = relators_[relator];
      static_cast<void>(scan<false>(c, {r.letters + first, r.inverses + first, r.length}));
    }
  }

  /// Renumbers the cosets of a complete, compact table as a breadth-first search meets them, in place.
  void standardise() {
    std::vector<coset> order{0};  // old numbers in the new order
    order.reserve(rows_);
    auto& number = representative_;  // new number of an old one
    std::fill(number.begin(), number.end(), none);
    number[0] = 0;
    for (std::size_t head = 0; head < order.size(); ++head) {
      for (column x = 0; x < columns_; ++x) {
        const coset d = entry(order[head], x);
        if (number[d] != none) continue;
        number[d] = static_cast<coset>(order.size());
        order.push_back(d);
      }
    }
    for (std::size_t i = 0; i < rows_ * columns_; ++i) table_[i] = number[table_[i]];
    // Row c goes to number[c]: each cycle of this permutation is followed once.
    const auto row = [&](coset c) { return table_.begin() + static_cast<std::ptrdiff_t>(c * columns_); };
    columns carried(columns_);
    for (coset c = 0; c < rows_; ++c) {
      if (number[c] == none) continue;
      std::copy_n(row(c), columns_, carried.begin());
      for (coset at = c; number[at] != none;) {
        at = std::exchange(number[at], none);
        std::swap_ranges(carried.begin(), carried.end(), row(at));
      }
    }
  }

  const coset_words& words_;
  const coset_options& options_;
  coset_strategy strategy_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_report_{};
  const columns& inverse_of_;
  std::size_t columns_;
  std::size_t most_rows_ = 0;

  std::vector<columns> letters_;  // what the words below point into: moving a vector keeps its elements in place
  std::vector<scanned_word> relators_;
  std::vector<scanned_word> subgroup_;
  std::vector<std::vector<rotation>> rotations_;  // by first letter
  std::vector<std::uint32_t> marks_;              // of relators; 0: none

  std::vector<coset> table_;           // rows beyond rows_ are empty
  std::vector<coset> representative_;  // a union-find forest; the root of a live coset is itself
  std::vector<std::uint32_t> closed_;  // marks of the relators that are known to close at a coset
  std::vector<coset> dead_;            // rows that are still to be emptied
  std::vector<std::pair<coset, column>> deductions_;
  bool deductions_lost_ = false;  // there were too many to keep: only a pass over the table finds their consequences
  std::size_t rows_ = 0;
  std::size_t live_ = 0;
  std::size_t most_live_ = 0;
  std::uint64_t defined_ = 0;
  std::uint64_t coincidences_ = 0;
  std::size_t work_ = 0;  // letters scanned since the last check
};

}  // namespace

coset_table enumerate_cosets(const presentation& p, const coset_options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto words = make_coset_words(p);
  std::size_t live = 0;
  std::size_t rows = 0;
  std::uint64_t defined = 0;
  for (const auto strategy : {coset_strategy::hlt, coset_strategy::felsch}) {
    if (options.strategy != coset_strategy::automatic && options.strategy != strategy) continue;
    enumeration run(words, options, strategy, start);
    if (run.run()) return std::move(run).finish();
    live = run.live();
    rows = run.most_rows();
    defined += run.defined();
  }
  const bool by_memory = rows < options.max_cosets;
  throw resource_error(fmt::format(
      "coset enumeration: the table is full with {} cosets live ({} were defined; {}); the index is larger than can be "
      "decided here, or infinite: raise the {}, or enumerate the cosets of a larger subgroup",
      live, defined,
      by_memory ? fmt::format("{} bytes hold {}", options.memory_bytes, rows) : fmt::format("the limit is {}", rows),
      by_memory ? "memory" : "limit on cosets"));
}

// ------------------------------------------------------------------------------------------------------- using a table

bool coset_table::operator==(const coset_table& other) const {
  return columns_of_ == other.columns_of_ && index_ == other.index_ && entries_ == other.entries_;
}

std::vector<permutation> generator_permutations(const coset_table& table) {
  std::vector<permutation> out;
  std::vector<point> images(table.index());
  for (std::size_t i = 0; i < table.generators(); ++i) {
    for (point c = 0; c < images.size(); ++c) images[c] = table.next(c, static_cast<std::int32_t>(i + 1));
    out.emplace_back(std::span<const point>(images));
  }
  return out;
}

schreier_transversal::schreier_transversal(const coset_table& table)
    : parents_(table.index(), none), letters_(table.index(), 0) {
  std::vector<coset> queue{0};
  queue.reserve(table.index());
  parents_[0] = 0;
  for (std::size_t head = 0; head < queue.size(); ++head) {
    for (std::int32_t i = 1; i <= static_cast<std::int32_t>(table.generators()); ++i) {
      for (const auto letter : {i, -i}) {
        const coset to = table.next(queue[head], letter);
        if (parents_[to] != none) continue;
        parents_[to] = queue[head];
        letters_[to] = letter;
        queue.push_back(to);
      }
    }
  }
}

std::size_t schreier_transversal::depth(std::size_t coset) const {
  std::size_t length = 0;
  for (; coset != 0; coset = parents_[coset]) ++length;
  return length;
}

word schreier_transversal::operator[](std::size_t coset) const {
  word out;
  for (; coset != 0; coset = parents_[coset]) out.push_back(letters_[coset]);
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<word> transversal_words(const coset_table& table) {
  constexpr std::size_t most = std::size_t{1} << 28;
  const schreier_transversal tree(table);
  std::vector<word> out;
  out.reserve(tree.size());
  std::size_t letters = 0;
  for (std::size_t c = 0; c < tree.size(); ++c) {
    out.push_back(tree[c]);
    letters += out.back().size();
    if (letters > most) {
      throw resource_error(fmt::format(
          "transversal: the words of {} cosets have more than {} letters: take them one by one from the tree",
          tree.size(), most));
    }
  }
  return out;
}

bool is_valid(const coset_table& table, const presentation& p) {
  const std::size_t n = table.index();
  if (n == 0 || table.generators() != p.generators.size()) return false;
  std::size_t met = 1;  // standardised: each coset in turn is the next one to be met, so all are
  for (coset c = 0; c < n; ++c) {
    if (c >= met) return false;
    for (std::int32_t i = 1; i <= static_cast<std::int32_t>(table.generators()); ++i) {
      for (const auto letter : {i, -i}) {
        const coset to = table.next(c, letter);
        if (to > met || to >= n || table.next(to, -letter) != c) return false;
        met += static_cast<std::size_t>(to == met);
      }
    }
    for (const auto& r : p.relators) {
      if (table.trace(c, r) != c) return false;
    }
  }
  return std::all_of(p.subgroup.begin(), p.subgroup.end(), [&](const auto& s) { return table.trace(0, s) == 0; });
}

}  // namespace cosetta::groups
