// Networks on a backend of grids, in bf16: exact where all numbers are small integers, within the bound that rounding implies otherwise, the
// same in any order of threads and any batch, and near the float32 of the CPU. On a CUDA device too, where there is one.
#include <graphs/catalogue.hpp>
#include <kernels/byte_rows.hpp>
#include <kernels/error.hpp>
#include <search/device_network.hpp>
#include <search/heuristic.hpp>
#include <search/network_program.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/search/backends.hpp>
#include <tests/search/network_samples.hpp>
#include <tests/random_rows.hpp>
#include <tests/seeded.hpp>

namespace cosetta::search {
namespace device_network_test {
namespace {

using kernels::host_order;
using layer_kind = network_layer::kind;
using tests::rich_network;
using tests::whole_network;

/// What the file says in double precision, and how far bf16 may be from it.
///
/// Rounding to bf16 errs by at most u = 2^-8 of the number, sums in float32 by at most g = (terms + 4) 2^-23 of the sum of magnitudes (tensor cores
/// may cut where IEEE rounds). If inputs x err by e, then W x errs by at most sum |w| ((1 + u) e + (u + g) (|x| + e)), and what is stored by u of it in
/// addition. max(., 0) does not spread errors, residuals add them. A layer norm divides by s = sqrt(var + epsilon), a Euclidean norm of what is
/// centred, which errs by at most d = sqrt(mean e^2): its output errs by (e + mean e + |y| d) / (s - d), scaled.
class bounded {
 public:
  bounded(const network& net, const std::uint8_t* row) : x_(net.degree * net.degree), e_(x_.size()) {
    for (std::size_t v = 0; v < net.degree; ++v) x_[row[v] * net.degree + v] = 1;
    for (std::size_t i = 0; i < net.layers.size(); ++i) {
      const auto& layer = net.layers[i];
      const bool folded = layer.what == layer_kind::linear && i + 1 < net.layers.size() && net.layers[i + 1].what == layer_kind::batch_norm;
      apply(layer, folded ? &net.layers[i + 1] : nullptr, i == 0 ? net.degree : layer.in);
      i += folded;
      for (std::size_t o = 0; o < x_.size(); ++o) e_[o] += u * (std::abs(x_[o]) + e_[o]) + 1e-30;
    }
    value = x_[0] * net.scale, error = (e_[0] + 1e-6 * std::abs(x_[0])) * std::abs(net.scale);
  }
  double value, error;

 private:
  static constexpr double u = 1.0 / 256, v = 1.0 / (1 << 23);

  static std::pair<double, double> affine(const network_layer& norm, std::size_t o) {
    const double scale = norm.weight[o] / std::sqrt(norm.variance[o] + norm.epsilon);
    return {scale, norm.bias[o] - norm.mean[o] * scale};
  }
  void apply(const network_layer& layer, const network_layer* batch_norm, std::size_t terms) {
    std::vector<double> y(layer.out), e(layer.out);
    const double g = (static_cast<double>(terms) + 4) * v, size = static_cast<double>(x_.size());
    const double mean = std::accumulate(x_.begin(), x_.end(), 0.0) / size, mean_error = std::accumulate(e_.begin(), e_.end(), 0.0) / size;
    double variance = 0, away = 0;
    for (std::size_t k = 0; k < x_.size(); ++k) variance += (x_[k] - mean) * (x_[k] - mean) / size, away += e_[k] * e_[k] / size;
    const double s = std::sqrt(variance + layer.epsilon), d = std::sqrt(away);
    for (std::size_t o = 0; o < layer.out; ++o) {
      switch (layer.what) {
        case layer_kind::linear: {
          const auto [scale, shift] = batch_norm == nullptr ? std::pair{1.0, 0.0} : affine(*batch_norm, o);
          y[o] = layer.bias[o] * scale + shift, e[o] = 4 * v * std::abs(y[o]);
          for (std::size_t k = 0; k < layer.in; ++k) {
            const double w = layer.weight[o * layer.in + k] * scale;
            y[o] += w * x_[k], e[o] += std::abs(w) * ((1 + u) * e_[k] + (u + g) * (std::abs(x_[k]) + e_[k]));
          }
          break;
        }
        case layer_kind::batch_norm: {
          const auto [scale, shift] = affine(layer, o);
          y[o] = x_[o] * scale + shift, e[o] = std::abs(scale) * (e_[o] + 4 * v * (std::abs(x_[o]) + e_[o])) + 4 * v * std::abs(shift);
          break;
        }
        case layer_kind::layer_norm: {
          const double z = (x_[o] - mean) / s, spread = (e_[o] + mean_error + std::abs(z) * d) / std::max(s - d, 1e-30);
          const double rounding = (size + 16) * v * (std::abs(z) + (std::abs(x_[o]) + e_[o] + std::abs(mean) + mean_error) / std::max(s - d, 1e-30));
          y[o] = z * layer.weight[o] + layer.bias[o];
          e[o] = (spread + rounding) * std::abs(layer.weight[o]) + 4 * v * std::abs(layer.bias[o]);
          break;
        }
        case layer_kind::relu:
          y[o] = std::max(x_[o], 0.0), e[o] = e_[o];
          break;
        case layer_kind::residual_begin:
          y[o] = x_[o], e[o] = e_[o];
          break;
        case layer_kind::residual_end:
          y[o] = x_[o] + open_.back().first[o], e[o] = e_[o] + open_.back().second[o];
      }
    }
    if (layer.what == layer_kind::residual_end) open_.pop_back();
    x_ = std::move(y), e_ = std::move(e);
    if (layer.what == layer_kind::residual_begin) open_.emplace_back(x_, e_);
  }

