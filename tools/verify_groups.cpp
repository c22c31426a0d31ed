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
#include <tools/render.hpp>
#include <tools/table.hpp>
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
  std::string memory = "auto";
  std::string threads = "auto";
  output_arguments output;
};

/// A row that is no description of a group: the table is wrong, not a property.
class row_error : public parse_error {
 public:
  using parse_error::parse_error;
};

/// What one row came to: properties that agree, that differ, that were not compared.
struct outcome {
  std::string name;
  std::size_t agree = 0;
  std::vector<std::string> differ;
  std::vector<std::string> not_compared;
  double seconds = 0;

  std::string_view verdict() const { return !differ.empty() ? "DISAGREE" : agree == 0 ? "nothing" : "agree"; }
};

/// Orders are text, since JSON numbers end at 2^64; tables may write small ones as numbers. Throws row_error for a
/// number that has lost digits.
json in_one_form(const json& value) {
  if (value.is_number_float()) throw row_error(fmt::format("{} is no whole number below 2^64: write it as a string of digits", value.dump()));
  if (value.is_number_integer()) return value.dump();
  if (!value.is_array()) return value;
  json out = json::array();
  for (const auto& entry : value) out.push_back(in_one_form(entry));
  return out;
}

void compare(outcome& o, const std::string& key, const json& published, const json& ours) {
  if (in_one_form(published) == in_one_form(ours)) {
    ++o.agree;
  } else {
    o.differ.push_back(fmt::format("{}: published {}, computed {}", key, published.dump().substr(0, 200), ours.dump().substr(0, 200)));
  }
}

/// Compares what `compute` finds, unless it would take too much memory. Throws row_error for a value of the wrong kind.
template <class Compute>
void compare_property(outcome& o, const std::string& key, const json& published, const Compute& compute) {
  try {
    compare(o, key, published, compute());
  } catch (const resource_error& e) {
    o.not_compared.push_back(fmt::format("{} ({})", key, e.what()));
  } catch (const domain_error& e) {
    o.differ.push_back(fmt::format("{}: {}", key, e.what()));
  }
}

