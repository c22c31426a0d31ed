// A linear layer of a network and the batch norm behind it as one layer, in double precision until the end. Internal to search/.
#pragma once

#include <search/network.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace cosetta::search {

/// What a batch norm does to number o: a scale, then a shift.
std::pair<double, double> affine_of(const network_layer& norm, std::size_t o);

/// Throws domain_error for 10^30 and more; `number`: that of the layer.
float checked_weight(double x, std::size_t number);

struct folded_layer {
  std::vector<float> weights;  // [out][in]; of a first layer [v n + place][out] for label v, whose places rows hold
  std::vector<float> bias;
};

/// `batch_norm`: null where there is none. `degree`: n of a first layer, otherwise 0. Throws domain_error where a product is infinite.
folded_layer fold(const network_layer& layer, const network_layer* batch_norm, std::size_t degree, std::size_t number);

}  // namespace cosetta::search
