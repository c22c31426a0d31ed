// A layer of growth over a coset tower, on a grid: which blocks have anything to take in, the sweep over these, and the exchange of old
// blocks for new ones.
//
// The arrays are those of search/coset_tower.hpp and the words are the same, bit by bit, as those of the CPU's sweep
// (tower_blocks.hpp, vector_blocks.hpp). A unit, which is a block of the tower, is swept by one block of threads: words of a unit are
// made by as many threads, each from the unit's own word, the plain sources' words at the same place, and the moved sources' words.
//
// Words: a moved word goes through `stages` masked exchanges (tower_blocks.hpp), whose masks lie in shared memory.
// Vectors: a thread makes one of the eight 64-bit words of a vector, byte b of all eight lanes. It reads the source's byte, permutes the
// lanes (one byte permutation for each half) and exchanges bits within bytes: three stages for both halves. Threads next to each other
// read and write next to each other, and the masks are the same for a vector's eight lanes.
//
// The ball is held in place, graded or delayed (search/unit_store.hpp). Delayed, new words go to a free slot; when the window is over in
// which a unit is last read, its new slot becomes the unit and the old one free: beside the sweep of the window after it, which neither reads such
// units nor takes such slots, and beside which the list of the window after that is made. Slots beyond `near_slots` lie in pinned memory of the
// host.
#pragma once

#include <kernels/cuda/grid.hpp>

namespace cosetta::kernels {

struct tower_counters {
  std::uint64_t fresh;   // states of the layer
  std::uint64_t words;   // read and written by its sweeps, those of each source that changed counted once
  std::uint64_t moved;   // words that went through a permutation
  std::uint64_t emitted; // states that were to be written down
  std::uint64_t first_free, end_free;  // of the ring of free slots: the next to be taken; the next to be filled
  std::uint32_t listed[2];  // units in each of two lists: one is made while the units of the other are
};

/// Arrays on the device; `units` entries where nothing else is said.
struct tower_ball {
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::uint32_t most_sources = 256;

  std::uint32_t units, unit_words, generators;
  std::uint32_t unit_states;
  const std::uint32_t* sources;         // units * generators
  const std::uint16_t* patterns;        // units * generators
  const std::uint8_t* lane_patterns;    // units * generators; null: words
  const std::uint32_t* weights;
  const std::uint16_t* moves;           // of each pattern, unit_words (of vectors: unit_words / 8) entries
  const std::uint8_t* variants;         // of each pattern

  std::uint64_t* near_words;
  std::uint64_t* far_words;
  std::uint32_t near_slots;
  std::uint32_t* slots;       // null: graded, unit k lies in slot k
  std::uint32_t* next_slots;  // none: nothing new
  std::uint32_t* ring;        // of free slots
  std::uint32_t ring_size;
  std::uint32_t* spares;      // a slot that is ready for each block of threads, or none
  std::uint8_t* changed;      // in the last layer
  std::uint8_t* next_changed;
  std::uint32_t* counts;      // states that have been reached
  tower_counters* counters;

  COSETTA_GRID std::uint64_t* slot(std::uint32_t s) const {
    return s < near_slots ? near_words + std::uint64_t{s} * unit_words : far_words + std::uint64_t{s - near_slots} * unit_words;
  }
  COSETTA_GRID std::uint64_t* unit(std::uint32_t k) const { return slot(slots == nullptr ? k : slots[k]); }
};

/// Writes the units from `first` to `end` - 1 that have a source which changed, and are not full, to `list`.
struct list_units {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 3;
  struct shared_data {
    std::uint32_t flags[most_threads / 32];
    std::uint32_t place;
  };
  struct thread_data {};

  tower_ball ball;
  std::uint32_t first, end;
  std::uint32_t* list;
  std::uint32_t* listed;

