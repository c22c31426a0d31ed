#include <kernels/dense_layers.hpp>

#include <algorithm>
#include <cmath>

namespace cosetta::kernels {

namespace scalar {
extern const dense_kernels layer_kernels;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const dense_kernels layer_kernels;
}
namespace avx512 {
extern const dense_kernels layer_kernels;
}
#endif

namespace {

std::vector<float> padded_row(std::vector<float> row, std::size_t width) {
  row.resize(width);
  return row;
}

std::size_t words_of(std::size_t bytes) noexcept { return bytes / 8 + 1; }

/// The nearest multiple of `scale`; 0 where the scale is.
float multiple(float x, float scale) { return scale == 0 ? 0.0F : std::nearbyint(x / scale); }

}  // namespace

one_hot_layer::one_hot_layer(std::size_t n, std::size_t outputs, const std::vector<float>& weights, const std::vector<float>& bias, bool narrow)
    : n_(n), outputs_(outputs), bias_(padded_row(bias, padded_activations(outputs))), table_(words_of(n * n * padded_activations(outputs) * (narrow ? 2 : 4))) {
  if (!narrow) {
    auto* to = reinterpret_cast<float*>(table_.data());
    for (std::size_t i = 0; i < n * n; ++i) std::copy_n(weights.data() + i * outputs, outputs, to + i * width());
    return;
  }
  const auto most = static_cast<float>(32767 / n);
  scales_.resize(width());
  for (std::size_t i = 0; i < n * n * outputs; ++i) scales_[i % outputs] = std::max(scales_[i % outputs], std::abs(weights[i]));
  for (auto& s : scales_) s /= most;
  auto* to = reinterpret_cast<std::int16_t*>(table_.data());
  for (std::size_t i = 0; i < n * n; ++i) {
    for (std::size_t o = 0; o < outputs; ++o) {
      to[i * width() + o] = static_cast<std::int16_t>(std::clamp(multiple(weights[i * outputs + o], scales_[o]), -most, most));
    }
  }
}

dense_layer::dense_layer(std::size_t inputs, std::size_t outputs, const std::vector<float>& weights, const std::vector<float>& bias, std::size_t panel)
    : inputs_(inputs), outputs_(outputs), bias_(padded_row(bias, out_width())), weights_(words_of(4 * (is_dot() ? outputs * in_width() : inputs * out_width()))) {
  auto* to = reinterpret_cast<float*>(weights_.data());
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t k = 0; k < inputs; ++k) {
      const auto at = is_dot() ? o * in_width() + k : (o / panel * inputs + k) * panel + o % panel;
      to[at] = weights[o * inputs + k];
    }
  }
}

int8_layer::int8_layer(std::size_t inputs, std::size_t outputs, const std::vector<float>& weights, const std::vector<float>& bias, std::size_t panel, bool is_signed)
    : inputs_(inputs), outputs_(outputs), is_signed_(is_signed), bias_(padded_row(bias, out_width())), scales_(out_width()), shifts_(out_width()), weights_(words_of(in_width() * out_width())) {
  auto* to = reinterpret_cast<std::int8_t*>(weights_.data());
  const std::size_t fours = (inputs + 3) / 4;
  for (std::size_t o = 0; o < outputs; ++o) {
    const auto* row = weights.data() + o * inputs;
    for (std::size_t k = 0; k < inputs; ++k) scales_[o] = std::max(scales_[o], std::abs(row[k]));
    scales_[o] /= 127;
    for (std::size_t k = 0; k < inputs; ++k) {
      const auto w = std::clamp(multiple(row[k], scales_[o]), -127.0F, 127.0F);
      to[((o / panel * fours + k / 4) * panel + o % panel) * 4 + k % 4] = static_cast<std::int8_t>(w);
      if (is_signed) shifts_[o] += 64 * static_cast<std::int32_t>(w);
    }
  }
}

const dense_kernels& dense_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) return avx512::layer_kernels;
  if (set == instruction_set::avx2) return avx2::layer_kernels;
#endif
  static_cast<void>(set);
  return scalar::layer_kernels;
}

}  // namespace cosetta::kernels
