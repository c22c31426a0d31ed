// A layer of growth over packed states, on a grid: images are sent to the bucket that the top bits of their hash name, and each bucket is
// deduplicated by one block of threads with a hash table in its shared memory.
//
// States lie whole, W words each, in one array that is used as a ring (frontier_ring). A known layer is kept partitioned: the states of a
// bucket lie together, and `begin` and `count` say where. Buckets of a layer may be coarser or finer than those it is compared with.
//
// partition_states takes states (or all their images) in tiles. A block counts, in shared memory, how many of a tile go to each bucket,
// takes room in all of them with one atomic operation a bucket, and then makes the images again, which costs less than to keep them, and
// writes them. Its counters cover a window of buckets; images beyond it go one by one. So many buckets are reached in two levels: the
// images first go to coarse buckets, and these, one after the other, to the fine ones that they are made of.
//
// find_fresh puts the known states of its bucket into a table of 64-bit entries and then the images: those that are not there are new.
// One-word states are their own entries; for wider ones an entry is where the state lies and 28 bits of its hash, and equality is decided
// on the states. Where a table is too small the bucket is written to a list, and dealt with again in tables in main memory.
//
// Bytes of main memory for each image that moves, w = 8 W, one level: w / d to count and w / d to read again (d images a state), w to
// write, w to deduplicate; two levels: 3 w more. Then for each bucket its known states and its new ones, once each. LRX-16, far from its
// start (d = 3; to 1 state, 0.69 of the layer before it and 1.45 new ones): 8 (2 / 3 + 2 + (0.69 + 1 + 1.45) / 3) = 30 bytes, or 54. Known
// layers are sent to finer buckets, 5 w a state, about once in two doublings.
#pragma once

#include <kernels/cuda/device_transitions.hpp>

namespace cosetta::kernels {

namespace grid {

/// What other threads change meanwhile by atomic operations.
template <class T>
COSETTA_GRID inline T look(const T* at) {
#if defined(__CUDA_ARCH__)
  return *static_cast<const volatile T*>(at);
#else
  return *at;
#endif
}

/// A place in a row for each thread with a flag; `next` is the next free one. To be called by all threads of a warp.
COSETTA_GRID inline std::uint32_t take_place(std::uint32_t* next, bool flag) {
#if defined(__CUDA_ARCH__)
  const std::uint32_t flags = __ballot_sync(0xffffffffU, flag);
  if (flags == 0) return 0;
  const std::uint32_t lane = threadIdx.x % 32;
  const auto leader = static_cast<int>(__ffs(static_cast<int>(flags))) - 1;
  std::uint32_t first = 0;
  if (static_cast<int>(lane) == leader) first = atomicAdd(next, static_cast<std::uint32_t>(__popc(flags)));
  return __shfl_sync(0xffffffffU, first, leader) + static_cast<std::uint32_t>(__popc(flags & ((std::uint32_t{1} << lane) - 1)));
#else
  return flag ? (*next)++ : 0;
#endif
}

/// Precondition: bits < 64 in all, and the result fits.
COSETTA_GRID inline std::uint32_t top_bits(std::uint64_t hash, std::uint32_t bits) { return bits == 0 ? 0 : static_cast<std::uint32_t>(hash >> (64 - bits)); }

}  // namespace grid

/// The hash of frontier.hpp.
template <unsigned W>
COSETTA_GRID inline std::uint64_t frontier_hash(const std::uint64_t (&state)[W]) {
  std::uint64_t h = 0;
  COSETTA_UNROLL
  for (unsigned w = 0; w < W; ++w) {
    h ^= state[w];
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15u;
  }
  h ^= h >> 29;
  return h * 0xbf58476d1ce4e5b9u;
}

template <unsigned W>
COSETTA_GRID inline void load_state(const std::uint64_t* from, std::uint64_t (&to)[W]) {
#if defined(__CUDA_ARCH__)
  if constexpr (W % 2 == 0) {
    COSETTA_UNROLL
    for (unsigned w = 0; w < W; w += 2) {
      const auto pair = *reinterpret_cast<const ulonglong2*>(from + w);
      to[w] = pair.x, to[w + 1] = pair.y;
    }
  } else {
    COSETTA_UNROLL
    for (unsigned w = 0; w < W; ++w) to[w] = from[w];
  }
#else
  COSETTA_UNROLL
  for (unsigned w = 0; w < W; ++w) to[w] = from[w];
#endif
}

template <unsigned W>
COSETTA_GRID inline void store_state(std::uint64_t* to, const std::uint64_t (&from)[W]) {
#if defined(__CUDA_ARCH__)
  if constexpr (W % 2 == 0) {
    COSETTA_UNROLL
    for (unsigned w = 0; w < W; w += 2) *reinterpret_cast<ulonglong2*>(to + w) = {from[w], from[w + 1]};
  } else {
    COSETTA_UNROLL
    for (unsigned w = 0; w < W; ++w) to[w] = from[w];
  }
#else
  COSETTA_UNROLL
  for (unsigned w = 0; w < W; ++w) to[w] = from[w];
#endif
}

/// States that lie one behind the other, and begin again where the array ends.
struct frontier_ring {
  std::uint64_t* words;
  std::uint64_t capacity;  // states

