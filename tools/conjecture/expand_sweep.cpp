// The graphs of a specification, one after the other.
#include <graphs/graph_builder.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/sweep_specification.hpp>

#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

/// Appends the items of one entry; the first parameter varies slowest.
class expansion {
 public:
  expansion(std::vector<sweep_item>& out, std::size_t entry, const std::function<void()>& checkpoint) : out_(out), entry_(entry), checkpoint_(checkpoint) {}

  void operator()(const family_graphs& family) {
    std::vector<std::int64_t> values;
    for (const auto& r : family.ranges) values.push_back(r.from);
    for (;;) {
      auto& item = add(filled(family, values));
      item.spec = item.label;
      item.inverse_closed = family.inverse_closed;
      if (family.inverse_closed) item.label += " inverse-closed";
      for (std::size_t i = 0; i < values.size(); ++i) item.parameters.emplace_back(family.ranges[i].name, values[i]);
      std::size_t i = values.size();
      while (i > 0 && values[i - 1] + family.ranges[i - 1].step > family.ranges[i - 1].to) --i, values[i] = family.ranges[i].from;
      if (i == 0) return;
      values[i - 1] += family.ranges[i - 1].step;
    }
  }

  void operator()(const listed_generators& list) {
    auto& item = add(list.label);
    item.generators = list.generators;
    item.inverse_closed = list.inverse_closed;
  }

  void operator()(const subset_graphs& subsets) {
    for (const auto& set : subset_orbits(subsets.of, subsets.degree, subsets.size, subsets.kind, max_sweep_graphs, checkpoint_)) {
      auto& item = add(set.key);
      item.generators = set.all_generators();
    }
  }

  void operator()(const random_graphs& random) {
    for (std::size_t i = 0; i < random.count; ++i) {
      auto& item = add(fmt::format("random S_{} {} of {} seed {} number {}{}", random.degree, random.size, random.class_text, random.seed, i,
                                   random.inverse_closed ? " inverse-closed" : ""));
      item.generators = random_subset(random.of, random.degree, random.size, random.seed, i);
      item.inverse_closed = random.inverse_closed;
    }
  }

 private:
  sweep_item& add(std::string label) {
    if (out_.size() >= max_sweep_graphs) throw resource_error(fmt::format("more than {} graphs in one sweep: split the specification", max_sweep_graphs));
    if (checkpoint_ && out_.size() % 1024 == 0) checkpoint_();
    out_.emplace_back();
    out_.back().entry = entry_;
    out_.back().label = std::move(label);
    return out_.back();
  }

  static std::string filled(const family_graphs& family, const std::vector<std::int64_t>& values) {
    std::string out = family.text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string hole = "{" + family.ranges[i].name + "}", text = std::to_string(values[i]);
      for (std::size_t at = 0; (at = out.find(hole, at)) != std::string::npos; at += text.size()) out.replace(at, hole.size(), text);
    }
    return out;
  }

  std::vector<sweep_item>& out_;
  std::size_t entry_;
  const std::function<void()>& checkpoint_;
};

struct description {
  std::string operator()(const family_graphs& family) const { return family.text; }
  std::string operator()(const listed_generators& list) const { return list.label; }
  std::string operator()(const subset_graphs& s) const {
    return fmt::format("{}-subsets of S_{} ({}) up to conjugacy{}", s.size, s.degree, s.class_text, s.kind == inversion::closed ? " and inversion" : "");
  }
  std::string operator()(const random_graphs& r) const { return fmt::format("{} random {}-subsets of S_{} ({}), seed {}", r.count, r.size, r.degree, r.class_text, r.seed); }
};

}  // namespace

graphs::graph_definition sweep_item::make() const {
  if (!spec.empty()) {
    graphs::parse_options options;
    if (inverse_closed) options.inverses = graphs::closure::inverse_closed;
    return graphs::parse_graph(spec, options);
  }
  graphs::permutation_set set;
  for (std::size_t i = 0; i < generators.size(); ++i) set.add(fmt::format("g{}", i), generators[i]);
  if (inverse_closed) set = set.inverse_closure();
  return graphs::make_graph(label, std::move(set));
}

std::vector<sweep_item> expand(const sweep_specification& specification, const std::function<void()>& checkpoint) {
  std::vector<sweep_item> all;
  for (std::size_t i = 0; i < specification.entries.size(); ++i) std::visit(expansion(all, i, checkpoint), specification.entries[i]);
  // Entries may overlap: a family's instance, a random set and an orbit have one label each wherever they come from.
  std::unordered_map<std::string, std::size_t> places;
  std::vector<sweep_item> out;
  out.reserve(all.size());
  for (auto& item : all) {
    const auto [at, fresh] = places.emplace(item.label, out.size());
    if (!fresh) {
      const auto& first = out[at->second];
      if (first.spec == item.spec && first.generators == item.generators && first.inverse_closed == item.inverse_closed) continue;
      throw domain_error(fmt::format("{}: /graphs/{}: the label '{}' occurs twice, for different graphs", specification.file, item.entry, item.label));
    }
    item.position = out.size();
    out.push_back(std::move(item));
  }
  return out;
}

std::string describe(const graph_entry& entry) {
  return std::visit(description{}, entry);
}

}  // namespace cosetta::conjecture
