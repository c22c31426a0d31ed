// A level of a beam over byte rows, on a grid: scores of all children, the cut through them, the insertion of the selected ones, and what
// is left as the next level. The levels are those of search/beam_levels.hpp, whatever the order of threads.
//
// Selected candidates (beam_score_grid.hpp) go to a table with linear probing whose slots are 32 bits of the child's key and the number of
// the least candidate that is the child: by compare-and-swap, and rows are compared whole. Who comes in adds its bit to the kept ones and
// takes away that of the one that it drives out, so that whoever is in the table at the end is kept. Then bits are counted, children are
// written in that order, and the table's candidates become entries, to be asked by the next two levels.
#pragma once

#include <kernels/cuda/beam_score_grid.hpp>

namespace cosetta::kernels {

/// Where a chunk of candidates, eight for each thread, is what a block takes in a round.
COSETTA_GRID inline std::uint32_t rounds_of_chunks(const grid_place& at, std::uint32_t candidates) {
  const std::uint32_t chunk = 8 * at.threads, chunks = candidates / chunk + (candidates % chunk != 0);
  return at.block >= chunks ? 0 : (chunks - at.block + at.blocks - 1) / at.blocks;
}

/// counts[c]: kept candidates of chunk c, of eight for each thread, when those that the cut does not hold are struck out.
struct count_kept {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 3;
  struct shared_data {
    std::uint32_t count;
  };
  struct thread_data {};

  const std::uint16_t* scores;
  std::uint8_t* kept;  // bits
  std::uint32_t candidates;
  beam_cut cut;
  bool cuts;  // or all go on
  std::uint32_t* counts;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return rounds_of_chunks(at, candidates); }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint32_t here = at.block + round * at.blocks;
    if constexpr (Phase == 0) {
      if (at.thread == 0) shared.count = 0;
    } else if constexpr (Phase == 1) {
      const std::uint64_t i = std::uint64_t{here} * at.threads + at.thread;
      std::uint32_t bits = kept[i];
      if (cuts && bits != 0) {
        const eight_scores s(scores, i);
        const std::uint32_t bound = cut.bound();
        for (unsigned b = 0; b < 8; ++b) {
          if (!cut.holds(s[b], static_cast<std::uint32_t>(8 * i + b), bound)) bits &= ~(1U << b);
        }
        kept[i] = static_cast<std::uint8_t>(bits);
      }
      grid::add_of_all(&shared.count, grid::count_bits(bits));
    } else {
      if (at.thread == 0) counts[here] = shared.count;
    }
  }
};

// -------------------------------------------------------------------------------------------------------------- children

/// How rows are moved, and the keys of rows (kernels/byte_rows.hpp).
struct beam_moves {
  std::uint32_t generators, stride;
  std::uint64_t reciprocal;     // of generators
  const std::uint8_t* tables;   // `stride` bytes for each generator
  std::uint32_t near_bytes;     // of the tables in shared memory; 0: they lie where they are
  std::uint64_t constants[32];  // of keys

  COSETTA_GRID const std::uint8_t* place_tables(const grid_place& at) const { return near_bytes == 0 ? tables : at.extra; }
  COSETTA_GRID void copy_tables(const grid_place& at) const { grid::copy_to_shared(at, at.extra, tables, near_bytes); }
};

COSETTA_GRID inline std::uint64_t move_word(std::uint64_t x, const std::uint8_t* table) {
  std::uint32_t low = 0, high = 0;
  for (unsigned b = 0; b < 32; b += 8) {
    low |= std::uint32_t{table[static_cast<std::uint32_t>(x) >> b & 0xff]} << b;
    high |= std::uint32_t{table[static_cast<std::uint32_t>(x >> 32) >> b & 0xff]} << b;
  }
  return low | std::uint64_t{high} << 32;
}

/// A child's row of Words words, in registers; Words = 0: of any number, made from its parent's whenever it is read.
template <unsigned Words>
struct beam_child {
  std::uint64_t made[Words == 0 ? 1 : Words];
  const std::uint8_t* row;
  const std::uint8_t* table;
  std::uint32_t words;

