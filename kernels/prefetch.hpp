// Asking for cache lines before they are needed.
#pragma once

namespace cosetta::kernels {

/// Asks for the line of `at`, into the second cache, which has room for more requests than the first. Not by
/// __builtin_prefetch: g++ 12 takes a function that does nothing else for one without effects and drops the calls to
/// it.
inline void prefetch(const void* at) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetcht1 %0" : : "m"(*static_cast<const char*>(at)));
#else
  __builtin_prefetch(at, 0, 2);
#endif
}

/// The same for a line that will be written, so that no other core keeps it. Processors that do not know the instruction pass over it.
inline void prefetch_to_write(const void* at) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(at)));
#else
  __builtin_prefetch(at, 1, 2);
#endif
}

}  // namespace cosetta::kernels