  COSETTA_GRID std::uint32_t unit_of(const grid_place& at, std::uint32_t round) const {
    const std::uint64_t k = first + (std::uint64_t{round} * at.blocks + at.block) * at.threads + at.thread;
    return k < end ? static_cast<std::uint32_t>(k) : tower_ball::none;
  }
  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    return static_cast<std::uint32_t>((std::uint64_t{end - first} + at.total() - 1) / at.total());
  }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID bool is_wanted(std::uint32_t k) const {
    if (ball.counts[k] == ball.unit_states) return false;
    const auto* sources = ball.sources + std::uint64_t{k} * ball.generators;
    for (std::uint32_t g = 0; g < ball.generators; ++g) {
      if (ball.changed[sources[g]] != 0) return true;
    }
    return false;
  }
  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint32_t k = unit_of(at, round);
    if constexpr (Phase == 0) {
      grid::gather_flags(shared.flags, at.thread, k != tower_ball::none && is_wanted(k));
    } else if constexpr (Phase == 1) {
      if (at.thread == 0) {
        const auto count = grid::flags_before(shared.flags, at.threads - 1) + (shared.flags[(at.threads - 1) / 32] >> 31);
        shared.place = count == 0 ? 0 : grid::fetch_add(listed, count);
      }
    } else {
      if ((shared.flags[at.thread / 32] >> at.thread % 32 & 1) != 0) list[shared.place + grid::flags_before(shared.flags, at.thread)] = k;
    }
  }
};

/// Makes the new words of units first, ..., end - 1 of a list (where `end` is beyond it, to its end).
template <bool Vectors>
struct sweep_units {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 3;
  static constexpr std::uint32_t most_stages = 11;

  struct source {
    const std::uint64_t* words;  // null: unchanged
    const std::uint16_t* moves;  // null: plain
    std::uint32_t permutation;   // what is added to the entry's k
    std::uint32_t lanes;         // selectors
  };
  struct shared_data {
    source sources[tower_ball::most_sources];
    std::uint32_t fresh, changed, moved;  // new states; sources that changed, and those of them that are moved
    std::uint32_t slot;  // that is written to
    std::uint32_t first, end;  // words that are made
    std::uint32_t spare;       // a free slot, or none
    std::uint64_t all_fresh, all_words, all_moved;  // of this block of threads
  };
  struct thread_data {};

  tower_ball ball;
  const std::uint32_t* list;
  const std::uint32_t* listed;
  std::uint32_t first, end;
  // Words: stages masks for each permutation. Vectors: eight numbers for each permutation, for byte b of the result: the byte it comes
  // from, and 8, 16, 24 bits higher the masks of the exchanges at distances 4, 2, 1.
  const std::uint64_t* masks;
  const std::uint32_t* forms;
  std::uint32_t permutations;
  std::uint32_t stages;
  std::uint8_t distances[most_stages];
  const std::uint32_t* lane_selectors;
  // Graded: the words that the layer writes are those of one class.
  const std::uint8_t* classes;
  std::uint32_t modulus, residue;  // of the new layer
  std::uint32_t class_begin[256];  // modulus + 1 entries; words of a unit
  // Where new states are to be written down, as 64 * word + bit; null: nowhere.
  std::uint64_t* emitted;
  std::uint64_t emit_capacity;

  /// 32-bit integer operations for a moved word, those for addresses and counts apart: two byte permutations and three exchanges, or so
  /// many exchanges at distances that cross halves.
  static std::uint32_t operations(std::uint32_t stages) { return Vectors ? 2 + 3 * 8 : stages * 8; }

  COSETTA_GRID static std::uint32_t table_bytes(std::uint32_t permutations, std::uint32_t stages) {
    return permutations * (Vectors ? 32 : stages * 8);
  }

