#include <search/colour_fibre.hpp>

#include <algorithm>
#include <bit>
#include <numeric>
#include <random>

namespace cosetta::search {

namespace {

/// Numbers other than 0, by open addressing.
class sum_set {
 public:
  /// False where it was there.
  bool insert(std::uint64_t sum) {
    if (2 * ++count_ > table_.size()) {
      std::vector<std::uint64_t> old(2 * table_.size());
      std::swap(old, table_);
      for (const auto s : old) {
        if (s != 0) *place(s) = s;
      }
    }
    auto* at = place(sum);
    if (*at == sum) {
      --count_;
      return false;
    }
    *at = sum;
    return true;
  }

 private:
  std::uint64_t* place(std::uint64_t sum) {
    auto at = sum & (table_.size() - 1);
    while (table_[at] != 0 && table_[at] != sum) at = (at + 1) & (table_.size() - 1);
    return &table_[at];
  }

  std::vector<std::uint64_t> table_ = std::vector<std::uint64_t>(1024);
  std::size_t count_ = 0;
};

}  // namespace

std::shared_ptr<const colour_fibre> colour_fibre::make(const images& colours, const std::vector<images>& generators, std::size_t most) {
  std::shared_ptr<colour_fibre> fibre(new colour_fibre);
  if (!fibre->enumerate(colours, generators, most)) return nullptr;
  return fibre;
}

bool colour_fibre::enumerate(const images& colours, const std::vector<images>& generators, std::size_t most) {
  const std::size_t n = colours.size();
  // Orbits of H on points; the least point of an orbit stands for it.
  images orbit(n);
  std::iota(orbit.begin(), orbit.end(), std::uint8_t{0});
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& g : generators) {
      for (std::size_t a = 0; a < n; ++a) {
        if (orbit[a] == orbit[g[a]]) continue;
        orbit[a] = orbit[g[a]] = std::min(orbit[a], orbit[g[a]]);
        moved = true;
      }
    }
  }
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      if (orbit[a] != orbit[b] || colours[a] == colours[b]) continue;
      active_.push_back(static_cast<std::uint8_t>(a));
      break;
    }
  }
  std::ranges::stable_sort(active_, {}, [&](auto a) { return orbit[a]; });
  place_.resize(n);
  for (std::size_t i = 0; i < active_.size(); ++i) place_[active_[i]] = static_cast<std::uint8_t>(i);
  // The orbit of the colouring; sequences of active points, by any strings: there are few.
  const std::size_t m = active_.size();
  std::mt19937_64 random(20260829);
  keys_.resize(m * 256);
  for (auto& key : keys_) key = random();
  colourings_.resize(m);
  for (std::size_t i = 0; i < m; ++i) colourings_[i] = colours[active_[i]];
  const auto sum_of = [&](const std::uint8_t* f) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < m; ++i) sum += key_of(i, f[i]);
    return sum;
  };
  // Two colourings with one sum: 2^-32 or so for 65536 of them, and then the orbit does not have the size that is proven.
  sum_set seen;
  std::vector<std::uint64_t> sums{sum_of(colourings_.data())};
  seen.insert(sums[0]);
  size_ = 1;
  struct place_map {
    std::vector<std::uint8_t> from;
    std::vector<std::uint8_t> moved;
  };
  std::vector<place_map> maps;  // of the generators
  for (const auto& g : generators) {
    auto& map = maps.emplace_back();
    for (std::size_t i = 0; i < m; ++i) {
      map.from.push_back(place_[g[active_[i]]]);
      if (map.from[i] != i) map.moved.push_back(static_cast<std::uint8_t>(i));
    }
  }
  for (std::size_t f = 0; f < size_; ++f) {
    for (const auto& map : maps) {
      auto sum = sums[f];
      for (const auto i : map.moved) sum += key_of(i, colourings_[f * m + map.from[i]]) - key_of(i, colourings_[f * m + i]);
      if (!seen.insert(sum)) continue;
      if (size_ == most) return false;
      colourings_.resize((size_ + 1) * m);
      for (std::size_t i = 0; i < m; ++i) colourings_[size_ * m + i] = colourings_[f * m + map.from[i]];
      sums.push_back(sum);
      ++size_;
    }
  }
  // Colexicographic: the last point counts most.
  std::vector<std::uint32_t> order(size_);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::ranges::sort(order, [&](auto f, auto g) {
    for (std::size_t i = m; i-- > 0;) {
      if (colourings_[f * m + i] != colourings_[g * m + i]) return colourings_[f * m + i] < colourings_[g * m + i];
    }
    return false;
  });
  auto sorted = colourings_;
  for (std::size_t f = 0; f < size_; ++f) std::copy_n(colourings_.begin() + static_cast<std::ptrdiff_t>(order[f] * m), m, sorted.begin() + static_cast<std::ptrdiff_t>(f * m));
  colourings_ = std::move(sorted);
  index();
  return true;
}

void colour_fibre::index() {
  const std::size_t m = active_.size();
  table_.assign(std::bit_ceil(2 * size_ + 2), none);
  sums_.resize(size_);
  for (std::size_t f = 0; f < size_; ++f) {
    for (std::size_t i = 0; i < m; ++i) sums_[f] += key_of(i, colourings_[f * m + i]);
    auto at = sums_[f] & (table_.size() - 1);
    while (table_[at] != none) at = (at + 1) & (table_.size() - 1);
    table_[at] = static_cast<std::uint32_t>(f);
  }
}

std::uint32_t colour_fibre::find(std::uint64_t key) const noexcept {
  for (auto at = key & (table_.size() - 1);; at = (at + 1) & (table_.size() - 1)) {
    if (table_[at] == none || sums_[table_[at]] == key) return table_[at];
  }
}

std::uint32_t colour_fibre::number(const std::uint8_t* colours) const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < active_.size(); ++i) sum += key_of(i, colours[active_[i]]);
  const auto f = find(sum);
  if (f == none) return none;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    if (colouring(f)[i] != colours[active_[i]]) return none;
  }
  return f;
}

void colour_fibre::sources(const std::uint8_t* s, std::size_t first, std::size_t count, std::uint32_t* out) const {
  const std::size_t m = active_.size();
  images from(m);
  for (std::size_t i = 0; i < m; ++i) from[i] = place_[s[active_[i]]];
  for (std::size_t k = 0; k < count; ++k) {
    if (first + k >= size_) {
      out[k] = none;
      continue;
    }
    const auto* f = colouring(first + k);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < m; ++i) sum += key_of(i, f[from[i]]);
    out[k] = find(sum);
  }
}

std::size_t colour_fibre::bytes() const noexcept {
  return colourings_.size() + (keys_.size() + sums_.size()) * 8 + table_.size() * 4;
}

}  // namespace cosetta::search
