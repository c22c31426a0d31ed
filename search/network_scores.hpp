// Estimates of a network as scores, which a beam keeps in 16 bits: the steps of a range that the estimates of a sample give. Internal to search/.
#pragma once

#include <kernels/cuda/beam_network_grid.hpp>
#include <search/byte_graph.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cosetta::search {

class network_scores {
 public:
  static constexpr std::uint32_t last = kernels::score_steps::last;

  /// Home, 256 ends of walks of n steps and 256 of long ones: rows.
  static std::vector<std::uint8_t> sample(const byte_graph& graph);

  network_scores() = default;
  /// From what a network says of a sample. Throws domain_error, with the network's name, where it says something infinite.
  network_scores(std::span<const float> said, const std::string& name);

  std::uint32_t operator()(float said) const noexcept { return steps_(said); }
  const kernels::score_steps& steps() const noexcept { return steps_; }

 private:
  kernels::score_steps steps_;
};

}  // namespace cosetta::search
