// Independent tasks on the threads of one arena, over oneTBB. Internal to search/.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

namespace cosetta::search {

class parallel_tasks {
 public:
  /// One thread needs no arena, and must not hold back those of the arena that it works in.
  explicit parallel_tasks(unsigned threads) : threads_(threads) {
    if (threads > 1) pool_.emplace(threads);
  }

  /// Calls task(i, thread) for all i < n; thread < threads, and no two calls with one thread number overlap. On the
  /// calling thread alone unless `parallel`.
  template <class Task>
  void run(std::size_t n, bool parallel, const Task& task) {
    if (!parallel || threads_ == 1) {
      for (std::size_t i = 0; i < n; ++i) task(i, std::size_t{0});
      return;
    }
    // TBB orders fork, tasks and join, but a thread sanitizer cannot see into it: `ordered_` says the same in the open.
    ordered_.store(0, std::memory_order_release);
    pool_->arena.execute([&] {
      oneapi::tbb::parallel_for(std::size_t{0}, n, [&](std::size_t i) {
        static_cast<void>(ordered_.load(std::memory_order_acquire));
        task(i, static_cast<std::size_t>(oneapi::tbb::this_task_arena::current_thread_index()));
        ordered_.fetch_add(1, std::memory_order_acq_rel);
      });
    });
    static_cast<void>(ordered_.load(std::memory_order_acquire));
  }

 private:
  struct pool {
    explicit pool(unsigned threads) : parallelism(oneapi::tbb::global_control::max_allowed_parallelism, threads), arena(static_cast<int>(threads)) {}
    oneapi::tbb::global_control parallelism;
    oneapi::tbb::task_arena arena;
  };

  unsigned threads_;
  std::optional<pool> pool_;
  std::atomic<std::uint64_t> ordered_ = 0;
};

}  // namespace cosetta::search
