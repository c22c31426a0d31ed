// The kernels of network layers written once; included by one translation unit for each instruction set, which defines
// COSETTA_VARIANT (a namespace) and is compiled with the flags of that set, without contraction. Everything here has internal linkage.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include <kernels/dense_layers.hpp>

namespace cosetta::kernels {
namespace {

// Vectors as the set has them, and the rows that are multiplied together: as many as sums, weights and one activation have registers.
#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64, panel = 32, rows_together = 12, int8_rows_together = 12;
#elif defined(__AVX2__)
constexpr std::size_t vector_bytes = 32, panel = 16, rows_together = 6, int8_rows_together = 4;
#else
constexpr std::size_t vector_bytes = 16, panel = 16, rows_together = 2, int8_rows_together = 2;
#endif
constexpr std::size_t lanes = vector_bytes / 4, panel_vectors = panel / lanes;
using floats = float __attribute__((vector_size(vector_bytes)));
using ints = std::int32_t __attribute__((vector_size(vector_bytes)));
using shorts = std::int16_t __attribute__((vector_size(vector_bytes)));

template <class Vector, class Entry>
Vector load(const Entry* from) {
  Vector out;
  std::memcpy(&out, from, sizeof out);
  return out;
}
template <class Vector, class Entry>
void store(Vector v, Entry* to) {
  std::memcpy(to, &v, sizeof v);
}

floats splat(float x) { return x - floats{}; }
ints splat(std::int32_t x) { return x - ints{}; }

/// a * b + c, rounded once.
floats fused(floats a, floats b, floats c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__AVX2__)
  return _mm256_fmadd_ps(a, b, c);
#else
  floats out;
  for (std::size_t i = 0; i < lanes; ++i) out[i] = std::fma(a[i], b[i], c[i]);
  return out;
#endif
}

/// sums + the four products of bytes in each lane: activations are 0 to 127, weights -127 to 127.
ints add_products(ints sums, ints activations, ints weights) {
#if defined(__AVX512F__)
  return reinterpret_cast<ints>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), reinterpret_cast<__m512i>(activations), reinterpret_cast<__m512i>(weights)));
#elif defined(__AVX2__)
  const __m256i pairs = _mm256_maddubs_epi16(reinterpret_cast<__m256i>(activations), reinterpret_cast<__m256i>(weights));
  return sums + reinterpret_cast<ints>(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
#else
  std::uint8_t a[vector_bytes];
  std::int8_t w[vector_bytes];
  std::memcpy(a, &activations, sizeof a);
  std::memcpy(w, &weights, sizeof w);
  for (std::size_t i = 0; i < vector_bytes; ++i) sums[i / 4] += a[i] * w[i];
  return sums;
#endif
}

// -------------------------------------------------------------------------------------------------------- the first layer

template <std::size_t Vectors>
void sum_places(const one_hot_layer& layer, const std::uint8_t* row, std::size_t first, float* out) {
  const std::size_t n = layer.size(), width = layer.width();
  floats sums[Vectors];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < Vectors; ++i) sums[i] = load<floats>(layer.bias() + first + i * lanes);
  const float* table = layer.table() + first;
  for (std::size_t v = 0; v < n; ++v, table += n * width) {
    const float* from = table + row[v] * width;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Vectors; ++i) sums[i] += load<floats>(from + i * lanes);
  }
#pragma GCC unroll 8
  for (std::size_t i = 0; i < Vectors; ++i) store(sums[i], out + first + i * lanes);
}

template <std::size_t Vectors>
void sum_narrow_places(const one_hot_layer& layer, const std::uint8_t* row, std::size_t first, float* out) {
  const std::size_t n = layer.size(), width = layer.width();
  shorts sums[Vectors]{};
  const std::int16_t* table = layer.narrow_table() + first;
  for (std::size_t v = 0; v < n; ++v, table += n * width) {
    const std::int16_t* from = table + row[v] * width;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < Vectors; ++i) sums[i] += load<shorts>(from + i * 2 * lanes);
  }
  std::int16_t whole[Vectors * 2 * lanes];
  std::memcpy(whole, sums, sizeof whole);
  const float *scales = layer.scales() + first, *bias = layer.bias() + first;
  for (std::size_t i = 0; i < Vectors * 2 * lanes; ++i) out[first + i] = static_cast<float>(whole[i]) * scales[i] + bias[i];
}

void one_hot(const one_hot_layer& layer, const std::uint8_t* rows, std::size_t stride, std::size_t count, float* out) {
  const std::size_t width = layer.width(), wide = (layer.is_narrow() ? 16 : 8) * lanes;
  for (std::size_t first = 0; first < width;) {
    const bool is_wide = first + wide <= width;
    for (std::size_t i = 0; i < count; ++i) {
      const auto* row = rows + i * stride;
      auto* to = out + i * width;
      if (layer.is_narrow()) {
        is_wide ? sum_narrow_places<8>(layer, row, first, to) : sum_narrow_places<std::max<std::size_t>(1, 16 / lanes)>(layer, row, first, to);
      } else {
        is_wide ? sum_places<8>(layer, row, first, to) : sum_places<32 / lanes>(layer, row, first, to);
      }
    }
    first += is_wide ? wide : 32;
  }
}

