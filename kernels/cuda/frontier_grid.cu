#include <kernels/cuda/frontier_grid.hpp>
#include <kernels/cuda/grid_launch.cuh>

namespace cosetta::kernels {

template void launch_on_device(backend&, const place_buckets&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const partition_states<1>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const partition_states<2>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const partition_states<3>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const partition_states<4>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<1, true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<2, true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<3, true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<4, true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<1, false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<2, false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<3, false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_fresh<4, false>&, const grid_shape&, unsigned);

}  // namespace cosetta::kernels