/// A proof is no published property, but a row that lacks it does not agree.
void require_proof(outcome& o, groups::certainty proof) {
  if (proof != groups::certainty::proven) o.differ.emplace_back("the order is not proven");
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

/// The published value in the order that ours has. Throws row_error.
json in_our_order(const std::string& key, const json& value) try {
  if (key.ends_with("orbit_lengths") || key == "abelian_invariants") return sorted(value.get<std::vector<std::uint64_t>>());
  if (key == "block_representatives_containing_0") return sorted_lists(value.get<std::vector<std::vector<groups::point>>>());
  return value;
} catch (const json::exception& e) {
  throw row_error(fmt::format("{} is {}: {}", key, value.dump().substr(0, 60), e.what()));
}

/// Throws row_error.
permutation read_permutation(const json& images, std::size_t degree) try {
  if (images.size() != degree) throw domain_error(fmt::format("{} images, but the degree is {}", images.size(), degree));
  return groups::make_permutation(images.get<std::vector<groups::point>>());
} catch (const std::exception& e) {
  throw row_error(fmt::format("{}: {}", images.dump().substr(0, 60), e.what()));
}

/// The degree and the generators of a row of permutations. Throws row_error.
std::pair<std::size_t, std::vector<permutation>> read_generators(const json& row) {
  if (!row.contains("degree") || !row["degree"].is_number_unsigned()) throw row_error("a row of permutations needs a degree, a natural number");
  const auto degree = row["degree"].get<std::size_t>();
  if (degree > groups::max_degree) throw row_error(fmt::format("degree {} is above the limit of {}", degree, groups::max_degree));
  std::vector<permutation> generators;
  for (const auto& images : row["generators"]) generators.push_back(read_permutation(images, degree));
  return {degree, std::move(generators)};
}

template <class Group, class Read>
void compare_membership(outcome& o, const json& row, const Group& g, const Read& read) {
  for (const char* key : {"in", "not_in"}) {
    if (!row.contains(key)) continue;
    for (const auto& element : row[key]) compare(o, key, std::string(key) == "in", g.contains(read(element)));
  }
}

void check_permutation_row(outcome& o, const json& row, const groups::chain_options& options) {
  auto [degree, generators] = read_generators(row);
  const permutation_group g(std::move(generators), degree, options);
  for (const auto& [key, value] : row.items()) {
    if (is_description(key)) continue;
    const auto property = permutation_properties().find(key);
    if (property == permutation_properties().end()) {
      o.not_compared.push_back(key);
    } else {
      compare_property(o, key, in_our_order(key, value), [&] { return property->second(g); });
    }
  }
  compare_membership(o, row, g, [n = degree](const json& images) { return read_permutation(images, n); });
  require_proof(o, g.proof());
}

template <class Matrix, class Read>
void check_matrices(outcome& o, const json& row, const groups::chain_options& options, const Read& read_entries) {
  const auto read = [&](const json& rows) -> Matrix {
    try {
      return read_entries(rows);
    } catch (const std::exception& e) {
      throw row_error(fmt::format("{}: {}", rows.dump().substr(0, 60), e.what()));
    }
  };
  std::vector<Matrix> generators;
  for (const auto& m : row.at("generators")) generators.push_back(read(m));
  const auto g = [&] {
    try {
      return groups::make_matrix_group(generators, options);
    } catch (const domain_error& e) {
      throw row_error(e.what());
    }
  }();
  auto action_options = options;
  action_options.known_order = g.order();  // the action is faithful
  const auto images = g.vector_action();
  const permutation_group action(images, images[0].degree(), action_options);
  using compute = std::function<json()>;
  const std::map<std::string, compute> of_matrices = {
      {"order", [&] { return json(g.order().get_str()); }},
      {"generator_orders",
       [&] {
         json orders = json::array();
         for (const auto& p : images) orders.push_back(groups::order(p).get_str());
         return orders;
       }},
      {"vector_orbit_lengths", [&] { return json(g.vector_orbit_lengths()); }},
      {"projective_orbit_lengths", [&] { return json(g.projective_orbit_lengths()); }},
      {"projective_image_order",
       [&] {
         const auto points = g.projective_action();
         return json(permutation_group(points, points[0].degree(), options).order().get_str());
       }},
  };
  for (const auto& [key, value] : row.items()) {
    if (is_description(key)) continue;
    const auto own = of_matrices.find(key);
    const auto property = permutation_properties().find(key);
    if (own != of_matrices.end()) {
      compare_property(o, key, in_our_order(key, value), own->second);
    } else if (property != permutation_properties().end()) {
      compare_property(o, key, in_our_order(key, value), [&] { return property->second(action); });
    } else {
      o.not_compared.push_back(key);
    }
  }
  compare_membership(o, row, g, read);
  require_proof(o, g.proof());
}

std::uint64_t natural(const json& row, const char* key) {
  if (!row.contains(key) || !row[key].is_number_unsigned()) throw row_error(fmt::format("a row of matrices needs {}, a natural number", key));
  return row[key].get<std::uint64_t>();
}

void check_matrix_row(outcome& o, const json& row, const groups::chain_options& options) {
  const auto n = natural(row, "dimension"), q = natural(row, "field_order"), p = natural(row, "characteristic");
  if (row["generators"].empty()) throw row_error("a row of matrices needs a generator");
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
  const auto field = [&] {
    try {
      return groups::make_finite_field(q);
    } catch (const domain_error& e) {
      throw row_error(e.what());
    }
  }();
  if (row.contains("min_poly_low_to_high")) compare(o, "min_poly_low_to_high", row["min_poly_low_to_high"], field->conway_polynomial());
  check_matrices<groups::field_matrix>(o, row, options, [&](const json& rows) {
    std::vector<std::uint32_t> entries;
    for (const auto& r : rows) {
      for (const auto& e : r) entries.push_back(field->from_coefficients(e.get<std::vector<std::uint32_t>>()));
    }
    return groups::make_field_matrix(field, n, n, entries);
  });
}

/// Rows with members only name the group of another row.
using group_index = std::map<std::string, json>;

void check_membership_row(outcome& o, const json& row, const group_index& known, const groups::chain_options& options) {
  const auto at = known.find(o.name);
  if (at == known.end()) {
    o.not_compared.push_back("in and not_in: no row has the generators of " + o.name);
    return;
  }
  auto [degree, generators] = read_generators(at->second);
  compare_membership(o, row, permutation_group(std::move(generators), degree, options), [n = degree](const json& images) { return read_permutation(images, n); });
}

struct table_row {
  std::string place;  // file:line
  json row;
};

/// A row of ours; nothing for a row of another kind, which says so. Throws row_error.
std::optional<json> read_row(const std::string& line) {
  json row;
  try {
    row = json::parse(line);
  } catch (const json::exception& e) {
    throw row_error(e.what());
  }
  if (!row.is_object()) throw row_error("a row is a JSON object with name, generators and properties");
  if (row.contains("kind")) return std::nullopt;
  if (!row.contains("name") || !row["name"].is_string()) throw row_error("the row has no name");
  const bool has_generators = row.contains("generators");
  if (!has_generators && !row.contains("in") && !row.contains("not_in")) throw row_error("the row has neither generators nor members (in, not_in)");
  for (const char* key : {"generators", "in", "not_in"}) {
    if (row.contains(key) && !row[key].is_array()) throw row_error(fmt::format("{} is no list", key));
  }
  return row;
}

std::vector<table_row> read_tables(const std::string& path) {
  std::error_code status;
  if (!std::filesystem::exists(path, status)) throw parse_error(path + ": no such file or folder");
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path)) {
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
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      const auto place = fmt::format("{}:{}", file.string(), number);
      try {
        if (auto row = read_row(line)) out.push_back({place, std::move(*row)});
      } catch (const row_error& e) {
        throw parse_error(fmt::format("{}: {}", place, e.what()));
      }
    }
  }
  if (out.empty()) throw domain_error(fmt::format("{}: no rows of groups: a row is a JSON object with name, generators and order", path));
  return out;
}

