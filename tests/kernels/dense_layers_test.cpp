// Network layers: every variant gives the same bits, for any batch; and they are what the definition says, in double precision.
#include <kernels/byte_rows.hpp>
#include <kernels/dense_layers.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/random_rows.hpp>
#include <tests/seeded.hpp>

namespace dense_layers_test {
namespace {

using namespace cosetta::kernels;

std::vector<float> random_floats(std::size_t count, std::mt19937_64& random, float least = -1, float greatest = 1) {
  std::uniform_real_distribution<float> uniform(least, greatest);
  std::vector<float> out(count);
  for (auto& x : out) x = uniform(random);
  return out;
}

/// Floats from a multiple of 64 bytes on, with as many guards behind them.
class activations {
 public:
  activations(std::size_t count, std::size_t width) : count_(count * width), array_(count_ / 2 + 17) { std::fill_n(data() + count_, 32, guard); }
  float* data() { return reinterpret_cast<float*>(array_.data()); }
  std::vector<float> all() { return {data(), data() + count_}; }
  bool kept() { return std::all_of(data() + count_, data() + count_ + 32, [](float x) { return x == guard; }); }

 private:
  static constexpr float guard = 12345;
  std::size_t count_;
  word_array array_;
};

void fill(activations& to, std::size_t count, std::size_t size, std::size_t width, std::mt19937_64& random, float least) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = random_floats(size, random, least);
    std::copy(row.begin(), row.end(), to.data() + i * width);
  }
}

template <class Task>
void for_each_set(const Task& task) {
  for (const auto set : all_instruction_sets()) {
    if (is_supported(set)) task(dense_kernels_for(set));
  }
}

TEST_CASE("dense layers: the first layer sums n rows of its table, as it stands or in 16 bits") {
  std::mt19937_64 random(cosetta::tests::seed(61));
  for (const std::size_t n : {2, 8, 24, 65}) {
    for (const std::size_t outputs : {1, 31, 64, 300}) {
      const std::size_t stride = byte_row_stride(n), count = 1 + random() % 5;
      const auto weights = random_floats(n * n * outputs, random), bias = random_floats(outputs, random);
      const auto rows = cosetta::tests::random_rows(n, count, random);
      for (const bool narrow : {false, true}) {
        const one_hot_layer layer(n, outputs, weights, bias, narrow);
        std::vector<float> first;
        for_each_set([&](const dense_kernels& k) {
          INFO(to_string(k.set) << ", " << n << " bytes, " << outputs << " outputs" << (narrow ? ", narrow" : ""));
          activations out(count, layer.width());
          k.one_hot(layer, rows.data(), stride, count, out.data());
          CHECK(out.kept());
          if (first.empty()) first = out.all();
          CHECK(out.all() == first);
        });
        double worst = 0;
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t o = 0; o < layer.width(); ++o) {
            double sum = o < outputs ? bias[o] : 0;
            for (std::size_t v = 0; v < n && o < outputs; ++v) sum += weights[(v * n + rows[i * stride + v]) * outputs + o];
            worst = std::max(worst, std::abs(sum - first[i * layer.width() + o]));
          }
        }
        const double step = 1.0 / static_cast<double>(32767 / n);  // of the 16 bits
        CHECK(worst < 1e-5 + (narrow ? step * static_cast<double>(n) / 2 : 0.0));
      }
    }
  }
}

TEST_CASE("dense layers: one result in all variants and batches, near that of double precision") {
  std::mt19937_64 random(cosetta::tests::seed(62));
  for (const auto& [inputs, outputs, count] : {std::tuple<std::size_t, std::size_t, std::size_t>{1, 1, 1}, {7, 3, 13}, {64, 64, 26}, {100, 33, 14}, {257, 1, 5}, {96, 128, 40}}) {
    const auto weights = random_floats(inputs * outputs, random), bias = random_floats(outputs, random);
    activations in(count, padded_activations(inputs));
    fill(in, count, inputs, padded_activations(inputs), random, -1);
    std::vector<float> first;
    for_each_set([&](const dense_kernels& k) {
      INFO(to_string(k.set) << ", " << inputs << " to " << outputs << ", " << count << " rows");
      const dense_layer layer(inputs, outputs, weights, bias, k.panel);
      activations out(count, layer.out_width());
      k.dense(layer, in.data(), count, out.data());
      CHECK(out.kept());
      if (first.empty()) first = out.all();
      CHECK(out.all() == first);
      activations singly(count, layer.out_width());
      for (std::size_t i = 0; i < count; ++i) k.dense(layer, in.data() + i * layer.in_width(), 1, singly.data() + i * layer.out_width());
      CHECK(singly.all() == first);
    });
    const auto width = padded_activations(outputs);
    double worst = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t o = 0; o < width; ++o) {
        double sum = o < outputs ? bias[o] : 0;
        for (std::size_t k = 0; k < inputs && o < outputs; ++k) sum += static_cast<double>(weights[o * inputs + k]) * in.data()[i * padded_activations(inputs) + k];
        worst = std::max(worst, std::abs(sum - first[i * width + o]));
      }
    }
    CHECK(worst < 2e-7 * static_cast<double>(inputs + 8));
  }
}

