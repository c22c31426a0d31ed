// The terminal side of long work: progress on stderr, and Ctrl-C.
#pragma once

#include <search/run_context.hpp>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

namespace cosetta::tools {

/// While it lives, the first SIGINT or SIGTERM asks the work to stop, the second ends the process with code 130.
/// To be made before any thread is started: it blocks the signals, and threads inherit that.
class interrupt_guard {
 public:
  interrupt_guard();
  ~interrupt_guard();
  interrupt_guard(const interrupt_guard&) = delete;
  interrupt_guard& operator=(const interrupt_guard&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::atomic<bool> done_ = false;
  std::thread waiter_;
};

/// A line of text that overwrites itself, at most ten times a second, when stderr is a terminal; nothing otherwise.
class status_line {
 public:
  status_line();
  ~status_line();
  status_line(const status_line&) = delete;
  status_line& operator=(const status_line&) = delete;

  void show(const std::string& text);
  void clear();

 private:
  bool live_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;  // not before: quick work shows nothing
};

/// Draws one line that overwrites itself when stderr is a terminal; with `verbose` one line a layer anywhere.
class progress_display {
 public:
  progress_display(bool quiet, bool verbose);
  progress_display(const progress_display&) = delete;
  progress_display& operator=(const progress_display&) = delete;

  void show(const search::progress& p);

 private:
  bool lines_;
  bool live_;
  status_line line_;
};

}  // namespace cosetta::tools
