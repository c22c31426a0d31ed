#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/plot_output.hpp>
#include <tools/render.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cosetta::tools {

namespace {

struct brace_range {
  std::int64_t from = 0, to = 0, step = 1;
};

/// "5..9" or "5..9..2"; nothing for other text.
std::optional<brace_range> parse_brace_range(std::string_view text) {
  brace_range out;
  std::int64_t* const numbers[] = {&out.from, &out.to, &out.step};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), *numbers[i]);
    if (status != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return i == 0 ? std::nullopt : std::optional(out);
    if (i == 2 || !text.starts_with("..")) return std::nullopt;
    text.remove_prefix(2);
  }
  return std::nullopt;
}

}  // namespace

bool plot_arguments::wants_data() const {
  auto plain = output;
  if (plain.format == "svg") plain.format = "text";
  const auto format = output.format == "text" ? output_format::csv : plain.chosen();  // there is no picture as text
  if (format != output_format::text && format != output_format::json) throw parse_error(fmt::format("--format {}: pictures have the formats svg and json", output.format));
  output.check_writable();
  if (format == output_format::json) return true;
  const auto ending = std::filesystem::path(output.file).extension().string();
  for (const std::string_view other : {".png", ".pdf", ".jpg", ".jpeg", ".gif", ".eps", ".ps"}) {
    if (ending == other) throw parse_error(fmt::format("{}: pictures are written as SVG: name it .svg, and let a browser or Inkscape make the {} of it", output.file, ending.substr(1)));
  }
  if (output.file.empty() && isatty(STDOUT_FILENO) == 1) throw parse_error("the picture is SVG, which a terminal cannot show: give -o FILE.svg, or redirect stdout");
  return false;
}

void add_plot_arguments(CLI::App& verb, plot_arguments& a) {
  a.output.format = "svg";
  verb.add_option("--title", a.title, "instead of the one that says what is shown");
  add_output_arguments(verb, a.output, "svg: the picture; json: its data");
}

std::string plot_document(std::string_view figure, nlohmann::ordered_json data, const std::string& command_line) {
  nlohmann::ordered_json document = {{"schema", "cosetta.plot/1"}, {"figure", figure}};
  document.update(data);
  document["run"] = {{"version", version}, {"command", command_line}};
  return json_text(document);
}

std::vector<std::string> expand_ranges(const std::string& text, std::size_t most) {
  for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string::npos) break;
    const auto range = parse_brace_range(std::string_view(text).substr(open + 1, close - open - 1));
    if (!range) continue;
    const auto step = range->step == 0 ? 1 : std::max(range->step, -range->step);
    std::vector<std::string> out;
    const auto distance = static_cast<std::uint64_t>(std::max(range->from, range->to)) - static_cast<std::uint64_t>(std::min(range->from, range->to));
    if (distance / static_cast<std::uint64_t>(step) >= most) throw parse_error(fmt::format("{}: more than {} graphs in one picture: take a smaller range, or a step ({{5..25..5}})", text, most));
    for (std::uint64_t past = 0; past <= distance; past += static_cast<std::uint64_t>(step)) {
      const auto value = range->from <= range->to ? range->from + static_cast<std::int64_t>(past) : range->from - static_cast<std::int64_t>(past);
      for (auto& rest : expand_ranges(text.substr(0, open) + std::to_string(value) + text.substr(close + 1), most)) out.push_back(std::move(rest));
    }
    if (out.size() > most) throw parse_error(fmt::format("{}: more than {} graphs in one picture: take smaller ranges", text, most));
    return out;
  }
  return {text};
}

void add_plot_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("plot", "pictures for papers, as SVG: growth, graph, diameters");
  noun->require_subcommand(1);
  noun->footer("Examples:\n  cosetta plot growth lrx:8\n  cosetta plot graph lrx:4 -o lrx4.svg && ls lrx4.svg\n  cosetta plot diameters lx.csv");
  add_plot_growth(*noun, call);
  add_plot_graph(*noun, call);
  add_plot_diameters(*noun, call);
}

}  // namespace cosetta::tools
