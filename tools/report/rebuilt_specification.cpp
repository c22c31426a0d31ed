#include <kernels/error.hpp>
#include <tools/conjecture/measure.hpp>
#include <tools/conjecture/measured_table.hpp>
#include <tools/conjecture/sweep_specification.hpp>
#include <tools/report/rebuilt_specification.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::report {

namespace {

using conjecture::listed_graph;
using nlohmann::ordered_json;
using rows = std::vector<const listed_graph*>;

constexpr std::size_t most_listed = 2000;          // entries, one for each graph
constexpr std::size_t most_enumerated = 20'000;    // orbits of subsets, to check that they are these
constexpr std::uint64_t largest_class = 50'000;    // whose subsets are enumerated for that
constexpr std::string_view closed_mark = " inverse-closed";

bool is_closed_by_name(const conjecture::member_row& m) { return m.label.ends_with(closed_mark); }

/// Arithmetic progressions that cover ascending values: [4, 12], [3, 7, 2], or a number.
std::vector<ordered_json> progressions(const std::vector<std::int64_t>& values) {
  std::vector<ordered_json> out;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i + 1;
    const std::int64_t step = end < values.size() ? values[end] - values[i] : 1;
    while (end < values.size() && values[end] - values[end - 1] == step) ++end;
    if (end - i == 1) out.emplace_back(values[i]);
    else if (step == 1) out.push_back({values[i], values[end - 1]});
    else out.push_back({values[i], values[end - 1], step});
    i = end;
  }
  return out;
}

ordered_json family_entry(const std::string& text, bool closed) {
  ordered_json out = {{"family", text}};
  if (closed) out["inverse_closed"] = true;
  return out;
}

/// The whole grid of the parameters' values, or a line for each choice of the others where graphs are missing in it.
std::vector<ordered_json> family_entries(const std::string& text, bool closed, const rows& of) {
  std::map<std::string, std::set<std::int64_t>> values;
  for (const auto* row : of) {
    for (const auto& [name, value] : row->member.parameters) values[name].insert(value);
  }
  const auto listed = [](const std::set<std::int64_t>& set) { return std::vector<std::int64_t>(set.begin(), set.end()); };
  std::size_t grid = 1;
  bool lines = true;
  auto whole = family_entry(text, closed);
  for (const auto& [name, value] : of.front()->member.parameters) {
    const auto ranges = progressions(listed(values[name]));
    lines = lines && ranges.size() == 1;
    whole[name] = ranges.front();
    grid *= values[name].size();
  }
  if (lines && grid == of.size()) return {whole};
  const auto along = std::ranges::max_element(values, {}, [](const auto& v) { return v.second.size(); })->first;
  std::map<std::vector<std::pair<std::string, std::int64_t>>, std::set<std::int64_t>> by_others;
  for (const auto* row : of) {
    auto others = row->member.parameters;
    const auto at = std::ranges::find(others, along, [](const auto& p) { return p.first; });
    const auto n = at->second;
    others.erase(at);
    by_others[others].insert(n);
  }
  std::vector<ordered_json> out;
  for (const auto& [others, ns] : by_others) {
    for (const auto& range : progressions(listed(ns))) {
      auto entry = family_entry(text, closed);
      for (const auto& [name, value] : others) entry[name] = value;
      entry[along] = range;
      out.push_back(std::move(entry));
    }
  }
  return out;
}

/// The permutations as they were given; of a set that is closed under inversion one of each pair.
ordered_json given_generators(const listed_graph& row) {
  const auto& z = row.member.relabelling;
  auto out = ordered_json::array();
  for (const auto& images : ordered_json::parse(row.graph.generators)) {
    if (z.empty()) {
      out.push_back(images);
      continue;
    }
    std::vector<std::uint64_t> back(z.size()), given(z.size());
    for (std::size_t i = 0; i < z.size(); ++i) back.at(z[i]) = i;
    for (std::size_t i = 0; i < z.size(); ++i) given[i] = back.at(images.at(z[i]).get<std::size_t>());
    out.push_back(given);
  }
  return out;
}

ordered_json listed_entry(const listed_graph& row) {
  ordered_json out = {{"generators", given_generators(row)}, {"label", row.member.label}};
  if (row.graph.inverse_closed) out["inverse_closed"] = true;
  return out;
}

