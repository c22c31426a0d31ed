// Where tests of device kernels run: on the host, in one order of threads and of streams after another, or, in the program test_device, on the CUDA device.
// They are compiled once, and linked into both programs.
#pragma once

#include <kernels/cuda/backend.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace cosetta::tests {

/// Set by the main program of test_device before the tests begin.
inline bool on_device = false;

inline std::shared_ptr<kernels::backend> next_backend() {
  if (on_device) {
    static const auto device = kernels::make_cuda_backend();
    return device;
  }
  using kernels::host_order;
  using kernels::host_streams;
  static std::size_t calls = 0;
  const std::uint32_t shared = calls / 3 % 2 == 0 ? 227 << 10 : 99 << 10;  // an H100's, and a small card's
  const auto order = std::array{host_order::forward, host_order::backward, host_order::shuffled}[calls % 3];
  const auto when = std::array{host_streams::at_once, host_streams::first_ahead, host_streams::second_ahead, host_streams::shuffled}[calls % 4];
  ++calls;
  return kernels::make_host_backend(order, std::size_t{1} << 40, shared, when);
}

/// The host in each order, or the device.
inline std::vector<std::shared_ptr<kernels::backend>> all_backends() {
  if (on_device) return {next_backend()};
  return {next_backend(), next_backend(), next_backend()};
}

}  // namespace cosetta::tests
