#include <tools/invocation.hpp>
#include <tools/terminal.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

namespace cosetta::tools {

namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);  // ends the waiting thread
  return set;
}

std::string count(double n) {
  constexpr const char* units[] = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  for (; n >= 10000 && unit < 4; ++unit) n /= 1000;
  return unit == 0 ? fmt::format("{:.0f}", n) : fmt::format("{:.1f}{}", n, units[unit]);
}

}  // namespace

interrupt_guard::interrupt_guard() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::thread([set, this] {
    for (int signal = 0; sigwait(&set, &signal) == 0 && !done_;) {
      if (signal == SIGUSR1) continue;  // somebody else's
      if (source_.stop_requested()) std::_Exit(interrupted);
      source_.request_stop();
    }
  });
}

interrupt_guard::~interrupt_guard() {
  done_ = true;
  pthread_kill(waiter_.native_handle(), SIGUSR1);
  waiter_.join();
}

status_line::status_line()
    : live_(isatty(STDERR_FILENO) != 0), next_(std::chrono::steady_clock::now() + std::chrono::milliseconds(200)) {
  if (const char* kind = std::getenv("TERM"); kind != nullptr && std::strcmp(kind, "dumb") == 0) live_ = false;
}

status_line::~status_line() {
  clear();
}

void status_line::show(const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  if (!live_ || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void status_line::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

progress_display::progress_display(bool quiet, bool verbose) : lines_(verbose && !quiet), live_(!quiet && !verbose) {}

void progress_display::show(const search::progress& p) {
  if (lines_ && p.layer_complete) {
    print_error_line(fmt::format("depth {:>4}  sphere {:>14}  seen {:>16}  {:9.3f} s  {}", p.depth, p.sphere, p.seen,
                                 p.seconds, format_bytes(static_cast<double>(p.bytes))));
  }
  if (!live_ || p.seconds < 0.2) return;
  const double done = p.sphere == 0 ? 0 : static_cast<double>(p.expanded) / static_cast<double>(p.sphere);
  line_.show(fmt::format("depth {}  sphere {}  {:3.0f} %  seen {}  {} states/s  {}  {:.0f} s", p.depth,
                         count(static_cast<double>(p.sphere)), 100 * done, count(static_cast<double>(p.seen)),
                         count(static_cast<double>(p.seen) / p.seconds), format_bytes(static_cast<double>(p.bytes)), p.seconds));
}

}  // namespace cosetta::tools
