#include <tools/render.hpp>
#include <tools/version.hpp>

#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

bool has_identity_central(const graphs::graph_definition& graph) {
  if (graph.permutations() != nullptr) {
    graphs::state identity(graph.degree());
    std::iota(identity.begin(), identity.end(), std::uint64_t{0});
    return graph.central() == identity;
  }
  const auto one = groups::matrix::identity(graph.degree(), graph.modulus());
  return std::equal(one.entries().begin(), one.entries().end(), graph.central().begin(), graph.central().end());
}

std::string growth_text(const growth_view& v) {
  const auto& r = v.result;
  const bool exact = r.status == search::status::exact;
  std::string out = fmt::format("{}{}  |V| {} {}, generators {}, {}\n", v.graph.spec(),
                                v.show_central ? " around " + to_string(v.graph, v.graph.central()) : "",
                                exact ? "=" : ">=", r.states(), generator_summary(v.graph),
                                v.graph.is_inverse_closed() ? "undirected" : "directed");
  out += fmt::format("{}\n", fmt::join(r.layers, " "));
  if (exact) {
    const auto m = search::moments(r.layers);
    out += fmt::format("diameter {}, last sphere {}, mean {:.3f}, sd {:.3f}, skewness {:.3f}\n", r.diameter(),
                       r.layers.back(), m.mean, m.deviation, m.skewness);
  } else {
    out += fmt::format("{}: layers 0 to {} are exact, diameter >= {}\n", limit_text(r.limit), r.diameter(), r.diameter());
  }
  if (v.show_last_layer) {
    for (const auto& s : r.last_layer) out += to_string(v.graph, s, v.first_point) + "\n";
    if (r.last_layer_left_out) {
      out += "the states of the last sphere are left out: the run was stopped before they were found again\n";
    } else if (r.last_layer.size() < r.layers.back())
      out += fmt::format("... {} more in the last sphere\n", r.layers.back() - r.last_layer.size());
  }
  return out;
}

std::string growth_json(const growth_view& v) {
  const auto& r = v.result;
  ordered_json result = {{"status", search::to_string(r.status)}};
  if (r.limit != search::limit::none) result["limit"] = search::to_string(r.limit);
  auto& layers = result["layers"] = ordered_json::array();
  for (const auto count : r.layers) layers.push_back(count_json(count));
  result["diameter"] = r.diameter();
  result["states"] = std::to_string(r.states());
  if (r.status == search::status::exact) result["certified"] = r.certified;
  if (r.status == search::status::exact) {
    const auto m = search::moments(r.layers);
    result["mean"] = m.mean;
    result["sd"] = m.deviation;
    result["skewness"] = m.skewness;
  }
  if ((v.show_last_layer && !r.last_layer_left_out) || r.last_layer.size() == r.layers.back()) {
    auto& last = result["last_layer"] = ordered_json::array();
    for (const auto& s : r.last_layer) last.push_back(state_json(v.graph, s, v.first_point));
  }
  if (!r.distances.empty()) result["distances"] = r.distances;
  ordered_json document = {{"schema", "cosetta.growth/1"},
                                 {"graph", graph_json(v.graph, v.first_point, false)},
                                 {"result", result},
                                 {"run",
                                  {{"engine", r.engine},
                                   {"backend", r.backend},
                                   {"kernel", r.kernel},
                                   {"threads", r.threads},
                                   {"seconds", r.seconds},
                                   {"peak_bytes", r.peak_bytes},
                                   {"bits_per_state", r.bits_per_state},
                                   {"symmetry", r.symmetry},
                                   {"version", version},
                                   {"command", v.command_line}}}};
  if (r.swept_bytes != 0) document["run"]["swept_bytes"] = r.swept_bytes;
  return json_text(document);
}

