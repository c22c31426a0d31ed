// The search by depth, written once; see frontier_body.hpp for how variants are made.
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <kernels/pattern_search.hpp>
#include <kernels/prefetch.hpp>

namespace cosetta::kernels {
namespace {

/// The colours that a lookup shows, numbered coordinate by coordinate, as the place of the tuple in the table.
inline std::uint64_t place_of(const pattern_problem& problem, const pattern_lookup& lookup, const std::uint8_t* row) noexcept {
  const auto& table = *lookup.table;
  std::uint64_t out = 0;
  std::size_t symmetry = 0;
  const auto put = [&](std::size_t j, std::uint64_t key) {
    const auto& c = table.coordinates[j];
    const auto number = c.numbers.find(key);
    out = out * c.size + (j < table.head ? number : c.images[symmetry][number]);
    if (j + 1 == table.head) symmetry = table.reduced[out] & pattern_view::symmetry_mask, out = table.reduced[out] >> pattern_view::symmetry_bits;
  };
#if defined(__AVX512VBMI__)
  if (problem.places <= small_pattern_row) {
    const __m512i seen = _mm512_permutexvar_epi8(_mm512_loadu_si512(lookup.places.data()), _mm512_loadu_si512(row));
    for (std::size_t j = 0; j < table.coordinates.size(); ++j) {
      const __m512i colours = _mm512_permutexvar_epi8(seen, _mm512_loadu_si512(lookup.colours[j].data()));
      std::uint64_t key = 0;
      for (const auto& plane : table.coordinates[j].planes) {
        const std::uint64_t bits = _mm512_test_epi8_mask(colours, _mm512_set1_epi8(static_cast<char>(plane.bit)));
        key |= _pext_u64(bits, plane.places) << plane.shift;
      }
      put(j, key);
    }
    return out;
  }
#endif
  static_cast<void>(problem);
  for (std::size_t j = 0; j < table.coordinates.size(); ++j) {
    const auto& tests = table.coordinates[j].tests;
    const auto* colours = lookup.colours[j].data();
    std::uint64_t key = 0;
    for (std::size_t k = 0; k < tests.size(); ++k) key |= std::uint64_t{(colours[row[lookup.places[tests[k].place]]] >> tests[k].bit) & 1U} << k;
    put(j, key);
  }
  return out;
}

inline std::uint64_t place_in(const pattern_problem& problem, const pattern_lookup& lookup, const pattern_node& node) noexcept {
  return place_of(problem, lookup, lookup.inverse ? node.places : node.labels);
}

/// out[i] = table[index[i]].
inline void shuffle(const pattern_problem& problem, const std::uint8_t* index, const std::uint8_t* table, std::uint8_t* out) noexcept {
#if defined(__AVX512VBMI__)
  if (problem.places <= small_pattern_row) {
    _mm512_storeu_si512(out, _mm512_permutexvar_epi8(_mm512_loadu_si512(index), _mm512_loadu_si512(table)));
    return;
  }
#endif
  for (std::size_t i = 0; i < problem.places; ++i) out[i] = table[index[i]];
}

inline const std::uint64_t* word_of(const pattern_view& table, std::uint64_t place) noexcept {
  return table.words + (table.bits == 4 ? place / 16 : place / 8);
}

inline unsigned value_at(const pattern_view& table, std::uint64_t place) noexcept {
  const auto word = *word_of(table, place);
  return static_cast<unsigned>(table.bits == 4 ? word >> 4 * (place % 16) & 15 : word >> 8 * (place % 8) & 255);
}

class depth_search {
 public:
  depth_search(const pattern_problem& problem, pattern_scratch& scratch, const std::atomic<bool>& cancel) noexcept
      : problem_(problem), scratch_(scratch), cancel_(cancel), lookups_(problem.lookups.size()) {}