  std::vector<double> x_, e_;
  std::vector<std::pair<std::vector<double>, std::vector<double>>> open_;
};

std::vector<float> predictions(const std::shared_ptr<kernels::backend>& on, const network& net, const std::vector<std::uint8_t>& rows, std::size_t batch) {
  device_network on_device(on, net);
  const std::size_t stride = kernels::byte_row_stride(net.degree), count = rows.size() / stride;
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; i += batch) on_device.predict(rows.data() + i * stride, stride, std::min(batch, count - i), out.data() + i);
  return out;
}

std::vector<float> predictions_of_cpu(const network& net, const std::vector<std::uint8_t>& rows) {
  const network_program program(net, network_precision::float32, kernels::best_instruction_set());
  const std::size_t stride = kernels::byte_row_stride(net.degree);
  std::vector<float> out(rows.size() / stride);
  program.predict(rows.data(), stride, out.size(), out.data());
  return out;
}

/// The root of the mean square of a - b over that of a less its mean.
double relative_error(const std::vector<float>& a, const std::vector<float>& b) {
  const double mean = std::accumulate(a.begin(), a.end(), 0.0) / static_cast<double>(a.size());
  double error = 0, spread = 0;
  for (std::size_t i = 0; i < a.size(); ++i) error += (a[i] - b[i]) * (a[i] - b[i]), spread += (a[i] - mean) * (a[i] - mean);
  return std::sqrt(error / spread);
}

TEST_CASE("bf16: to the nearest, ties to even") {
  if (tests::on_device) return;  // the host alone
  using kernels::grid::float_of, kernels::grid::to_bf16;
  std::mt19937_64 random(tests::seed(91));
  for (std::size_t i = 0; i < 20000; ++i) {
    const auto x = kernels::grid::float_of_bits(static_cast<std::uint32_t>(random()));
    if (!(std::abs(x) < 1e38F)) continue;
    const auto y = to_bf16(x);
    const double off = std::abs(double{float_of(y)} - x);
    for (const int step : {-1, 1}) {
      const double other = std::abs(double{float_of(static_cast<std::uint16_t>(y + step))} - x);
      if ((y & 0x7fff) == 0 || !std::isfinite(other)) continue;
      CHECK((off < other || (off == other && y % 2 == 0)));
    }
  }
  CHECK(to_bf16(1) == 0x3f80);
  CHECK(to_bf16(-2) == 0xc000);
  CHECK(to_bf16(1 + 1.0F / 256) == 0x3f80);
  CHECK(to_bf16(1 + 3.0F / 256) == 0x3f82);
  CHECK(to_bf16(std::numeric_limits<float>::max()) == 0x7f80);
  CHECK(std::isnan(float_of(to_bf16(std::numeric_limits<float>::quiet_NaN()))));
}

/// What a warp does with ldmatrix and mma, as the PTX manual says it: which number comes to which register of which lane.
TEST_CASE("device networks: the places that lanes give for their matrices make the sums that they own") {
  if (tests::on_device) return;  // the host alone
  using kernels::grid::float_of, kernels::grid::bf16;
  std::mt19937_64 random(tests::seed(92));
  constexpr std::uint32_t depth = 64;
  std::vector<bf16> tile[2];  // 32 rows in shared memory, piece by piece
  std::vector<float> plain[2];
  for (int t = 0; t < 2; ++t) {
    tile[t].resize(32 * depth), plain[t].resize(32 * depth);
    for (std::uint32_t r = 0; r < 32; ++r) {
      for (std::uint32_t k = 0; k < depth; ++k) {
        plain[t][r * depth + k] = static_cast<float>(random() % 17) - 8;
        tile[t][kernels::grid::piece_place(r, k / 8) * 8 + k % 8] = kernels::grid::to_bf16(plain[t][r * depth + k]);
      }
    }
  }
  const auto matrices = [&](int t, const auto& place_of, std::uint32_t lane, std::uint32_t m, std::uint32_t half) {
    return float_of(tile[t][place_of(8 * m + lane / 4) * 8 + 2 * (lane % 4) + half]);
  };
  for (std::uint32_t k = 0; k < depth / 16; ++k) {
    const std::uint32_t row = 16, output = 16;
    const auto left = [&](std::uint32_t lane) { return kernels::grid::left_place(lane, row, k); };
    const auto right = [&](std::uint32_t lane) { return kernels::grid::right_place(lane, output, k); };
    float a[16][16], b[16][16];  // [row][k], [output][k]: a0 to a3, and b0, b1 of outputs 0 to 7, then of 8 to 15
    for (std::uint32_t lane = 0; lane < 32; ++lane) {
      for (std::uint32_t m = 0; m < 4; ++m) {
        for (std::uint32_t half = 0; half < 2; ++half) {
          a[lane / 4 + m % 2 * 8][2 * (lane % 4) + half + m / 2 * 8] = matrices(0, left, lane, m, half);
          b[lane / 4 + m / 2 * 8][2 * (lane % 4) + half + m % 2 * 8] = matrices(1, right, lane, m, half);
        }
      }
    }
    for (std::uint32_t i = 0; i < 16; ++i) {
      for (std::uint32_t j = 0; j < 16; ++j) {
        CHECK(a[i][j] == plain[0][(row + i) * depth + 16 * k + j]);
        CHECK(b[i][j] == plain[1][(output + i) * depth + 16 * k + j]);
      }
    }
  }
  // c0, c1: row lane / 4, columns 2 (lane mod 4) and the next; c2, c3: eight rows below.
  for (std::uint32_t lane = 0; lane < 32; ++lane) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      CHECK(kernels::grid::sum_row(lane, i) == lane / 4 + (i >= 2 ? 8 : 0));
      CHECK(kernels::grid::sum_column(lane, i) == 2 * (lane % 4) + i % 2);
    }
  }
}