std::string escape_latex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("_%&#$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string render(const growth_view& v, output_format format) {
  const auto& layers = v.result.layers;
  std::string out;
  switch (format) {
    case output_format::text:
      return growth_text(v);
    case output_format::json:
      return growth_json(v);
    case output_format::csv:
      out = "distance,states\n";
      for (std::size_t i = 0; i < layers.size(); ++i) out += fmt::format("{},{}\n", i, layers[i]);
      return out;
    case output_format::markdown:
      out = fmt::format("| {} | states |\n| ---: | ---: |\n", v.graph.spec());
      for (std::size_t i = 0; i < layers.size(); ++i) out += fmt::format("| {} | {} |\n", i, layers[i]);
      return out;
    case output_format::latex:
      out = fmt::format("% {}\n\\begin{{tabular}}{{rr}}\n\\hline\n$d$ & {} \\\\\n\\hline\n", v.command_line,
                        escape_latex(v.graph.spec()));
      for (std::size_t i = 0; i < layers.size(); ++i) out += fmt::format("{} & {} \\\\\n", i, layers[i]);
      return out + "\\hline\n\\end{tabular}\n";
  }
  return out;
}

std::string_view limit_text(search::limit limit) noexcept {
  switch (limit) {
    case search::limit::depth:
      return "stopped at --max-depth";
    case search::limit::time:
      return "stopped by --time";
    case search::limit::memory:
      return "stopped by the memory budget (--memory raises it)";
    case search::limit::interrupt:
      return "interrupted";
    case search::limit::none:
      return "";
  }
  return "";
}

std::string json_text(const ordered_json& document) {
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json count_json(std::uint64_t count) {
  if (count > (std::uint64_t{1} << 53)) return std::to_string(count);
  return count;
}

ordered_json state_json(const graphs::graph_definition& graph, const graphs::state& s, groups::point first_point) {
  if (graph.permutations() != nullptr) {
    graphs::state labels = s;
    if (has_identity_central(graph)) {  // labels that are points; others are names
      for (auto& label : labels) label += first_point;
    }
    return labels;
  }
  auto rows = ordered_json::array();
  for (std::size_t i = 0; i < graph.degree(); ++i) {
    auto row = ordered_json::array();
    for (std::size_t j = 0; j < graph.columns(); ++j) {
      const auto entry = s[i * graph.columns() + j];
      graph.modulus() == 0 ? row.push_back(static_cast<std::int64_t>(entry)) : row.push_back(entry);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

ordered_json graph_json(const graphs::graph_definition& graph, groups::point first_point, bool full) {
  ordered_json out = {
      {"spec", graph.spec()}, {"kind", graph.is_cayley() ? "cayley" : "schreier"}, {"degree", graph.degree()}};
  if (graph.matrices() != nullptr) out["modulus"] = graph.modulus();
  if (!full) {
    out["generators"] = graph.names();
  } else if (const auto* set = graph.permutations()) {
    out["generator_names"] = graph.names();
    auto& generators = out["generators"] = ordered_json::array();
    for (const auto& p : set->elements()) {
      auto images = p.images();
      for (auto& image : images) image += first_point;
      generators.push_back(images);
    }
  } else {
    out["generator_names"] = graph.names();
    auto& generators = out["generators"] = ordered_json::array();
    for (const auto& a : graph.matrices()->elements()) {
      auto rows = ordered_json::array();
      for (std::size_t i = 0; i < a.rows(); ++i) {
        auto row = ordered_json::array();
        for (std::size_t j = 0; j < a.columns(); ++j) {
          a.modulus() == 0 ? row.push_back(static_cast<std::int64_t>(a(i, j))) : row.push_back(a(i, j));
        }
        rows.push_back(std::move(row));
      }
      generators.push_back(std::move(rows));
    }
  }
  out["inverse_closed"] = graph.is_inverse_closed();
  if (full || !has_identity_central(graph)) {
    // Labels of a pattern are names, not points: they are not shifted, and the reader does not shift them back.
    out["central_state"] = state_json(graph, graph.central(), 0);
  }
  return out;
}

std::string generator_summary(const graphs::graph_definition& graph) {
  constexpr std::size_t most = 12;
  const auto& names = graph.names();
  if (names.size() <= most) return fmt::format("{}", fmt::join(names, " "));
  return fmt::format("{} ... ({} in all)", fmt::join(names.begin(), names.begin() + most, " "), names.size());
}

}  // namespace cosetta::tools