outcome check(const table_row& t, const group_index& known, const groups::chain_options& options) {
  const auto begin = std::chrono::steady_clock::now();
  outcome o;
  o.name = t.row["name"].get<std::string>();
  try {
    if (!t.row.contains("generators")) {
      check_membership_row(o, t.row, known, options);
    } else if (t.row.contains("dimension")) {
      check_matrix_row(o, t.row, options);
    } else {
      check_permutation_row(o, t.row, options);
    }
  } catch (const json::exception& e) {
    throw parse_error(fmt::format("{}: {}", t.place, e.what()));
  } catch (const row_error& e) {
    throw parse_error(fmt::format("{}: {}", t.place, e.what()));
  } catch (const resource_error& e) {
    o.not_compared.emplace_back(e.what());
  } catch (const groups::stopped_error&) {
    throw;
  } catch (const error& e) {
    o.differ.emplace_back(e.what());
  }
  o.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return o;
}

std::string row_text(const outcome& o) {
  std::string text = fmt::format("{:<8}  {}  {} {}, {:.3f} s{}\n", o.verdict(), o.name, o.agree, o.agree == 1 ? "property" : "properties", o.seconds,
                                 o.not_compared.empty() ? "" : fmt::format("  (not compared: {})", fmt::join(o.not_compared, ", ")));
  for (const auto& d : o.differ) text += "          " + d + "\n";
  return text;
}

json row_json(const outcome& o) {
  return {{"name", o.name}, {"outcome", o.verdict()}, {"properties", o.agree}, {"differ", o.differ}, {"not_compared", o.not_compared}, {"seconds", o.seconds}};
}

/// All rows so far.
struct totals {
  std::size_t rows = 0, properties = 0, disagree = 0, nothing = 0;

  void add(const outcome& o) {
    ++rows;
    properties += o.agree;
    disagree += o.differ.empty() ? 0 : 1;
    nothing += o.verdict() == "nothing" ? 1 : 0;
  }
  std::string text(bool stopped) const {
    return fmt::format("{} row{}, {} {} agree, {} rows disagree{}{}", rows, rows == 1 ? "" : "s", properties, properties == 1 ? "property" : "properties", disagree,
                       nothing == 0 ? "" : fmt::format(", {} with nothing to compare", nothing), stopped ? "; stopped here, rows are left" : "");
  }
};

