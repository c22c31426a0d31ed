#include <graphs/catalogue.hpp>
#include <graphs/file_formats.hpp>
#include <graphs/fp_graph.hpp>
#include <graphs/parse_graph.hpp>
#include <kernels/error.hpp>

#include <filesystem>
#include <fstream>
#include <istream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{256} << 20;

std::string read_file(const std::string& path) {
  std::error_code status;
  if (std::filesystem::is_directory(path, status)) throw parse_error(path + ": is a folder, not a generator file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw parse_error(path + ": no such file, or not readable");
  const auto size = std::filesystem::file_size(path, status);
  if (!status && size > largest_file) {
    throw resource_error(fmt::format("{}: {} bytes is above the limit of {}", path, size, largest_file));
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool has_suffix(std::string_view path, std::string_view suffix) {
  return path.size() > suffix.size() && path.ends_with(suffix);
}

struct parsed {
  graph_definition graph;
  bool one_direction;  // the format lists turns one way only
};

parsed parse_file(const std::string& path, const parse_options& options) {
  if (has_suffix(path, ".gap") || has_suffix(path, ".g")) return {read_gap(read_file(path), path), true};
  if (has_suffix(path, ".tws") || has_suffix(path, ".ksolve") || has_suffix(path, ".def")) {
    return {read_twsearch(read_file(path), path), true};
  }
  if (const auto at = path.find(".csv#"); at != std::string::npos || has_suffix(path, ".csv")) {
    const std::string file = at == std::string::npos ? path : path.substr(0, at + 4);
    return {read_santa(read_file(file), path, at == std::string::npos ? "" : std::string_view(path).substr(at + 5)),
            true};
  }
  const auto at = path.find(".json#");
  const std::string file = at == std::string::npos ? path : path.substr(0, at + 5);
  return {read_json(read_file(file), path, options.first_point, at == std::string::npos ? "" : std::string_view(path).substr(at + 6)), false};
}

bool is_file_name(std::string_view text) {
  for (const auto suffix : {".gap", ".g", ".json", ".tws", ".ksolve", ".def", ".csv"}) {
    if (has_suffix(text, suffix)) return true;
  }
  return text.find(".csv#") != std::string_view::npos || text.find(".json#") != std::string_view::npos;
}

/// The generator file of a competition folder, FOLDER or FOLDER#TYPE; nothing where that is none.
std::optional<std::string> file_in_folder(std::string_view text) {
  if (text.size() >= 4096) return std::nullopt;
  const auto hash = text.rfind('#');
  for (const auto folder : {text, text.substr(0, hash)}) {
    std::error_code status;
    const std::filesystem::path path(folder);
    if (folder.empty() || !std::filesystem::is_directory(path, status)) continue;
    const std::string type(text.substr(folder.size()));
    if (type.empty() && std::filesystem::is_regular_file(path / "puzzle_info.json", status)) return (path / "puzzle_info.json").string();
    if (std::filesystem::is_regular_file(path / "puzzle_info.csv", status)) return (path / "puzzle_info.csv").string() + type;
    if (std::filesystem::is_regular_file(path / "graphs_info.json", status)) return (path / "graphs_info.json").string() + type;
    if (text.find(':') == std::string_view::npos && !is_file_name(text)) {
      throw parse_error(fmt::format("{}: a folder with no puzzle_info.json, puzzle_info.csv or graphs_info.json is no graph", folder));
    }
  }
  return std::nullopt;
}

/// Asked before all else: a product of words may end with .g, as a file does.
bool is_presentation(std::string_view text) {
  return text.starts_with("fp:");
}

parsed parse_text(std::string_view text, const parse_options& options) {
  if (text.empty()) throw parse_error("an empty graph name: write lrx:8, a file, or - for JSON from stdin");
  if (text == "-") {
    if (options.standard_input == nullptr) throw parse_error("'-' means JSON from stdin, which is not available here");
    const std::string all{std::istreambuf_iterator<char>(*options.standard_input), std::istreambuf_iterator<char>()};
    return {read_json(all, "stdin", options.first_point), false};
  }
  if (is_presentation(text)) return {read_fp(text.substr(3), options.control), true};
  if (is_file_name(text)) return parse_file(std::string(text), options);
  if (std::error_code status; text.find(':') == std::string_view::npos && text.size() < 4096 &&
                              std::filesystem::is_regular_file(std::string(text), status)) {
    throw parse_error(
        fmt::format("{}: the ending of a file tells its format: .gap, .json, .tws, .ksolve or .csv#TYPE", text));
  }
  return {make_catalogue_graph(text, options.seed), false};
}

}  // namespace

graph_definition parse_graph(std::string_view text, const parse_options& options) {
  const auto in_folder = is_presentation(text) ? std::nullopt : file_in_folder(text);
  if (in_folder) text = *in_folder;
  auto [graph, one_direction] = parse_text(text, options);
  if (options.inverses == closure::inverse_closed ||
      (options.inverses == closure::as_the_format_means && one_direction)) {
    const bool santa = !is_presentation(text) && text.find(".csv") != std::string_view::npos;
    graph = graph.with_inverses(santa ? groups::inverse_mark::minus : groups::inverse_mark::prime);
  }
  if (options.central) graph = graph.with_central(parse_pattern(*options.central));
  return graph;
}

}  // namespace cosetta::graphs
