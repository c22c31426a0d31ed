#include <kernels/cuda/device.hpp>

#include <cuda_runtime_api.h>

namespace cosetta::kernels {

namespace {

/// Bytes a second of the memory bus: double data rate.
double bus_bandwidth(int device) {
  int kilohertz = 0;
  int bits = 0;
  if (cudaDeviceGetAttribute(&kilohertz, cudaDevAttrMemoryClockRate, device) != cudaSuccess) return 0;
  if (cudaDeviceGetAttribute(&bits, cudaDevAttrGlobalMemoryBusWidth, device) != cudaSuccess) return 0;
  return 2.0 * kilohertz * 1e3 * bits / 8;
}

}  // namespace

cuda_state probe_cuda() {
  cuda_state state;
  state.built = true;
  int count = 0;
  if (const cudaError_t status = cudaGetDeviceCount(&count); status != cudaSuccess) {
    state.why_not = status == cudaErrorInsufficientDriver ? "no CUDA driver, or one that is older than this program needs" : cudaGetErrorString(status);
    return state;
  }
  for (int i = 0; i < count; ++i) {
    cudaDeviceProp properties{};
    if (cudaGetDeviceProperties(&properties, i) != cudaSuccess) continue;
    state.devices.push_back({properties.name,
                             "sm_" + std::to_string(properties.major) + std::to_string(properties.minor),
                             properties.totalGlobalMem, bus_bandwidth(i)});
  }
  if (state.devices.empty()) state.why_not = "no CUDA device";
  return state;
}

}  // namespace cosetta::kernels
