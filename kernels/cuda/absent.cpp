#include <kernels/cuda/device.hpp>

namespace cosetta::kernels {

cuda_state probe_cuda() {
  return {false, "this binary was built without CUDA", {}};
}

}  // namespace cosetta::kernels