  COSETTA_GRID std::uint32_t last() const {
    const std::uint32_t there = *listed;
    return end < there ? end : there;
  }
  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const std::uint32_t stop = last();
    return first + at.block >= stop ? 0 : (stop - first - at.block + at.blocks - 1) / at.blocks;
  }

  COSETTA_GRID void enter(const grid_place& at, shared_data& shared, thread_data&) const {
    // Tables of permutations go to shared memory, which is as large as was asked for.
    if constexpr (Vectors) {
      auto* to = reinterpret_cast<std::uint32_t*>(at.extra);
      for (std::uint32_t i = at.thread; i < 8 * permutations; i += at.threads) to[i] = forms[i];
    } else {
      auto* to = reinterpret_cast<std::uint64_t*>(at.extra);
      for (std::uint32_t i = at.thread; i < stages * permutations; i += at.threads) to[i] = masks[i];
    }
    if (at.thread != 0) return;
    shared.all_fresh = shared.all_words = shared.all_moved = 0;
    shared.spare = ball.slots == nullptr ? tower_ball::none : ball.spares[at.block];
  }

  COSETTA_GRID void leave(const grid_place& at, shared_data& shared, thread_data&) const {
    if (at.thread != 0) return;
    if (ball.slots != nullptr) ball.spares[at.block] = shared.spare;
    if (shared.all_fresh != 0) grid::fetch_add(&ball.counters->fresh, shared.all_fresh);
    grid::fetch_add(&ball.counters->words, shared.all_words);
    grid::fetch_add(&ball.counters->moved, shared.all_moved);
  }

  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const std::uint32_t k = list[first + at.block + std::uint64_t{round} * at.blocks];
    if constexpr (Phase == 0) {
      prepare(at, k, shared);
    } else if constexpr (Phase == 1) {
      sweep(at, k, shared);
    } else {
      finish(at, k, shared);
    }
  }

  COSETTA_GRID void prepare(const grid_place& at, std::uint32_t k, shared_data& shared) const {
    const auto edges = std::uint64_t{k} * ball.generators;
    std::uint32_t begin = 0, stop = ball.unit_words;
    if (ball.slots == nullptr) {
      const std::uint32_t c = (residue + modulus - classes[k]) % modulus;
      begin = class_begin[c], stop = class_begin[c + 1];
    }
    for (std::uint32_t g = at.thread; g < ball.generators; g += at.threads) {
      const std::uint32_t from = ball.sources[edges + g];
      source s{nullptr, nullptr, 0, 0};
      if (ball.changed[from] != 0) {
        s.words = ball.unit(from);
        const std::uint32_t pattern = ball.patterns[edges + g];
        const std::uint32_t lane = Vectors ? ball.lane_patterns[edges + g] : 0;
        if (pattern != 0 || lane != 0) {
          s.moves = ball.moves + std::uint64_t{pattern} * (Vectors ? ball.unit_words / 8 : ball.unit_words);
          s.permutation = 64U * ball.variants[pattern];
          if constexpr (Vectors) s.lanes = lane_selectors[lane];
        }
      }
      shared.sources[g] = s;
    }
    if (at.thread != 0) return;
    shared.fresh = shared.changed = shared.moved = 0;
    shared.first = begin, shared.end = stop;
    if (ball.slots == nullptr) {
      shared.slot = k;
      return;
    }
    if (shared.spare == tower_ball::none) shared.spare = ball.ring[grid::fetch_add(&ball.counters->first_free, std::uint64_t{1}) % ball.ring_size];
    shared.slot = shared.spare;
  }

  COSETTA_GRID std::uint64_t moved(const source& s, std::uint32_t w, const unsigned char* table) const {
    if constexpr (Vectors) {
      const std::uint32_t entry = s.moves[w >> 3];
      const std::uint32_t form = reinterpret_cast<const std::uint32_t*>(table)[8 * (s.permutation + (entry & 63)) + (w & 7)];
      const auto x = grid::select_bytes(s.words[(entry >> 6) * 8 + (form & 7)], s.lanes);
      auto low = static_cast<std::uint32_t>(x), high = static_cast<std::uint32_t>(x >> 32);
      exchange<4>(low, high, form >> 8);
      exchange<2>(low, high, form >> 16);
      exchange<1>(low, high, form >> 24);
      return low | std::uint64_t{high} << 32;
    } else {
      const std::uint32_t entry = s.moves[w];
      auto x = s.words[entry >> 6];
      const auto* mask = reinterpret_cast<const std::uint64_t*>(table) + std::uint64_t{s.permutation + (entry & 63)} * stages;
      for (std::uint32_t i = 0; i < stages; ++i) {
        const auto t = (x ^ (x >> distances[i])) & mask[i];
        x ^= t ^ (t << distances[i]);
      }
      return x;
    }
  }
  template <int Distance>
  COSETTA_GRID static void exchange(std::uint32_t& low, std::uint32_t& high, std::uint32_t mask_byte) {
    const std::uint32_t mask = (mask_byte & 0xff) * 0x01010101U;
    const std::uint32_t a = (low ^ (low >> Distance)) & mask, b = (high ^ (high >> Distance)) & mask;
    low ^= a ^ (a << Distance);
    high ^= b ^ (b << Distance);
  }

  COSETTA_GRID void sweep(const grid_place& at, std::uint32_t k, shared_data& shared) const {
    const std::uint64_t* before = ball.unit(k);
    std::uint64_t* after = ball.slot(shared.slot);
    std::uint32_t fresh = 0;
    for (std::uint32_t w = shared.first + at.thread; w < shared.end; w += at.threads) {
      const auto mine = before[w];
      auto word = mine;
      for (std::uint32_t g = 0; g < ball.generators; ++g) {
        const source& s = shared.sources[g];
        if (s.words == nullptr) continue;
        word |= s.moves == nullptr ? s.words[w] : moved(s, w, at.extra);
      }
      after[w] = word;
      const auto bits = word ^ mine;
      fresh += grid::count_bits(bits);
      if (emitted != nullptr && bits != 0) emit(std::uint64_t{k} * ball.unit_words + w, bits);
    }
    grid::add_of_all(&shared.fresh, fresh);
    std::uint32_t changed = 0, moves = 0;
    for (std::uint32_t g = at.thread; g < ball.generators; g += at.threads) changed += shared.sources[g].words != nullptr, moves += shared.sources[g].moves != nullptr;
    grid::add_of_all(&shared.changed, changed);
    grid::add_of_all(&shared.moved, moves);
  }
  COSETTA_GRID void emit(std::uint64_t word, std::uint64_t bits) const {
    const std::uint64_t place = grid::fetch_add(&ball.counters->emitted, std::uint64_t{grid::count_bits(bits)});
    for (std::uint64_t i = place; bits != 0; ++i, bits &= bits - 1) {
      if (i < emit_capacity) emitted[i] = 64 * word + grid::lowest_bit(bits);
    }
  }

  COSETTA_GRID void finish(const grid_place& at, std::uint32_t k, shared_data& shared) const {
    if (at.thread != 0) return;
    shared.all_words += std::uint64_t{2 + shared.changed} * (shared.end - shared.first);
    shared.all_moved += std::uint64_t{shared.moved} * (shared.end - shared.first);
    if (shared.fresh == 0) return;
    shared.all_fresh += std::uint64_t{shared.fresh} * ball.weights[k];
    ball.counts[k] += shared.fresh;
    ball.next_changed[k] = 1;
    if (ball.slots == nullptr) return;
    ball.next_slots[k] = shared.spare;
    shared.spare = tower_ball::none;
  }
};

using sweep_words = sweep_units<false>;
using sweep_vectors = sweep_units<true>;

/// New slots become the units, and old ones free, for the units first, ..., end - 1 of `commits`.
struct commit_units {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  using shared_data = nothing_shared;
  struct thread_data {};

  tower_ball ball;
  const std::uint32_t* commits;
  std::uint32_t first, end;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    return static_cast<std::uint32_t>((std::uint64_t{end - first} + at.total() - 1) / at.total());
  }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const std::uint64_t i = first + round * at.total() + at.global();
    if (i >= end) return;
    const std::uint32_t k = commits[i];
    const std::uint32_t next = ball.next_slots[k];
    if (next == tower_ball::none) return;
    ball.ring[grid::fetch_add(&ball.counters->end_free, std::uint64_t{1}) % ball.ring_size] = ball.slots[k];
    ball.slots[k] = next;
    ball.next_slots[k] = tower_ball::none;
  }
};

}  // namespace cosetta::kernels
