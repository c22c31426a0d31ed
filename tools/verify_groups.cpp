// `verify groups`: published properties of permutation and matrix groups, recomputed from the listed generators.
#include <groups/blocks.hpp>
#include <groups/centre.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/field_matrix.hpp>
#include <groups/matrix_group.hpp>
#include <groups/series.hpp>
#include <groups/simplicity.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>
#include <groups/transitivity.hpp>
#include <kernels/error.hpp>
#include <tools/terminal.hpp>
#include <tools/verify_groups.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using groups::permutation;
using groups::permutation_group;
using json = nlohmann::ordered_json;

struct verify_groups_arguments {
  std::string path;
  std::string only;
  std::optional<std::string> time;
  output_arguments output;
};

/// What one row came to: properties that agree, that differ, that are not offered.
struct outcome {
  std::string name;
  std::size_t agree = 0;
  std::vector<std::string> differ;
  std::vector<std::string> unknown;
  double seconds = 0;
};

void compare(outcome& o, const std::string& key, const json& published, const json& ours) {
  if (published == ours) {
    ++o.agree;
  } else {
    o.differ.push_back(fmt::format("{}: published {}, computed {}", key, published.dump().substr(0, 200), ours.dump().substr(0, 200)));
  }
}

json sorted(std::vector<std::uint64_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}
json sorted_lists(std::vector<std::vector<groups::point>> lists) {
  std::sort(lists.begin(), lists.end());
  return lists;
}

json order_texts(const std::vector<permutation_group>& series) {
  json out = json::array();
  for (const auto& term : series) out.push_back(term.order().get_str());
  return out;
}

