#include <kernels/cuda/dense_tiles.hpp>
#include <kernels/cuda/grid_launch.cuh>

namespace cosetta::kernels {

template void launch_on_device(backend&, const one_hot_rows<true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const one_hot_rows<false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const norm_rows&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const dot_rows&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const wide_dense_tiles&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const narrow_dense_tiles&, const grid_shape&, unsigned);

}  // namespace cosetta::kernels
