// What stands in for the .cu files where no CUDA compiler was found.
#include <kernels/cuda/beam_grid.hpp>
#include <kernels/cuda/beam_network_grid.hpp>
#include <kernels/cuda/ceiling_grid.hpp>
#include <kernels/cuda/dense_tiles.hpp>
#include <kernels/cuda/device.hpp>
#include <kernels/cuda/frontier_grid.hpp>
#include <kernels/cuda/tower_grid.hpp>
#include <kernels/cuda/walk_grid.hpp>
#include <kernels/error.hpp>

namespace cosetta::kernels {

namespace {
constexpr const char* why_not = "this binary was built without CUDA";
}

cuda_state probe_cuda() {
  return {false, why_not, {}};
}

std::shared_ptr<backend> make_cuda_backend(int) {
  throw backend_error(std::string("backend cuda: not usable: ") + why_not + "; use --backend cpu (cosetta backends shows what runs here)");
}

template <class Kernel>
void launch_on_device(backend&, const Kernel&, const grid_shape&, unsigned) {
  throw backend_error(why_not);
}
template <class Kernel>
std::uint32_t blocks_together_on_device(const backend&, std::uint32_t, std::uint32_t) {
  throw backend_error(why_not);
}
template std::uint32_t blocks_together_on_device<sweep_words>(const backend&, std::uint32_t, std::uint32_t);
template std::uint32_t blocks_together_on_device<sweep_vectors>(const backend&, std::uint32_t, std::uint32_t);
template void launch_on_device(backend&, const copy_words&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const exchange_words&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const list_units&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const sweep_words&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const sweep_vectors&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const commit_units&, const grid_shape&, unsigned);
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
template void launch_on_device(backend&, const walk_steps_near&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const walk_steps_far&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const one_hot_rows<true>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const one_hot_rows<false>&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const norm_rows&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const dot_rows&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const wide_dense_tiles&, const grid_shape&, unsigned);
template void launch_on_device(backend&, const narrow_dense_tiles&, const grid_shape&, unsigned);

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