// ---------------------------------------------------------------------------------------------------------- dense layers

template <std::size_t Rows>
void multiply(const float* weights, const float* bias, std::size_t depth, const float* in, std::size_t in_width, float* out, std::size_t out_width) {
  floats sums[Rows][panel_vectors];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t c = 0; c < panel_vectors; ++c) sums[r][c] = load<floats>(bias + c * lanes);
  }
  for (std::size_t k = 0; k < depth; ++k, weights += panel) {
    floats w[panel_vectors];
#pragma GCC unroll 4
    for (std::size_t c = 0; c < panel_vectors; ++c) w[c] = load<floats>(weights + c * lanes);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < Rows; ++r) {
      const floats x = splat(in[r * in_width + k]);
#pragma GCC unroll 4
      for (std::size_t c = 0; c < panel_vectors; ++c) sums[r][c] = fused(x, w[c], sums[r][c]);
    }
  }
#pragma GCC unroll 16
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t c = 0; c < panel_vectors; ++c) store(sums[r][c], out + r * out_width + c * lanes);
  }
}

/// What is left of a batch: `rest` rows, at most Rows.
template <std::size_t Rows>
void multiply_rest(std::size_t rest, const float* weights, const float* bias, std::size_t depth, const float* in, std::size_t in_width, float* out, std::size_t out_width) {
  if (rest == Rows) return multiply<Rows>(weights, bias, depth, in, in_width, out, out_width);
  if constexpr (Rows > 1) multiply_rest<Rows - 1>(rest, weights, bias, depth, in, in_width, out, out_width);
}

/// The sum of 16 lanes: pairs at a distance of 8, 4, 2, 1.
float sum_of_lanes(const float* lane) {
  float sums[8];
  for (std::size_t i = 0; i < 8; ++i) sums[i] = lane[i] + lane[i + 8];
  for (std::size_t half = 4; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) sums[i] += sums[i + half];
  }
  return sums[0];
}

void dots(const dense_layer& layer, const float* in, std::size_t count, float* out) {
  constexpr std::size_t vectors = 16 / lanes;
  const std::size_t in_width = layer.in_width(), out_width = layer.out_width();
  std::fill_n(out, count * out_width, 0.0F);
  for (std::size_t o = 0; o < layer.outputs(); ++o) {
    const float* weights = layer.weights() + o * in_width;
    for (std::size_t i = 0; i < count; ++i) {
      floats sums[vectors]{};
      const float* row = in + i * in_width;
      for (std::size_t k = 0; k < in_width; k += 16) {
#pragma GCC unroll 4
        for (std::size_t c = 0; c < vectors; ++c) sums[c] = fused(load<floats>(row + k + c * lanes), load<floats>(weights + k + c * lanes), sums[c]);
      }
      float all[16];
      std::memcpy(all, sums, sizeof all);
      out[i * out_width + o] = sum_of_lanes(all) + layer.bias()[o];
    }
  }
}

void dense(const dense_layer& layer, const float* in, std::size_t count, float* out) {
  if (layer.is_dot()) return dots(layer, in, count, out);
  const std::size_t in_width = layer.in_width(), out_width = layer.out_width(), depth = layer.inputs();
  for (std::size_t o = 0; o < out_width; o += panel) {
    const float *weights = layer.weights() + o * depth, *bias = layer.bias() + o;
    std::size_t i = 0;
    for (; i + rows_together <= count; i += rows_together) multiply<rows_together>(weights, bias, depth, in + i * in_width, in_width, out + i * out_width + o, out_width);
    multiply_rest<rows_together>(count - i, weights, bias, depth, in + i * in_width, in_width, out + i * out_width + o, out_width);
  }
}

// ----------------------------------------------------------------------------------------------------------- eight bits

/// The row as multiples of what is returned, the scale of the row.
float quantize(const float* row, std::size_t width, bool is_signed, std::uint8_t* out) {
  ints most{};  // magnitudes are in the order of their bits, infinite ones and what is no number at the end
  for (std::size_t k = 0; k < width; k += lanes) {
    const ints x = load<ints>(row + k) & splat(0x7fffffff);
    most = x > most ? x : most;
  }
  std::int32_t bits = 0;
  for (std::size_t i = 0; i < lanes; ++i) bits = std::max(bits, most[i]);
  const float greatest = std::bit_cast<float>(bits), steps = is_signed ? 63 : 127;
  const bool zero = !(greatest < 1e30F) || greatest < 1e-30F;
  const floats reciprocal = splat(zero ? 0 : steps / greatest);
  // 1.5 * 2^23 + x has the nearest integer to x in its low bits.
  const floats round = splat(12582912.0F);
  const ints zero_point = splat(is_signed ? 64 : 0);
  for (std::size_t k = 0; k < width; k += lanes) {
    const ints q = zero ? ints{} : reinterpret_cast<ints>(load<floats>(row + k) * reciprocal + round) - reinterpret_cast<ints>(round);
    store(__builtin_convertvector(q + zero_point, std::uint8_t __attribute__((vector_size(lanes)))), out + k);
  }
  return zero ? 0 : greatest / steps;
}

