#include <kernels/cuda/grid_launch.cuh>
#include <kernels/cuda/tower_grid.hpp>

namespace cosetta::kernels {

template void launch_on_device(backend&, const list_units&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const sweep_words&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const sweep_vectors&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const commit_units&, const grid_shape&, unsigned);
template std::uint32_t blocks_together_on_device<sweep_words>(const backend&, std::uint32_t, std::uint32_t);
template std::uint32_t blocks_together_on_device<sweep_vectors>(const backend&, std::uint32_t, std::uint32_t);

}  // namespace cosetta::kernels