/// Lengths above 1 of the cycles, descending.
std::vector<std::size_t> cycle_type(const ordered_json& images) {
  std::vector<std::size_t> out;
  std::vector<bool> seen(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    std::size_t length = 0;
    for (std::size_t at = i; !seen[at]; at = images[at].get<std::size_t>()) seen[at] = true, ++length;
    if (length > 1) out.push_back(length);
  }
  std::sort(out.rbegin(), out.rend());
  return out;
}

/// {"subsets": ...} whose orbits these are; nothing where there is none. What takes too long is not enumerated, and not checked.
std::optional<std::pair<ordered_json, bool>> subsets_entry(const rows& of, const std::function<void()>& checkpoint) {
  std::set<std::string> keys;
  std::set<std::vector<std::size_t>> types;
  std::size_t size = 0;
  bool closed = true;
  for (const auto* row : of) {
    keys.insert(row->graph.key);
    const auto generators = ordered_json::parse(row->graph.generators);
    size = std::max<std::size_t>(size, generators.size());
    closed = closed && row->graph.inverse_closed;
    for (const auto& images : generators) types.insert(cycle_type(images));
  }
  std::vector<std::pair<ordered_json, conjecture::permutation_class>> classes;
  if (types.size() == 1 && !types.begin()->empty()) {
    classes.push_back({*types.begin(), {conjecture::permutation_class::kind::cycle_type, *types.begin()}});
  }
  if (std::ranges::all_of(types, [](const auto& t) { return std::ranges::all_of(t, [](std::size_t n) { return n == 2; }); })) {
    classes.push_back({"involutions", {conjecture::permutation_class::kind::involutions, {}}});
  }
  classes.push_back({"all", {}});
  const auto degree = of.front()->graph.degree;
  for (const auto& [name, c] : classes) {
    ordered_json entry = {{"subsets", {{"degree", degree}, {"size", size}, {"class", name}}}, {"up_to", closed ? "conjugacy_and_inversion" : "conjugacy"}};
    const auto elements = conjecture::class_size(c, degree);
    if (elements > largest_class || keys.size() > most_enumerated) return std::pair(entry, false);
    try {
      const auto orbits =
          conjecture::subset_orbits(c, degree, size, closed ? conjecture::inversion::closed : conjecture::inversion::as_given, keys.size(), checkpoint);
      if (orbits.size() == keys.size() && std::ranges::all_of(orbits, [&](const auto& o) { return keys.contains(o.key); })) return std::pair(entry, true);
    } catch (const resource_error&) {  // there are more
    }
  }
  return std::nullopt;
}

/// {"random": ...} of "random S_8 2 of type 3,2 seed 1 number 7", as expand_sweep.cpp calls them, and its number.
std::optional<std::pair<ordered_json, std::size_t>> random_entry(const conjecture::member_row& m) {
  unsigned degree = 0, size = 0;
  unsigned long seed = 0, number = 0;
  char type[64] = {};
  if (std::sscanf(m.label.c_str(), "random S_%u %u of %63[a-z0-9, ] seed %lu number %lu", &degree, &size, type, &seed, &number) != 5) return std::nullopt;
  std::string name = type;
  ordered_json of = name;
  if (name.starts_with("type ")) of = ordered_json::parse("[" + name.substr(5) + "]", nullptr, false);
  ordered_json out = {{"random", {{"degree", degree}, {"size", size}, {"count", 0}, {"seed", seed}, {"class", of}}}};
  if (is_closed_by_name(m)) out["inverse_closed"] = true;
  return std::pair(out, number);
}

/// What holds entries together, in the order of their first graphs.
class entries {
 public:
  explicit entries(std::span<const listed_graph> graphs, const std::function<void()>& checkpoint) {
    std::map<std::string, std::size_t> random_places;
    std::map<std::string, std::size_t> groups;
    for (const auto& g : graphs) {
      std::string group;
      if (!g.member.spec.empty()) group = "f" + conjecture::template_of(g.member);
      else if (const auto random = random_entry(g.member)) group = "r" + random->first.dump();
      else if (g.member.label == g.graph.key) group = fmt::format("s{} {}", g.graph.degree, ordered_json::parse(g.graph.generators).size());
      else group = "g" + g.member.label;
      const auto [at, fresh] = groups.emplace(group, groups_.size());
      if (fresh) groups_.emplace_back(group.front(), rows());
      groups_[at->second].second.push_back(&g);
    }
    for (const auto& [kind, of] : groups_) add(kind, of, checkpoint);
  }

  const std::vector<ordered_json>& list() const noexcept { return list_; }
  bool is_checked() const noexcept { return checked_; }

