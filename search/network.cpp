#include <kernels/error.hpp>
#include <search/network.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::search {

namespace {

using json = nlohmann::json;
using layer_kind = network_layer::kind;

constexpr std::size_t most_degree = 250, most_width = 1 << 14, most_layers = 1000, most_open = 8, most_header = 1 << 20;

constexpr std::pair<std::string_view, layer_kind> layer_kinds[] = {{"linear", layer_kind::linear}, {"batch_norm", layer_kind::batch_norm}, {"layer_norm", layer_kind::layer_norm},
                                                                   {"relu", layer_kind::relu}, {"residual_begin", layer_kind::residual_begin}, {"residual_end", layer_kind::residual_end}};

std::string shortened(std::string text) { return text.size() > 40 ? text.substr(0, 40) + "..." : text; }

void only_keys(const json& object, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : object.items()) {
    bool found = false;
    for (const auto k : known) found = found || k == key;
    if (!found) throw parse_error(fmt::format("unknown key \"{}\"", shortened(key)));
  }
}

const json& member(const json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) throw parse_error(fmt::format("no \"{}\"", key));
  return *at;
}

std::size_t whole(const json& object, const char* key, std::size_t least, std::size_t most) {
  const auto& value = member(object, key);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least || value.get<std::uint64_t>() > most) {
    throw parse_error(fmt::format("\"{}\" is {}, not a number from {} to {}", key, shortened(value.dump()), least, most));
  }
  return value.get<std::size_t>();
}

double finite(const json& object, const char* key, double otherwise) {
  const auto at = object.find(key);
  if (at == object.end()) return otherwise;
  const double out = at->is_number() ? at->get<double>() : NAN;
  if (!(std::abs(out) < 1e30)) throw parse_error(fmt::format("\"{}\" is {}, not a number below 10^30", key, shortened(at->dump())));
  return out;
}

std::string text(const json& object, const char* key) {
  const auto& value = member(object, key);
  if (!value.is_string()) throw parse_error(fmt::format("\"{}\" is {}, not text", key, shortened(value.dump())));
  return value.get<std::string>();
}

/// A layer without its numbers, and whether it has a bias. `width`: of what it gets.
std::pair<network_layer, bool> layer_of(const json& object, std::size_t width) {
  if (!object.is_object()) throw parse_error("not an object");
  network_layer out{layer_kind::linear};
  const auto type = text(object, "type");
  bool known = false;
  for (const auto& [name, what] : layer_kinds) {
    if (name == type) out.what = what, known = true;
  }
  if (!known) throw parse_error(fmt::format("unknown type \"{}\"; there are linear, batch_norm, layer_norm, relu, residual_begin, residual_end", shortened(type)));
  out.in = out.out = width;
  bool bias = true;
  switch (out.what) {
    case layer_kind::linear:
      only_keys(object, {"type", "in", "out", "bias"});
      out.in = whole(object, "in", 1, most_degree * most_degree);
      out.out = whole(object, "out", 1, most_width);
      if (const auto at = object.find("bias"); at != object.end()) {
        if (!at->is_boolean()) throw parse_error("\"bias\" is neither true nor false");
        bias = at->get<bool>();
      }
      break;
    case layer_kind::batch_norm:
    case layer_kind::layer_norm:
      only_keys(object, {"type", "size", "epsilon"});
      out.in = out.out = whole(object, "size", 1, most_width);
      out.epsilon = finite(object, "epsilon", 1e-5);
      if (out.epsilon < 0) throw parse_error("\"epsilon\" is negative");
      break;
    default:
      only_keys(object, {"type"});
  }
  if (out.in != width) throw parse_error(fmt::format("it takes {} numbers, but gets {}", out.in, width));
  return {std::move(out), bias};
}

struct header {
  network net;
  std::vector<bool> biases;  // of the layers
};

header header_of(const json& object) {
  if (!object.is_object()) throw parse_error("not a JSON object");
  if (text(object, "format") != "cosetta.network") throw parse_error("\"format\" is not \"cosetta.network\"");
  only_keys(object, {"format", "version", "degree", "encoding", "layers", "output", "about"});
  if (whole(object, "version", 0, ~std::uint32_t{0}) != 1) throw parse_error(fmt::format("version {}: this program reads version 1", member(object, "version").dump()));
  header out;
  auto& net = out.net;
  net.degree = whole(object, "degree", 2, most_degree);
  if (text(object, "encoding") != "one_hot") throw parse_error("\"encoding\" is not \"one_hot\"");
  if (const auto at = object.find("output"); at != object.end()) {
    if (!at->is_object()) throw parse_error("\"output\" is no object");
    only_keys(*at, {"scale", "offset"});
    net.scale = finite(*at, "scale", 1), net.offset = finite(*at, "offset", 0);
    if (!(std::abs(net.scale) > 1e-30)) throw parse_error("\"scale\" is 0, or nearly: all states would be alike");
  }
  const auto& layers = member(object, "layers");
  if (!layers.is_array() || layers.empty() || layers.size() > most_layers) throw parse_error(fmt::format("\"layers\" is no list of 1 to {} layers", most_layers));
  std::size_t width = net.degree * net.degree;
  std::vector<std::size_t> open;  // widths of residual blocks
  for (std::size_t i = 0; i < layers.size(); ++i) {
    try {
      auto [layer, bias] = layer_of(layers[i], width);
      if (i == 0 && layer.what != layer_kind::linear) throw parse_error("the first layer has to be linear");
      if (layer.what == layer_kind::residual_begin) {
        if (open.size() == most_open) throw parse_error(fmt::format("more than {} residual blocks within each other", most_open));
        open.push_back(width);
      }
      if (layer.what == layer_kind::residual_end) {
        if (open.empty()) throw parse_error("no residual_begin belongs to it");
        if (open.back() != width) throw parse_error(fmt::format("{} numbers are added to {}", open.back(), width));
        open.pop_back();
      }
      width = layer.out;
      out.biases.push_back(bias);
      net.layers.push_back(std::move(layer));
    } catch (const parse_error& e) {
      throw parse_error(fmt::format("layer {}: {}", i, e.what()));
    }
  }
  if (!open.empty()) throw parse_error("a residual_begin without its residual_end");
  if (width != 1) throw parse_error(fmt::format("the last layer gives {} numbers; one estimate is needed", width));
  return out;
}

