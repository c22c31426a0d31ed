// The main program of test_device: the tests of device kernels, on the first CUDA device. Without one it says so and exits with 77, which
// CTest counts as skipped.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <kernels/cuda/device.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  const auto state = cosetta::kernels::probe_cuda();
  if (state.devices.empty()) {
    std::printf("skipped: %s\n", state.why_not.c_str());
    return 77;
  }
  std::printf("%s (%s)\n", state.devices[0].name.c_str(), state.devices[0].architecture.c_str());
  return Catch::Session().run(argc, argv);
}
