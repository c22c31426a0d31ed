#include <tools/python/interruption.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cosetta::python {

namespace {

// They are never destroyed: a signal may come while the process ends.
sem_t wake;
struct sigaction previous;
std::mutex& mutex = *new std::mutex;
std::stop_source* active = nullptr;  // of the outermost work on the main thread
bool watched = false;                // whether there is a watching thread; fork() does not copy it

void on_signal(int number) {
  sem_post(&wake);
  if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) previous.sa_handler(number);
}

void watch() {
  for (;;) {
    while (sem_wait(&wake) != 0) {
    }
    const std::lock_guard lock(mutex);
    if (active != nullptr) active->request_stop();
  }
}

void start_watching() {
  static const int noted = pthread_atfork(nullptr, nullptr, [] { watched = false; });
  static_cast<void>(noted);
  sem_init(&wake, 0, 0);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the others
  std::thread(watch).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  watched = true;
}

bool can_precede(const struct sigaction& handler) { return (handler.sa_flags & SA_SIGINFO) == 0 && handler.sa_handler != SIG_DFL && handler.sa_handler != SIG_IGN; }

}  // namespace

interruption::interruption() {
  if (!is_main_thread()) return;
  if (active != nullptr) {
    source_ = *active;
    return;
  }
  if (!watched) {
    if (sigaction(SIGINT, nullptr, &previous) != 0 || !can_precede(previous)) return;
    start_watching();
  }
  {
    const std::lock_guard lock(mutex);
    active = &source_;
  }
  catches_ = true;
  struct sigaction mine = {}, before;
  mine.sa_handler = on_signal;
  mine.sa_flags = previous.sa_flags;
  if (sigaction(SIGINT, &mine, &before) != 0) before = previous;
  const bool can = can_precede(before);
  previous = before;
  if (!can) end();  // the user lets SIGINT end the process, or not
}

void interruption::end() {
  if (!catches_) return;
  catches_ = false;
  sigaction(SIGINT, &previous, nullptr);
  const std::lock_guard lock(mutex);
  active = nullptr;
}

interruption::~interruption() { end(); }

// ------------------------------------------------------------------------------------------------------------------- the end

namespace {

struct all_work {
  std::mutex mutex;
  std::condition_variable ended;
  std::map<const live_work*, std::stop_source> live;
  std::atomic<bool> closing = false;
};

/// Never destroyed: threads may be in it while the process ends. fork() copies none of the threads that are at work.
all_work& all() {
  static auto* work = new all_work;
  static const int noted = pthread_atfork(nullptr, nullptr, [] { work = new all_work; });
  static_cast<void>(noted);
  return *work;
}

}  // namespace

bool is_main_thread() {
  thread_local const bool is_main = syscall(SYS_gettid) == getpid();
  return is_main;
}

live_work::live_work(std::stop_source stop) {
  auto& work = all();
  const std::lock_guard lock(work.mutex);
  if (work.closing && !is_main_thread()) stop.request_stop();
  work.live.emplace(this, std::move(stop));
}

live_work::~live_work() {
  auto& work = all();
  const std::lock_guard lock(work.mutex);
  work.live.erase(this);
  work.ended.notify_all();
}

bool is_ending(bool began_on_main) { return !began_on_main && all().closing; }

void end_all_work(std::chrono::milliseconds patience) {
  auto& work = all();
  std::unique_lock lock(work.mutex);
  work.closing = true;
  for (auto& [one, stop] : work.live) stop.request_stop();
  work.ended.wait_for(lock, patience, [&] { return work.live.empty(); });
}

void park() {
  for (;;) pause();
}

}  // namespace cosetta::python