/// The arrays of a layer in the order of the file: what they are, where they go, how long they are.
struct array {
  const char* name;
  std::vector<float>* to;
  std::size_t length;
};

std::vector<array> arrays_of(network_layer& layer, bool bias) {
  switch (layer.what) {
    case layer_kind::linear: {
      std::vector<array> out{{"weight", &layer.weight, layer.in * layer.out}};
      if (bias) out.push_back({"bias", &layer.bias, layer.out});
      return out;
    }
    case layer_kind::batch_norm:
      return {{"weight", &layer.weight, layer.out}, {"bias", &layer.bias, layer.out}, {"running_mean", &layer.mean, layer.out}, {"running_var", &layer.variance, layer.out}};
    case layer_kind::layer_norm:
      return {{"weight", &layer.weight, layer.out}, {"bias", &layer.bias, layer.out}};
    default:
      return {};
  }
}

float float_at(const char* bytes) noexcept {
  std::uint32_t word = 0;
  for (int b = 3; b >= 0; --b) word = word << 8 | static_cast<unsigned char>(bytes[b]);
  return std::bit_cast<float>(word);
}

/// The header of a file that is `size` bytes long, of which these are the first ones; where its numbers begin.
header begun_header(std::string_view bytes, std::uint64_t size, const std::string& name, std::size_t& at) {
  const auto end = bytes.substr(0, most_header).find('\n');
  if (end == std::string_view::npos) throw parse_error(fmt::format("{}:1: no header: a network begins with one line of JSON (docs/networks.md)", name));
  header h;
  try {
    h = header_of(json::parse(bytes.substr(0, end)));
  } catch (const parse_error& e) {
    throw parse_error(fmt::format("{}:1: {}", name, e.what()));
  } catch (const json::exception&) {
    throw parse_error(fmt::format("{}:1: not JSON: a network begins with one line of it (docs/networks.md)", name));
  }
  at = end + 1;
  std::uint64_t numbers = 0;
  for (std::size_t i = 0; i < h.net.layers.size(); ++i) {
    for (const auto& a : arrays_of(h.net.layers[i], h.biases[i])) numbers += a.length;
  }
  if (size - at != 4 * numbers) {
    throw parse_error(fmt::format("{}: byte {}: {} bytes follow the header, but its layers have {} numbers, {} bytes", name, at, size - at, numbers, 4 * numbers));
  }
  return h;
}

void read_numbers(header& h, std::string_view bytes, std::size_t at, const std::string& name) {
  for (std::size_t i = 0; i < h.net.layers.size(); ++i) {
    auto& layer = h.net.layers[i];
    for (const auto& a : arrays_of(layer, h.biases[i])) {
      a.to->resize(a.length);
      for (std::size_t k = 0; k < a.length; ++k, at += 4) {
        const float x = (*a.to)[k] = float_at(bytes.data() + at);
        const auto place = [&] { return fmt::format("{}: byte {}: layer {}, {}[{}]", name, at, i, a.name, k); };
        if (!(std::abs(x) < 1e30F)) throw parse_error(fmt::format("{} is {}, not a number below 10^30", place(), x));
        if (a.to == &layer.variance && !(x + layer.epsilon > 0)) throw parse_error(fmt::format("{} is {}: a variance and epsilon have to be positive together", place(), x));
      }
    }
    if (layer.what == layer_kind::linear && layer.bias.empty()) layer.bias.resize(layer.out);
  }
}

}  // namespace

std::string network::widths() const {
  std::string out = std::to_string(degree * degree);
  for (const auto& layer : layers) {
    if (layer.what == network_layer::kind::linear) out += '-' + std::to_string(layer.out);
  }
  return out;
}

network parse_network(std::string_view bytes, const std::string& name) {
  std::size_t at = 0;
  auto h = begun_header(bytes, bytes.size(), name, at);
  read_numbers(h, bytes, at, name);
  return std::move(h.net);
}

network read_network(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) throw parse_error(path + ": is a folder, not a network");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw parse_error(path + ": no such file, or not readable");
  if (!std::filesystem::is_regular_file(path, none)) throw parse_error(path + ": a network is read from a file, whose length is known");
  const auto size = std::filesystem::file_size(path);
  std::string bytes(std::min<std::uint64_t>(size, most_header), '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::size_t at = 0;
  begun_header(bytes, size, path, at);  // before memory is taken for the numbers
  const auto begun = bytes.size();
  bytes.resize(size);
  file.read(bytes.data() + begun, static_cast<std::streamsize>(size - begun));
  if (!file) throw parse_error(path + ": cannot be read to its end");
  return parse_network(bytes, path);
}

}  // namespace cosetta::search
