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

constexpr auto none = std::numeric_limits<std::uint32_t>::max();

/// How a symmetry permutes the numbers of a coordinate: it fixes home and takes g to its conjugate.
std::vector<std::uint32_t> action(const place_symmetry& w, const coordinate& c) {
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

pattern_table::pattern_table(pattern_parts parts, const std::vector<place_symmetry>& symmetries, bool inverse_closed)
    : coordinates_(std::move(parts.head)), head_(coordinates_.size()), symmetry_count_(symmetries.size()), bits_(parts.bits), inverse_closed_(inverse_closed) {
  for (auto& c : parts.rest) {
    auto& images = images_.emplace_back();
    for (const auto& w : symmetries) images.push_back(action(w, *c));
    rest_ *= c->size();
    coordinates_.push_back(std::move(c));
  }
  reduce_head(symmetries);
  entries_ = representatives_.size() * rest_;
}

std::uint32_t pattern_table::joint_next(std::uint32_t joint, std::size_t g) const noexcept {
  std::uint32_t out = 0, weight = 1;
  for (std::size_t j = head_; j-- > 0;) {
    const auto size = static_cast<std::uint32_t>(coordinates_[j]->size());
    out += weight * coordinates_[j]->next(joint % size, g);
    weight *= size, joint /= size;
  }
  return out;
}

/// Orbits of the symmetries on the joint numbers that the group reaches.
void pattern_table::reduce_head(const std::vector<place_symmetry>& symmetries) {
  std::size_t size = 1;
  for (std::size_t j = 0; j < head_; ++j) size *= coordinates_[j]->size();
  // A tree of generators over the joint numbers that are reached: a symmetry fixes home and takes g to its conjugate.
  std::vector<std::uint32_t> reached{0}, parent(size, none);
  std::vector<std::uint16_t> by(size, 0);
  parent[0] = 0;
  for (std::size_t k = 0; k < reached.size(); ++k) {
    for (std::size_t g = 0; g < coordinates_[0]->generators(); ++g) {
      const auto next = joint_next(reached[k], g);
      if (parent[next] != none) continue;
      parent[next] = reached[k], by[next] = static_cast<std::uint16_t>(g);
      reached.push_back(next);
    }
  }
  std::vector<std::vector<std::uint32_t>> images;
  for (const auto& w : symmetries) {
    auto& image = images.emplace_back(size, none);
    image[0] = 0;
    for (std::size_t k = 1; k < reached.size(); ++k) image[reached[k]] = joint_next(image[parent[reached[k]]], w.generators[by[reached[k]]]);
  }
  std::ranges::sort(reached);
  reduced_.assign(size, none);
  for (const auto id : reached) {
    if (reduced_[id] != none) continue;
    const auto number = static_cast<std::uint32_t>(representatives_.size());
    representatives_.push_back(id);
    auto& fixing = stabilizers_.emplace_back();
    std::uint32_t orbit = 0;
    for (std::size_t k = 0; k < symmetries.size(); ++k) {
      const auto x = images[k][id];
      if (x == id && k > 0) fixing.push_back(static_cast<std::uint8_t>(k));
      if (reduced_[x] != none) continue;
      ++orbit;
      for (std::size_t l = 0; l < symmetries.size(); ++l) {
        if (images[l][x] != id) continue;
        reduced_[x] = number << kernels::pattern_view::symmetry_bits | static_cast<std::uint32_t>(l);
        break;
      }
    }
    orbit_sizes_.push_back(orbit);
  }
}

std::size_t pattern_table::bytes() const noexcept {
  std::size_t out = (entries_ * bits_ + 63) / 64 * 8 + reduced_.size() * 4;
  for (std::size_t j = 0; j < coordinates_.size(); ++j) out += coordinates_[j]->bytes() + (j < head_ ? 0 : symmetry_count_ * coordinates_[j]->size() * sizeof(std::uint32_t));
  return out;
}

/// One layer of the search.
template <unsigned Bits>
struct pattern_table::sweep {
  static constexpr unsigned per_word = 64 / Bits;
  static constexpr std::uint64_t not_reached = (1U << Bits) - 1, ones = ~std::uint64_t{0} / not_reached;
  static constexpr std::size_t batch = 64;

  pattern_table& t;
  const run_context& context;
  const std::uint64_t from, to;  // the layer that is there, and the next

  /// Where the neighbours of one row lie: of all tuples that share all numbers but the last.
  struct neighbour_row {
    std::uint64_t base;
    const std::uint32_t* image;  // of the last number
  };

  bool has_rest() const noexcept { return t.coordinates_.size() > t.head_; }
  std::size_t last_size() const noexcept { return has_rest() ? t.coordinates_.back()->size() : 1; }
  std::uint64_t rows() const noexcept { return t.rest_ / last_size(); }

  std::atomic_ref<std::uint64_t> word(std::uint64_t index) const noexcept { return std::atomic_ref(t.table_.data()[index / per_word]); }
  std::uint64_t value(std::uint64_t index) const noexcept {
    return word(index).load(std::memory_order_relaxed) >> Bits * (index % per_word) & not_reached;
  }
  /// Whether the place was not reached before.
  bool reach(std::uint64_t index) const noexcept {
    const unsigned shift = Bits * (index % per_word);
    if ((word(index).load(std::memory_order_relaxed) >> shift & not_reached) != not_reached) return false;
    const auto mask = ~((not_reached ^ to) << shift);
    return (word(index).fetch_and(mask, std::memory_order_relaxed) >> shift & not_reached) == not_reached;
  }

  void neighbours(std::uint32_t representative, const std::vector<std::uint32_t>& middle, std::vector<neighbour_row>& out) const {
    const std::size_t m = t.coordinates_.size();
    for (std::size_t g = 0; g < out.size(); ++g) {
      const auto a = t.joint_next(representative, g);
      const auto k = t.reduced_[a] & kernels::pattern_view::symmetry_mask;
      std::uint64_t base = t.reduced_[a] >> kernels::pattern_view::symmetry_bits;
      for (std::size_t j = t.head_; j + 1 < m; ++j) {
        base = base * t.coordinates_[j]->size() + t.images_[j - t.head_][k][t.coordinates_[j]->next(middle[j - t.head_], g)];
      }
      out[g] = {base * last_size(), has_rest() ? t.images_.back()[k].data() : nullptr};
    }
  }
  std::uint64_t place(const neighbour_row& r, std::uint32_t last, std::size_t g) const noexcept {
    return r.base + (r.image == nullptr ? 0 : r.image[t.coordinates_.back()->next(last, g)]);
  }

  /// Numbers of the last coordinate, in one row, that have a value; at most `batch`, from `last` on, which is moved.
  std::size_t gather(std::uint64_t row_base, std::uint32_t& last, std::uint64_t wanted, std::uint32_t* out) const {
    std::size_t n = 0;
    const auto end = static_cast<std::uint32_t>(last_size());
    while (last < end && n + per_word <= batch) {
      const auto index = row_base + last;
      const unsigned shift = Bits * (index % per_word);
      auto differ = (word(index).load(std::memory_order_relaxed) ^ wanted * ones) >> shift;
      for (unsigned s = 1; s < Bits; s *= 2) differ |= differ >> s;
      const auto count = std::min<std::uint32_t>(per_word - index % per_word, end - last);
      auto hits = ~differ & ones;
      if (count < per_word) hits &= (std::uint64_t{1} << Bits * count) - 1;
      for (; hits != 0; hits &= hits - 1) out[n++] = last + static_cast<std::uint32_t>(std::countr_zero(hits)) / Bits;
      last += count;
    }
    return n;
  }

  /// The tuple that a place stands for, at the other places where symmetries that fix its head take it.
  std::uint64_t reach_images(std::uint32_t cls, std::uint64_t index) const {
    std::uint64_t found = 0;
    const std::size_t m = t.coordinates_.size();
    std::array<std::uint32_t, most_coordinates> ids{};
    auto rest = index % t.rest_;
    for (std::size_t j = m; j-- > t.head_;) ids[j] = static_cast<std::uint32_t>(rest % t.coordinates_[j]->size()), rest /= t.coordinates_[j]->size();
    for (const auto k : t.stabilizers_[cls]) {
      std::uint64_t image = cls;
      for (std::size_t j = t.head_; j < m; ++j) image = image * t.coordinates_[j]->size() + t.images_[j - t.head_][k][ids[j]];
      found += reach(image);
    }
    return found;
  }

  /// Neighbours of the tuples of the last layer.
  void forward(std::uint64_t row_base, const std::vector<neighbour_row>& near, std::vector<std::uint64_t>& count) const {
    std::array<std::uint32_t, batch> ids;
    std::array<std::uint64_t, batch> places;
    for (std::uint32_t last = 0; last < last_size();) {
      const auto n = gather(row_base, last, from, ids.data());
      for (std::size_t g = 0; g < near.size(); ++g) {
        for (std::size_t i = 0; i < n; ++i) places[i] = place(near[g], ids[i], g), kernels::prefetch(t.table_.data() + places[i] / per_word);
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
        for (std::size_t i = 0; i < n; ++i) places[i] = place(near[g], ids[i], g), kernels::prefetch(t.table_.data() + places[i] / per_word);
        std::size_t left = 0;
        for (std::size_t i = 0; i < n; ++i) {
          if (value(places[i]) == from) {
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
    std::vector<std::uint32_t> middle(m > t.head_ + 1 ? m - t.head_ - 1 : 0, 0);
    std::vector<neighbour_row> near(t.coordinates_[0]->generators());
    for (std::uint64_t row = 0; row < rows(); ++row) {
      if (row % 256 == 0 && context.is_stopped()) return;
      const auto row_base = (cls * rows() + row) * last_size();
      if (holds(row_base, ahead ? from : not_reached)) {
        neighbours(t.representatives_[cls], middle, near);
        ahead ? forward(row_base, near, count) : backward(cls, row_base, near, count);
      }
      for (std::size_t j = middle.size(); j-- > 0;) {
        if (++middle[j] < t.coordinates_[j + t.head_]->size()) break;
        middle[j] = 0;
      }
    }
  }
  bool holds(std::uint64_t row_base, std::uint64_t wanted) const {
    std::array<std::uint32_t, batch> ids;
    for (std::uint32_t last = 0; last < last_size();) {
      if (gather(row_base, last, wanted, ids.data()) > 0) return true;
    }
    return false;
  }
};

void pattern_table::build(const run_context& context) {
  bits_ == 4 ? build_layers<4>(context) : build_layers<8>(context);
}

template <unsigned Bits>
void pattern_table::build_layers(const run_context& context) {
  const std::size_t words = (entries_ * Bits + 63) / 64;
  table_ = kernels::word_array(words);
  std::fill_n(table_.data(), words, ~std::uint64_t{0});
  layers_ = {1};
  table_.data()[0] &= ~std::uint64_t{largest()};  // home is represented by itself, class 0
  std::uint64_t seen = 1, last_places = 1;
  parallel_tasks tasks(context.threads);
  std::vector<std::vector<std::uint64_t>> counts(context.threads);
  constexpr std::size_t classes_of_a_task = 64;
  while (last_places > 0 && layers_.size() < largest()) {
    const auto depth = layers_.size();
    // Forward each place of the layer costs all its neighbours; backward a place that is not reached costs half of them or fewer.
    const bool ahead = !inverse_closed_ || 2 * last_places < entries_ - seen;
    const sweep<Bits> s{*this, context, depth - 1, depth};
    for (auto& c : counts) c.assign(representatives_.size(), 0);
    tasks.run((representatives_.size() + classes_of_a_task - 1) / classes_of_a_task, entries_ > 4096, [&](std::size_t task, std::size_t thread) {
      const auto end = std::min(representatives_.size(), (task + 1) * classes_of_a_task);
      for (auto cls = task * classes_of_a_task; cls < end; ++cls) s.run(static_cast<std::uint32_t>(cls), ahead, counts[thread]);
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

}  // namespace cosetta::search
