#include <tools/python/interruption.hpp>

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
  thread_local const bool is_main = syscall(SYS_gettid) == getpid();
  if (!is_main) return;
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

}  // namespace cosetta::python