TEST_CASE("device networks: small integers are exact, in every order and batch") {
  std::mt19937_64 random(tests::seed(93));
  for (const auto& [n, hidden] : {std::pair<std::size_t, std::size_t>{2, 2}, {7, 61}, {9, 130}, {54, 64}}) {
    const auto net = whole_network(n, hidden, random());
    const auto rows = tests::random_rows(n, 290, random);
    const auto stride = kernels::byte_row_stride(n);
    std::vector<float> expected;
    for (std::size_t i = 0; i < 290; ++i) expected.push_back(static_cast<float>(bounded(net, rows.data() + i * stride).value));
    CHECK(predictions_of_cpu(net, rows) == expected);
    for (const auto& on : tests::all_backends()) {
      INFO(on->name() << ", " << n << " points, " << hidden << " hidden");
      for (const std::size_t batch : {1, 17, 290}) {
        if (batch == 1 && (hidden > 2 || tests::sanitized)) continue;
        if (batch == 17 && (hidden > 61 || tests::sanitized)) continue;
        CHECK(predictions(on, net, rows, batch) == expected);
      }
    }
  }
}

TEST_CASE("device networks: within the bound of bf16 of double precision, near the CPU's float32, the same in every order and batch") {
  std::mt19937_64 random(tests::seed(94));
  struct shape {
    std::size_t n, first, hidden, count;
  };
  for (const auto& [n, first, hidden, count] : {shape{5, 6, 3, 1}, {4, 70, 17, 17}, {24, 128, 96, 17}, {130, 8, 5, 17}, {12, 65, 40, tests::sanitized ? 130U : 1000U}}) {
    const auto net = rich_network(n, first, hidden, random());
    const auto rows = tests::random_rows(n, count, random);
    const auto stride = kernels::byte_row_stride(n);
    const auto cpu = predictions_of_cpu(net, rows);
    std::optional<std::vector<float>> first_said;
    for (const auto& on : tests::all_backends()) {
      if (tests::sanitized && on->host() != nullptr && *on->host() == host_order::backward) continue;
      INFO(on->name() << ", " << n << " points, " << first << " and " << hidden << " hidden, " << count << " rows");
      const auto said = predictions(on, net, rows, count);
      std::size_t beyond = 0;
      double bounds = 0;
      for (std::size_t i = 0; i < count; i += count > 100 ? 7 : 1) {
        const bounded plain(net, rows.data() + i * stride);
        beyond += !(std::abs(said[i] - plain.value) <= plain.error);
        bounds += std::isfinite(plain.error);
        CHECK(cpu[i] == Approx(plain.value).epsilon(1e-4).margin(1e-4));
      }
      CHECK(beyond == 0);
      CHECK(bounds > 0);
      if (count > 100) CHECK(relative_error(cpu, said) < 0.03);
      if (on->host() == nullptr) continue;
      if (!first_said) first_said = said;
      CHECK(said == *first_said);
      if (count == 17) CHECK(predictions(on, net, rows, 5) == *first_said);
    }
  }
}

