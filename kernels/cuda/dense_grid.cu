#include <kernels/cuda/dense_tiles.hpp>
#include <kernels/cuda/grid_launch.cuh>

namespace cosetta::kernels {

std::uint32_t most_shared_bytes(backend& on) {
  if (on.host() != nullptr) return 227 << 10;  // an H100's
  int device = 0, bytes = 0;
  check_cuda(cudaGetDevice(&device), "asking for the device");
  check_cuda(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "asking for shared memory");
  return static_cast<std::uint32_t>(bytes);
}

template void launch_on_device(backend&, const one_hot_rows<true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const one_hot_rows<false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const norm_rows&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const dot_rows&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const wide_dense_tiles&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const narrow_dense_tiles&, const grid_shape&, unsigned);

}  // namespace cosetta::kernels
