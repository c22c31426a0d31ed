// What the benchmarks of devices have in common: their first argument, and where they run.
#pragma once

#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace cosetta::tests {

inline double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Calls run(backend, other arguments) with the first CUDA device, or with the host after --host. Exit codes: what it returns; 77, with a line
/// that says why, where there is no device; 2 for an error.
inline int run_on_device(const char* program, int argc, char** argv,
                         const std::function<int(const std::shared_ptr<kernels::backend>&, std::vector<std::string>)>& run) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool host = !arguments.empty() && arguments[0] == "--host";
  if (host) arguments.erase(arguments.begin());
  std::shared_ptr<kernels::backend> on;
  try {
    on = host ? kernels::make_host_backend(kernels::host_order::forward, std::size_t{1} << 30) : kernels::make_cuda_backend();
  } catch (const backend_error& e) {
    fmt::print("skipped: {}\n", e.what());
    return 77;
  }
  try {
    return run(on, std::move(arguments));
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}: {}\n", program, e.what());
    return 2;
  }
}

}  // namespace cosetta::tests