  /// Precondition: i < 2 * capacity.
  COSETTA_GRID std::uint64_t wrapped(std::uint64_t i) const { return i < capacity ? i : i - capacity; }
  template <unsigned W>
  COSETTA_GRID std::uint64_t* at(std::uint64_t i) const {
    return words + wrapped(i) * W;
  }
};

/// A layer that is partitioned into 2^bits buckets; places count from `first`.
struct frontier_layer {
  std::uint64_t first;
  std::uint64_t* begin;  // of each bucket
  std::uint32_t* count;
  std::uint32_t bits;
  std::uint32_t unused;
};

struct frontier_counters {
  std::uint64_t fresh;       // states of the next layer
  std::uint64_t placed;      // images that have been given room
  std::uint32_t overflowed;  // buckets whose tables were too small
  std::uint32_t room;        // ~ the most states that one of them may have
};

/// Counts the states, or their images, in each bucket, or writes them there.
template <unsigned W>
struct partition_states {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr unsigned least_blocks = W <= 2 ? 5 : 4;
  static constexpr int phases = 4;
  struct shared_data {
    std::uint32_t base;  // bucket of the first counter
  };
  struct thread_data {};

  grid_generators generators;
  bool near_generators;  // a copy of them lies in shared memory, behind the counters
  bool writes;
  frontier_ring ring;
  std::uint64_t first, count;  // what is read
  std::uint64_t out;           // where it is written
  std::uint32_t tile;          // states
  std::uint32_t window;        // counters, a multiple of 4
  std::uint32_t source_bits;   // what is read lies in buckets of so many bits
  std::uint32_t bits;
  std::uint32_t first_bucket, end_bucket;  // the others are left alone
  std::uint32_t* counts;   // of each bucket, when they are counted
  std::uint32_t* cursors;  // of each bucket, when they are written: the next free place behind `out`

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const auto tiles = static_cast<std::uint32_t>((count + tile - 1) / tile);
    return at.block < tiles ? (tiles - at.block + at.blocks - 1) / at.blocks : 0;
  }
  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const {
    if (near_generators) generators.copy_near(at.extra + 4 * window, W, at.thread, at.threads);
  }
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}

  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    auto* counters = reinterpret_cast<std::uint32_t*>(at.extra);
    const auto begin = (std::uint64_t{round} * at.blocks + at.block) * tile;
    if constexpr (Phase == 0) {
      for (std::uint32_t i = at.thread; i < window; i += at.threads) counters[i] = 0;
      if (at.thread == 0) shared.base = window_of(begin);
    } else if constexpr (Phase == 1) {
      const auto base = shared.base;
      for_each_image(at, begin, [&](std::uint32_t bucket, const std::uint64_t(&)[W]) {
        if (bucket - base < window) {
          grid::fetch_add(counters + (bucket - base), 1U);
        } else if (!writes) {
          grid::fetch_add(counts + bucket, 1U);
        }
      });
    } else if constexpr (Phase == 2) {
      for (std::uint32_t i = at.thread; i < window; i += at.threads) {
        const auto n = counters[i];
        if (n == 0) continue;
        const auto bucket = shared.base + i;
        if (writes) {
          counters[i] = grid::fetch_add(cursors + bucket, n);
        } else {
          grid::fetch_add(counts + bucket, n);
        }
      }
    } else if (writes) {
      const auto base = shared.base;
      for_each_image(at, begin, [&](std::uint32_t bucket, const std::uint64_t(&y)[W]) {
        std::uint32_t place;
        if (bucket - base < window) {
          place = grid::fetch_add(counters + (bucket - base), 1U);
        } else {
          place = grid::fetch_add(cursors + bucket, 1U);
        }
        store_state<W>(ring.template at<W>(out + place), y);
      });
    }
  }

  /// Where states lie in buckets already, and are not moved by generators, the first bucket that those of the tile go to.
  COSETTA_GRID std::uint32_t window_of(std::uint64_t begin) const {
    if (source_bits == 0 || generators.count != 0) return first_bucket;
    std::uint64_t x[W];
    load_state<W>(ring.template at<W>(first + begin), x);
    const auto base = grid::top_bits(frontier_hash<W>(x), source_bits) << (bits - source_bits);
    return base < first_bucket ? first_bucket : base;
  }

  template <class Each>
  COSETTA_GRID void for_each_image(const grid_place& at, std::uint64_t begin, const Each& each) const {
    const auto moves = near_generators ? generators.near_list(at.extra + 4 * window) : generators.far_list();
    const auto end = begin + tile < count ? begin + tile : count;
    for (auto i = begin + at.thread; i < end; i += at.threads) {
      std::uint64_t x[W];
      load_state<W>(ring.template at<W>(first + i), x);
      if (generators.count == 0) {
        const auto bucket = grid::top_bits(frontier_hash<W>(x), bits);
        if (bucket >= first_bucket && bucket < end_bucket) each(bucket, x);
        continue;
      }
      for (std::uint32_t g = 0; g < generators.count; ++g) {
        std::uint64_t y[W];
        generators.template apply<W>(moves, g, x, y);
        const auto bucket = grid::top_bits(frontier_hash<W>(y), bits);
        if (bucket >= first_bucket && bucket < end_bucket) each(bucket, y);
      }
    }
  }
};

