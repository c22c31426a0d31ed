// What is computed once, by the first thread that asks, and is tried again after an exception. std::call_once means to
// do that too, but never returns from the call after an exception under ThreadSanitizer, whose pthread_once does not
// know exceptions.
#pragma once

#include <atomic>
#include <mutex>

namespace cosetta::groups {

class once {
 public:
  /// Calls f unless a call of it has returned before; others wait meanwhile.
  template <class F>
  void call(const F& f) {
    if (done_.load(std::memory_order_acquire)) return;
    const std::scoped_lock lock(mutex_);
    if (done_.load(std::memory_order_relaxed)) return;
    f();
    done_.store(true, std::memory_order_release);
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> done_{false};
};

}  // namespace cosetta::groups
