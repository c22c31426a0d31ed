#include <kernels/error.hpp>
#include <kernels/word_array.hpp>
#include <search/folded_layer.hpp>
#include <search/network_program.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

constexpr std::size_t tile_floats = 1 << 16;  // of activations: they and a panel of weights stay in the second cache

/// Rows that go through all layers together.
std::size_t tile_rows(std::size_t width) noexcept { return std::clamp<std::size_t>(tile_floats / width / 12 * 12, 12, 96); }

}  // namespace

std::pair<double, double> affine_of(const network_layer& norm, std::size_t o) {
  const double scale = norm.weight[o] / std::sqrt(norm.variance[o] + norm.epsilon);
  return {scale, norm.bias[o] - norm.mean[o] * scale};
}

float checked_weight(double x, std::size_t number) {
  if (!(std::abs(x) < 1e30)) throw domain_error(fmt::format("layer {} and its batch norm multiply to {}, which float32 does not hold", number, x));
  return static_cast<float>(x);
}

folded_layer fold(const network_layer& layer, const network_layer* batch_norm, std::size_t degree, std::size_t number) {
  folded_layer out{std::vector<float>(layer.weight.size()), std::vector<float>(layer.out)};
  for (std::size_t o = 0; o < layer.out; ++o) {
    const auto [scale, shift] = batch_norm == nullptr ? std::pair{1.0, 0.0} : affine_of(*batch_norm, o);
    out.bias[o] = checked_weight(layer.bias[o] * scale + shift, number);
    for (std::size_t k = 0; k < layer.in; ++k) {
      // Label s at place i is input i n + s of the file; rows hold the places of the labels.
      const auto at = degree > 0 ? (k % degree * degree + k / degree) * layer.out + o : o * layer.in + k;
      out.weights[at] = checked_weight(layer.weight[o * layer.in + k] * scale, number);
    }
  }
  return out;
}

network_program::network_program(const network& net, network_precision precision, kernels::instruction_set set)
    : kernels_(kernels::dense_kernels_for(set)), precision_(precision), degree_(net.degree), scale_(static_cast<float>(net.scale)) {
  using layer_kind = network_layer::kind;
  std::vector<bool> open;     // of residual blocks: what came in may be negative
  bool is_signed = true;      // what comes next
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    const auto& layer = net.layers[i];
    const std::size_t width = kernels::padded_activations(layer.out);
    widest_ = std::max(widest_, width);
    switch (layer.what) {
      case layer_kind::linear: {
        const bool folded = i + 1 < net.layers.size() && net.layers[i + 1].what == layer_kind::batch_norm;
        add_linear(layer, folded ? &net.layers[i + 1] : nullptr, i == 0, is_signed, i);
        i += folded;
        is_signed = true;
        break;
      }
      case layer_kind::batch_norm:
      case layer_kind::layer_norm:
        add_norm(layer);
        is_signed = true;
        break;
      case layer_kind::relu:
        steps_.push_back({step_kind::relu, 0, width});
        is_signed = false;
        break;
      case layer_kind::residual_begin:
        steps_.push_back({step_kind::residual_begin, open.size(), width});
        open.push_back(is_signed);
        open_ = std::max(open_, open.size());
        break;
      case layer_kind::residual_end:
        is_signed = is_signed || open.back();
        open.pop_back();
        steps_.push_back({step_kind::residual_end, open.size(), width});
    }
  }
}

void network_program::add_linear(const network_layer& layer, const network_layer* batch_norm, bool first, bool is_signed, std::size_t number) {
  const auto [weights, bias] = fold(layer, batch_norm, first ? degree_ : 0, number);
  const auto width = kernels::padded_activations(layer.out);
  if (first) {
    steps_.push_back({step_kind::one_hot, one_hot_.size(), width});
    one_hot_.emplace_back(degree_, layer.out, weights, bias, precision_ == network_precision::int8);
  } else if (precision_ == network_precision::int8 && layer.out > kernels::dense_layer::most_dots) {
    steps_.push_back({step_kind::dense_int8, int8_.size(), width});
    int8_.emplace_back(layer.in, layer.out, weights, bias, kernels_.panel, is_signed);
  } else {
    steps_.push_back({step_kind::dense, dense_.size(), width});
    dense_.emplace_back(layer.in, layer.out, weights, bias, kernels_.panel);
  }
}

