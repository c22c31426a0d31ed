#include <search/coordinate.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <unordered_set>

namespace cosetta::search {

namespace {

using row_bytes = std::vector<std::uint8_t>;

/// Rows of n bytes, each once.
class listed_rows {
 public:
  explicit listed_rows(std::size_t n) : n_(n), table_(1024, absent) {}
  std::size_t size() const noexcept { return rows_.size() / n_; }
  const row_bytes& rows() const noexcept { return rows_; }
  /// Its number; new rows go to the end.
  std::uint32_t enter(const std::uint8_t* r) {
    if (2 * size() >= table_.size()) grow();
    auto& at = table_[slot(r)];
    if (at == absent) {
      at = static_cast<std::uint32_t>(size());
      rows_.insert(rows_.end(), r, r + n_);
    }
    return at;
  }

 private:
  static constexpr std::uint32_t absent = ~std::uint32_t{0};

  std::size_t slot(const std::uint8_t* r) const noexcept {
    auto at = std::hash<std::string_view>{}({reinterpret_cast<const char*>(r), n_}) & (table_.size() - 1);
    while (table_[at] != absent && std::memcmp(rows_.data() + table_[at] * n_, r, n_) != 0) at = (at + 1) & (table_.size() - 1);
    return at;
  }
  void grow() {
    table_.assign(2 * table_.size(), absent);
    for (std::uint32_t i = 0; i < size(); ++i) table_[slot(rows_.data() + i * n_)] = i;
  }

  std::size_t n_;
  row_bytes rows_;
  std::vector<std::uint32_t> table_;
};

}  // namespace

std::optional<coordinate> coordinate::enumerate(std::span<const images> generators, const images& colours, std::size_t limit,
                                                const run_context& context) {
  coordinate out;
  const std::size_t n = colours.size();
  out.generators_ = generators.size();
  out.colours_ = colours;
  listed_rows rows(n);
  rows.enter(colours.data());
  row_bytes from(n), to(n);
  for (std::uint32_t id = 0; id < rows.size(); ++id) {
    if (id % 1024 == 0) context.check();
    std::copy_n(rows.rows().begin() + static_cast<std::ptrdiff_t>(id * n), n, from.begin());
    for (const auto& g : generators) {
      for (std::size_t i = 0; i < n; ++i) to[g[i]] = from[i];
      out.next_.push_back(rows.enter(to.data()));
    }
    if (rows.size() > limit) return std::nullopt;
  }
  out.size_ = rows.size();
  if (!out.choose_tests(rows.rows())) return std::nullopt;
  out.index(rows.rows());
  return out;
}

/// First tests that split the rows best are taken until all rows differ, then those that are not needed are dropped.
bool coordinate::choose_tests(const std::vector<std::uint8_t>& rows) {
  const std::size_t n = colours_.size();
  const unsigned bits = static_cast<unsigned>(std::bit_width(unsigned{*std::ranges::max_element(colours_)}));
  std::vector<test> candidates;
  for (std::size_t place = 0; place < n; ++place) {
    for (unsigned bit = 0; bit < bits; ++bit) {
      const auto value = [&](std::size_t id) { return rows[id * n + place] >> bit & 1; };
      for (std::size_t id = 1; id < size_; ++id) {
        if (value(id) == value(0)) continue;
        candidates.push_back({static_cast<std::uint8_t>(place), static_cast<std::uint8_t>(bit)});
        break;
      }
    }
  }
  // Rows with the same answers so far are in one class; a test is taken when it splits one.
  std::vector<std::uint32_t> class_of(size_, 0);
  std::uint32_t classes = 1;
  for (const auto t : candidates) {
    if (classes == size_) break;
    std::vector<std::uint32_t> split(2 * std::size_t{classes}, none);
    std::uint32_t next = 0;
    auto refined = class_of;
    for (std::size_t id = 0; id < size_; ++id) {
      auto& c = split[2 * std::size_t{class_of[id]} + (rows[id * n + t.place] >> t.bit & 1U)];
      if (c == none) c = next++;
      refined[id] = c;
    }
    if (next == classes) continue;
    tests_.push_back(t);
    class_of.swap(refined);
    classes = next;
  }
  if (classes != size_ || tests_.size() > most_tests) return false;
  std::vector<std::uint64_t> keys(size_);
  for (std::size_t id = 0; id < size_; ++id) keys[id] = key(rows.data() + id * n);
  for (std::size_t k = tests_.size(); k-- > 0;) {
    const std::uint64_t others = ~(std::uint64_t{1} << k);
    std::unordered_set<std::uint64_t> seen;
    seen.reserve(size_);
    if (!std::ranges::all_of(keys, [&](std::uint64_t key) { return seen.insert(key & others).second; })) continue;
    tests_.erase(tests_.begin() + static_cast<std::ptrdiff_t>(k));
    for (auto& key : keys) key = (key & ((std::uint64_t{1} << k) - 1)) | (key >> 1 & ~((std::uint64_t{1} << k) - 1));
  }
  std::ranges::sort(tests_, {}, [](const test& t) { return std::pair(t.bit, t.place); });
  return true;
}

void coordinate::index(const std::vector<std::uint8_t>& rows) {
  const std::size_t n = colours_.size();
  const bool few = tests_.size() <= 26 && (std::uint64_t{1} << tests_.size()) <= std::max<std::uint64_t>(1 << 12, 16 * size_);
  if (few) {
    direct_.assign(std::size_t{1} << tests_.size(), none);
  } else {
    slots_.resize(std::bit_ceil(2 * size_ + 2));
  }
  for (std::uint32_t id = 0; id < size_; ++id) {
    const auto k = key(rows.data() + id * n);
    if (few) {
      direct_[k] = id;
      continue;
    }
    auto at = kernels::number_table::first_slot(k, slots_.size() - 1);
    while (slots_[at].number != none) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {k, id};
  }
}

coordinate::images coordinate::arrangement(std::uint32_t id, std::span<const images> generators) const {
  std::vector<std::uint32_t> parent(size_, none), by(size_, 0), queue{0}, word;
  parent[0] = 0;
  for (std::size_t k = 0; k < queue.size() && parent[id] == none; ++k) {
    for (std::uint32_t g = 0; g < generators_; ++g) {
      const auto to = next(queue[k], g);
      if (parent[to] != none) continue;
      parent[to] = queue[k], by[to] = g;
      queue.push_back(to);
    }
  }
  for (; id != 0; id = parent[id]) word.push_back(by[id]);
  auto out = colours_, moved = out;
  for (auto g = word.rbegin(); g != word.rend(); ++g) {
    for (std::size_t i = 0; i < out.size(); ++i) moved[generators[*g][i]] = out[i];
    out.swap(moved);
  }
  return out;
}

std::uint32_t coordinate::rank_of_labels(const std::uint8_t* labels) const noexcept {
  std::uint64_t key = 0;
  for (std::size_t k = 0; k < tests_.size(); ++k) key |= std::uint64_t{(colours_[labels[tests_[k].place]] >> tests_[k].bit) & 1U} << k;
  return numbers().find(key);
}

}  // namespace cosetta::search
