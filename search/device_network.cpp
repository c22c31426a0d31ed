#include <kernels/error.hpp>
#include <search/byte_graph.hpp>
#include <search/device_network.hpp>
#include <search/folded_layer.hpp>
#include <search/heuristic.hpp>

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using kernels::activation_block;
using kernels::device_array;
using kernels::padded_to;
using kernels::grid::bf16;
using first_near = kernels::one_hot_rows<true>;
using first_far = kernels::one_hot_rows<false>;

constexpr std::uint32_t widest_slice = 64;  // a row of the table then meets all banks of shared memory once

std::uint32_t padded(std::size_t width) { return padded_to(static_cast<std::uint32_t>(width), activation_block); }

/// Outputs whose part of the first table fits shared memory, or 0.
std::uint32_t near_slice(std::uint32_t n, std::uint32_t most_bytes) {
  std::uint32_t slice = widest_slice;
  while (slice >= 8 && first_near::table_bytes(n, slice) > most_bytes) slice /= 2;
  return slice >= 8 ? slice : 0;
}

std::vector<float> with_zeros(std::vector<float> numbers, std::size_t size) {
  numbers.resize(size);
  return numbers;
}

}  // namespace

device_network::device_network(std::shared_ptr<kernels::backend> on, const network& net)
    : on_(std::move(on)), degree_(static_cast<std::uint32_t>(net.degree)), scale_(static_cast<float>(net.scale)) {
  using layer_kind = network_layer::kind;
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    const auto& layer = net.layers[i];
    switch (layer.what) {
      case layer_kind::linear: {
        const bool folded = i + 1 < net.layers.size() && net.layers[i + 1].what == layer_kind::batch_norm;
        const auto* norm = folded ? &net.layers[i + 1] : nullptr;
        i == 0 ? add_first(layer, norm) : add_linear(layer, norm, i);
        i += folded;
        break;
      }
      case layer_kind::batch_norm:
      case layer_kind::layer_norm:
        add_norm(&layer, layer.out);
        break;
      case layer_kind::relu:
        add_relu();
        break;
      case layer_kind::residual_begin:
        open_.push_back(steps_.back().out);
        is_closed_ = true;
        break;
      case layer_kind::residual_end:
        end_residual();
    }
  }
  take_buffers();
}

/// To the first buffer that is neither read nor kept.
void device_network::add_step(step_kind what, std::size_t number, std::size_t width) {
  const auto in = steps_.empty() ? none : steps_.back().out;
  std::size_t out = 0;
  while (out == in || std::ranges::count(open_, out) > 0) ++out;
  steps_.push_back({what, number, padded(width), steps_.empty() ? 0 : steps_.back().stride, in, out});
  buffers_ = std::max(buffers_, out + 1);
  widest_ = std::max(widest_, padded(width));
  is_closed_ = false;
}

void device_network::add_first(const network_layer& layer, const network_layer* batch_norm) {
  const auto folded = fold(layer, batch_norm, degree_, 0);
  const auto near = near_slice(degree_, on_->shared_bytes() - 1024);
  const auto slice = near == 0 ? widest_slice : near;
  const std::uint32_t slices = padded(layer.out) / slice;
  const std::size_t entries = std::size_t{degree_} * degree_;
  std::vector<bf16> table(slices * entries * slice);
  for (std::size_t e = 0; e < entries; ++e) {
    for (std::size_t o = 0; o < layer.out; ++o) table[(o / slice * entries + e) * slice + o % slice] = kernels::grid::to_bf16(folded.weights[e * layer.out + o]);
  }
  add_step(step_kind::one_hot, linear_.size(), layer.out);
  linear_.push_back({slice, slices, 0, {*on_, table}, {*on_, with_zeros(folded.bias, std::size_t{slices} * slice)}, {}});
}

void device_network::add_linear(const network_layer& layer, const network_layer* batch_norm, std::size_t number) {
  auto folded = fold(layer, batch_norm, 0, number);
  const std::size_t stride = padded(layer.in);
  if (layer.out == 1) {
    add_step(step_kind::dot, linear_.size(), 1);
    linear_.push_back({0, 0, folded.bias[0], {}, {}, {*on_, with_zeros(std::move(folded.weights), stride)}});
    return;
  }
  const std::uint32_t across = padded(layer.out) % 128 == 0 ? 128 : 64, tiles = padded(layer.out) / across;
  std::vector<bf16> weights(tiles * across * stride);
  for (std::size_t o = 0; o < layer.out; ++o) {
    for (std::size_t k = 0; k < layer.in; ++k) weights[o * stride + k] = kernels::grid::to_bf16(folded.weights[o * layer.in + k]);
  }
  add_step(step_kind::tiles, linear_.size(), layer.out);
  linear_.push_back({across, tiles, 0, {*on_, weights}, {*on_, with_zeros(std::move(folded.bias), std::size_t{tiles} * across)}, {}});
}

