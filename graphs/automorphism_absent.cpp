#include <graphs/automorphism_backend.hpp>
#include <kernels/error.hpp>

namespace cosetta::graphs {

bool automorphisms_available() noexcept {
  return false;
}

automorphism_result search_automorphisms(search_graph&, const automorphism_limits&) {
  throw backend_error(
      "built without nauty, which searches automorphisms: install libnauty2-dev and configure again with "
      "-DCOSETTA_NAUTY=ON");
}

}  // namespace cosetta::graphs