/// What int8_layer promises, in whole numbers and single operations.
std::vector<float> plain_int8(const std::vector<float>& weights, const std::vector<float>& bias, std::size_t inputs, std::size_t outputs, bool is_signed, float* in, std::size_t count) {
  const auto in_width = padded_activations(inputs), width = padded_activations(outputs);
  std::vector<float> out(count * width);
  for (std::size_t i = 0; i < count; ++i) {
    const float* row = in + i * in_width;
    float most = 0;
    for (std::size_t k = 0; k < inputs; ++k) most = std::max(most, std::abs(row[k]));
    const float steps = is_signed ? 63 : 127, reciprocal = most > 0 ? steps / most : 0, scale = most / steps;
    for (std::size_t o = 0; o < outputs; ++o) {
      float greatest = 0;
      for (std::size_t k = 0; k < inputs; ++k) greatest = std::max(greatest, std::abs(weights[o * inputs + k]));
      const float weight_scale = greatest / 127;
      std::int64_t sum = 0;
      for (std::size_t k = 0; k < inputs; ++k) {
        const float product = row[k] * reciprocal;
        sum += static_cast<std::int64_t>(std::nearbyint(product)) * static_cast<std::int64_t>(std::nearbyint(weights[o * inputs + k] / weight_scale));
      }
      const float scaled = static_cast<float>(sum) * weight_scale, whole = scaled * scale;
      out[i * width + o] = whole + bias[o];
    }
  }
  return out;
}

TEST_CASE("dense layers: eight bits are exact in every variant, at their extremes, too") {
  std::mt19937_64 random(cosetta::tests::seed(63));
  for (const auto& [inputs, outputs, count] : {std::tuple<std::size_t, std::size_t, std::size_t>{1, 6, 2}, {7, 33, 13}, {130, 64, 30}, {256, 40, 9}, {50, 96, 100}}) {
    for (const bool is_signed : {false, true}) {
      for (const bool extreme : {false, true}) {  // all products as great as they may be
        auto weights = random_floats(inputs * outputs, random);
        const auto bias = random_floats(outputs, random);
        activations in(count, padded_activations(inputs));
        fill(in, count, inputs, padded_activations(inputs), random, is_signed ? -1.0F : 0.0F);
        if (extreme) {
          for (auto& w : weights) w = random() % 2 == 0 ? 1.0F : -1.0F;
          std::fill_n(weights.begin(), inputs, 1.0F);
          for (std::size_t i = 0; i < count; ++i) std::fill_n(in.data() + i * padded_activations(inputs), inputs, 3.0F);
        }
        const auto expected = plain_int8(weights, bias, inputs, outputs, is_signed, in.data(), count);
        for_each_set([&](const dense_kernels& k) {
          INFO(to_string(k.set) << ", " << inputs << " to " << outputs << ", " << count << " rows" << (is_signed ? ", signed" : "") << (extreme ? ", extreme" : ""));
          const int8_layer layer(inputs, outputs, weights, bias, k.panel, is_signed);
          activations out(count, layer.out_width());
          std::vector<std::uint8_t> scratch(count * layer.in_width());
          k.dense_int8(layer, in.data(), count, scratch.data(), out.data());
          CHECK(out.kept());
          CHECK(out.all() == expected);
        });
      }
    }
  }
  // A row that is no number, too great, or zero gives the bias.
  for_each_set([&](const dense_kernels& k) {
    const int8_layer layer(3, 5, random_floats(15, random), {1, 2, 3, 4, 5}, k.panel, true);
    activations in(4, 32), out(4, 32);
    in.data()[1] = std::numeric_limits<float>::quiet_NaN(), in.data()[33] = std::numeric_limits<float>::infinity(), in.data()[64] = -2e30F;
    std::uint8_t scratch[128];
    k.dense_int8(layer, in.data(), 4, scratch, out.data());
    for (std::size_t i = 0; i < 4 * 32; ++i) CHECK(out.data()[i] == (i % 32 < 5 ? static_cast<float>(i % 32 + 1) : 0.0F));
  });
}

TEST_CASE("dense layers: what stands between layers is the same in all variants") {
  std::mt19937_64 random(cosetta::tests::seed(64));
  for (const std::size_t size : {1, 20, 64, 75}) {
    const std::size_t width = padded_activations(size), count = 3;
    auto scale = random_floats(size, random), shift = random_floats(size, random);
    scale.resize(width), shift.resize(width);
    const auto other = random_floats(count * width, random);
    std::vector<float> first;
    for_each_set([&](const dense_kernels& k) {
      INFO(to_string(k.set) << ", " << size);
      std::mt19937_64 again(size);
      activations out(count, width);
      fill(out, count, size, width, again, -1);
      const auto before = out.all();
      k.layer_norm(scale.data(), shift.data(), 1e-5F, size, width, count, out.data());
      double mean = 0, variance = 0;
      for (std::size_t i = 0; i < size; ++i) mean += before[i] / static_cast<double>(size);
      for (std::size_t i = 0; i < size; ++i) variance += (before[i] - mean) * (before[i] - mean) / static_cast<double>(size);
      for (std::size_t i = 0; i < size; ++i) CHECK(out.data()[i] == Approx((before[i] - mean) / std::sqrt(variance + 1e-5) * scale[i] + shift[i]).margin(1e-4));
      k.add(other.data(), count * width, out.data());
      k.affine(scale.data(), shift.data(), width, count, out.data());
      k.relu(count * width, out.data());
      CHECK(out.kept());
      CHECK(*std::min_element(out.data(), out.data() + count * width) >= 0);
      if (first.empty()) first = out.all();
      CHECK(out.all() == first);
    });
  }
}

}  // namespace
}  // namespace dense_layers_test
