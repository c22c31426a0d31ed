#include <graphs/catalogue.hpp>
#include <graphs/file_formats.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>
#include <tools/growth_tables.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

/// Published lists that are prefixes without saying so.
constexpr std::array partial_keys{"cube_333_htm", "cube_333_qtm", "starminx", "starminx_2"};

/// The catalogue name of a row of a CSV table, by the names that CayleyPy gives its files.
void name_graph(growth_row& row) {
  std::string family = row.table;
  for (const std::string_view ending : {"_cayley_growth", "_growth"}) {
    if (family.ends_with(ending)) {
      family.resize(family.size() - ending.size());
      break;
    }
  }
  if (family.ends_with("_coset")) {
    row.spec = fmt::format("{}:{}", family.substr(0, family.size() - 6), row.key.size());
    row.central = row.key;
  } else if (family.starts_with("sl_") && family.size() > 5) {  // sl_2_fund_roots, sl_3_root_weyl
    row.spec =
        fmt::format("{}:{},modulo={}",
                    family.ends_with("fund_roots") ? "special_linear_fundamental_roots" : "special_linear_root_weyl",
                    family.substr(3, family.find('_', 3) - 3), row.key);
  } else if (family == "globes") {
    row.spec = "globe:" + row.key;
  } else if (family == "puzzles") {
    row.spec = row.key;
    row.partial = std::find(partial_keys.begin(), partial_keys.end(), row.key) != partial_keys.end();
  } else {
    row.spec = family + ":" + row.key;
  }
}

std::vector<mpz_class> read_counts(const ordered_json& list) {
  std::vector<mpz_class> out;
  if (!list.is_array() || list.empty()) throw parse_error("expected a list of sphere sizes");
  for (const auto& entry : list) {
    if (entry.is_number_unsigned()) {
      out.emplace_back(static_cast<unsigned long>(entry.get<std::uint64_t>()));
    } else if (entry.is_string()) {
      out.emplace_back(entry.get<std::string>());
    } else {
      throw parse_error("a sphere size is no number");
    }
  }
  return out;
}

/// Numbers beyond 64 bits would lose digits in a JSON number: read the list as text.
std::vector<mpz_class> read_count_list(std::string_view text) {
  std::vector<mpz_class> out;
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c == ',' || c == ']' || c == ' ' || c == '[') {
      if (!digits.empty()) out.emplace_back(std::exchange(digits, {}));
    } else {
      throw parse_error(fmt::format("unexpected '{}' in a list of sphere sizes", c));
    }
  }
  if (out.empty() || !text.ends_with(']')) throw parse_error("expected a list of sphere sizes: [1, 3, 2]");
  return out;
}

/// The two fields of a line, either of which may be quoted.
std::pair<std::string, std::string> two_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (fields.size() != 2 || quoted) throw parse_error("expected two columns: key, \"[1, 3, 2]\"");
  return {fields[0], fields[1]};
}

void read_csv_line(const std::string& line, const std::string& table, std::vector<growth_row>& rows) {
  const auto [key, list] = two_fields(line);
  growth_row row;
  row.table = table;
  row.key = key;
  row.layers = read_count_list(list);
  name_graph(row);
  rows.push_back(std::move(row));
}

/// Rows with both series: as listed, and with inverses.
void read_json_line(const std::string& line, const std::string& table, std::vector<growth_row>& rows) {
  ordered_json object;
  try {
    object = ordered_json::parse(line);
  } catch (const ordered_json::exception& e) {
    throw parse_error(e.what());
  }
  const std::string name = object.is_object() ? object.value("name", std::string("row")) : "row";
  const auto graph = graphs::read_json(line, name, 0);
  for (const auto& [key, closed] : {std::pair{"directed", false}, std::pair{"symmetric", true}}) {
    const auto spheres = object.find(std::string(key) + "_spheres");
    if (spheres == object.end()) continue;
    growth_row row;
    row.table = table;
    row.key = name + " " + key;
    row.spec = name;
    row.graph = closed ? graph.with_inverses() : graph;
    row.layers = read_counts(*spheres);
    rows.push_back(std::move(row));
  }
}

void read_file(const fs::path& path, std::vector<growth_row>& rows) {
  std::ifstream file(path);
  if (!file) throw parse_error(path.string() + ": not readable");
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto place = [&](const char* what) { return fmt::format("{}:{}: {}", path.string(), number, what); };
    try {
      path.extension() == ".csv" ? read_csv_line(line, path.stem().string(), rows)
                                 : read_json_line(line, path.stem().string(), rows);
    } catch (const parse_error& e) {
      throw parse_error(place(e.what()));
    } catch (const domain_error& e) {
      throw domain_error(place(e.what()));
    }
  }
}

bool is_growth_table(const fs::path& path) {
  const auto stem = path.stem().string();
  return (path.extension() == ".csv" || path.extension() == ".jsonl") &&
         (stem == "growth" || stem.ends_with("_growth"));
}

}  // namespace

mpz_class growth_row::states() const {
  mpz_class sum = 0;
  for (const auto& layer : layers) sum += layer;
  return sum;
}

graphs::graph_definition growth_row::make() const {
  if (graph) return *graph;
  return graphs::parse_graph(spec, {.central = central});
}

std::vector<growth_row> read_growth_tables(const std::string& path) {
  std::vector<growth_row> rows;
  if (!fs::is_directory(path)) {
    if (!fs::exists(path)) throw parse_error(path + ": no such file or folder");
    read_file(path, rows);
    return rows;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (is_growth_table(entry.path())) files.push_back(entry.path());
  }
  if (files.empty()) throw parse_error(path + ": no growth tables (*_growth.csv, growth.jsonl) in this folder");
  std::sort(files.begin(), files.end());
  for (const auto& file : files) read_file(file, rows);
  return rows;
}

}  // namespace cosetta::tools
