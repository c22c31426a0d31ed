// The main program of test_device: the tests of device kernels, on the first CUDA device. Without one it says so and exits with 77, which
// CTest counts as skipped.
#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>
#include <tests/catch_session.hpp>
#include <tests/search/backends.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  try {
    std::printf("%s\n", cosetta::kernels::make_cuda_backend()->device().c_str());
  } catch (const cosetta::error& e) {
    std::printf("skipped: %s\n", e.what());
    return 77;
  }
  cosetta::tests::on_device = true;
  return cosetta::tests::run_session(argc, argv);
}
