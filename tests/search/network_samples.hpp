// Networks with random weights, for tests.
#pragma once

#include <search/network.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace cosetta::tests {

using layer_kind = search::network_layer::kind;

inline std::vector<float> uniform_numbers(std::size_t count, std::mt19937_64& random, float least, float greatest) {
  std::uniform_real_distribution<float> uniform(least, greatest);
  std::vector<float> out(count);
  for (auto& x : out) x = uniform(random);
  return out;
}

/// Networks, layer by layer, with random weights; whole: -1, 0 and 1, four of them in a row.
class network_builder {
 public:
  network_builder(std::size_t n, std::uint64_t seed, bool whole) : random_(seed), whole_(whole), width_(n * n) { net_.degree = n; }

  network_builder& linear(std::size_t out) {
    search::network_layer layer{layer_kind::linear, width_, out, 0, {}, {}, {}, {}};
    const auto range = 1.5F / std::sqrt(static_cast<float>(net_.layers.empty() ? net_.degree : width_));
    layer.weight = whole_ ? std::vector<float>(width_ * out) : uniform_numbers(width_ * out, random_, -range, range);
    layer.bias = whole_ ? std::vector<float>(out) : uniform_numbers(out, random_, -0.5F, 0.5F);
    for (std::size_t i = 0; whole_ && i < out; ++i) {
      const std::size_t count = net_.layers.empty() ? width_ / 2 : 4;
      for (std::size_t k = 0; k < count; ++k) layer.weight[i * width_ + random_() % width_] = random_() % 2 == 0 ? -1.0F : 1.0F;
      layer.bias[i] = static_cast<float>(random_() % 3) - 1;
    }
    width_ = out;
    return add(std::move(layer));
  }
  network_builder& norm(layer_kind kind) {
    search::network_layer layer{kind, width_, width_, 1e-5, uniform_numbers(width_, random_, 0.3F, 1.2F), uniform_numbers(width_, random_, -0.5F, 0.5F), {}, {}};
    if (kind == layer_kind::batch_norm) layer.mean = uniform_numbers(width_, random_, -0.5F, 0.5F), layer.variance = uniform_numbers(width_, random_, 0.5F, 2);
    return add(std::move(layer));
  }
  network_builder& then(layer_kind kind) { return add({kind, width_, width_, 0, {}, {}, {}, {}}); }
  search::network done(double scale = 1) {
    net_.scale = scale;
    return net_;
  }

 private:
  network_builder& add(search::network_layer layer) {
    net_.layers.push_back(std::move(layer));
    return *this;
  }
  std::mt19937_64 random_;
  bool whole_;
  std::size_t width_;
  search::network net_;
};

/// All kinds of layers in all kinds of places.
inline search::network rich_network(std::size_t n, std::size_t first, std::size_t hidden, std::uint64_t seed) {
  using enum search::network_layer::kind;
  network_builder b(n, seed, false);
  b.linear(first).norm(batch_norm).then(relu).linear(hidden).then(relu);
  b.then(residual_begin).then(residual_begin).linear(hidden).norm(batch_norm).then(relu).then(residual_end).then(relu);
  b.linear(first).norm(layer_norm).then(relu).linear(hidden).then(residual_end).then(relu).norm(batch_norm);
  b.then(residual_begin).then(relu).then(residual_begin).then(residual_end).then(residual_end).norm(layer_norm).linear(1);
  return b.done(3);
}

inline search::network whole_network(std::size_t n, std::size_t hidden, std::uint64_t seed) {
  using enum search::network_layer::kind;
  network_builder b(n, seed, true);
  b.linear(hidden).then(relu).then(residual_begin).linear(hidden + 3).then(relu).linear(hidden).then(residual_end).then(relu).linear(1);
  return b.done(-1);
}

/// Linear layers with these outputs and one in the end, and what is negative left out between them.
inline search::network plain_network(std::size_t n, const std::vector<std::size_t>& hidden) {
  network_builder b(n, 1, false);
  for (const auto width : hidden) b.linear(width).then(layer_kind::relu);
  b.linear(1);
  return b.done();
}

/// The number of labels that are not home, each times `of_label` and some more, at random: hidden outputs count some of the labels, and the last number is their sum.
inline search::network counting_network(std::size_t n, std::size_t hidden, float of_label, float noise, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  search::network out;
  out.degree = n, out.scale = 1, out.offset = 0;
  search::network_layer first{layer_kind::linear, n * n, hidden, 0, uniform_numbers(n * n * hidden, random, -noise, noise), std::vector<float>(hidden), {}, {}};
  for (std::size_t v = 0; v < n; ++v) {
    for (std::size_t at = 0; at < n; ++at) first.weight[v % hidden * n * n + at * n + v] += at == v ? 0.0F : of_label;
  }
  search::network_layer last{layer_kind::linear, hidden, 1, 0, std::vector<float>(hidden, 1.0F), std::vector<float>(1), {}, {}};
  out.layers = {std::move(first), {layer_kind::relu, hidden, hidden, 0, {}, {}, {}, {}}, std::move(last)};
  return out;
}

}  // namespace cosetta::tests
