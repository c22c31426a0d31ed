#include <kernels/prefetch.hpp>
#include <search/parallel_tasks.hpp>
#include <search/pattern_table.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <numeric>

namespace cosetta::search {

bool keeps_colouring(const place_symmetry& w, const coordinate::images& colours) {
  std::array<int, 256> renamed;
  renamed.fill(-1);
  std::array<bool, 256> taken{};
  for (std::size_t v = 0; v < colours.size(); ++v) {
    auto& to = renamed[colours[v]];
    const auto c = colours[w.images[v]];
    if (to == c) continue;
    if (to != -1 || taken[c]) return false;
    to = c, taken[c] = true;
  }
  return true;
}

namespace {

/// How a symmetry permutes the numbers of a coordinate: it fixes home and takes g to its conjugate.
std::vector<std::uint32_t> action(const place_symmetry& w, const coordinate& c) {
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> out(c.size(), none), queue{0};
  out[0] = 0;
  for (std::size_t k = 0; k < queue.size(); ++k) {
    const auto id = queue[k];
    for (std::size_t g = 0; g < c.generators(); ++g) {
      const auto next = c.next(id, g);
      if (out[next] != none) continue;
      out[next] = c.next(out[id], w.generators[g]);
      queue.push_back(next);
    }
  }
  return out;
}

}  // namespace

pattern_table::pattern_table(std::vector<std::shared_ptr<const coordinate>> coordinates, const std::vector<place_symmetry>& symmetries)
    : coordinates_(std::move(coordinates)) {
  for (const auto& c : coordinates_) {
    auto& images = images_.emplace_back();
    for (const auto& w : symmetries) images.push_back(action(w, *c));
  }
  const auto& first = *coordinates_[0];
  constexpr auto none = std::numeric_limits<std::uint32_t>::max();
  class_of_.assign(first.size(), none);
  symmetry_of_.assign(first.size(), 0);
  for (std::uint32_t id = 0; id < first.size(); ++id) {
    if (class_of_[id] != none) continue;
    const auto number = static_cast<std::uint32_t>(representatives_.size());
    representatives_.push_back(id);
    auto& fixing = stabilizers_.emplace_back();
    std::uint32_t orbit = 0;
    // A member x of the orbit needs a symmetry that takes x to id.
    for (std::size_t k = 0; k < symmetries.size(); ++k) {
      const auto x = images_[0][k][id];
      if (x == id && std::ranges::any_of(symmetries[k].images, [i = 0](std::uint8_t to) mutable { return to != i++; })) fixing.push_back(static_cast<std::uint8_t>(k));
      if (class_of_[x] != none) continue;
      class_of_[x] = number;
      ++orbit;
      for (std::size_t l = 0; l < symmetries.size(); ++l) {
        if (images_[0][l][x] == id) {
          symmetry_of_[x] = static_cast<std::uint8_t>(l);
          break;
        }
      }
    }
    orbit_sizes_.push_back(orbit);
  }
  for (std::size_t j = 1; j < coordinates_.size(); ++j) rest_ *= coordinates_[j]->size();
  entries_ = representatives_.size() * rest_;
}

std::size_t pattern_table::bytes() const noexcept {
  std::size_t out = (entries_ + 31) / 32 * 8;
  for (const auto& c : coordinates_) out += c->bytes() + images_[0].size() * c->size() * sizeof(std::uint32_t);
  return out;
}

double pattern_table::bytes_estimate(std::span<const std::shared_ptr<const coordinate>> coordinates, std::size_t symmetries) {
  double entries = 1, rest = 0;
  for (const auto& c : coordinates) {
    entries *= static_cast<double>(c->size());
    rest += static_cast<double>(c->bytes() + 4 * symmetries * c->size());
  }
  const double orbits = std::max(1.0, std::min(static_cast<double>(symmetries), static_cast<double>(coordinates[0]->size()) / 2));
  return entries / orbits / 4 + rest;
}

/// One layer of the search.
struct pattern_table::sweep {
  pattern_table& t;
  const run_context& context;
  const unsigned from, to;  // residues of the layer that is there and of the next

  static constexpr std::size_t batch = 64;

  /// Where the neighbours of one row lie: all tuples that share all numbers but the last.
  struct neighbour_row {
    std::uint64_t base;            // times the size of the last coordinate
    const std::uint32_t* image;  // of the last number
  };

  std::size_t last_size() const noexcept { return t.coordinates_.size() == 1 ? 1 : t.coordinates_.back()->size(); }
  std::uint64_t rows() const noexcept { return t.rest_ / last_size(); }