template <std::size_t Rows>
void multiply_int8(const int8_layer& layer, std::size_t o, const std::uint8_t* in, const float* scales_of_rows, float* out) {
  const std::size_t in_width = layer.in_width(), out_width = layer.out_width(), depth = (layer.inputs() + 3) / 4;
  const std::int8_t* weights = layer.weights() + o * depth * 4;
  ints sums[Rows][panel_vectors]{};
  for (std::size_t k = 0; k < depth; ++k, weights += panel * 4) {
    ints w[panel_vectors];
#pragma GCC unroll 4
    for (std::size_t c = 0; c < panel_vectors; ++c) w[c] = load<ints>(weights + c * vector_bytes);
#pragma GCC unroll 16
    for (std::size_t r = 0; r < Rows; ++r) {
      std::int32_t four;
      std::memcpy(&four, in + r * in_width + 4 * k, sizeof four);
      const ints x = splat(four);
#pragma GCC unroll 4
      for (std::size_t c = 0; c < panel_vectors; ++c) sums[r][c] = add_products(sums[r][c], x, w[c]);
    }
  }
#pragma GCC unroll 16
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t c = 0; c < panel_vectors; ++c) {
      const std::size_t at = o + c * lanes;
      const floats exact = __builtin_convertvector(sums[r][c] - load<ints>(layer.shifts() + at), floats);
      store(exact * load<floats>(layer.scales() + at) * splat(scales_of_rows[r]) + load<floats>(layer.bias() + at), out + r * out_width + at);
    }
  }
}

template <std::size_t Rows>
void multiply_int8_rest(std::size_t rest, const int8_layer& layer, std::size_t o, const std::uint8_t* in, const float* scales_of_rows, float* out) {
  if (rest == Rows) return multiply_int8<Rows>(layer, o, in, scales_of_rows, out);
  if constexpr (Rows > 1) multiply_int8_rest<Rows - 1>(rest, layer, o, in, scales_of_rows, out);
}

void dense_int8(const int8_layer& layer, const float* in, std::size_t count, std::uint8_t* scratch, float* out) {
  constexpr std::size_t rows_at_once = 8 * int8_rows_together;
  const std::size_t in_width = layer.in_width(), out_width = layer.out_width();
  for (std::size_t first = 0; first < count; first += rows_at_once, in += rows_at_once * in_width, out += rows_at_once * out_width) {
    const std::size_t now = std::min(rows_at_once, count - first);
    float scales[rows_at_once];
    for (std::size_t i = 0; i < now; ++i) scales[i] = quantize(in + i * in_width, in_width, layer.is_signed(), scratch + i * in_width);
    for (std::size_t o = 0; o < out_width; o += panel) {
      std::size_t i = 0;
      for (; i + int8_rows_together <= now; i += int8_rows_together) multiply_int8<int8_rows_together>(layer, o, scratch + i * in_width, scales + i, out + i * out_width);
      multiply_int8_rest<int8_rows_together>(now - i, layer, o, scratch + i * in_width, scales + i, out + i * out_width);
    }
  }
}

// -------------------------------------------------------------------------------------------------------- number by number

void relu(std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = out[i] > 0 ? out[i] : 0.0F;
}

void add(const float* what, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] += what[i];
}

void affine(const float* scale, const float* shift, std::size_t width, std::size_t count, float* out) {
  for (; count > 0; --count, out += width) {
    for (std::size_t k = 0; k < width; ++k) out[k] = out[k] * scale[k] + shift[k];
  }
}

template <class Term>
float sum_over(std::size_t size, const Term& term) {
  float lane[16]{};
  std::size_t k = 0;
  for (; k + 16 <= size; k += 16) {
    for (std::size_t i = 0; i < 16; ++i) lane[i] += term(k + i);
  }
  for (std::size_t i = 0; k + i < size; ++i) lane[i] += term(k + i);
  return sum_of_lanes(lane);
}

void layer_norm(const float* scale, const float* shift, float epsilon, std::size_t size, std::size_t width, std::size_t count, float* out) {
  const auto numbers = static_cast<float>(size);
  for (; count > 0; --count, out += width) {
    const float mean = sum_over(size, [&](std::size_t k) { return out[k]; }) / numbers;
    const float variance = sum_over(size, [&](std::size_t k) { return (out[k] - mean) * (out[k] - mean); }) / numbers;
    const float factor = 1.0F / std::sqrt(variance + epsilon);
    for (std::size_t k = 0; k < size; ++k) out[k] = (out[k] - mean) * factor * scale[k] + shift[k];
  }
}

}  // namespace

namespace COSETTA_VARIANT {
extern const dense_kernels layer_kernels;
const dense_kernels layer_kernels{COSETTA_SET, panel, one_hot, dense, dense_int8, relu, add, affine, layer_norm};
}  // namespace COSETTA_VARIANT

}  // namespace cosetta::kernels