/// A layer norm, or a batch norm that follows no linear layer.
void network_program::add_norm(const network_layer& layer) {
  const auto width = kernels::padded_activations(layer.out);
  const bool is_affine = layer.what == network_layer::kind::batch_norm;
  steps_.push_back({is_affine ? step_kind::affine : step_kind::layer_norm, norms_.size(), width});
  norm out{layer.weight, layer.bias, static_cast<float>(layer.epsilon), layer.out};
  out.scale.resize(width), out.shift.resize(width);
  for (std::size_t o = 0; o < layer.out && is_affine; ++o) {
    const auto [scale, shift] = affine_of(layer, o);
    out.scale[o] = checked_weight(scale, steps_.size()), out.shift[o] = checked_weight(shift, steps_.size());
  }
  norms_.push_back(std::move(out));
}

std::size_t network_program::bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& layer : one_hot_) sum += layer.bytes();
  for (const auto& layer : dense_) sum += layer.bytes();
  for (const auto& layer : int8_) sum += layer.bytes();
  for (const auto& n : norms_) sum += 8 * n.scale.size();
  return sum;
}

void network_program::predict(const std::uint8_t* rows, std::size_t stride, std::size_t count, float* out) const {
  thread_local kernels::word_array scratch;
  const std::size_t tile = tile_rows(widest_), floats = tile * widest_;
  const std::size_t words = (4 * (2 + open_) + 1) * floats / 8 + 1;  // two buffers, residual blocks, and bytes
  if (scratch.size() < words) scratch = kernels::word_array(words);
  auto* buffers = reinterpret_cast<float*>(scratch.data());
  auto* bytes = reinterpret_cast<std::uint8_t*>(buffers + (2 + open_) * floats);
  for (std::size_t i = 0; i < count; i += tile) run(rows + i * stride, stride, std::min(tile, count - i), buffers, bytes, out + i);
}

void network_program::run(const std::uint8_t* rows, std::size_t stride, std::size_t count, float* buffers, std::uint8_t* bytes, float* out) const {
  const std::size_t floats = tile_rows(widest_) * widest_;
  float *x = buffers, *y = buffers + floats, *kept = y + floats;
  for (const auto& s : steps_) {
    const std::size_t numbers = count * s.width;
    switch (s.what) {
      case step_kind::one_hot:
        kernels_.one_hot(one_hot_[s.number], rows, stride, count, x);
        break;
      case step_kind::dense:
        kernels_.dense(dense_[s.number], x, count, y);
        std::swap(x, y);
        break;
      case step_kind::dense_int8:
        kernels_.dense_int8(int8_[s.number], x, count, bytes, y);
        std::swap(x, y);
        break;
      case step_kind::affine:
        kernels_.affine(norms_[s.number].scale.data(), norms_[s.number].shift.data(), s.width, count, x);
        break;
      case step_kind::layer_norm: {
        const auto& n = norms_[s.number];
        kernels_.layer_norm(n.scale.data(), n.shift.data(), n.epsilon, n.size, s.width, count, x);
        break;
      }
      case step_kind::relu:
        kernels_.relu(numbers, x);
        break;
      case step_kind::residual_begin:
        std::copy_n(x, numbers, kept + s.number * floats);
        break;
      case step_kind::residual_end:
        kernels_.add(kept + s.number * floats, numbers, x);
    }
  }
  const std::size_t width = steps_.back().width;
  for (std::size_t i = 0; i < count; ++i) out[i] = x[i * width] * scale_;
}

}  // namespace cosetta::search
