#include <tools/conjecture/ranked_search.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace cosetta::conjecture {

namespace {

using groups::permutation;

constexpr std::uint16_t unseen = 0xffff;

/// Bits that are set; a processor's own instruction needs flags that this library is not compiled with.
constexpr auto bit_counts = [] {
  std::array<std::uint8_t, 1U << ranked_search::max_degree> out{};
  for (std::size_t i = 1; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(out[i / 2] + i % 2);
  return out;
}();

/// Goes through the arrangements of the points in lexicographic order and writes the rank of each one's image. What the first
/// places give to a rank is computed once for all arrangements that begin so.
class table_writer {
 public:
  table_writer(const permutation& p, std::span<const std::uint32_t> factorials, std::uint32_t* out)
      : degree_(p.degree()), factorials_(factorials), out_(out) {
    for (std::size_t i = 0; i < degree_; ++i) images_[i] = p[i];
    descend(0, (1U << degree_) - 1, (1U << degree_) - 1, 0);
  }

 private:
  /// `left` and `left_images`: the points, and images, that no earlier place has, as bits.
  void descend(std::size_t place, std::uint32_t left, std::uint32_t left_images, std::uint32_t rank) {
    if (left == 0) {
      *out_++ = rank;
      return;
    }
    const auto weight = factorials_[degree_ - 1 - place];
    for (std::uint32_t rest = left; rest != 0; rest &= rest - 1) {
      const auto point = static_cast<std::size_t>(std::countr_zero(rest));
      const std::uint32_t bit = 1U << images_[point];
      const std::uint32_t before = bit_counts[left_images & (bit - 1)];
      descend(place + 1, left & ~(1U << point), left_images & ~bit, rank + before * weight);
    }
  }

  std::size_t degree_;
  std::span<const std::uint32_t> factorials_;
  std::uint32_t* out_;
  std::array<std::uint32_t, ranked_search::max_degree> images_{};
};

}  // namespace

ranked_search::ranked_search(std::size_t degree) : degree_(degree), factorials_{1} {
  for (std::uint32_t i = 1; i <= degree; ++i) factorials_.push_back(factorials_.back() * i);
  queue_.resize(factorials_.back());
  distance_.resize(factorials_.back());
  marked_.resize(factorials_.back());
}

std::size_t ranked_search::bytes() const noexcept {
  return factorials_.back() * (7 + 4 * tables_.size());
}

const ranked_search::table& ranked_search::table_of(const permutation& p, std::size_t keep) {
  for (auto& t : tables_) {
    if (t.generator != p) continue;
    t.run = run_;
    return t.ranks;
  }
  if (tables_.size() < keep) tables_.push_back({p, 0, table(factorials_.back())});
  auto& oldest = *std::min_element(tables_.begin(), tables_.end(), [](const known_table& a, const known_table& b) { return a.run < b.run; });
  oldest.generator = p;
  oldest.run = run_;
  const auto back = p.inverse();
  const auto inverse = std::find_if(tables_.begin(), tables_.end(), [&](const known_table& t) { return &t != &oldest && t.generator == back; });
  if (inverse == tables_.end()) {
    table_writer(p, factorials_, oldest.ranks.data());
  } else {
    for (std::uint32_t i = 0; i < factorials_.back(); ++i) oldest.ranks[inverse->ranks[i]] = i;
  }
  return oldest.ranks;
}

std::vector<std::uint64_t> ranked_search::unrank(std::uint32_t rank) const {
  std::vector<std::uint64_t> left(degree_), out;
  for (std::size_t i = 0; i < degree_; ++i) left[i] = i;
  for (std::size_t i = 0; i < degree_; ++i) {
    const auto at = rank / factorials_[degree_ - 1 - i];
    rank %= factorials_[degree_ - 1 - i];
    out.push_back(left[at]);
    left.erase(left.begin() + at);
  }
  return out;
}

ranked_growth ranked_search::run(std::span<const permutation> generators, const ranked_options& options) {
  // A new table takes the place of the one that was not used for longest; those of this run are safe, being the latest.
  const std::size_t keep = std::max<std::size_t>(generators.size(), 8);
  if (tables_.size() > keep) tables_.clear();
  tables_.reserve(keep);
  ++run_;
  std::vector<const table*> tables;
  for (const auto& g : generators) tables.push_back(&table_of(g, keep));

  std::fill(distance_.begin(), distance_.end(), unseen);
  ranked_growth out;
  out.layers = {1};
  queue_[0] = 0;
  distance_[0] = 0;
  std::size_t first = 0, end = 1;  // the last complete layer lies in [first, end) of the queue
  if (options.max_states == 0) out.complete = false;
  while (out.complete) {
    const auto depth = static_cast<std::uint16_t>(out.layers.size());
    std::size_t next = end;
    for (std::size_t i = first; i < end; ++i) {
      const auto state = queue_[i];
      for (const auto* t : tables) {
        const auto image = (*t)[state];
        if (distance_[image] != unseen) continue;
        distance_[image] = depth;
        queue_[next++] = image;
      }
    }
    if (next == end) break;
    if (next > options.max_states) {
      out.complete = false;
      break;
    }
    out.layers.push_back(next - end);
    first = end;
    end = next;
    if (options.is_enough && options.is_enough(out.layers)) out.complete = false;
  }
  if (!out.complete) return out;
  if (out.layers.back() <= options.last_layer) {
    std::vector<std::uint32_t> last(queue_.begin() + static_cast<std::ptrdiff_t>(first), queue_.begin() + static_cast<std::ptrdiff_t>(end));
    std::sort(last.begin(), last.end());
    for (const auto rank : last) out.last_layer.push_back(unrank(rank));
  }
  if (options.girth) {
    const bool closed = std::all_of(generators.begin(), generators.end(), [&](const permutation& g) {
      return std::find(generators.begin(), generators.end(), g.inverse()) != generators.end();
    });
    out.girth = girth(tables, closed);
  }
  return out;
}

// Cayley graphs are vertex-transitive, so that a shortest cycle passes through the identity. From there, an edge within the sphere of
// radius d closes a cycle of length 2d + 1, and a vertex that two vertices of that sphere lead to one of length 2d + 2.
std::optional<std::uint64_t> ranked_search::girth(std::span<const table* const> tables, bool closed) {
  const std::size_t found = [&] {
    std::size_t n = 0;
    for (const auto d : distance_) n += d != unseen;
    return n;
  }();
  if (!closed) {  // a last step into the identity; the queue is in order of distance
    for (std::size_t i = 0; i < found; ++i) {
      for (const auto* t : tables) {
        if ((*t)[queue_[i]] == 0) return distance_[queue_[i]] + std::uint64_t{1};
      }
    }
    return std::nullopt;
  }
  std::optional<std::uint64_t> best;
  std::size_t i = 0;
  for (; i < found && (!best || 2 * std::uint64_t{distance_[queue_[i]]} + 1 < *best); ++i) {
    const std::uint64_t depth = distance_[queue_[i]];
    for (const auto* t : tables) {
      const auto image = (*t)[queue_[i]];
      if (distance_[image] == depth) {
        best = std::min(best.value_or(~std::uint64_t{0}), 2 * depth + 1);
      } else if (distance_[image] == depth + 1) {
        if (marked_[image] != 0) best = std::min(best.value_or(~std::uint64_t{0}), 2 * depth + 2);
        marked_[image] = 1;
      }
    }
  }
  while (i-- > 0) {
    for (const auto* t : tables) marked_[(*t)[queue_[i]]] = 0;
  }
  return best;
}

}  // namespace cosetta::conjecture
