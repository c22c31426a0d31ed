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
pid_t watched = 0;                   // the process that has a watching thread: a child of fork() has none

void on_signal(int number) {
  sem_post(&wake);
  previous.sa_handler(number);
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
  if (watched == getpid()) return;
  sem_init(&wake, 0, 0);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the others
  std::thread(watch).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  watched = getpid();
}

}  // namespace

interruption::interruption() {
  if (syscall(SYS_gettid) != getpid()) return;
  if (active != nullptr) {
    source_ = *active;
    return;
  }
  struct sigaction now;
  if (sigaction(SIGINT, nullptr, &now) != 0 || (now.sa_flags & SA_SIGINFO) != 0 || now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN) return;
  start_watching();
  {
    const std::lock_guard lock(mutex);
    active = &source_;
  }
  previous = now;
  now.sa_handler = on_signal;
  catches_ = true;
  if (sigaction(SIGINT, &now, nullptr) != 0) end();
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