 private:
  void add(char kind, const rows& of, const std::function<void()>& checkpoint) {
    const auto& m = of.front()->member;
    if (kind == 'f') {
      auto text = conjecture::template_of(m);
      const bool closed = is_closed_by_name(m);
      if (closed) text.resize(text.size() - closed_mark.size());
      if (m.parameters.empty()) list_.push_back(family_entry(m.spec, closed));
      else std::ranges::move(family_entries(text, closed, of), std::back_inserter(list_));
      return;
    }
    if (kind == 'r') {
      auto entry = random_entry(m)->first;
      std::size_t count = 0;
      for (const auto* row : of) count = std::max(count, random_entry(row->member)->second + 1);
      if (count == of.size()) {
        entry["random"]["count"] = count;
        list_.push_back(entry);
        return;
      }
    }
    if (kind == 's') {
      if (const auto entry = subsets_entry(of, checkpoint)) {
        list_.push_back(entry->first);
        checked_ = checked_ && entry->second;
        return;
      }
    }
    for (const auto* row : of) list_.push_back(listed_entry(*row));
  }

  std::vector<std::pair<char, rows>> groups_;
  std::vector<ordered_json> list_;
  bool checked_ = true;
};

/// The limits that stopped graphs; a graph that was finished says nothing about them.
ordered_json limits_of(std::span<const listed_graph> graphs) {
  ordered_json out = ordered_json::object();
  std::uint64_t memory = 0, states = 0;
  double seconds = 0;
  for (const auto& g : graphs) {
    const auto& p = g.provenance;
    if (p.stopped_by == "memory") memory = std::max(memory, p.memory_limit);
    if (p.stopped_by == "states") states = std::max(states, p.state_limit);
    if (p.stopped_by == "time") seconds = std::max(seconds, p.time_limit);
  }
  if (memory > 0) out["memory"] = std::to_string(memory);
  if (seconds > 0) out["time"] = fmt::format("{}s", seconds);
  if (states > 0) out["max_states"] = states;
  return out;
}

std::string document(const std::string& name, const std::vector<ordered_json>& list, std::span<const listed_graph> graphs) {
  conjecture::measure_set measures;
  for (const auto& g : graphs) measures.insert(g.graph.asked);
  auto names = ordered_json::array();
  for (const auto m : conjecture::all_measures) {
    if (measures.contains(m)) names.push_back(conjecture::to_string(m));
  }
  const auto dump = [](const ordered_json& j) { return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace); };
  std::string out = fmt::format("{{ \"name\": {}, \"graphs\": [\n", dump(name));
  for (std::size_t i = 0; i < list.size(); ++i) out += fmt::format("    {}{}\n", dump(list[i]), i + 1 < list.size() ? "," : " ],");
  out += fmt::format("  \"measures\": {}", dump(names));
  if (const auto limits = limits_of(graphs); !limits.empty()) out += fmt::format(",\n  \"limits\": {}", dump(limits));
  return out + " }\n";
}

/// Whether the text names these graphs. Labels tell them apart; where somebody chose the label, the key has to agree as well.
bool names_these(const std::string& text, std::span<const listed_graph> graphs, const std::function<void()>& checkpoint) {
  std::map<std::string_view, std::string_view> keys;
  for (const auto& g : graphs) keys.emplace(g.member.label, g.graph.key);
  const auto items = conjecture::expand(conjecture::parse_sweep(text, "the rebuilt specification"), checkpoint);
  return items.size() == keys.size() && std::ranges::all_of(items, [&](const conjecture::sweep_item& item) {
    if (checkpoint) checkpoint();
    const auto at = keys.find(item.label);
    if (at == keys.end()) return false;
    return !item.spec.empty() || item.label == at->second || conjecture::identify(item.make()).row.key == at->second;
  });
}

}  // namespace

rebuilt_specification rebuild_specification(std::span<const listed_graph> graphs, const std::function<void()>& checkpoint) {
  if (graphs.empty()) return {};
  const auto& name = graphs.front().member.sweep;
  const entries found(graphs, checkpoint);
  if (found.list().size() > most_listed) return {};
  rebuilt_specification out{document(name, found.list(), graphs), false};
  try {
    if (!found.is_checked()) return out;
    out.checked = names_these(out.text, graphs, checkpoint);
  } catch (const parse_error&) {  // a file that is not here, a name that a later version does not know
  } catch (const domain_error&) {
  }
  return out;
}

}  // namespace cosetta::report
