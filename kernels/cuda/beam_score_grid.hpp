// The scores of all children of a level of a beam over byte rows, on a grid, and cuts through scores.
//
// A candidate is parent * generators + generator. Its score is a sum of table entries over pairs of labels (kernels/pair_sums.hpp), and is
// had without the child's row: by tables of four generators at once, whose entry for two places is four bytes, one for where each of the
// generators takes these places. So one 32-bit lookup serves four candidates, n (n - 1) / 2 lookups a parent with up to four generators.
// Tables that small lie in shared memory, others are read through the caches. Where four-fold tables would be too large, a thread moves the
// row of one candidate and takes single entries.
#pragma once

#include <kernels/cuda/grid.hpp>

namespace cosetta::kernels {

namespace grid {

/// What lies in memory that others change now, or has just lain there.
COSETTA_GRID inline std::uint64_t peek(const std::uint64_t* at) {
#if defined(__CUDA_ARCH__)
  return __ldcg(reinterpret_cast<const unsigned long long*>(at));
#else
  return *at;
#endif
}

COSETTA_GRID inline std::uint32_t peek(const std::uint32_t* at) {
#if defined(__CUDA_ARCH__)
  return __ldcg(at);
#else
  return *at;
#endif
}

struct alignas(16) sixteen_bytes {
  std::uint64_t low, high;
};
COSETTA_GRID inline sixteen_bytes load_sixteen(const void* at) { return *static_cast<const sixteen_bytes*>(at); }

/// The quotient of 32-bit numbers by a constant: reciprocal = floor((2^64 - 1) / constant) + 1, and 0 for 1.
COSETTA_GRID inline std::uint32_t quotient(std::uint32_t x, std::uint64_t reciprocal) {
  return reciprocal == 0 ? x : static_cast<std::uint32_t>(high_product(reciprocal, x));
}

/// Copies to shared memory; sizes and places are multiples of 16 bytes. To be called by all threads of a block.
COSETTA_GRID inline void copy_to_shared(const grid_place& at, unsigned char* to, const void* from, std::uint32_t bytes) {
  for (std::uint32_t i = at.thread; i < bytes / 16; i += at.threads) {
    reinterpret_cast<sixteen_bytes*>(to)[i] = static_cast<const sixteen_bytes*>(from)[i];
  }
}

}  // namespace grid

struct beam_counters {
  std::uint64_t met;       // the complement of the least distance << 32 | entry of the states that are in the ball; 0: none
  std::uint32_t inserted;  // states in the table of the next level
  std::uint32_t full;      // not 0: some did not find their place in it
  std::uint32_t limit;     // of the candidates with the score of the cut, those below go in
  std::uint32_t unused;
};

/// How often each score occurs. Those of a window are counted in shared memory; the others, strays, one by one.
struct score_histogram {
  static constexpr std::uint32_t window = 2048;
  struct bins {
    std::uint32_t count[window], strays;
  };
  std::uint32_t* near;    // window + 1 numbers: of the window, and whether there are strays
  std::uint32_t* strays;  // of all scores
  std::uint32_t first;    // of the window

  COSETTA_GRID void clear(const grid_place& at, bins& b) const {
    for (std::uint32_t i = at.thread; i < window; i += at.threads) b.count[i] = 0;
    if (at.thread == 0) b.strays = 0;
  }
  COSETTA_GRID void add(bins& b, std::uint32_t score) const {
    const std::uint32_t i = score - first;
    if (i < window) {
      grid::fetch_add(&b.count[i], 1U);
    } else {
      grid::fetch_or(&b.strays, 1U);
      grid::fetch_add(&strays[score], 1U);
    }
  }
  COSETTA_GRID void flush(const grid_place& at, const bins& b) const {
    for (std::uint32_t i = at.thread; i < window; i += at.threads) {
      if (b.count[i] != 0) grid::fetch_add(&near[i], b.count[i]);
    }
    if (at.thread == 0 && b.strays != 0) grid::fetch_or(&near[window], 1U);
  }
};

/// The candidates of a cut: those with lesser scores, and of those with its score the ones below the limit.
struct beam_cut {
  std::uint32_t score;
  std::uint32_t limit;
  const beam_counters* counters;  // null: `limit` is meant; otherwise the one that was found

