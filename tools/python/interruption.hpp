// Ctrl-C while long work runs without the interpreter's lock: the work is asked to stop, and Python's own handler runs when it has.
//
// Python notes a signal and acts on it between two of its own instructions, of which there are none while C++ works. So SIGINT is caught in
// addition: a thread that sleeps otherwise asks the work to stop. The work stays on the thread that called, and quick work pays two system calls.
#pragma once

#include <chrono>
#include <stop_token>

#include <signal.h>

namespace cosetta::python {

class interruption {
 public:
  /// Signals are Python's main thread's business: on another one this only holds a stop source. Work within work is stopped with it.
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  const std::stop_source& source() const { return source_; }
  void request_stop() { source_.request_stop(); }
  /// No longer interested.
  void end();

 private:
  std::stop_source source_;
  bool catches_ = false;
};

// ---------------------------------------------------------------------------------------------------- the end of the process
//
// Whoever asks for the interpreter's lock when it is gone is ended by pthread_exit (CPython 3.9 to 3.13), whose unwinding must not meet noexcept code.
// So work on other threads than the main one is asked to stop before that (end_all_work), and its threads sleep until the process is gone.

/// The thread that may go on when the interpreter ends.
bool is_main_thread();

/// Work without the lock, as long as it lives.
class live_work {
 public:
  explicit live_work(std::stop_source stop);
  ~live_work();
  live_work(const live_work&) = delete;
  live_work& operator=(const live_work&) = delete;
};

/// Whether the interpreter ends, for work that this thread, or another one, began.
bool is_ending(bool began_on_main);
/// Asks all work to stop, refuses more of it, and waits for it, at most so long. Without the lock.
void end_all_work(std::chrono::milliseconds patience);
/// Sleeps for good.
[[noreturn]] void park();

}  // namespace cosetta::python
