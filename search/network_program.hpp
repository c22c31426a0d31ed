// A network as the steps that run it: batch norms folded into the linear layers before them (in double precision), weights packed for the
// kernels of one instruction set (kernels/dense_layers.hpp). A prediction is the same, bit for bit, for any batch, thread and
// instruction set. Internal to search/.
#pragma once

#include <kernels/dense_layers.hpp>
#include <search/heuristic.hpp>
#include <search/network.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::search {

class network_program {
 public:
  /// Throws domain_error where a folded weight is infinite. Precondition: kernels::is_supported(set).
  network_program(const network& net, network_precision precision, kernels::instruction_set set);

  /// out[i]: the estimate for row i without its offset, the places of the labels, `stride` bytes after the one before. Thread-safe; what it needs between the
  /// layers is kept for the next call of the thread.
  void predict(const std::uint8_t* rows, std::size_t stride, std::size_t count, float* out) const;
  std::size_t bytes() const noexcept;

 private:
  enum class step_kind { one_hot, dense, dense_int8, affine, layer_norm, relu, residual_begin, residual_end };
  struct step {
    step_kind what;
    std::size_t number;  // of the layer of its kind
    std::size_t width;   // of what it makes, padded
  };
  struct norm {
    std::vector<float> scale, shift;  // padded
    float epsilon = 0;
    std::size_t size = 0;
  };

  void add_linear(const network_layer& layer, const network_layer* batch_norm, bool first, bool is_signed, std::size_t number);
  void add_norm(const network_layer& layer);
  void run(const std::uint8_t* rows, std::size_t stride, std::size_t count, float* buffers, std::uint8_t* bytes, float* out) const;

  const kernels::dense_kernels& kernels_;
  network_precision precision_;
  std::size_t degree_, widest_ = 0, open_ = 0;  // open_: residual blocks within each other, at most
  float scale_;
  std::vector<step> steps_;
  std::vector<kernels::one_hot_layer> one_hot_;
  std::vector<kernels::dense_layer> dense_;
  std::vector<kernels::int8_layer> int8_;
  std::vector<norm> norms_;
};

}  // namespace cosetta::search