  std::atomic_ref<std::uint64_t> word(std::uint64_t index) const noexcept { return std::atomic_ref(t.table_.data()[index / 32]); }
  unsigned residue(std::uint64_t index) const noexcept { return word(index).load(std::memory_order_relaxed) >> 2 * (index % 32) & 3; }
  /// Whether the place was not reached before.
  bool reach(std::uint64_t index) const noexcept {
    const unsigned shift = 2 * (index % 32);
    if ((word(index).load(std::memory_order_relaxed) >> shift & 3) != not_reached) return false;
    const auto mask = ~(std::uint64_t{not_reached ^ to} << shift);
    return (word(index).fetch_and(mask, std::memory_order_relaxed) >> shift & 3) == not_reached;
  }

  void neighbours(std::uint32_t representative, const std::vector<std::uint32_t>& middle, std::vector<neighbour_row>& out) const {
    const std::size_t m = t.coordinates_.size();
    for (std::size_t g = 0; g < out.size(); ++g) {
      const auto a = t.coordinates_[0]->next(representative, g);
      const auto k = t.symmetry_of_[a];
      std::uint64_t base = t.class_of_[a];
      for (std::size_t j = 1; j + 1 < m; ++j) base = base * t.coordinates_[j]->size() + t.images_[j][k][t.coordinates_[j]->next(middle[j - 1], g)];
      out[g] = {base * last_size(), m == 1 ? nullptr : t.images_[m - 1][k].data()};
    }
  }
  std::uint64_t place(const neighbour_row& r, std::uint32_t last, std::size_t g) const noexcept {
    return r.base + (r.image == nullptr ? 0 : r.image[t.coordinates_.back()->next(last, g)]);
  }

  /// Numbers of the last coordinate, in one row, that hold a residue; at most `batch`, from `last` on, which is moved.
  std::size_t gather(std::uint64_t row_base, std::uint32_t& last, unsigned wanted, std::uint32_t* out) const {
    std::size_t n = 0;
    const auto end = static_cast<std::uint32_t>(last_size());
    while (last < end && n + 32 <= batch) {
      const auto index = row_base + last;
      const auto w = word(index).load(std::memory_order_relaxed) >> 2 * (index % 32);
      const auto count = std::min<std::uint32_t>(static_cast<std::uint32_t>(32 - index % 32), end - last);
      const auto same = ~(w ^ (wanted * 0x5555555555555555));
      auto hits = same & same >> 1 & 0x5555555555555555;
      if (count < 32) hits &= (std::uint64_t{1} << 2 * count) - 1;
      for (; hits != 0; hits &= hits - 1) out[n++] = last + static_cast<std::uint32_t>(std::countr_zero(hits)) / 2;
      last += count;
    }
    return n;
  }

  /// The tuple that a place stands for, taken to the places where symmetries that fix its first number take it.
  std::uint64_t reach_images(std::uint32_t cls, std::uint64_t index) const {
    std::uint64_t found_there = 0;
    const std::size_t m = t.coordinates_.size();
    std::array<std::uint32_t, most_coordinates> ids{};
    auto rest = index % t.rest_;
    for (std::size_t j = m; j-- > 1;) ids[j] = static_cast<std::uint32_t>(rest % t.coordinates_[j]->size()), rest /= t.coordinates_[j]->size();
    for (const auto k : t.stabilizers_[cls]) {
      std::uint64_t image = cls;
      for (std::size_t j = 1; j < m; ++j) image = image * t.coordinates_[j]->size() + t.images_[j][k][ids[j]];
      found_there += reach(image);
    }
    return found_there;
  }

  /// Neighbours of the tuples of the last layer.
  void forward(std::uint64_t row_base, const std::vector<neighbour_row>& near, std::vector<std::uint64_t>& count) const {
    std::array<std::uint32_t, batch> ids;
    std::array<std::uint64_t, batch> places;
    for (std::uint32_t last = 0; last < last_size();) {
      const auto n = gather(row_base, last, from, ids.data());
      for (std::size_t g = 0; g < near.size(); ++g) {
        for (std::size_t i = 0; i < n; ++i) places[i] = place(near[g], ids[i], g), kernels::prefetch(t.table_.data() + places[i] / 32);
        for (std::size_t i = 0; i < n; ++i) {
          if (!reach(places[i])) continue;
          const auto cls = static_cast<std::uint32_t>(places[i] / t.rest_);
          count[cls] += 1 + (t.stabilizers_[cls].empty() ? 0 : reach_images(cls, places[i]));
        }
      }
    }
  }