TEST_CASE("device networks: one layer, the bound near what is seen; and rows that are on the device, at any stride") {
  std::mt19937_64 random(tests::seed(95));
  const std::size_t n = 13;
  tests::network_builder b(n, random(), false);
  const auto net = b.linear(200).then(layer_kind::relu).linear(1).done();
  const auto on = tests::next_backend();
  const auto rows = tests::random_rows(n, 40, random);
  const auto said = predictions(on, net, rows, 40);
  double greatest = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const bounded plain(net, rows.data() + i * kernels::byte_row_stride(n));
    greatest = std::max(greatest, std::abs(said[i] - plain.value) / plain.error);
    CHECK(plain.error < 1);
  }
  CHECK(greatest < 1);
  CHECK(greatest > 0.001);
  std::vector<std::uint8_t> dense, spaced(40 * 20);
  for (std::size_t i = 0; i < 40; ++i) {
    const auto at = rows.begin() + static_cast<std::ptrdiff_t>(i * kernels::byte_row_stride(n));
    dense.insert(dense.end(), at, at + n);
    std::copy_n(at, n, spaced.begin() + static_cast<std::ptrdiff_t>(i * 20));
  }
  std::vector<float> out(40);
  device_network on_device(on, net);
  on_device.predict(dense.data(), n, 40, out.data());
  CHECK(out == said);
  const kernels::device_array<std::uint8_t> there(*on, spaced);
  const kernels::device_array<float> result(*on, 40);
  on_device.predict_on_device(there.data(), 20, 40, result.data());
  CHECK(result.download() == said);
}

TEST_CASE("device networks: a heuristic scores as the CPU's does, within bf16") {
  std::mt19937_64 random(tests::seed(96));
  const auto graph = graphs::make_catalogue_graph("lrx:8");
  const auto net = rich_network(8, 32, 20, 5);
  const auto cpu = make_network_heuristic(graph, net, network_precision::float32);
  const auto on = tests::next_backend();
  const auto device = make_device_network_heuristic(graph, net, on);
  CHECK(device->name() == "network 64-32-20-20-32-20-1, bf16 on " + std::string(on->name()));
  CHECK(device->most() == cpu->most());
  CHECK(device->bytes() > 2 * (64 * 32 + 32 * 20));
  const std::size_t count = 100;
  const auto rows = tests::random_rows(8, count, random);
  std::vector<std::uint32_t> a(count), b(count);
  cpu->score(rows.data(), count, a.data());
  device->score(rows.data(), count, b.data());
  std::vector<float> x(a.begin(), a.end()), y(b.begin(), b.end());
  CHECK(relative_error(x, y) < 0.1);
  CHECK(*std::max_element(b.begin(), b.end()) <= device->most());
  // Whole numbers: the same scores, not only nearly.
  const auto whole = whole_network(8, 20, 6);
  make_network_heuristic(graph, whole, network_precision::float32)->score(rows.data(), count, a.data());
  make_device_network_heuristic(graph, whole, tests::next_backend())->score(rows.data(), count, b.data());
  CHECK(a == b);
  CHECK_THROWS_AS(make_device_network_heuristic(graphs::make_catalogue_graph("lrx:9"), net, tests::next_backend()), domain_error);
  CHECK_THROWS_AS(make_device_network_heuristic(graph, net, kernels::make_host_backend(host_order::forward, 1000)), resource_error);
}

}  // namespace
}  // namespace device_network_test
}  // namespace cosetta::search
