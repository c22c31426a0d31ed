#include <tools/machine.hpp>

#include <algorithm>
#include <fstream>
#include <string>

#include <sched.h>
#include <unistd.h>

namespace cosetta::tools {

unsigned available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return static_cast<unsigned>(std::max(CPU_COUNT(&cores), 1));
  return 1;
}

std::size_t default_memory() {
  std::size_t free =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::ifstream info("/proc/meminfo");
  for (std::string key, unit; info >> key;) {
    std::size_t kibibytes = 0;
    if (!(info >> kibibytes)) break;
    std::getline(info, unit);
    if (key == "MemAvailable:") free = kibibytes * 1024;
  }
  std::ifstream group("/sys/fs/cgroup/memory.max");
  if (std::size_t most = 0; group >> most) free = std::min(free, most);
  return free / 4 * 3;
}

}  // namespace cosetta::tools