template <class T>
json optional_json(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

/// How each published property of a permutation group is recomputed.
const std::map<std::string, std::function<json(const permutation_group&)>>& permutation_properties() {
  using group = permutation_group;
  static const std::map<std::string, std::function<json(const group&)>> properties = {
      {"order", [](const group& g) { return json(g.order().get_str()); }},
      {"orbit_lengths",
       [](const group& g) {
         std::vector<std::uint64_t> lengths;
         for (const auto& o : orbits(g)) lengths.push_back(o.size());
         return sorted(lengths);
       }},
      {"is_transitive", [](const group& g) { return json(is_transitive(g)); }},
      {"transitivity", [](const group& g) { return json(transitivity(g)); }},
      {"is_primitive", [](const group& g) { return json(is_primitive(g)); }},
      {"is_regular", [](const group& g) { return json(is_regular(g)); }},
      {"is_abelian", [](const group& g) { return json(is_abelian(g)); }},
      {"is_solvable", [](const group& g) { return json(is_solvable(g)); }},
      {"is_nilpotent", [](const group& g) { return json(is_nilpotent(g)); }},
      {"derived_length", [](const group& g) { return optional_json(derived_length(g)); }},
      {"nilpotency_class",
       [](const group& g) {
         // GAP counts the terms of a series that it begins with the group: 1 for the trivial group, whose class is 0.
         const auto c = nilpotency_class(g);
         return c ? json(std::max<std::size_t>(*c, 1)) : json(nullptr);
       }},
      {"derived_series_orders", [](const group& g) { return order_texts(derived_series(g)); }},
      {"derived_subgroup_order", [](const group& g) { return json(derived_subgroup(g).order().get_str()); }},
      {"center_order", [](const group& g) { return json(centre(g).order().get_str()); }},
      {"abelian_invariants",
       [](const group& g) {
         std::vector<std::uint64_t> out;
         for (const auto& n : abelian_invariants(g)) out.push_back(n.get_ui());
         return sorted(out);
       }},
      {"is_simple", [](const group& g) { return optional_json(is_simple(g)); }},
      {"nr_conjugacy_classes", [](const group& g) { return json(number_of_classes(g).get_ui()); }},
      {"exponent", [](const group& g) { return json(groups::exponent(g).get_str()); }},
      {"stabilizer_of_0_order", [](const group& g) { return json(stabilizer(g, 0).order().get_str()); }},
      {"block_representatives_containing_0",
       [](const group& g) {
         std::vector<std::vector<groups::point>> blocks;
         for (const auto& system : groups::all_block_systems(g.generators())) blocks.push_back(system.block_of(0));
         return sorted_lists(blocks);
       }},
  };
  return properties;
}

bool is_description(const std::string& key) {
  static const std::set<std::string> keys = {"name", "source", "degree", "generators", "dimension", "field_order", "characteristic",
                                             "min_poly_low_to_high", "in", "not_in"};
  return keys.contains(key);
}

/// The published value in the order that ours has.
json in_our_order(const std::string& key, const json& value) {
  if (key.ends_with("orbit_lengths") || key == "abelian_invariants") return sorted(value.get<std::vector<std::uint64_t>>());
  if (key == "block_representatives_containing_0") return sorted_lists(value.get<std::vector<std::vector<groups::point>>>());
  return value;
}

permutation read_permutation(const json& images) {
  return groups::make_permutation(images.get<std::vector<groups::point>>());
}

template <class Group, class Read>
void compare_membership(outcome& o, const json& row, const Group& g, const Read& read) {
  for (const char* key : {"in", "not_in"}) {
    if (!row.contains(key)) continue;
    for (const auto& element : row[key]) compare(o, key, std::string(key) == "in", g.contains(read(element)));
  }
}

void check_permutation_row(outcome& o, const json& row, const groups::chain_options& options) {
  std::vector<permutation> generators;
  for (const auto& images : row.at("generators")) generators.push_back(read_permutation(images));
  const permutation_group g(std::move(generators), row.at("degree").get<std::size_t>(), options);
  for (const auto& [key, value] : row.items()) {
    if (is_description(key)) continue;
    const auto property = permutation_properties().find(key);
    if (property == permutation_properties().end()) {
      o.unknown.push_back(key);
    } else {
      compare(o, key, in_our_order(key, value), property->second(g));
    }
  }
  compare(o, "proof", true, g.proof() == groups::certainty::proven);
  compare_membership(o, row, g, read_permutation);
}

template <class Matrix, class Read>
void check_matrices(outcome& o, const json& row, const groups::chain_options& options, const Read& read) {
  std::vector<Matrix> generators;
  for (const auto& m : row.at("generators")) generators.push_back(read(m));
  const auto g = groups::make_matrix_group(generators, options);
  auto action_options = options;
  action_options.known_order = g.order();  // the action is faithful
  const auto images = g.vector_action();
  const permutation_group action(images, images[0].degree(), action_options);
  for (const auto& [key, value] : row.items()) {
    if (is_description(key)) continue;
    const auto property = permutation_properties().find(key);
    const auto published = in_our_order(key, value);
    if (key == "order") {
      compare(o, key, published, g.order().get_str());
    } else if (key == "generator_orders") {
      json orders = json::array();
      for (const auto& p : images) orders.push_back(groups::order(p).get_ui());
      compare(o, key, published, orders);
    } else if (key == "vector_orbit_lengths") {
      compare(o, key, published, g.vector_orbit_lengths());
    } else if (key == "projective_orbit_lengths") {
      compare(o, key, published, g.projective_orbit_lengths());
    } else if (key == "projective_image_order") {
      const auto points = g.projective_action();
      compare(o, key, published, permutation_group(points, points[0].degree(), options).order().get_str());
    } else if (property != permutation_properties().end()) {
      compare(o, key, published, property->second(action));
    } else {
      o.unknown.push_back(key);
    }
  }
  compare(o, "proof", true, g.proof() == groups::certainty::proven);
  compare_membership(o, row, g, read);
}

void check_matrix_row(outcome& o, const json& row, const groups::chain_options& options) {
  const auto n = row.at("dimension").get<std::size_t>();
  const auto q = row.at("field_order").get<std::uint64_t>(), p = row.at("characteristic").get<std::uint64_t>();
  if (q == p) {
    check_matrices<groups::matrix>(o, row, options, [&](const json& rows) {
      std::vector<std::int64_t> entries;
      for (const auto& r : rows) {
        for (const auto& e : r) entries.push_back(e.get<std::int64_t>());
      }
      return groups::make_matrix(n, n, p, entries);
    });
    return;
  }
  const auto field = groups::make_finite_field(q);
  if (row.contains("min_poly_low_to_high")) compare(o, "min_poly_low_to_high", row["min_poly_low_to_high"], field->conway_polynomial());
  check_matrices<groups::field_matrix>(o, row, options, [&](const json& rows) {
    std::vector<std::uint32_t> entries;
    for (const auto& r : rows) {
      for (const auto& e : r) entries.push_back(field->from_coefficients(e.get<std::vector<std::uint32_t>>()));
    }
    return groups::make_field_matrix(field, n, n, entries);
  });
}

/// Membership rows name a group of another row.
using generator_index = std::map<std::string, std::pair<std::size_t, json>>;

void check_membership_row(outcome& o, const json& row, const generator_index& known, const groups::chain_options& options) {
  const auto at = known.find(row.at("name").get<std::string>());
  if (at == known.end()) {
    o.unknown.push_back("generators of " + row.at("name").get<std::string>());
    return;
  }
  std::vector<permutation> generators;
  for (const auto& images : at->second.second) generators.push_back(read_permutation(images));
  compare_membership(o, row, permutation_group(std::move(generators), at->second.first, options), read_permutation);
}

struct table_row {
  std::string place;  // file:line
  json row;
};

std::vector<table_row> read_tables(const std::string& path) {
  std::vector<std::filesystem::path> files;
  const bool folder = std::filesystem::is_directory(path);
  if (folder) {
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
  } else {
    files.emplace_back(path);
  }
  std::vector<table_row> out;
  for (const auto& file : files) {
    std::ifstream in(file);
    if (!in) throw parse_error(fmt::format("{}: cannot be read", file.string()));
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.empty()) continue;
      try {
        auto row = json::parse(line);
        const bool ours = row.contains("name") && (row.contains("in") || row.contains("order")) && !row.contains("kind");
        if (ours) out.push_back({fmt::format("{}:{}", file.string(), number), std::move(row)});
      } catch (const nlohmann::json::exception& e) {
        throw parse_error(fmt::format("{}:{}: {}", file.string(), number, e.what()));
      }
    }
  }
  if (out.empty()) throw domain_error(fmt::format("{}: no rows of groups: a row is a JSON object with name, generators and order", path));
  return out;
}

