// What CUDA devices this machine has. No CUDA type appears here; `device.cu` answers when a CUDA compiler was found,
// `absent.cpp` otherwise. A binary built with CUDA starts on a machine without a driver and says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cosetta::kernels {

struct cuda_device {
  std::string name;
  std::string architecture;  // "sm_90"
  std::uint64_t memory_bytes = 0;
  double peak_bandwidth = 0;  // bytes a second, from the clock and bus width the driver reports; 0 if it reports none
};

struct cuda_state {
  bool built = false;   // this binary holds CUDA code
  std::string why_not;  // empty, or why no device can be used
  std::vector<cuda_device> devices;
};

/// Asks the driver; takes up to a second where there is one. Never throws for an absent driver or device.
cuda_state probe_cuda();

}  // namespace cosetta::kernels