int run(const verify_groups_arguments& a, const std::string& command_line) {
  const auto begin = std::chrono::steady_clock::now();
  const auto format = a.output.chosen();
  a.output.check_writable();
  static_cast<void>(parse_threads(a.threads));
  groups::chain_options options;
  if (a.memory != "auto") options.row_bytes = parse_bytes(a.memory);
  std::vector<table_row> rows;
  group_index known;
  for (auto& t : read_tables(a.path)) {
    if (t.row.contains("generators") && !t.row.contains("dimension")) known[t.row["name"].get<std::string>()] = t.row;
    if (t.row["name"].get<std::string>().find(a.only) != std::string::npos) rows.push_back(std::move(t));
  }
  if (rows.empty()) throw domain_error(fmt::format("{}: no row was compared (--only matches none)", a.path));
  const interrupt_guard guard;
  options.control.stop = guard.token();
  if (a.time) options.control.deadline = begin + parse_duration(*a.time);

  std::optional<table_format> table;
  if (format != output_format::text && format != output_format::json) table.emplace(format);
  std::string text = table ? table->head({"outcome", "name", "properties", "seconds", "remark"}, command_line) : "";
  json list = json::array();
  totals sum;
  bool stopped = false;
  try {
    for (const auto& t : rows) {
      options.control.check();
      const auto o = check(t, known, options);
      sum.add(o);
      if (format == output_format::json) {
        list.push_back(row_json(o));
      } else if (table) {
        const auto& remarks = o.differ.empty() ? o.not_compared : o.differ;
        text += table->row({std::string(o.verdict()), o.name, fmt::format("{}", o.agree), fmt::format("{:.3f}", o.seconds), fmt::format("{}", fmt::join(remarks, "; "))});
      } else {
        text += row_text(o);
      }
      if (!a.output.file.empty() || format == output_format::json) continue;
      a.output.write(text);
      text.clear();
    }
  } catch (const groups::stopped_error&) {
    stopped = true;
  }
  if (format == output_format::json) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const json document = {{"schema", "cosetta.verify/1"},
                           {"status", stopped ? "interrupted" : "exact"},
                           {"rows", list},
                           {"counts", {{"rows", sum.rows}, {"properties_agree", sum.properties}, {"disagree", sum.disagree}, {"nothing_to_compare", sum.nothing}, {"left", rows.size() - sum.rows}}},
                           {"summary", sum.text(stopped)},
                           {"run", {{"seconds", seconds}, {"threads", 1}, {"version", version}, {"command", command_line}}}};
    text = json_text(document);
  } else if (table) {
    text += table->foot();
  } else {
    text += sum.text(stopped) + "\n";
  }
  a.output.write(text);
  if (sum.disagree > 0) return answered_no;
  if (stopped) return guard.token().stop_requested() ? interrupted : limit_reached;
  return sum.properties == 0 ? wrong_usage : answered;
}

}  // namespace

void add_verify_groups(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("groups", "properties and members of permutation and matrix groups, JSON rows with generators");
  const auto a = std::make_shared<verify_groups_arguments>();
  verb->add_option("PATH", a->path, "a folder of .jsonl tables, or one table")->required();
  verb->add_option("--only", a->only, "only rows whose name holds this text");
  verb->add_option("--time", a->time, "stop after this long: 2h, 90s, 500ms");
  verb->add_option("--memory", a->memory, "memory budget of each stabilizer chain: 16G, 450M; auto: 256M")->capture_default_str();
  verb->add_option("--threads", a->threads, "accepted, as by every long verb; work on one group uses one thread")->capture_default_str();
  add_output_arguments(*verb, a->output);
  verb->footer(
      "A row is a JSON object: name; degree and generators as lists of images from 0, or dimension, field_order,\n"
      "characteristic and matrices; then order, is_abelian, center_order, ... as GAP has them, and members: in, not_in.\n"
      "Outcomes: agree, DISAGREE, nothing (to compare). Exit codes: 0 nothing disagrees, 1 something does, 2 nothing could\n"
      "be compared or a row is malformed, 3 stopped by --time: rows are left.\n\n"
      "Examples:\n  cosetta verify groups tables/small_groups.jsonl\n  cosetta verify groups tables --only M1 --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
