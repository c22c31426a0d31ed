#include <kernels/cuda/grid_launch.cuh>
#include <kernels/cuda/walk_grid.hpp>

namespace cosetta::kernels {

template void launch_on_device(backend&, const walk_steps_near&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const walk_steps_far&, const grid_shape&, unsigned);

}  // namespace cosetta::kernels