/// Gives room to the buckets first, ..., end - 1, in no order but each in one piece.
struct place_buckets {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  using shared_data = nothing_shared;
  struct thread_data {};

  const std::uint32_t* counts;
  std::uint32_t* cursors;
  std::uint64_t* begins;  // the same, for a layer; null: for none
  std::uint32_t first, end;
  std::uint32_t run_length;  // buckets that a thread gives room to at once
  frontier_counters* counters;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const auto each = at.total() * run_length;
    return static_cast<std::uint32_t>((end - first + each - 1) / each);
  }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const auto begin = first + (round * at.total() + at.global()) * run_length;
    if (begin >= end) return;
    const auto stop = begin + run_length < end ? begin + run_length : end;
    std::uint64_t sum = 0;
    for (auto b = begin; b < stop; ++b) sum += counts[b];
    auto place = sum == 0 ? 0 : grid::fetch_add(&counters->placed, sum);
    for (auto b = begin; b < stop; ++b) {
      cursors[b] = static_cast<std::uint32_t>(place);
      if (begins != nullptr) begins[b] = place;
      place += counts[b];
    }
  }
};

/// What is new among the images of each bucket goes to the next layer. Near: in tables in shared memory.
template <unsigned W, bool Near>
struct find_fresh {
  static constexpr std::uint32_t most_threads = 512;
  static constexpr unsigned least_blocks = 3;
  static constexpr int phases = 5;
  static constexpr std::uint64_t empty = ~std::uint64_t{0};  // no one-word state, and no place with its hash
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr unsigned place_bits = 36;  // of an entry
  static constexpr std::uint32_t most_probes = 256;

  struct shared_data {
    std::uint32_t overflow;
    std::uint32_t fresh;
    std::uint32_t next;   // place of the next state that is written
    std::uint64_t place;  // of the first one
  };
  struct thread_data {};

  frontier_ring ring;
  std::uint32_t known_count;
  frontier_layer first_known, second_known;  // all that there are in an undirected graph
  const frontier_layer* more_known;
  std::uint32_t bits;
  std::uint64_t images;            // where they begin
  const std::uint32_t* ends;       // of each bucket, behind `images`
  const std::uint32_t* counts;
  frontier_layer next;
  std::uint32_t slots;             // of a table, a power of two, at least 32
  std::uint32_t first, end;        // buckets; or entries of `list`, where the tables are not near
  std::uint32_t* list;             // of buckets whose tables were too small
  unsigned char* tables;           // one for each block, where they are not near
  frontier_counters* counters;

