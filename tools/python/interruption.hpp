// Ctrl-C while long work runs without the interpreter's lock: the work is asked to stop, and Python's own handler runs when it has.
//
// Python notes a signal and acts on it between two of its own instructions, of which there are none while C++ works. So SIGINT is caught in
// addition: a thread that sleeps otherwise asks the work to stop. The work stays on the thread that called, and quick work pays two system calls.
#pragma once

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
  void request_stop() { source_.request_stop(); }
  /// No longer interested.
  void end();

 private:
  std::stop_source source_;
  bool catches_ = false;
};

}  // namespace cosetta::python
