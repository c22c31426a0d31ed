// How a kernel of a grid (grid.hpp) is started on a CUDA device. Included by .cu files only.
#pragma once

#include <kernels/cuda/grid.hpp>
#include <kernels/error.hpp>

#include <string>

#include <cuda_runtime_api.h>

namespace cosetta::kernels {

inline void check_cuda(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // it is told here, and not again by the next call
  const std::string message = std::string("cuda: ") + what + ": " + cudaGetErrorString(status);
  if (status == cudaErrorMemoryAllocation) throw resource_error(message + ": take a smaller graph, or --backend cpu");
  throw backend_error(message + ": try --backend cpu");
}

namespace grid {

template <int Phase, class Kernel>
__device__ inline void run_phases(const Kernel& kernel, const grid_place& at, std::uint32_t round, typename Kernel::shared_data& shared,
                                  typename Kernel::thread_data& own) {
  if constexpr (Phase < Kernel::phases) {
    kernel.template run<Phase>(at, round, shared, own);
    __syncthreads();
    run_phases<Phase + 1>(kernel, at, round, shared, own);
  }
}

/// Blocks on a multiprocessor that a kernel asks for, with `static constexpr unsigned least_blocks`: it may use as many registers as that
/// leaves, where the compiler would rather spill some and run more blocks. 0: as the compiler likes.
template <class Kernel>
constexpr unsigned least_blocks_of() {
  if constexpr (requires { Kernel::least_blocks; }) return Kernel::least_blocks;
  return 0;
}

template <class Kernel>
__global__ void __launch_bounds__(Kernel::most_threads, least_blocks_of<Kernel>()) run_on_device(const __grid_constant__ Kernel kernel) {
  extern __shared__ __align__(16) unsigned char raw[];
  auto& shared = *reinterpret_cast<typename Kernel::shared_data*>(raw);
  typename Kernel::thread_data own{};
  const grid_place at{blockIdx.x, gridDim.x, threadIdx.x, blockDim.x, raw + (sizeof(typename Kernel::shared_data) + 15) / 16 * 16};
  kernel.enter(at, shared, own);
  __syncthreads();
  const std::uint32_t rounds = kernel.rounds(at);
  for (std::uint32_t round = 0; round < rounds; ++round) run_phases<0>(kernel, at, round, shared, own);
  kernel.leave(at, shared, own);
}

}  // namespace grid

/// On the calling thread's device, which native_stream() chooses.
template <class Kernel>
void allow_shared_bytes(std::size_t bytes) {
  if (bytes <= 48 * 1024) return;
  check_cuda(cudaFuncSetAttribute(grid::run_on_device<Kernel>, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)), "shared memory of a kernel");
}

template <class Kernel>
void launch_on_device(backend& on, const Kernel& kernel, const grid_shape& shape, unsigned stream) {
  const auto to = static_cast<cudaStream_t>(on.native_stream(stream));
  const auto bytes = shared_bytes_of<Kernel>(shape.extra);
  allow_shared_bytes<Kernel>(bytes);
  grid::run_on_device<Kernel><<<shape.blocks, shape.threads, bytes, to>>>(kernel);
  check_cuda(cudaGetLastError(), "starting a kernel");
}

template <class Kernel>
std::uint32_t blocks_together_on_device(const backend& on, std::uint32_t threads, std::uint32_t extra) {
  on.native_stream(0);
  const auto bytes = shared_bytes_of<Kernel>(extra);
  allow_shared_bytes<Kernel>(bytes);
  int blocks = 0;
  check_cuda(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, grid::run_on_device<Kernel>, static_cast<int>(threads), bytes), "asking how many blocks run together");
  return static_cast<std::uint32_t>(blocks);
}

}  // namespace cosetta::kernels
