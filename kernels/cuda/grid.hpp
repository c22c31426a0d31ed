// Kernels for grids of thread blocks, written once for the device and for the host.
//
// A kernel is a structure of plain pointers and numbers:
//
//     struct example {
//       struct shared_data { ... };                  // one for each block, not initialised
//       struct thread_data { ... };                  // one for each thread, zeroed; lasts over phases and rounds
//       static constexpr std::uint32_t most_threads = 256;
//       static constexpr int phases = 2;
//       COSETTA_GRID std::uint32_t rounds(const grid_place& at) const;           // the same for all threads of a block
//       COSETTA_GRID void enter(const grid_place& at, shared_data&, thread_data&) const;
//       template <int Phase> COSETTA_GRID void run(const grid_place& at, std::uint32_t round, shared_data&, thread_data&) const;
//       COSETTA_GRID void leave(const grid_place& at, shared_data&, thread_data&) const;
//     };
//
// The threads of a block enter, run phases 0, 1, ... of each round, and leave; all of them meet after each of these steps. Within a step
// they must not read what another one of them writes, atomic operations apart: on the host they run one after the other, in any order.
// A launch starts when the one before it on its stream is over.
#pragma once

#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__CUDACC__)
#define COSETTA_GRID __host__ __device__
#else
#define COSETTA_GRID
#endif

namespace cosetta::kernels {

struct grid_shape {
  std::uint32_t blocks;
  std::uint32_t threads;      // a multiple of 32
  std::uint32_t extra = 0;    // bytes of shared memory behind shared_data, a multiple of 16
};

struct grid_place {
  std::uint32_t block, blocks;
  std::uint32_t thread, threads;
  unsigned char* extra;

  COSETTA_GRID std::uint64_t global() const { return std::uint64_t{block} * threads + thread; }
  COSETTA_GRID std::uint64_t total() const { return std::uint64_t{blocks} * threads; }
};

struct nothing_shared {};

namespace grid {

COSETTA_GRID inline unsigned count_bits(std::uint64_t x) {
#if defined(__CUDA_ARCH__)
  return static_cast<unsigned>(__popcll(x));
#else
  return static_cast<unsigned>(__builtin_popcountll(x));
#endif
}

/// The number of zeros below the lowest one. Precondition: x != 0.
COSETTA_GRID inline unsigned lowest_bit(std::uint64_t x) {
#if defined(__CUDA_ARCH__)
  return static_cast<unsigned>(__ffsll(static_cast<long long>(x)) - 1);
#else
  return static_cast<unsigned>(__builtin_ctzll(x));
#endif
}

COSETTA_GRID inline std::uint64_t high_product(std::uint64_t a, std::uint64_t b) {
#if defined(__CUDA_ARCH__)
  return __umul64hi(a, b);
#else
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<wide>(a) * b >> 64);
#endif
}

/// Byte i of the result is byte (selectors >> 4 i) & 7 of x.
COSETTA_GRID inline std::uint64_t select_bytes(std::uint64_t x, std::uint32_t selectors) {
#if defined(__CUDA_ARCH__)
  const auto low = static_cast<std::uint32_t>(x), high = static_cast<std::uint32_t>(x >> 32);
  return __byte_perm(low, high, selectors) | static_cast<std::uint64_t>(__byte_perm(low, high, selectors >> 16)) << 32;
#else
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 8; ++i) out |= (x >> (8 * (selectors >> 4 * i & 7)) & 0xff) << 8 * i;
  return out;
#endif
}

// Atomic operations on one number; they give what was there before.

COSETTA_GRID inline std::uint32_t fetch_add(std::uint32_t* at, std::uint32_t value) {
#if defined(__CUDA_ARCH__)
  return atomicAdd(at, value);
#else
  const auto before = *at;
  *at += value;
  return before;
#endif
}

COSETTA_GRID inline std::uint64_t fetch_add(std::uint64_t* at, std::uint64_t value) {
#if defined(__CUDA_ARCH__)
  return atomicAdd(reinterpret_cast<unsigned long long*>(at), static_cast<unsigned long long>(value));
#else
  const auto before = *at;
  *at += value;
  return before;
#endif
}

COSETTA_GRID inline std::uint32_t fetch_or(std::uint32_t* at, std::uint32_t value) {
#if defined(__CUDA_ARCH__)
  return atomicOr(at, value);
#else
  const auto before = *at;
  *at |= value;
  return before;
#endif
}

COSETTA_GRID inline std::uint32_t fetch_min(std::uint32_t* at, std::uint32_t value) {
#if defined(__CUDA_ARCH__)
  return atomicMin(at, value);
#else
  const auto before = *at;
  if (value < before) *at = value;
  return before;
#endif
}

COSETTA_GRID inline std::uint64_t compare_and_swap(std::uint64_t* at, std::uint64_t expected, std::uint64_t desired) {
#if defined(__CUDA_ARCH__)
  return atomicCAS(reinterpret_cast<unsigned long long*>(at), static_cast<unsigned long long>(expected), static_cast<unsigned long long>(desired));
#else
  const auto before = *at;
  if (before == expected) *at = desired;
  return before;
#endif
}

/// Adds the values of all threads of the block to a number in shared memory, each warp's at once. To be called by all of them.
COSETTA_GRID inline void add_of_all(std::uint32_t* at, std::uint32_t value) {
#if defined(__CUDA_ARCH__)
  const std::uint32_t sum = __reduce_add_sync(0xffffffffU, value);
  if (threadIdx.x % 32 == 0 && sum != 0) atomicAdd(at, sum);
#else
  *at += value;
#endif
}

