// Layers of small neural networks, for batches of rows: a first layer on the one-hot places of labels, which is a sum of n rows of a table,
// dense layers, and what stands between them. Activations are rows of floats, padded with zeros to multiples of 32.
//
// Each number of a row is made by the same operations in the same order in every variant and for any batch: sums run over the inputs in
// their order, by fused multiply-adds (IEEE 754-2008: one rounding), in `dot` layers over 16 lanes that are added pairwise at the end. So
// results are equal, bit for bit, whatever the processor, the batch and the threads. Files with these loops are compiled without
// contraction.
//
// The int8 layers: weights of an output are multiples, -127 to 127, of a scale of its own; the activations of a row are multiples, 0 to
// 127, of a scale of the row (-63 to 63 where they may be negative, moved up by 64, which is taken off again exactly). Seven bits, so that two
// products fit the 16 bits of AVX2's `vpmaddubsw` without saturation: 2 * 127 * 127 < 2^15. Sums are exact.
#pragma once

#include <kernels/instruction_set.hpp>
#include <kernels/word_array.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::kernels {

constexpr std::size_t padded_activations(std::size_t width) noexcept { return (width + 31) / 32 * 32; }

/// out[o] = bias[o] + the sum over the bytes v of a row of weights[(v n + row[v]) outputs + o].
class one_hot_layer {
 public:
  /// `narrow`: entries of 16 bits, multiples of a scale for each output, so small that n of them do not overflow; half the memory.
  /// Preconditions: 1 <= n <= 256, n^2 outputs weights, finite.
  one_hot_layer(std::size_t n, std::size_t outputs, const std::vector<float>& weights, const std::vector<float>& bias, bool narrow);

  std::size_t size() const noexcept { return n_; }
  std::size_t outputs() const noexcept { return outputs_; }
  std::size_t width() const noexcept { return padded_activations(outputs_); }
  bool is_narrow() const noexcept { return !scales_.empty(); }
  const float* table() const noexcept { return reinterpret_cast<const float*>(table_.data()); }                   // n^2 rows of width()
  const std::int16_t* narrow_table() const noexcept { return reinterpret_cast<const std::int16_t*>(table_.data()); }
  const float* bias() const noexcept { return bias_.data(); }
  const float* scales() const noexcept { return scales_.data(); }
  std::size_t bytes() const noexcept { return table_.bytes() + 4 * (bias_.size() + scales_.size()); }

 private:
  std::size_t n_, outputs_;
  std::vector<float> bias_, scales_;
  word_array table_;
};

/// out[o] = bias[o] + the sum over k of weights[o inputs + k] in[k].
class dense_layer {
 public:
  static constexpr std::size_t most_dots = 4;  // outputs that are dot products, one by one
  /// `panel`: that of the kernels which are to run it. Precondition: inputs * outputs weights, finite.
  dense_layer(std::size_t inputs, std::size_t outputs, const std::vector<float>& weights, const std::vector<float>& bias, std::size_t panel);

  std::size_t inputs() const noexcept { return inputs_; }
  std::size_t outputs() const noexcept { return outputs_; }
  std::size_t in_width() const noexcept { return padded_activations(inputs_); }
  std::size_t out_width() const noexcept { return padded_activations(outputs_); }
  bool is_dot() const noexcept { return outputs_ <= most_dots; }
  /// Of `dot` layers rows of in_width(), else of each panel of outputs one after another, the weights of input 0, of input 1, ...
  const float* weights() const noexcept { return reinterpret_cast<const float*>(weights_.data()); }
  const float* bias() const noexcept { return bias_.data(); }
  std::size_t bytes() const noexcept { return weights_.bytes() + 4 * bias_.size(); }

 private:
  std::size_t inputs_, outputs_;
  std::vector<float> bias_;
  word_array weights_;
};

/// The same with weights and activations of 8 bits.
class int8_layer {
 public:
  /// `is_signed`: activations may be negative. Precondition: inputs <= 2^16, so that sums fit 32 bits.
  int8_layer(std::size_t inputs, std::size_t outputs, const std::vector<float>& weights, const std::vector<float>& bias, std::size_t panel, bool is_signed);

  std::size_t inputs() const noexcept { return inputs_; }
  std::size_t outputs() const noexcept { return outputs_; }
  std::size_t in_width() const noexcept { return padded_activations(inputs_); }
  std::size_t out_width() const noexcept { return padded_activations(outputs_); }
  bool is_signed() const noexcept { return is_signed_; }
  /// Of each panel of outputs, for inputs 0 to 3, 4 to 7, ...: four weights of each output.
  const std::int8_t* weights() const noexcept { return reinterpret_cast<const std::int8_t*>(weights_.data()); }
  const float* bias() const noexcept { return bias_.data(); }
  const float* scales() const noexcept { return scales_.data(); }
  const std::int32_t* shifts() const noexcept { return shifts_.data(); }  // what moving up the activations adds to the sums
  std::size_t bytes() const noexcept { return weights_.bytes() + 12 * bias_.size(); }

 private:
  std::size_t inputs_, outputs_;
  bool is_signed_;
  std::vector<float> bias_, scales_;
  std::vector<std::int32_t> shifts_;
  word_array weights_;
};

struct dense_kernels {
  instruction_set set;
  std::size_t panel;  // outputs that are made together
  /// Rows of bytes, each below n, `stride` apart.
  void (*one_hot)(const one_hot_layer& layer, const std::uint8_t* rows, std::size_t stride, std::size_t count, float* out);
  /// Rows of in_width() to rows of out_width(), at multiples of 64 bytes. `out` overlaps nothing.
  void (*dense)(const dense_layer& layer, const float* in, std::size_t count, float* out);
  /// `scratch`: count * in_width() bytes. Activations of 10^30 and more, and what is no number, make the whole row count as 0.
  void (*dense_int8)(const int8_layer& layer, const float* in, std::size_t count, std::uint8_t* scratch, float* out);
  void (*relu)(std::size_t floats, float* out);
  void (*add)(const float* what, std::size_t floats, float* out);
  /// out = scale * out + shift, both rows of `width` floats with zeros behind the outputs.
  void (*affine)(const float* scale, const float* shift, std::size_t width, std::size_t count, float* out);
  /// Each row less its mean, over the root of its variance and epsilon, then scaled and shifted; `size` floats of `width`.
  void (*layer_norm)(const float* scale, const float* shift, float epsilon, std::size_t size, std::size_t width, std::size_t count, float* out);
};

/// The kernels in one variant. Precondition: is_supported(set).
const dense_kernels& dense_kernels_for(instruction_set set) noexcept;

}  // namespace cosetta::kernels