  COSETTA_GRID std::uint32_t bound() const { return counters == nullptr ? limit : counters->limit; }
  COSETTA_GRID bool holds(std::uint32_t s, std::uint32_t candidate, std::uint32_t bound) const { return s < score || (s == score && candidate < bound); }
};

/// The scores of candidates 8 i, ..., 8 i + 7 at once; the array is aligned and padded.
struct eight_scores {
  grid::sixteen_bytes all;
  COSETTA_GRID eight_scores(const std::uint16_t* scores, std::uint64_t i) : all(grid::load_sixteen(scores + 8 * i)) {}
  COSETTA_GRID std::uint32_t operator[](unsigned b) const { return static_cast<std::uint32_t>((b < 4 ? all.low : all.high) >> 16 * (b & 3)) & 0xffff; }
};

// --------------------------------------------------------------------------------------------------------------- scores

/// Two labels' places in a thread's column, label * threads of a block, and the entry where their table begins. There is an even number of
/// them, and two are read at once.
struct alignas(8) placed_pair {
  std::uint32_t table;
  std::uint16_t first, second;
};

/// Packed: tables of 32-bit words, entry (a n + b) * words + w of a table has generators 4 w, ..., 4 w + 3. Otherwise of bytes a n + b.
/// Near: they are copied to shared memory. Behind them lie the columns: the bytes of each thread's row, or child.
template <bool Packed, bool Near>
struct score_children {
  static constexpr std::uint32_t most_threads = 512;
  static constexpr int phases = 1;
  static constexpr std::uint32_t absent = 0xffff;
  struct shared_data {
    score_histogram::bins bins;
  };
  struct thread_data {};

  const std::uint8_t* rows;
  std::uint32_t size, n, stride, generators;
  std::uint32_t words;       // Packed: of an entry; otherwise the number of generators: a thread makes one of these for a parent
  std::uint64_t reciprocal;  // of `words`
  const std::uint8_t* moves;
  const void* tables;
  std::uint32_t table_bytes;  // of all of them, if Near
  const placed_pair* pairs;
  std::uint32_t pair_count;
  std::uint32_t shift;               // of sums
  const std::uint16_t* last_moves;   // of entries; absent: none
  const std::uint32_t* inverses;     // of generators
  std::uint16_t* scores;
  score_histogram histogram;

  /// Of shared memory behind shared_data.
  static std::uint32_t extra_bytes(std::uint32_t n, std::uint32_t threads, std::uint32_t table_bytes) { return (Near ? table_bytes : 0) + (n + 7) / 8 * 8 * threads; }

  COSETTA_GRID std::uint32_t items() const { return size * words; }
  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return static_cast<std::uint32_t>((items() + at.total() - 1) / at.total()); }
  COSETTA_GRID void enter(const grid_place& at, shared_data& shared, thread_data&) const {
    histogram.clear(at, shared.bins);
    if constexpr (Near) grid::copy_to_shared(at, at.extra, tables, table_bytes);
  }
  COSETTA_GRID void leave(const grid_place& at, shared_data& shared, thread_data&) const { histogram.flush(at, shared.bins); }

  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint64_t item = round * at.total() + at.global();
    if (item >= items()) return;
    const std::uint32_t parent = grid::quotient(static_cast<std::uint32_t>(item), reciprocal);
    const std::uint32_t word = static_cast<std::uint32_t>(item) - parent * words;
    const std::uint32_t last = last_moves[parent];
    const std::uint32_t back = last == absent ? ~0U : inverses[last];
    if (!Packed && word == back) {
      scores[item] = absent;
      return;
    }
    unsigned char* column = at.extra + (Near ? table_bytes : 0) + at.thread;
    fill_column(column, at.threads, rows + std::uint64_t{parent} * stride, moves + std::uint64_t{word} * stride);
    std::uint32_t sums[4] = {0, 0, 0, 0};
    add_entries(column, word, Near ? at.extra : static_cast<const unsigned char*>(tables), sums);
    if constexpr (!Packed) {
      tell(shared, static_cast<std::uint32_t>(item), sums[0] >> shift);
    } else {
      const std::uint32_t first = parent * generators;
      for (std::uint32_t i = 0; i < 4; ++i) {
        const std::uint32_t g = 4 * word + i;
        if (g >= generators) return;
        if (g == back) {
          scores[first + g] = absent;
        } else {
          tell(shared, first + g, sums[i] >> shift);
        }
      }
    }
  }

  COSETTA_GRID void tell(shared_data& shared, std::uint32_t candidate, std::uint32_t score) const {
    scores[candidate] = static_cast<std::uint16_t>(score);
    histogram.add(shared.bins, score);
  }

  COSETTA_GRID void fill_column(unsigned char* column, std::uint32_t threads, const std::uint8_t* row, const std::uint8_t* move) const {
    for (std::uint32_t v = 0; v < n; v += 8) {
      auto x = *reinterpret_cast<const std::uint64_t*>(row + v);
      for (std::uint32_t b = 0; b < 8; ++b, x >>= 8) {
        const auto place = static_cast<std::uint8_t>(x);
        column[(v + b) * threads] = Packed ? place : move[place];
      }
    }
  }

  COSETTA_GRID void add_entries(const unsigned char* column, std::uint32_t word, const unsigned char* table, std::uint32_t* sums) const {
    constexpr std::uint32_t most = 256;  // entries that fit into 16 bits
    std::uint32_t first = ~0U, row = 0;
    for (std::uint32_t begin = 0; begin < pair_count; begin += most) {
      const std::uint32_t end = pair_count - begin < most ? pair_count : begin + most;
      std::uint32_t even = 0, odd = 0;
      for (std::uint32_t k = begin; k < end; k += 2) {
        const auto two = grid::load_sixteen(pairs + k);
        add_entry(two.low, column, word, table, first, row, even, odd);
        add_entry(two.high, column, word, table, first, row, even, odd);
      }
      if constexpr (Packed) {
        sums[0] += even & 0xffff, sums[1] += odd & 0xffff, sums[2] += even >> 16, sums[3] += odd >> 16;
      } else {
        sums[0] += even;
      }
    }
  }
  /// Pairs come by their first labels, whose place is read once.
  COSETTA_GRID void add_entry(std::uint64_t pair, const unsigned char* column, std::uint32_t word, const unsigned char* table, std::uint32_t& first, std::uint32_t& row,
                              std::uint32_t& even, std::uint32_t& odd) const {
    const auto places = static_cast<std::uint32_t>(pair >> 32);
    if ((places & 0xffff) != first) {
      first = places & 0xffff;
      row = column[first] * n;
    }
    const std::uint32_t index = static_cast<std::uint32_t>(pair) + row + column[places >> 16];
    if constexpr (Packed) {
      const std::uint32_t x = reinterpret_cast<const std::uint32_t*>(table)[index * words + word];
      even += x & 0x00ff00ff;
      odd += x >> 8 & 0x00ff00ff;
    } else {
      even += table[index];
    }
  }
};