/// words[thread / 32] has the flags of a warp as bits. To be called by all threads of the block.
COSETTA_GRID inline void gather_flags(std::uint32_t* words, std::uint32_t thread, bool flag) {
#if defined(__CUDA_ARCH__)
  const std::uint32_t flags = __ballot_sync(0xffffffffU, flag);
  if (thread % 32 == 0) words[thread / 32] = flags;
#else
  const std::uint32_t bit = std::uint32_t{1} << thread % 32;
  words[thread / 32] = (words[thread / 32] & ~bit) | (flag ? bit : 0);
#endif
}

/// The number of flags of threads before this one, from words that gather_flags filled in an earlier step.
COSETTA_GRID inline std::uint32_t flags_before(const std::uint32_t* words, std::uint32_t thread) {
  std::uint32_t count = 0;
  for (std::uint32_t w = 0; w < thread / 32; ++w) count += count_bits(words[w]);
  return count + count_bits(words[thread / 32] & ((std::uint32_t{1} << thread % 32) - 1));
}

/// A pseudo-random order of 0..n-1 for the host.
inline std::vector<std::uint32_t> order_of(std::uint32_t n, host_order order, std::uint64_t salt) {
  std::vector<std::uint32_t> out(n);
  for (std::uint32_t i = 0; i < n; ++i) out[i] = order == host_order::backward ? n - 1 - i : i;
  if (order != host_order::shuffled) return out;
  std::uint64_t x = salt * 0x9e3779b97f4a7c15u + 1;
  for (std::uint32_t i = n; i > 1; --i) {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    std::swap(out[i - 1], out[x % i]);
  }
  return out;
}

template <int Phase, class Kernel, class Each>
void run_phases_on_host(const Kernel& kernel, const Each& each, std::uint32_t round) {
  if constexpr (Phase < Kernel::phases) {
    each([&](const grid_place& at, auto& shared, auto& own) { kernel.template run<Phase>(at, round, shared, own); });
    run_phases_on_host<Phase + 1>(kernel, each, round);
  }
}

template <class Kernel>
void run_on_host(const Kernel& kernel, const grid_shape& shape, host_order order) {
  struct alignas(16) sixteen {
    unsigned char bytes[16];
  };
  typename Kernel::shared_data shared;
  std::vector<sixteen> extra((shape.extra + 15) / 16 + 1);
  std::vector<typename Kernel::thread_data> own(shape.threads);
  std::uint64_t salt = 0;
  for (const std::uint32_t block : order_of(shape.blocks, order, shape.blocks)) {
    std::memset(static_cast<void*>(&shared), 0xa5, sizeof shared);  // as found
    for (auto& o : own) o = {};
    const auto at = [&](std::uint32_t thread) { return grid_place{block, shape.blocks, thread, shape.threads, extra[0].bytes}; };
    const auto each = [&](const auto& step) {
      if (order == host_order::forward) {
        for (std::uint32_t thread = 0; thread < shape.threads; ++thread) step(at(thread), shared, own[thread]);
      } else {
        for (const auto thread : order_of(shape.threads, order, ++salt)) step(at(thread), shared, own[thread]);
      }
    };
    each([&](const grid_place& p, auto& s, auto& o) { kernel.enter(p, s, o); });
    const std::uint32_t rounds = kernel.rounds(at(0));
    for (std::uint32_t round = 0; round < rounds; ++round) run_phases_on_host<0>(kernel, each, round);
    each([&](const grid_place& p, auto& s, auto& o) { kernel.leave(p, s, o); });
  }
}

}  // namespace grid

/// Shared memory of a block of threads.
template <class Kernel>
constexpr std::size_t shared_bytes_of(std::uint32_t extra) {
  return (sizeof(typename Kernel::shared_data) + 15) / 16 * 16 + extra;
}

/// Defined in grid_launch.cuh, and for each kernel instantiated in a .cu file; absent.cpp has those of a build without CUDA.
template <class Kernel>
void launch_on_device(backend& on, const Kernel& kernel, const grid_shape& shape, unsigned stream);

/// Starts a kernel; it is over when the stream is waited for. Throws backend_error.
template <class Kernel>
void launch(backend& on, const Kernel& kernel, const grid_shape& shape, unsigned stream = 0) {
  if (shape.blocks == 0) return;
  if (const auto* order = on.host()) {
    if (shared_bytes_of<Kernel>(shape.extra) > on.shared_bytes()) throw backend_error("a kernel needs more shared memory than the device has");
    on.run_on_host(stream, [kernel, shape, by = *order] { grid::run_on_host(kernel, shape, by); });
  } else {
    launch_on_device(on, kernel, shape, stream);
  }
}

/// As launch_on_device, of the kernels that are asked for.
template <class Kernel>
std::uint32_t blocks_together_on_device(const backend& on, std::uint32_t threads, std::uint32_t extra);

/// Blocks of threads of a kernel that a multiprocessor runs at once; 0 where none goes. The host has no registers, 2048 threads and 32 blocks, and
/// keeps 1 KiB of shared memory for itself with each, as a device does.
template <class Kernel>
std::uint32_t blocks_together(const backend& on, std::uint32_t threads, std::uint32_t extra) {
  if (on.host() == nullptr) return blocks_together_on_device<Kernel>(on, threads, extra);
  const auto by_memory = static_cast<std::uint32_t>((std::size_t{on.shared_bytes()} + 1024) / (shared_bytes_of<Kernel>(extra) + 1024));
  return std::min({2048 / threads, 32U, by_memory});
}

}  // namespace cosetta::kernels