  COSETTA_GRID beam_child(const beam_moves& moves, const std::uint8_t* rows, const std::uint8_t* tables, std::uint32_t candidate) : words(moves.stride / 8) {
    const std::uint32_t parent = grid::quotient(candidate, moves.reciprocal);
    row = rows + std::uint64_t{parent} * moves.stride;
    table = tables + (candidate - parent * moves.generators) * moves.stride;
    if constexpr (Words != 0) {
      for (unsigned i = 0; i < Words; i += 2) {
        const auto x = grid::load_sixteen(row + 8 * i);
        made[i] = move_word(x.low, table), made[i + 1] = move_word(x.high, table);
      }
    }
  }
  COSETTA_GRID unsigned size() const { return Words == 0 ? words : Words; }
  COSETTA_GRID grid::sixteen_bytes pair(unsigned i) const {
    if constexpr (Words != 0) {
      return {made[i], made[i + 1]};
    } else {
      const auto x = grid::load_sixteen(row + 8 * i);
      return {move_word(x.low, table), move_word(x.high, table)};
    }
  }
  COSETTA_GRID std::uint64_t key(const std::uint64_t* constants) const {
    std::uint64_t low = 0, high = 0;
    for (unsigned i = 0; i < size(); i += 2) {
      const auto x = pair(i);
      const std::uint64_t a = x.low + constants[i], b = x.high + constants[i + 1], product = a * b;
      low += product;
      high += grid::high_product(a, b) + (low < product);
    }
    std::uint64_t key = low ^ high;
    key = (key ^ key >> 31) * 0x9e3779b97f4a7c15U;
    return key ^ key >> 32;
  }
  COSETTA_GRID bool is(const std::uint8_t* other) const {
    for (unsigned i = 0; i < size(); i += 2) {
      const auto x = pair(i), y = grid::load_sixteen(other + 8 * i);
      if (((x.low ^ y.low) | (x.high ^ y.high)) != 0) return false;
    }
    return true;
  }
  COSETTA_GRID bool is_moved(const std::uint8_t* other, const std::uint8_t* by) const {
    for (unsigned i = 0; i < size(); i += 2) {
      const auto x = pair(i), y = grid::load_sixteen(other + 8 * i);
      if (((x.low ^ move_word(y.low, by)) | (x.high ^ move_word(y.high, by))) != 0) return false;
    }
    return true;
  }
};

/// The states of a level: slots of 32 bits of a key and, below, a number plus one; 0: nothing.
struct beam_slots {
  static constexpr std::uint32_t struck = 0xffffffff;  // a slot whose state did not go on
  std::uint64_t* slots;
  std::uint32_t size;

  COSETTA_GRID std::uint32_t home(std::uint64_t key) const { return static_cast<std::uint32_t>((key >> 32) * size >> 32); }
  COSETTA_GRID std::uint32_t after(std::uint32_t at) const { return at + 1 == size ? 0 : at + 1; }

  /// Whether one of the level's rows is the child. Precondition: a slot is free, or there is none.
  template <class Child>
  COSETTA_GRID bool hold(std::uint64_t key, const Child& child, const std::uint8_t* rows, std::uint32_t stride) const {
    if (size == 0) return false;
    for (std::uint32_t at = home(key);; at = after(at)) {
      const std::uint64_t slot = slots[at];
      if (slot == 0) return false;
      const auto number = static_cast<std::uint32_t>(slot);
      if (slot >> 32 == (key & 0xffffffff) && number != struck && child.is(rows + std::uint64_t{number - 1} * stride)) return true;
    }
  }
};

/// Children of the candidates that the cut holds, and that were not tried before, go to the table of the next level unless they are in one of
/// the two before. Eight candidates for each thread and round. It stops early when more than `most` have gone in, of which the table has to
/// hold twice as many.
template <unsigned Words>
struct insert_children {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 3;
  static constexpr std::uint32_t most_steps = 1024;  // half as full as it may be, a table of 2^32 slots has no chain so long
  struct shared_data {
    std::uint32_t count, fresh, full;
    std::uint16_t list[8 * most_threads];
  };
  struct thread_data {};

