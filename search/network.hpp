// Trained networks that estimate the distance home of a permutation, as a file says them (docs/networks.md): one line of JSON, then the
// numbers, float32 in little-endian order, layer by layer. What they compute on: input i n + s is 1 where label s stands at place i, label
// s being the one that stands at place s at home. make_network_heuristic (heuristic.hpp) runs them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cosetta::search {

enum class network_precision { float32, int8 };  // int8: of weights and activations between the first layer and the last

struct network_layer {
  enum class kind { linear, batch_norm, layer_norm, relu, residual_begin, residual_end };
  kind what;
  std::size_t in = 0, out = 0;      // numbers; equal but for linear layers
  double epsilon = 0;               // of the norms
  std::vector<float> weight, bias;  // linear: weight[o * in + k], as PyTorch has it; a bias that the file leaves out is 0
  std::vector<float> mean, variance;  // of batch norms
};

/// The first layer is linear with degree^2 inputs, the last number is one estimate, residual blocks are closed and keep the width.
struct network {
  std::size_t degree = 0;
  std::vector<network_layer> layers;
  double scale = 1, offset = 0;  // the estimate is scale * output + offset

  /// "144-256-256-1"
  std::string widths() const;
};

/// Throws parse_error with the name, the place and the reason for what is no such file: a wrong header, layers that do not fit, numbers that
/// are missing or left over (before any are allocated), infinite ones, variances that are not positive.
network parse_network(std::string_view bytes, const std::string& name);

/// The same from a file. Throws parse_error, also where it cannot be read.
network read_network(const std::string& path);

}  // namespace cosetta::search