/// `layer` null: a step that changes nothing but in its tail.
void device_network::add_norm(const network_layer* layer, std::size_t width) {
  add_step(step_kind::norm, norms_.size(), width);
  norm out{kernels::norm_rows::what::nothing, static_cast<std::uint32_t>(width), 0, {}, {}};
  if (layer != nullptr) {
    auto scale = layer->weight, shift = layer->bias;
    out.kind = kernels::norm_rows::what::layer_norm, out.epsilon = static_cast<float>(layer->epsilon);
    if (layer->what == network_layer::kind::batch_norm) {
      out.kind = kernels::norm_rows::what::affine;
      for (std::size_t o = 0; o < width; ++o) {
        const auto [factor, summand] = affine_of(*layer, o);
        scale[o] = checked_weight(factor, steps_.size()), shift[o] = checked_weight(summand, steps_.size());
      }
    }
    out.scale = {*on_, with_zeros(std::move(scale), padded(width))}, out.shift = {*on_, with_zeros(std::move(shift), padded(width))};
  }
  norms_.push_back(std::move(out));
}

void device_network::add_relu() {
  if (is_closed_) add_norm(nullptr, steps_.back().stride);
  auto& s = steps_.back();
  (s.kept == none ? s.relu_first : s.relu_last) = true;
}

void device_network::end_residual() {
  if (is_closed_ || steps_.back().kept != none) add_norm(nullptr, steps_.back().stride);
  steps_.back().kept = open_.back();
  open_.pop_back();
}

void device_network::take_buffers() {
  const std::size_t tiles = std::clamp<std::size_t>(512 / widest_, 1, 4);  // of rows, for each multiprocessor
  chunk_ = kernels::batch_block * tiles * on_->multiprocessors();
  for (std::size_t i = 0; i < buffers_; ++i) {
    activations_.emplace_back(*on_, chunk_ * widest_);
    activations_.back().fill(0);  // tiles read whole blocks of rows, and leave out what they made of those behind the last one
  }
  said_ = {*on_, chunk_};
}

std::size_t device_network::bytes() const noexcept {
  std::size_t sum = rows_.bytes() + said_.bytes();
  for (const auto& layer : linear_) sum += layer.weights.bytes() + layer.bias.bytes() + layer.weights_of_dot.bytes();
  for (const auto& n : norms_) sum += n.scale.bytes() + n.shift.bytes();
  for (const auto& a : activations_) sum += a.bytes();
  return sum;
}

void device_network::predict(const std::uint8_t* rows, std::size_t stride, std::size_t count, float* out) {
  const std::size_t padded_stride = padded_to(static_cast<std::uint32_t>(stride), 4);
  if (rows_.size() < std::min(count, chunk_) * padded_stride) rows_ = {*on_, chunk_ * padded_stride};
  std::vector<std::uint8_t> spread;
  for (std::size_t i = 0; i < count; i += chunk_) {
    const std::size_t now = std::min(chunk_, count - i);
    const auto* from = rows + i * stride;
    if (padded_stride != stride) {
      spread.resize(now * padded_stride);
      for (std::size_t k = 0; k < now; ++k) std::copy_n(from + k * stride, stride, spread.begin() + static_cast<std::ptrdiff_t>(k * padded_stride));
      from = spread.data();
    }
    on_->upload(rows_.data(), from, now * padded_stride);
    predict_on_device(rows_.data(), static_cast<std::uint32_t>(padded_stride), now, said_.data());
    on_->download(out + i, said_.data(), now * sizeof(float));
  }
}

void device_network::predict_on_device(const std::uint8_t* rows, std::uint32_t stride, std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; i += chunk_) {
    for (const auto& s : steps_) run(s, &s == &steps_.back(), rows + i * stride, stride, static_cast<std::uint32_t>(std::min(chunk_, count - i)), out + i);
  }
}

