// Where tests of device kernels run: on the host, in one order of threads after another, or, in the program test_device, on the CUDA device.
// It is one test body for all.
#pragma once

#include <kernels/cuda/backend.hpp>

#include <array>
#include <cstddef>
#include <memory>

namespace cosetta::tests {

inline std::shared_ptr<kernels::backend> next_backend() {
#ifdef COSETTA_DEVICE_TESTS
  static const auto device = kernels::make_cuda_backend();
  return device;
#else
  using kernels::host_order;
  static std::size_t calls = 0;
  return kernels::make_host_backend(std::array{host_order::forward, host_order::backward, host_order::shuffled}[calls++ % 3]);
#endif
}

}  // namespace cosetta::tests