  bool descend(const pattern_node& node, unsigned remaining, std::uint16_t* word) noexcept {
    const std::size_t offset = (remaining - 1) * problem_.generators;
    const level_buffers level{scratch_.children.data() + offset, scratch_.alive.data() + offset, scratch_.at.data() + offset, scratch_.most.data() + offset};
    std::size_t n = expand(node, level);
    result.nodes += n;
    if (result.nodes >= next_look_) {
      next_look_ = result.nodes + (1U << 14);
      if (cancel_.load(std::memory_order_relaxed)) {
        result.cancelled = true;
        return false;
      }
    }
    n = prune(node, remaining - 1, level, n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto g = level.alive[i];
      const auto& child = level.children[g];
      *word = static_cast<std::uint16_t>(g);
      if (remaining == 1) {
        if (std::memcmp(child.labels, problem_.home.data(), problem_.places) == 0) return true;
      } else if (descend(child, remaining - 1, word + 1)) {
        return true;
      }
      if (result.cancelled) return false;
    }
    return false;
  }

  pattern_search_result result;

 private:
  struct level_buffers {
    pattern_node* children;
    std::uint32_t* alive;
    std::uint64_t* at;
    std::uint8_t* most;
  };

  std::size_t expand(const pattern_node& node, const level_buffers& level) const noexcept {
    const auto* next = problem_.automaton + node.automaton * problem_.generators;
    std::size_t n = 0;
    for (std::uint32_t g = 0; g < problem_.generators; ++g) {
      if (next[g] == 0xffff) continue;
      auto& child = level.children[g];
      shuffle(problem_, problem_.inverse_moves[g].data(), node.labels, child.labels);
      if (problem_.distinct) shuffle(problem_, node.places, problem_.moves[g].data(), child.places);
      child.automaton = next[g];
      level.alive[n++] = g;
    }
    return n;
  }

  /// Children that no lookup proves to be farther than `remaining` from home, in front; the lookup that says most of the parent asks
  /// first.
  std::size_t prune(const pattern_node& node, unsigned remaining, const level_buffers& level, std::size_t n) const noexcept {
    for (std::size_t k = 0; k < lookups_ && n > 0; ++k) {
      const auto l = k == 0 ? node.first : k <= node.first ? k - 1 : k;
      const auto& lookup = problem_.lookups[l];
      const auto& table = *lookup.table;
      for (std::size_t i = 0; i < n; ++i) {
        level.at[i] = place_in(problem_, lookup, level.children[level.alive[i]]);
        prefetch(word_of(table, level.at[i]));
      }
      std::size_t left = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const auto g = level.alive[i];
        const auto bound = value_at(table, level.at[i]);
        if (bound > remaining) continue;
        auto& child = level.children[g];
        if (k == 0 || bound > level.most[g]) level.most[g] = static_cast<std::uint8_t>(bound), child.first = static_cast<std::uint8_t>(l);
        level.alive[left++] = g;
      }
      n = left;
    }
    return n;
  }

  const pattern_problem& problem_;
  pattern_scratch& scratch_;
  const std::atomic<bool>& cancel_;
  std::size_t lookups_;
  std::uint64_t next_look_ = 0;
};

pattern_search_result search(const pattern_problem& problem, const pattern_node& node, unsigned length, std::uint16_t* word, pattern_scratch& scratch,
                             const std::atomic<bool>& cancel) {
  depth_search s(problem, scratch, cancel);
  if (length == 0) {
    s.result.found = std::memcmp(node.labels, problem.home.data(), problem.places) == 0;
  } else {
    s.result.found = s.descend(node, length, word);
  }
  return s.result;
}

unsigned distance(const pattern_problem& problem, const pattern_lookup& lookup, const pattern_node& node) {
  return value_at(*lookup.table, place_in(problem, lookup, node));
}

}  // namespace

namespace COSETTA_VARIANT {
extern const pattern_search_kernels pattern_search;
const pattern_search_kernels pattern_search{COSETTA_SET, distance, search};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