void device_network::run(const step& s, bool is_last, const std::uint8_t* rows, std::uint32_t row_stride, std::uint32_t count, float* out) {
  const kernels::layer_tail tail{activations_[s.out].data(), s.stride, count, s.kept == none ? nullptr : activations_[s.kept].data(), s.relu_first, s.relu_last,
                                 is_last ? out : nullptr, scale_};
  constexpr std::uint32_t threads = 256, rows_together = threads / kernels::norm_rows::lanes;
  const std::uint32_t blocks = std::min((count + rows_together - 1) / rows_together, 32 * on_->multiprocessors());
  switch (s.what) {
    case step_kind::one_hot:
      return run_first(s, tail, rows, row_stride);
    case step_kind::tiles:
      return run_tiles(s, tail);
    case step_kind::dot: {
      const auto& layer = linear_[s.number];
      return kernels::launch(*on_, kernels::dot_rows{activations_[s.in].data(), s.in_stride, layer.weights_of_dot.data(), layer.bias_of_dot, tail}, {blocks, threads});
    }
    case step_kind::norm: {
      const auto& n = norms_[s.number];
      kernels::launch(*on_, kernels::norm_rows{n.kind, activations_[s.in].data(), n.size, n.scale.data(), n.shift.data(), n.epsilon, tail}, {blocks, threads});
    }
  }
}

void device_network::run_first(const step& s, const kernels::layer_tail& tail, const std::uint8_t* rows, std::uint32_t row_stride) {
  const auto& layer = linear_[s.number];
  const auto most = on_->shared_bytes() - 1024;
  const bool is_near = first_near::table_bytes(degree_, layer.slice) <= most;
  // Near tables: as many blocks as have room for theirs; few threads where many of them have.
  const std::uint32_t table = first_near::table_bytes(degree_, layer.slice), together = is_near ? std::clamp(most / (table + 1024), 1U, 4U) : 4;
  const std::uint32_t threads = together == 1 ? 512 : 256, rows_together = threads / (layer.slice / 8);
  const std::uint32_t copies = std::clamp((tail.count + rows_together - 1) / rows_together, 1U, std::max(1U, together * on_->multiprocessors() / layer.tiles));
  const kernels::grid_shape shape{copies * layer.tiles, threads, is_near ? padded_to(table, 16) : 0};
  if (is_near) {
    kernels::launch(*on_, first_near{rows, row_stride, degree_, layer.slice, layer.tiles, layer.weights.data(), layer.bias.data(), tail}, shape);
  } else {
    kernels::launch(*on_, first_far{rows, row_stride, degree_, layer.slice, layer.tiles, layer.weights.data(), layer.bias.data(), tail}, shape);
  }
}

void device_network::run_tiles(const step& s, const kernels::layer_tail& tail) {
  const auto& layer = linear_[s.number];
  const std::uint32_t blocks = (tail.count + kernels::batch_block - 1) / kernels::batch_block * layer.tiles;
  const auto start = [&]<std::uint32_t Columns>(kernels::dense_tiles<Columns> kernel) {
    kernels::launch(*on_, kernel, {blocks, kernel.most_threads, kernel.extra_bytes});
  };
  const auto* const in = activations_[s.in].data();
  if (layer.slice == 128) {
    start(kernels::wide_dense_tiles{in, s.in_stride, layer.weights.data(), layer.bias.data(), layer.tiles, tail});
  } else {
    start(kernels::narrow_dense_tiles{in, s.in_stride, layer.weights.data(), layer.bias.data(), layer.tiles, tail});
  }
}

namespace {

class learned_on_device final : public heuristic {
 public:
  learned_on_device(const byte_graph& graph, const network& net, const std::shared_ptr<kernels::backend>& on)
      : name_(fmt::format("network {}, bf16 on {}", net.widths(), on->name())), device_{on, device_network(on, net), {}, {}}, stride_(graph.stride) {
    const auto rows = network_scores::sample(graph);
    std::vector<float> said(rows.size() / stride_);
    device_.network.predict(rows.data(), stride_, said.size(), said.data());
    device_.score_of = network_scores(said, name_);
  }

  std::string_view name() const noexcept override { return name_; }
  std::uint32_t most() const noexcept override { return network_scores::last; }
  std::size_t bytes() const noexcept override { return device_.network.bytes(); }
  network_on_device* on_device() const noexcept override { return &device_; }

  void score(const std::uint8_t* rows, std::size_t count, std::uint32_t* out) const override {
    const std::lock_guard lock(device_.in_use);
    said_.resize(std::max(said_.size(), count));
    device_.network.predict(rows, stride_, count, said_.data());
    for (std::size_t i = 0; i < count; ++i) out[i] = device_.score_of(said_[i]);
  }

 private:
  std::string name_;
  mutable network_on_device device_;
  std::size_t stride_;
  mutable std::vector<float> said_;
};

}  // namespace

std::unique_ptr<heuristic> make_device_network_heuristic(const graphs::graph_definition& graph, const network& net, const std::shared_ptr<kernels::backend>& on) {
  if (net.degree != graph.degree()) {
    throw domain_error(fmt::format("{}: the network {} is for {} points, the graph has {}", graph.spec(), net.widths(), net.degree, graph.degree()));
  }
  return std::make_unique<learned_on_device>(byte_graph(graph), net, on);
}

}  // namespace cosetta::search
