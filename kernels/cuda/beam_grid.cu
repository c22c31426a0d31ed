#include <kernels/cuda/beam_network_grid.hpp>
#include <kernels/cuda/grid_launch.cuh>

namespace cosetta::kernels {

template void launch_on_device(backend&, const score_children<true, true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const score_children<true, false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const score_children<false, true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const score_children<false, false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const count_ties&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const find_limit&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const sum_before&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const count_scores&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const count_kept&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const insert_children<0>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const insert_children<2>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const insert_children<4>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const insert_children<8>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const write_children<0>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const write_children<2>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const write_children<4>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const write_children<8>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const number_entries&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const write_asked&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const tell_asked&, const grid_shape&, unsigned);

}  // namespace cosetta::kernels
