// A network on a backend of grids, in bf16 with sums in float32 (kernels/cuda/dense_grid.hpp): batch norms folded, weights and what stands
// between the layers rounded to bf16, each once. What it says differs from network_program's by that rounding; it depends neither on the
// batch nor, on the host, on the order of threads. Internal to search/.
#pragma once

#include <kernels/cuda/dense_tiles.hpp>
#include <search/network.hpp>
#include <search/network_scores.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace cosetta::search {

class device_network {
 public:
  /// Throws domain_error where a folded weight is infinite, resource_error, backend_error.
  device_network(std::shared_ptr<kernels::backend> on, const network& net);

  /// out[i]: the estimate for row i without its offset, the places of the labels, `stride` bytes after the one before, as network_program::predict. One call
  /// at a time. Throws resource_error, backend_error.
  void predict(const std::uint8_t* rows, std::size_t stride, std::size_t count, float* out);
  /// The same of rows on the device, `stride` a multiple of 4, and to the device. Given to stream 0, and done when that is waited for. Precondition:
  /// count < 2^32.
  void predict_on_device(const std::uint8_t* rows, std::uint32_t stride, std::size_t count, float* out);

  /// Rows that go through all layers together: tiles for all multiprocessors, and activations that stay in the second cache.
  std::size_t chunk() const noexcept { return chunk_; }
  /// On the device.
  std::size_t bytes() const noexcept;

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  enum class step_kind { one_hot, tiles, dot, norm };
  /// What is launched: a layer and what follows it number by number.
  struct step {
    step_kind what;
    std::size_t number;               // of the layer of its kind
    std::uint32_t stride, in_stride;  // of what it makes and takes
    std::size_t in, out, kept = none;  // buffers
    bool relu_first = false, relu_last = false;
  };
  struct linear {
    std::uint32_t slice = 0, tiles = 0;  // of outputs
    float bias_of_dot = 0;
    kernels::device_array<kernels::grid::bf16> weights;
    kernels::device_array<float> bias, weights_of_dot;
  };
  struct norm {
    kernels::norm_rows::what kind;
    std::uint32_t size;
    float epsilon;
    kernels::device_array<float> scale, shift;
  };

  void add_step(step_kind what, std::size_t number, std::size_t width);
  void add_first(const network_layer& layer, const network_layer* batch_norm);
  void add_linear(const network_layer& layer, const network_layer* batch_norm, std::size_t number);
  void add_norm(const network_layer* layer, std::size_t width);
  void add_relu();
  void end_residual();
  void take_buffers();
  void run(const step& s, bool is_last, const std::uint8_t* rows, std::uint32_t row_stride, std::uint32_t count, float* out);
  void run_first(const step& s, const kernels::layer_tail& tail, const std::uint8_t* rows, std::uint32_t row_stride);
  void run_tiles(const step& s, const kernels::layer_tail& tail);

  std::shared_ptr<kernels::backend> on_;
  std::uint32_t degree_;
  float scale_;
  std::uint32_t widest_ = 0;
  std::size_t chunk_ = 0, buffers_ = 0;
  bool is_closed_ = true;             // what the last step made is kept: it may not be changed any more
  std::vector<std::size_t> open_;     // buffers of residual blocks, while steps are added
  std::vector<step> steps_;
  std::vector<linear> linear_;
  std::vector<norm> norms_;
  std::vector<kernels::device_array<kernels::grid::bf16>> activations_;
  kernels::device_array<std::uint8_t> rows_;  // that came from the host
  kernels::device_array<float> said_;
};

/// A network on a device, and the scores that its estimates are to a beam.
struct network_on_device {
  std::shared_ptr<kernels::backend> on;
  device_network network;
  network_scores score_of;
  std::mutex in_use{};  // while the network is given rows
};

}  // namespace cosetta::search
