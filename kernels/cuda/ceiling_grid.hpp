// What a device can do at most, for the sweep's two needs: bytes moved through its memory, and 32-bit integer operations of the kind that
// masked exchanges are made of. Kernels are held against these figures, measured on the same device a moment before, not against its data
// sheet.
#pragma once

#include <kernels/cuda/grid.hpp>

namespace cosetta::kernels {

struct alignas(16) two_words {
  std::uint64_t first, second;
};

/// to[i] = from[i]
struct copy_words {
  static constexpr std::uint32_t most_threads = 512;
  static constexpr int phases = 1;
  using shared_data = nothing_shared;
  struct thread_data {};

  const two_words* from;
  two_words* to;
  std::uint64_t count;

  COSETTA_GRID std::uint32_t rounds(const grid_place& at) const { return static_cast<std::uint32_t>((count + at.total() - 1) / at.total()); }
  COSETTA_GRID void enter(const grid_place&, shared_data&, thread_data&) const {}
  COSETTA_GRID void leave(const grid_place&, shared_data&, thread_data&) const {}
  template <int>
  COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const {
    const std::uint64_t i = round * at.total() + at.global();
    if (i < count) to[i] = from[i];
  }
};

/// Masked exchanges of four words that stay in registers: eight operations (shift, and of exclusive or; shift, exclusive or of three; for
/// both halves) each.
struct exchange_words {
  static constexpr std::uint32_t most_threads = 256;
  static constexpr int phases = 1;
  static constexpr std::uint32_t words = 4, exchanges_a_round = 16, operations_of_an_exchange = 8;
  using shared_data = nothing_shared;
  struct thread_data {
    std::uint32_t halves[2 * words];
  };

  std::uint32_t repeats;
  std::uint32_t mask;
  std::uint32_t* out;  // one number for each thread, so that nothing is left out

  COSETTA_GRID std::uint32_t rounds(const grid_place&) const { return repeats; }
  COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data& own) const {
    for (std::uint32_t i = 0; i < 2 * words; ++i) own.halves[i] = static_cast<std::uint32_t>(at.global()) * 0x9e3779b9U + i;
  }
  COSETTA_GRID void leave(const grid_place& at, shared_data&, thread_data& own) const {
    std::uint32_t sum = 0;
    for (const auto h : own.halves) sum ^= h;
    out[at.global()] = sum;
  }
  template <int>
  COSETTA_GRID void run(const grid_place&, std::uint32_t, shared_data&, thread_data& own) const {
    for (std::uint32_t e = 0; e < exchanges_a_round / 4; ++e) {
      step<4>(own), step<2>(own), step<1>(own), step<2>(own);
    }
  }
  template <int Distance>
  COSETTA_GRID void step(thread_data& own) const {
    for (auto& h : own.halves) {
      const std::uint32_t t = (h ^ (h >> Distance)) & mask;
      h ^= t ^ (t << Distance);
    }
  }
};

struct device_ceilings {
  double bytes_per_second = 0;       // read and written, by copying
  double operations_per_second = 0;  // 32-bit integer operations
};

/// Takes some tens of milliseconds on a device, and a quarter of a gibibyte of its memory (less where less is free).
device_ceilings measure_ceilings(backend& on);

}  // namespace cosetta::kernels