  beam_moves moves;
  const std::uint8_t* rows;
  const std::uint8_t* rows_before;
  const std::uint16_t* scores;
  std::uint32_t candidates;
  beam_cut cut;
  std::uint8_t* tried;  // bits of candidates
  std::uint32_t* kept;  // bits of those in the table of the next level
  beam_slots before, current, next;
  std::uint32_t most;
  beam_counters* counters;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return rounds_of_chunks(at, candidates); }
  COSETTA_GRID void enter(const grid_place& at, shared_data& shared, thread_data&) const {
    moves.copy_tables(at);
    if (at.thread != 0) return;
    shared.count = shared.fresh = 0;
    shared.full = grid::peek(&counters->full) != 0 || grid::peek(&counters->inserted) > most;
  }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint64_t chunk = at.block + std::uint64_t{round} * at.blocks;
    if constexpr (Phase == 0) {
      if (shared.full == 0) choose(chunk * at.threads + at.thread, at.thread, shared);
    } else if constexpr (Phase == 1) {
      const auto* tables = moves.place_tables(at);
      std::uint32_t fresh = 0;
      for (std::uint32_t i = at.thread; i < shared.count && grid::peek(&counters->full) == 0; i += at.threads) {
        fresh += insert(static_cast<std::uint32_t>(chunk * 8 * at.threads + shared.list[i]), tables);
      }
      grid::add_of_all(&shared.fresh, fresh);
    } else {
      if (at.thread != 0) return;
      if (shared.fresh != 0 && grid::fetch_add(&counters->inserted, shared.fresh) + shared.fresh > most) shared.full = 1;
      shared.count = shared.fresh = 0;
    }
  }

  COSETTA_GRID void choose(std::uint64_t i, std::uint32_t thread, shared_data& shared) const {
    if (8 * i >= candidates) return;
    const eight_scores s(scores, i);
    const std::uint32_t bound = cut.bound();
    std::uint32_t chosen = 0;
    for (unsigned b = 0; b < 8; ++b) {
      const auto candidate = static_cast<std::uint32_t>(8 * i + b);
      if (8 * i + b < candidates && cut.holds(s[b], candidate, bound)) chosen |= 1U << b;
    }
    const std::uint32_t old = tried[i];
    chosen &= ~old;
    if (chosen == 0) return;
    tried[i] = static_cast<std::uint8_t>(old | chosen);
    std::uint32_t place = grid::fetch_add(&shared.count, std::uint32_t{grid::count_bits(chosen)});
    for (; chosen != 0; chosen &= chosen - 1) shared.list[place++] = static_cast<std::uint16_t>(8 * thread + grid::lowest_bit(chosen));
  }

  /// Whether it is a new state.
  COSETTA_GRID bool insert(std::uint32_t candidate, const std::uint8_t* tables) const {
    const beam_child<Words> child(moves, rows, tables, candidate);
    const std::uint64_t key = child.key(moves.constants);
    if (before.hold(key, child, rows_before, moves.stride) || current.hold(key, child, rows, moves.stride)) return false;
    const std::uint64_t own = key << 32 | (candidate + 1);
    std::uint32_t at = next.home(key);
    for (std::uint32_t step = 0; step < most_steps; ++step, at = next.after(at)) {
      std::uint64_t slot = grid::peek(next.slots + at);
      if (slot == 0) {
        slot = grid::compare_and_swap(next.slots + at, std::uint64_t{0}, own);
        if (slot == 0) {
          grid::fetch_add(kept + candidate / 32, 1U << candidate % 32);
          return true;
        }
      }
      if (slot >> 32 != own >> 32) continue;
      const std::uint32_t other = static_cast<std::uint32_t>(slot) - 1, parent = grid::quotient(other, moves.reciprocal);
      if (!child.is_moved(rows + std::uint64_t{parent} * moves.stride, tables + (other - parent * moves.generators) * moves.stride)) continue;
      while (slot > own) {  // whoever owns the slot from now on is this state, too
        const std::uint64_t found = grid::compare_and_swap(next.slots + at, slot, own);
        if (found == slot) {
          replace(static_cast<std::uint32_t>(slot) - 1, candidate);
          break;
        }
        slot = found;
      }
      return false;
    }
    grid::fetch_or(&counters->full, 1U);
    return false;
  }
  /// By sums, which come out the same in any order, and not by settings of bits.
  COSETTA_GRID void replace(std::uint32_t old, std::uint32_t candidate) const {
    grid::fetch_add(kept + candidate / 32, 1U << candidate % 32);
    grid::fetch_add(kept + old / 32, 0U - (1U << old % 32));
  }
};

/// Rows within some radius of home (search/byte_graph.hpp).
struct beam_ball {
  static constexpr std::uint32_t absent = 0xffffffff;
  const std::uint32_t* slots;
  std::uint64_t mask;
  const std::uint8_t* rows;
  const std::uint8_t* distances;
};

/// Writes the kept children in the order of their candidates, how many there are before each 32 candidates, and the nearest one in the ball.
template <unsigned Words>
struct write_children {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 3;
  struct shared_data {
    std::uint32_t before[most_threads / 4];
    std::uint32_t count;
    std::uint16_t list[8 * most_threads];
  };
  struct thread_data {};

