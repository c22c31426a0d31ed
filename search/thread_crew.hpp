// Threads that run one function together and meet at a barrier, for sweeps whose phases are a few microseconds long.
// Internal to search/.
#pragma once

#include <kernels/error.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace cosetta::search {

class thread_crew {
 public:
  /// Throws resource_error when the system has no more threads.
  explicit thread_crew(unsigned size) : size_(size) {
    try {
      for (unsigned t = 1; t < size; ++t) threads_.emplace_back([this, t] { serve(t); });
    } catch (const std::system_error&) {
      const auto started = threads_.size();
      dismiss();
      threads_.clear();
      throw resource_error("only " + std::to_string(started + 1) + " of " + std::to_string(size) + " threads could be started: lower --threads");
    }
  }
  ~thread_crew() { dismiss(); }
  thread_crew(const thread_crew&) = delete;
  thread_crew& operator=(const thread_crew&) = delete;

  unsigned size() const noexcept { return size_; }

  /// Calls task(t) on all threads at once, t < size(), and waits for all of them. The task must not throw.
  void run(const std::function<void(unsigned)>& task) {
    if (size_ == 1) return task(0);
    task_ = &task;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    task(0);
    meet();
  }

  /// Waits until all threads of the crew have come here.
  void meet() {
    if (size_ == 1) return;
    const auto phase = phase_.load(std::memory_order_acquire);
    if (waiting_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
      waiting_.store(0, std::memory_order_relaxed);
      phase_.store(phase + 1, std::memory_order_release);
      phase_.notify_all();
      return;
    }
    for (int spins = 0; spins < 4000; ++spins) {
      if (phase_.load(std::memory_order_acquire) != phase) return;
      __builtin_ia32_pause();
    }
    while (phase_.load(std::memory_order_acquire) == phase) phase_.wait(phase, std::memory_order_acquire);
  }

 private:
  void dismiss() {
    task_ = nullptr;
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  void serve(unsigned t) {
    for (std::uint32_t seen = 0;;) {
      round_.wait(seen, std::memory_order_acquire);
      seen = round_.load(std::memory_order_acquire);
      if (task_ == nullptr) return;
      (*task_)(t);
      meet();
    }
  }

  unsigned size_;
  std::atomic<std::uint32_t> round_ = 0, phase_ = 0;
  std::atomic<unsigned> waiting_ = 0;
  const std::function<void(unsigned)>* task_ = nullptr;
  std::vector<std::jthread> threads_;  // last: joined before the rest goes
};

}  // namespace cosetta::search