  struct table {
    std::uint64_t* entries;
    std::uint32_t* fresh;  // a bit for each
    std::uint32_t size;
    std::uint32_t probes;  // where it is taken to be too small
  };

  COSETTA_GRID static std::uint64_t table_bytes(std::uint64_t slots) { return slots * 8 + slots / 8; }

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const {
    const auto n = end - first;
    return at.block < n ? (n - at.block + at.blocks - 1) / at.blocks : 0;
  }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}

  template <int Phase>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data& shared, thread_data&) const {
    const auto index = first + round * at.blocks + at.block;
    const auto bucket = Near ? index : list[index];
    const auto count = counts[bucket];
    if (count == 0) {
      if (Phase == 3 && at.thread == 0) next.begin[bucket] = 0, next.count[bucket] = 0;
      return;
    }
    if constexpr (Phase == 3) {
      if (at.thread == 0) close(bucket, count, shared);
      return;
    }
    const auto in = table_of(at, bucket, count);
    if constexpr (Phase == 0) {
      for (std::uint32_t i = at.thread; i < in.size; i += at.threads) in.entries[i] = empty;
      for (std::uint32_t i = at.thread; i < in.size / 32; i += at.threads) in.fresh[i] = 0;
      if (at.thread == 0) shared.overflow = 0, shared.fresh = 0, shared.next = 0;
    } else if constexpr (Phase == 1) {
      insert_known(at, bucket, in, shared);
    } else if constexpr (Phase == 2) {
      insert_images(at, bucket, count, in, shared);
    } else {
      write(at, in, shared);
    }
  }

  /// Not fewer than the states that go into the bucket's table.
  COSETTA_GRID std::uint64_t most_states(std::uint32_t bucket, std::uint32_t count) const {
    std::uint64_t sum = count;
    for (std::uint32_t l = 0; l < known_count; ++l) {
      const auto layer = known(l);
      const auto parts = parts_of(layer, bucket);
      for (auto p = parts.first; p < parts.end; ++p) sum += layer.count[p];
    }
    return sum;
  }

  COSETTA_GRID frontier_layer known(std::uint32_t l) const { return l == 0 ? first_known : l == 1 ? second_known : more_known[l - 2]; }

  struct part_range {
    std::uint32_t first, end;
  };
  /// The buckets of a layer in which states of this bucket lie.
  COSETTA_GRID part_range parts_of(const frontier_layer& layer, std::uint32_t bucket) const {
    if (layer.bits < bits) return {bucket >> (bits - layer.bits), (bucket >> (bits - layer.bits)) + 1};
    return {bucket << (layer.bits - bits), (bucket + 1) << (layer.bits - bits)};
  }

  COSETTA_GRID table table_of(const grid_place& at, std::uint32_t bucket, std::uint32_t count) const {
    table out;
    unsigned char* begin = Near ? at.extra : tables + at.block * table_bytes(slots);
    // A small bucket is not worth all of the table. Layers of many buckets are not asked.
    std::uint32_t size = slots;
    if (Near && known_count <= 2) {
      const auto wanted = 2 * most_states(bucket, count);
      size = 64 < slots ? 64 : slots;
      while (size < slots && size < wanted) size *= 2;
    }
    out.entries = reinterpret_cast<std::uint64_t*>(begin);
    out.fresh = reinterpret_cast<std::uint32_t*>(begin + std::uint64_t{slots} * 8);
    out.size = size;
    out.probes = Near && most_probes < size ? most_probes : size;
    return out;
  }

  COSETTA_GRID std::uint32_t start_of(std::uint64_t hash, const table& in) const {
    return static_cast<std::uint32_t>((hash << bits) >> 32) & (in.size - 1);
  }

  COSETTA_GRID static std::uint64_t entry_of(const std::uint64_t (&x)[W], std::uint64_t hash, std::uint64_t place) {
    if constexpr (W == 1) return x[0];
    return hash << place_bits | place;
  }
  COSETTA_GRID bool is_same(std::uint64_t entry, std::uint64_t mine, const std::uint64_t (&x)[W]) const {
    if constexpr (W == 1) return entry == mine;
    if ((entry ^ mine) >> place_bits != 0) return false;
    std::uint64_t other[W];
    load_state<W>(ring.words + (entry & ((std::uint64_t{1} << place_bits) - 1)) * W, other);
    bool same = true;
    COSETTA_UNROLL
    for (unsigned w = 0; w < W; ++w) same &= other[w] == x[w];
    return same;
  }

  /// The known states are distinct: each goes to the first slot that is free.
  COSETTA_GRID void insert_known(const grid_place& at, std::uint32_t bucket, const table& in, shared_data& shared) const {
    for (std::uint32_t l = 0; l < known_count; ++l) {
      const auto layer = known(l);
      const auto parts = parts_of(layer, bucket);
      for (auto p = parts.first; p < parts.end; ++p) {
        const auto begin = layer.first + layer.begin[p];
        const auto n = layer.count[p];
        for (std::uint32_t i = at.thread; i < n; i += at.threads) {
          const auto place = ring.wrapped(ring.wrapped(begin) + i);
          std::uint64_t x[W];
          load_state<W>(ring.words + place * W, x);
          const auto hash = frontier_hash<W>(x);
          if (layer.bits < bits && grid::top_bits(hash, bits) != bucket) continue;
          if (!insert<true>(in, x, hash, place)) grid::fetch_or(&shared.overflow, 1U);
        }
        if (grid::look(&shared.overflow) != 0) return;
      }
    }
  }

  COSETTA_GRID void insert_images(const grid_place& at, std::uint32_t bucket, std::uint32_t count, const table& in, shared_data& shared) const {
    const auto begin = images + (ends[bucket] - count);
    std::uint32_t fresh = 0;
    for (std::uint32_t i = at.thread; i < count && grid::look(&shared.overflow) == 0; i += at.threads) {
      const auto place = ring.wrapped(begin + i);
      std::uint64_t x[W];
      load_state<W>(ring.words + place * W, x);
      const int found = insert<false>(in, x, frontier_hash<W>(x), place);
      if (found < 0) grid::fetch_or(&shared.overflow, 1U);
      fresh += found > 0;
    }
    grid::add_of_all(&shared.fresh, fresh);
  }

  /// Known: whether there was room. Otherwise 1: it is new, 0: it is not, -1: there is no room.
  template <bool Known>
  COSETTA_GRID int insert(const table& in, const std::uint64_t (&x)[W], std::uint64_t hash, std::uint64_t place) const {
    const auto mine = entry_of(x, hash, place);
    auto slot = start_of(hash, in);
    for (std::uint32_t probe = 0; probe < in.probes; ++probe, slot = (slot + 1) & (in.size - 1)) {
      auto found = grid::look(in.entries + slot);
      if (found == empty) {
        found = grid::compare_and_swap(in.entries + slot, empty, mine);
        if (found == empty) {
          if (!Known) grid::fetch_or(in.fresh + slot / 32, std::uint32_t{1} << slot % 32);
          return 1;
        }
      }
      if (!Known && is_same(found, mine, x)) return 0;
    }
    return Known ? 0 : -1;
  }

  COSETTA_GRID void close(std::uint32_t bucket, std::uint32_t count, shared_data& shared) const {
    next.count[bucket] = 0;
    if (shared.overflow != 0) {
      const auto most = most_states(bucket, count);
      list[grid::fetch_add(&counters->overflowed, 1U)] = bucket;
      grid::fetch_min(&counters->room, ~static_cast<std::uint32_t>(most < none ? most : none));
      shared.fresh = 0;
      return;
    }
    shared.place = shared.fresh == 0 ? 0 : grid::fetch_add(&counters->fresh, std::uint64_t{shared.fresh});
    next.begin[bucket] = shared.place;
    next.count[bucket] = shared.fresh;
  }

  COSETTA_GRID void write(const grid_place& at, const table& in, shared_data& shared) const {
    if (shared.fresh == 0) return;
    const auto out = next.first + shared.place;
    for (std::uint32_t begin = 0; begin < in.size; begin += at.threads) {
      const auto slot = begin + at.thread;
      const bool fresh = slot < in.size && (in.fresh[slot / 32] >> slot % 32 & 1) != 0;
      const auto place = grid::take_place(&shared.next, fresh);
      if (!fresh) continue;
      const auto entry = in.entries[slot];
      std::uint64_t x[W] = {entry};
      if constexpr (W > 1) load_state<W>(ring.words + (entry & ((std::uint64_t{1} << place_bits) - 1)) * W, x);
      store_state<W>(ring.template at<W>(ring.wrapped(out) + place), x);
    }
  }
};

}  // namespace cosetta::kernels