// ------------------------------------------------------------------------------------------------------------------ cuts

/// counts[c]: candidates of chunk c, of 2048, with this score; where `among` is given, of those whose bits are there set.
struct count_ties {
  static constexpr std::uint32_t most_threads = 256, chunk = 8 * most_threads;  // it is started with that many
  static constexpr int phases = 3;
  struct shared_data {
    std::uint32_t count;
  };
  struct thread_data {};

  const std::uint16_t* scores;
  const std::uint8_t* among;  // null: all
  std::uint32_t candidates, score;
  std::uint32_t* counts;

  COSETTA_GRID std::uint32_t chunks() const { return candidates / chunk + (candidates % chunk != 0); }
  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return at.block >= chunks() ? 0 : (chunks() - at.block + at.blocks - 1) / at.blocks; }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint32_t here = at.block + round * at.blocks;
    if constexpr (Phase == 0) {
      if (at.thread == 0) shared.count = 0;
    } else if constexpr (Phase == 1) {
      const std::uint64_t i = std::uint64_t{here} * most_threads + at.thread;
      std::uint32_t ties = 0;
      if (8 * i < candidates) {
        const std::uint32_t mask = among == nullptr ? 0xff : among[i];
        const eight_scores s(scores, i);
        for (unsigned b = 0; b < 8; ++b) ties += s[b] == score && 8 * i + b < candidates && (mask >> b & 1) != 0;
      }
      grid::add_of_all(&shared.count, ties);
    } else {
      if (at.thread == 0) counts[here] = shared.count;
    }
  }
};

/// The candidate after the first `ties` of those that count_ties counted, as counters->limit. One block of 1024 threads.
/// Precondition: there are that many, and at least one.
struct find_limit {
  static constexpr std::uint32_t most_threads = 1024;
  static constexpr int phases = 4;
  struct shared_data {
    std::uint32_t sums[most_threads], groups[32];
    std::uint32_t words[count_ties::chunk / 32];
    std::uint32_t chunk, left;
  };
  struct thread_data {};

  count_ties of;
  std::uint32_t ties;
  beam_counters* counters;

