#include <graphs/catalogue.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/amounts.hpp>
#include <tools/conjecture/json_place.hpp>
#include <tools/conjecture/sweep_specification.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::conjecture {

namespace {

using groups::permutation;
using groups::point;
using json = nlohmann::ordered_json;

bool closed_by(const json_place& entry) {
  const auto given = entry.find("inverse_closed");
  return given && given->flag();
}

std::pair<permutation_class, std::string> read_class(const std::optional<json_place>& given, std::size_t degree) {
  if (!given) return {{}, "all"};
  const auto c = given->permutation_class_of(degree);
  return {c, given->value().is_array() ? fmt::format("type {}", fmt::join(c.cycles, ",")) : given->text()};
}

family_graphs read_family(const json_place& entry) {
  family_graphs out;
  out.text = entry.at("family").text();
  out.inverse_closed = closed_by(entry);
  for (std::size_t at = 0; (at = out.text.find('{', at)) != std::string::npos;) {
    const auto end = out.text.find('}', at);
    const std::string name = end == std::string::npos ? "" : out.text.substr(at + 1, end - at - 1);
    if (name.empty() || name == "family" || name == "inverse_closed") entry.at("family").fail(fmt::format("'{}': a parameter is written {{n}}", out.text));
    at = end;
    if (std::any_of(out.ranges.begin(), out.ranges.end(), [&](const value_range& r) { return r.name == name; })) continue;
    const auto given = entry.find(name.c_str());
    if (!given) entry.fail(fmt::format("the values of {{{}}} are missing: \"{}\": [4, 12]", name, name));
    value_range range{name, 0, 0, 1};
    constexpr std::int64_t most = 1'000'000'000;
    if (given->value().is_array()) {
      const auto ends = given->items("[from, to]");
      if (ends.size() != 2 && ends.size() != 3) given->mismatch("[from, to] or [from, to, step]");
      range.from = ends[0].integer(-most, most);
      range.to = ends[1].integer(-most, most);
      if (ends.size() == 3) range.step = ends[2].integer(1, most);
      if (range.to < range.from) given->fail(fmt::format("the range from {} to {} is empty", range.from, range.to));
    } else {
      range.from = range.to = given->integer(-most, most);
    }
    out.ranges.push_back(range);
  }
  double graphs = 1;
  for (const auto& r : out.ranges) graphs *= static_cast<double>((r.to - r.from) / r.step + 1);
  if (graphs > max_sweep_graphs) entry.fail(fmt::format("{:.3g} graphs; at most {} in a sweep", graphs, max_sweep_graphs));
  for (const auto& [key, value] : entry.value().items()) {
    if (key == "family" || key == "inverse_closed") continue;
    if (std::none_of(out.ranges.begin(), out.ranges.end(), [&k = key](const value_range& r) { return r.name == k; })) {
      entry.fail(fmt::format("unknown key \"{}\": no {{{}}} in \"{}\"", key, key, out.text));
    }
  }
  const auto name = out.text.substr(0, out.text.find_first_of(":{"));
  if (out.text.find_first_of("./-") == std::string::npos && name.size() < out.text.size() && name != "fp" && name != "puzzle" && graphs::find_family(name) == nullptr) {
    entry.at("family").fail(fmt::format("unknown family '{}'; nearest: {}", name, fmt::join(graphs::nearest_names(name, graphs::catalogue_names()), ", ")));
  }
  return out;
}

listed_generators read_generators(const json_place& entry) {
  entry.check_keys({"generators", "label", "inverse_closed"});
  listed_generators out;
  out.inverse_closed = closed_by(entry);
  const auto list = entry.at("generators");
  for (const auto& row : list.items("a list of image arrays")) {
    std::vector<point> images;
    for (const auto& image : row.items("an image array such as [1,0,2]")) images.push_back(static_cast<point>(image.integer(0, static_cast<std::int64_t>(groups::max_degree) - 1)));
    try {
      out.generators.push_back(groups::make_permutation(images));
    } catch (const domain_error& e) {
      row.fail(e.what());
    }
    if (out.generators.back().degree() != out.generators.front().degree()) {
      row.fail(fmt::format("degree {}, but the first generator has degree {}", images.size(), out.generators.front().degree()));
    }
  }
  if (out.generators.empty() || out.generators.front().degree() == 0) list.mismatch("at least one generator on at least one point");
  if (const auto label = entry.find("label")) {
    out.label = label->text();
    if (out.label.empty()) label->fail("an empty label");
  } else {
    for (const auto& g : out.generators) out.label += (out.label.empty() ? "" : ",") + to_one_line(g);
  }
  return out;
}

subset_graphs read_subsets(const json_place& entry) {
  entry.check_keys({"subsets", "up_to"});
  const auto given = entry.at("subsets");
  given.check_keys({"degree", "size", "class"});
  subset_graphs out;
  out.degree = static_cast<std::size_t>(given.at("degree").integer(2, static_cast<std::int64_t>(max_subset_degree)));
  out.size = static_cast<std::size_t>(given.at("size").integer(1, 8));
  std::tie(out.of, out.class_text) = read_class(given.find("class"), out.degree);
  if (const auto n = class_size(out.of, out.degree); n > max_class_size) {
    given.fail(fmt::format("the class has {} permutations; subsets of at most {} are enumerated: take a cycle type, or \"random\"", n, max_class_size));
  }
  if (const auto up_to = entry.find("up_to")) {
    const auto text = up_to->value().is_string() ? up_to->text() : std::string();
    if (text != "conjugacy" && text != "conjugacy_and_inversion") up_to->mismatch("\"conjugacy\" or \"conjugacy_and_inversion\"");
    out.kind = text == "conjugacy" ? inversion::as_given : inversion::closed;
  }
  return out;
}

random_graphs read_random(const json_place& entry) {
  entry.check_keys({"random", "inverse_closed"});
  const auto given = entry.at("random");
  given.check_keys({"degree", "size", "count", "seed", "class"});
  random_graphs out;
  out.inverse_closed = closed_by(entry);
  out.degree = static_cast<std::size_t>(given.at("degree").integer(2, 10'000));
  out.size = static_cast<std::size_t>(given.at("size").integer(1, 1000));
  out.count = static_cast<std::size_t>(given.at("count").integer(1, 1'000'000));
  if (const auto seed = given.find("seed")) out.seed = static_cast<std::uint64_t>(seed->integer(0, std::int64_t{1} << 62));
  std::tie(out.of, out.class_text) = read_class(given.find("class"), out.degree);
  if (const auto n = class_size(out.of, out.degree); n / 2 < out.size && n != out.size) {
    given.fail(fmt::format("{} random elements of a class of {}: take at most half of it", out.size, n));
  }
  return out;
}

graph_entry read_entry(const json_place& entry) {
  if (!entry.value().is_object()) entry.mismatch("an object");
  if (entry.find("family")) return read_family(entry);
  if (entry.find("generators")) return read_generators(entry);
  if (entry.find("subsets")) return read_subsets(entry);
  if (entry.find("random")) return read_random(entry);
  entry.fail("one of \"family\", \"generators\", \"subsets\", \"random\" is missing");
}

void read_limits(const json_place& limits, sweep_specification& out) {
  limits.check_keys({"memory", "time", "max_states"});
  const auto amount = [](const json_place& at, const auto& parse) {
    try {
      return parse(at.text());
    } catch (const parse_error& e) {
      at.fail(e.what());
    }
  };
  if (const auto memory = limits.find("memory")) out.memory = amount(*memory, parse_bytes);
  if (const auto time = limits.find("time")) out.seconds = amount(*time, parse_seconds);
  if (const auto states = limits.find("max_states")) {
    const double n = states->value().is_number() ? states->value().get<double>() : -1;
    if (!(n >= 1 && n <= 1e18) || std::floor(n) != n) states->mismatch("a whole number from 1 to 1e18");
    out.max_states = static_cast<std::uint64_t>(n);
  }
}

}  // namespace

sweep_specification parse_sweep(std::string_view text, const std::string& file) {
  const auto document = parse_json_document(text, file);
  const json_place top(file, "", document);
  top.check_keys({"name", "graphs", "measures", "limits"});
  sweep_specification out;
  out.file = file;
  out.name = top.at("name").text();
  if (out.name.empty() || out.name.size() > 200) top.at("name").mismatch("a name of up to 200 bytes");
  if (std::any_of(out.name.begin(), out.name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) top.at("name").fail("control characters have no place in a name");
  const auto graphs = top.at("graphs");
  for (const auto& entry : graphs.items("a list of graphs")) out.entries.push_back(read_entry(entry));
  if (out.entries.empty()) graphs.fail("no graphs");
  if (const auto measures = top.find("measures")) {
    for (const auto& name : measures->items("a list of measures")) {
      const auto m = measure_from(name.value().is_string() ? name.text() : "");
      if (!m) name.mismatch("one of diameter, growth, last_layer, moments, order, transitive, girth");
      out.measures.insert(*m);
    }
    if (out.measures == measure_set{}) measures->fail("no measures");
  } else {
    out.measures.insert(measure::diameter);
  }
  if (const auto limits = top.find("limits")) read_limits(*limits, out);
  return out;
}

}  // namespace cosetta::conjecture