outcome check(const table_row& t, const generator_index& known, const groups::chain_options& options) {
  const auto begin = std::chrono::steady_clock::now();
  outcome o{t.row.at("name").get<std::string>()};
  try {
    if (t.row.contains("dimension")) {
      check_matrix_row(o, t.row, options);
    } else if (t.row.contains("generators")) {
      check_permutation_row(o, t.row, options);
    } else {
      check_membership_row(o, t.row, known, options);
    }
  } catch (const nlohmann::json::exception& e) {
    throw parse_error(fmt::format("{}: {}", t.place, e.what()));
  } catch (const groups::stopped_error&) {
    throw;
  } catch (const error& e) {
    o.differ.push_back(e.what());
  }
  o.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return o;
}

std::string row_text(const outcome& o) {
  std::string text = fmt::format("{:<8}  {}  {} properties, {:.3f} s{}\n", o.differ.empty() ? "agree" : "DISAGREE", o.name, o.agree, o.seconds,
                                 o.unknown.empty() ? "" : fmt::format("  (not offered: {})", fmt::join(o.unknown, ", ")));
  for (const auto& d : o.differ) text += "          " + d + "\n";
  return text;
}

int run(const verify_groups_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("verify groups has the formats text and json");
  a.output.check_writable();
  const auto rows = read_tables(a.path);
  generator_index known;
  for (const auto& t : rows) {
    if (t.row.contains("generators") && t.row.contains("degree")) {
      known[t.row["name"].get<std::string>()] = {t.row["degree"].get<std::size_t>(), t.row["generators"]};
    }
  }
  const interrupt_guard guard;
  groups::chain_options options;
  options.control.stop = guard.token();
  if (a.time) options.control.deadline = std::chrono::steady_clock::now() + parse_duration(*a.time);
  std::string text;
  json list = json::array();
  std::size_t compared = 0, disagree = 0, properties = 0;
  const bool stream = format == output_format::text && a.output.file.empty();
  for (const auto& t : rows) {
    if (!a.only.empty() && t.row["name"].get<std::string>().find(a.only) == std::string::npos) continue;
    const auto o = check(t, known, options);
    ++compared;
    properties += o.agree;
    disagree += o.differ.empty() ? 0 : 1;
    if (format == output_format::json) {
      list.push_back({{"name", o.name}, {"outcome", o.differ.empty() ? "agree" : "DISAGREE"}, {"properties", o.agree}, {"differ", o.differ},
                      {"not_offered", o.unknown}, {"seconds", o.seconds}});
    } else if (stream) {
      a.output.write(row_text(o));
    } else {
      text += row_text(o);
    }
  }
  if (compared == 0) throw domain_error(fmt::format("{}: no row was compared (--only matches none)", a.path));
  const auto summary = fmt::format("{} rows, {} properties agree, {} rows disagree", compared, properties, disagree);
  if (format == output_format::json) {
    text = json{{"schema", "cosetta.verify/1"}, {"rows", list}, {"summary", summary}, {"run", {{"version", version}, {"command", command_line}}}}.dump() + "\n";
  } else {
    text += summary + "\n";
  }
  a.output.write(text);
  return disagree == 0 ? answered : answered_no;
}

}  // namespace

void add_verify_groups(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("groups", "properties and members of permutation and matrix groups, JSON rows with generators");
  const auto a = std::make_shared<verify_groups_arguments>();
  verb->add_option("PATH", a->path, "a folder of .jsonl tables, or one table")->required();
  verb->add_option("--only", a->only, "only rows whose name holds this text");
  verb->add_option("--time", a->time, "stop after this long: 2h, 90s, 500ms");
  add_output_arguments(*verb, a->output);
  verb->footer(
      "Exit codes: 0 nothing disagrees, 1 something does, 2 nothing could be compared.\n\n"
      "Examples:\n  cosetta verify groups tables/small_groups.jsonl\n  cosetta verify groups tables --only M1 --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