  COSETTA_GRID std::uint32_t segment() const { return (of.chunks() + most_threads - 1) / most_threads; }
  COSETTA_GRID std::uint32_t rounds(const grid_place&) const { return 1; }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t, shared_data& shared, thread_data&) const {
    if constexpr (Phase == 0) {
      std::uint32_t sum = 0;
      for (std::uint32_t i = at.thread * segment(); i < of.chunks() && i < (at.thread + 1) * segment(); ++i) sum += of.counts[i];
      shared.sums[at.thread] = sum;
    } else if constexpr (Phase == 1) {
      if (at.thread >= 32) return;
      std::uint32_t sum = 0;
      for (std::uint32_t i = 0; i < 32; ++i) sum += shared.sums[32 * at.thread + i];
      shared.groups[at.thread] = sum;
    } else if constexpr (Phase == 2) {
      if (at.thread == 0) find_chunk(shared);
    } else {
      for (std::uint32_t first = 0; first < count_ties::chunk; first += most_threads) {
        const std::uint64_t c = std::uint64_t{shared.chunk} * count_ties::chunk + first + at.thread;
        const bool tie = c < of.candidates && of.scores[c] == of.score && (of.among == nullptr || (of.among[c / 8] >> c % 8 & 1) != 0);
        grid::gather_flags(shared.words + first / 32, at.thread, tie);
      }
    }
  }
  COSETTA_GRID void find_chunk(shared_data& shared) const {
    std::uint32_t left = ties, group = 0, one, chunk;
    for (; left > shared.groups[group]; ++group) left -= shared.groups[group];
    for (one = 32 * group; left > shared.sums[one]; ++one) left -= shared.sums[one];
    for (chunk = one * segment(); left > of.counts[chunk]; ++chunk) left -= of.counts[chunk];
    shared.chunk = chunk, shared.left = left;
  }
  COSETTA_GRID void leave(const grid_place& at, shared_data& shared, thread_data&) const {
    if (at.thread != 0) return;
    std::uint32_t left = shared.left, w = 0;
    for (std::uint32_t here; left > (here = grid::count_bits(shared.words[w])); ++w) left -= here;
    std::uint32_t word = shared.words[w];
    for (; left > 1; --left) word &= word - 1;
    counters->limit = shared.chunk * count_ties::chunk + 32 * w + grid::lowest_bit(word) + 1;
  }
};

/// Numbers become the sums of those before them. One block of 1024 threads.
struct sum_before {
  static constexpr std::uint32_t most_threads = 1024;
  static constexpr int phases = 5;
  struct shared_data {
    std::uint32_t sums[most_threads], groups[32];
  };
  struct thread_data {};

  std::uint32_t* counts;
  std::uint32_t size;

  COSETTA_GRID std::uint32_t segment() const { return (size + most_threads - 1) / most_threads; }
  COSETTA_GRID std::uint32_t rounds(const grid_place&) const { return 1; }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t, shared_data& shared, thread_data&) const {
    const std::uint32_t begin = at.thread * segment(), end = size < begin + segment() ? size : begin + segment();
    if constexpr (Phase == 0) {
      std::uint32_t sum = 0;
      for (std::uint32_t i = begin; i < end; ++i) sum += counts[i];
      shared.sums[at.thread] = sum;
    } else if constexpr (Phase == 1) {
      if (at.thread >= 32) return;
      std::uint32_t sum = 0;
      for (std::uint32_t i = 0; i < 32; ++i) sum += shared.sums[32 * at.thread + i];
      shared.groups[at.thread] = sum;
    } else if constexpr (Phase == 2) {
      if (at.thread == 0) run_sums(shared.groups, 32, 0);
    } else if constexpr (Phase == 3) {
      if (at.thread < 32) run_sums(shared.sums + 32 * at.thread, 32, shared.groups[at.thread]);
    } else {
      if (begin < end) run_sums(counts + begin, end - begin, shared.sums[at.thread]);
    }
  }
  COSETTA_GRID static void run_sums(std::uint32_t* at, std::uint32_t size, std::uint32_t sum) {
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint32_t here = at[i];
      at[i] = sum;
      sum += here;
    }
  }
};

/// The scores of the candidates whose bits are set.
struct count_scores {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  struct shared_data {
    score_histogram::bins bins;
  };
  struct thread_data {};

  const std::uint16_t* scores;
  const std::uint8_t* among;
  std::uint32_t candidates;
  score_histogram histogram;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return static_cast<std::uint32_t>(((candidates + 7ULL) / 8 + at.total() - 1) / at.total()); }
  COSETTA_GRID void enter(const grid_place& at, shared_data& shared, thread_data&) const { histogram.clear(at, shared.bins); }
  COSETTA_GRID void leave(const grid_place& at, shared_data& shared, thread_data&) const { histogram.flush(at, shared.bins); }
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint64_t i = round * at.total() + at.global();
    if (8 * i >= candidates || among[i] == 0) return;
    const eight_scores s(scores, i);
    for (unsigned b = 0; b < 8; ++b) {
      if ((among[i] >> b & 1) != 0) histogram.add(shared.bins, s[b]);
    }
  }
};

}  // namespace cosetta::kernels