  beam_moves moves;
  const std::uint8_t* rows;
  const std::uint16_t* scores;
  const std::uint32_t* kept;
  const std::uint32_t* chunk_before;  // of chunks of eight candidates for each thread
  std::uint32_t candidates;
  std::uint32_t* word_before;
  std::uint8_t* next_rows;
  std::uint16_t* last_moves;  // of the next level
  beam_ball ball;
  std::uint32_t ball_bound;  // greater scores are not looked for
  beam_counters* counters;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return rounds_of_chunks(at, candidates); }
  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const { moves.copy_tables(at); }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint32_t chunk = at.block + round * at.blocks;
    const std::uint32_t words = at.threads / 4;
    const std::uint32_t* here = kept + std::uint64_t{chunk} * words;
    if constexpr (Phase == 0) {
      if (at.thread >= words) return;
      std::uint32_t sum = 0;
      for (std::uint32_t w = 0; w < at.thread; ++w) sum += grid::count_bits(here[w]);
      shared.before[at.thread] = sum;
      word_before[std::uint64_t{chunk} * words + at.thread] = chunk_before[chunk] + sum;
      if (at.thread + 1 == words) shared.count = sum + grid::count_bits(here[at.thread]);
    } else if constexpr (Phase == 1) {
      const std::uint32_t word = here[at.thread / 4], first = 8 * (at.thread % 4);
      std::uint32_t place = shared.before[at.thread / 4] + grid::count_bits(word & ((1U << first) - 1));
      for (std::uint32_t bits = word >> first & 0xff; bits != 0; bits &= bits - 1) {
        shared.list[place++] = static_cast<std::uint16_t>(8 * at.thread + grid::lowest_bit(bits));
      }
    } else {
      const auto* tables = moves.place_tables(at);
      for (std::uint32_t i = at.thread; i < shared.count; i += at.threads) write(chunk * 8 * at.threads + shared.list[i], chunk_before[chunk] + i, tables);
    }
  }

  COSETTA_GRID void write(std::uint32_t candidate, std::uint32_t entry, const std::uint8_t* tables) const {
    const beam_child<Words> child(moves, rows, tables, candidate);
    auto* out = reinterpret_cast<grid::sixteen_bytes*>(next_rows + std::uint64_t{entry} * moves.stride);
    for (unsigned i = 0; i < child.size(); i += 2) out[i / 2] = child.pair(i);
    last_moves[entry] = static_cast<std::uint16_t>(candidate - grid::quotient(candidate, moves.reciprocal) * moves.generators);
    if (scores[candidate] <= ball_bound) look_up(child, entry);
  }
  COSETTA_GRID void look_up(const beam_child<Words>& child, std::uint32_t entry) const {
    for (std::uint64_t at = child.key(moves.constants) & ball.mask;; at = (at + 1) & ball.mask) {
      const std::uint32_t i = ball.slots[at];
      if (i == beam_ball::absent) return;
      if (!child.is(ball.rows + std::uint64_t{i} * moves.stride)) continue;
      const std::uint64_t own = ~(std::uint64_t{ball.distances[i]} << 32 | entry);
      std::uint64_t best = grid::peek(&counters->met);
      while (own > best) {
        const std::uint64_t found = grid::compare_and_swap(&counters->met, best, own);
        if (found == best) return;
        best = found;
      }
      return;
    }
  }
};

/// The candidates in the table become entries of the level, or are struck out.
struct number_entries {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  using shared_data = nothing_shared;
  struct thread_data {};

  beam_slots table;
  const std::uint32_t* kept;
  const std::uint32_t* word_before;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return static_cast<std::uint32_t>((table.size + at.total() - 1) / at.total()); }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const std::uint64_t i = round * at.total() + at.global();
    if (i >= table.size || table.slots[i] == 0) return;
    const std::uint32_t candidate = static_cast<std::uint32_t>(table.slots[i]) - 1, bit = 1U << candidate % 32;
    const std::uint32_t word = kept[candidate / 32];
    const std::uint32_t number = (word & bit) == 0 ? beam_slots::struck : word_before[candidate / 32] + grid::count_bits(word & (bit - 1)) + 1;
    table.slots[i] = table.slots[i] >> 32 << 32 | number;
  }
};

}  // namespace cosetta::kernels
