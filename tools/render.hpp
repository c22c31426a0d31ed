// Results as text, JSON, CSV, LaTeX and Markdown: functions of the plain structures, and nothing else.
#pragma once

#include <graphs/graph_definition.hpp>
#include <search/growth.hpp>
#include <tools/invocation.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace cosetta::tools {

struct growth_view {
  const graphs::graph_definition& graph;
  const search::growth_result& result;
  std::string command_line;
  groups::point first_point = 0;
  bool show_last_layer = false;
  bool show_central = false;  // the user chose it
};

std::string render(const growth_view& view, output_format format);

/// What stopped a run; empty where nothing did.
std::string_view limit_text(search::limit limit) noexcept;

/// The `graph` object of the JSON contract. With `full` the generators and the central state are written out, in the
/// form that the JSON reader takes back.
nlohmann::ordered_json graph_json(const graphs::graph_definition& graph, groups::point first_point, bool full);

/// A document in one line; bytes that are no UTF-8 are replaced.
std::string json_text(const nlohmann::ordered_json& document);

/// Counts above 2^53 are strings.
nlohmann::ordered_json count_json(std::uint64_t count);

nlohmann::ordered_json state_json(const graphs::graph_definition& graph, const graphs::state& s,
                                  groups::point first_point);

/// "L R X", or the first few of many.
std::string generator_summary(const graphs::graph_definition& graph);

}  // namespace cosetta::tools
