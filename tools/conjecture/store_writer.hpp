// One thread that writes what others finish: as long as a transaction takes, the next ones gather and share one. Internal to tools/conjecture/.
#pragma once

#include <tools/conjecture/store.hpp>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace cosetta::conjecture {

class store_writer {
 public:
  /// The store is the writer's alone as long as this lives.
  explicit store_writer(store& into) : into_(into), thread_([this] { serve(); }) {}
  ~store_writer() { close(); }
  store_writer(const store_writer&) = delete;
  store_writer& operator=(const store_writer&) = delete;

  /// Waits where the disk is far behind.
  void add(finished_graph graph) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return waiting_.size() < most_waiting || failed_; });
    if (failed_) return;
    waiting_.push_back(std::move(graph));
    work_.notify_one();
  }

  bool has_failed() const noexcept { return failed_; }

  /// Writes all that is left. Throws what writing threw.
  void finish() {
    close();
    if (error_) std::rethrow_exception(error_);
  }

 private:
  static constexpr std::size_t most_waiting = 10'000;

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      work_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

  void serve() {
    for (;;) {
      std::vector<finished_graph> batch;
      {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [&] { return !waiting_.empty() || closed_; });
        if (waiting_.empty()) return;
        batch.swap(waiting_);
        room_.notify_all();
      }
      try {
        into_.put(batch);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        error_ = std::current_exception();
        failed_ = true;
        room_.notify_all();
        return;
      }
    }
  }

  store& into_;
  std::mutex mutex_;
  std::condition_variable work_, room_;
  std::vector<finished_graph> waiting_;
  bool closed_ = false;
  std::atomic<bool> failed_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace cosetta::conjecture
