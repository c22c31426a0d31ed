#include <kernels/cuda/ceiling_grid.hpp>
#include <kernels/cuda/grid_launch.cuh>

namespace cosetta::kernels {

template void launch_on_device(backend&, const copy_words&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const exchange_words&, const grid_shape&, unsigned);

}  // namespace cosetta::kernels