  /// Tuples that were not reached and have a neighbour in the last layer.
  void backward(std::uint32_t cls, std::uint64_t row_base, const std::vector<neighbour_row>& near, std::vector<std::uint64_t>& count) const {
    std::array<std::uint32_t, batch> ids;
    std::array<std::uint64_t, batch> places;
    for (std::uint32_t last = 0; last < last_size();) {
      auto n = gather(row_base, last, not_reached, ids.data());
      for (std::size_t g = 0; g < near.size() && n > 0; ++g) {
        for (std::size_t i = 0; i < n; ++i) places[i] = place(near[g], ids[i], g), kernels::prefetch(t.table_.data() + places[i] / 32);
        std::size_t left = 0;
        for (std::size_t i = 0; i < n; ++i) {
          if (residue(places[i]) == from) {
            count[cls] += reach(row_base + ids[i]);
          } else {
            ids[left++] = ids[i];
          }
        }
        n = left;
      }
    }
  }

  /// The rows of one class.
  void run(std::uint32_t cls, bool ahead, std::vector<std::uint64_t>& count) const {
    const std::size_t m = t.coordinates_.size();
    std::vector<std::uint32_t> middle(m > 2 ? m - 2 : 0, 0);
    std::vector<neighbour_row> near(t.coordinates_[0]->generators());
    for (std::uint64_t row = 0; row < rows(); ++row) {
      if (row % 256 == 0 && context.is_stopped()) return;
      const auto row_base = (cls * rows() + row) * last_size();
      if (holds(row_base, ahead ? from : not_reached)) {
        neighbours(t.representatives_[cls], middle, near);
        ahead ? forward(row_base, near, count) : backward(cls, row_base, near, count);
      }
      for (std::size_t j = middle.size(); j-- > 0;) {
        if (++middle[j] < t.coordinates_[j + 1]->size()) break;
        middle[j] = 0;
      }
    }
  }
  bool holds(std::uint64_t row_base, unsigned wanted) const {
    std::array<std::uint32_t, batch> ids;
    for (std::uint32_t last = 0; last < last_size();) {
      if (gather(row_base, last, wanted, ids.data()) > 0) return true;
    }
    return false;
  }
};

void pattern_table::build(const run_context& context) {
  const std::size_t words = (entries_ + 31) / 32;
  table_ = kernels::word_array(words);
  std::fill_n(table_.data(), words, ~std::uint64_t{0});
  layers_ = {1};
  table_.data()[0] &= ~std::uint64_t{3};  // home is represented by itself: class 0
  std::uint64_t seen = 1, last_places = 1;
  parallel_tasks tasks(context.threads);
  std::vector<std::vector<std::uint64_t>> counts(context.threads);
  while (last_places > 0) {
    const auto depth = static_cast<unsigned>(layers_.size());
    // Forward each place of the layer costs all its neighbours; backward a place that is not reached costs half of them or fewer.
    const bool ahead = 2 * last_places < entries_ - seen;
    const sweep s{*this, context, (depth - 1) % 3, depth % 3};
    for (auto& c : counts) c.assign(representatives_.size(), 0);
    tasks.run(representatives_.size(), entries_ > 4096, [&](std::size_t cls, std::size_t thread) {
      s.run(static_cast<std::uint32_t>(cls), ahead, counts[thread]);
    });
    context.check();
    last_places = 0;
    std::uint64_t layer = 0;
    for (const auto& c : counts) {
      for (std::size_t cls = 0; cls < c.size(); ++cls) last_places += c[cls], layer += c[cls] * orbit_sizes_[cls];
    }
    seen += last_places;
    if (layer > 0) layers_.push_back(layer);
    if (context.observer) {
      progress p;
      p.depth = depth, p.sphere = layer, p.seen = seen, p.bytes = table_.bytes(), p.layer_complete = true;
      context.observer(p);
    }
  }
}

unsigned pattern_table::distance(const std::uint32_t* ids) const {
  std::array<std::uint32_t, most_coordinates> here{}, next{};
  const std::size_t m = coordinates_.size();
  std::copy_n(ids, m, here.begin());
  for (unsigned d = 0;; ++d) {
    if (std::all_of(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(m), [](std::uint32_t id) { return id == 0; })) return d;
    const auto down = (residue(index(here.data())) + 2) % 3;
    for (std::size_t g = 0; g < coordinates_[0]->generators(); ++g) {
      for (std::size_t j = 0; j < m; ++j) next[j] = coordinates_[j]->next(here[j], g);
      if (residue(index(next.data())) != down) continue;
      here = next;
      break;
    }
  }
}

}  // namespace cosetta::search
