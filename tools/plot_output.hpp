// What the verbs of `plot` share: where a picture goes, and the document of its data (cosetta.plot/1).
#pragma once

#include <tools/invocation.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace cosetta::tools {

struct plot_arguments {
  output_arguments output;
  std::string title;

  /// Whether the data are asked for instead of the picture. Throws parse_error for another format, for a file whose name says that it is
  /// no SVG, and for a picture that would go to a terminal; domain_error as check_writable does.
  bool wants_data() const;
};

/// Adds --title and the output's options, whose formats are svg and json.
void add_plot_arguments(CLI::App& verb, plot_arguments& arguments);

/// {"schema": "cosetta.plot/1", "figure": FIGURE, ...data, "run": ...}
std::string plot_document(std::string_view figure, nlohmann::ordered_json data, const std::string& command_line);

/// "lrx:{5..9}" as its five texts, "{5..9..2}" in steps: what shells do with it that know braces, for those that do not. Several braces
/// give all combinations. Throws parse_error where there would be more than `most`.
std::vector<std::string> expand_ranges(const std::string& text, std::size_t most);

void add_plot_growth(CLI::App& noun, invocation& call);
void add_plot_graph(CLI::App& noun, invocation& call);
void add_plot_diameters(CLI::App& noun, invocation& call);

}  // namespace cosetta::tools
