#include <kernels/error.hpp>
#include <tools/figures/figures.hpp>
#include <tools/fit_json.hpp>
#include <tools/growth_tables.hpp>
#include <tools/plot_output.hpp>
#include <tools/terminal.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

struct plot_growth_arguments {
  std::vector<std::string> graphs, from;
  graph_arguments graph;  // what holds for each of them
  run_arguments run;
  std::string fits = "gaussian,reflected_gumbel";
  bool logarithmic = false, shape = false;
  plot_arguments plot;
};

/// Growths to be drawn, and what became of those that are not whole.
struct plotted_growths {
  std::vector<figures::growth_curve> curves;
  bool by_limit = false, by_interrupt = false;
};

std::vector<conjecture::shape_kind> parse_shapes(const std::string& text) {
  std::vector<conjecture::shape_kind> out;
  if (text == "none" || text.empty()) return out;
  using enum conjecture::shape_kind;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto name = text.substr(at, end - at);
    const auto kind = name == "gaussian" ? gaussian : name == "gumbel" ? gumbel : name == "reflected_gumbel" ? reflected_gumbel : skew_normal;
    if (kind == skew_normal && name != "skew_normal") throw parse_error(fmt::format("--fits '{}': there are gaussian, gumbel, reflected_gumbel, skew_normal, and none", name));
    if (std::ranges::find(out, kind) == out.end()) out.push_back(kind);
    at = end + 1;
  }
  return out;
}

mpz_class count_of(const ordered_json& entry, const std::string& name) {
  if (entry.is_number_unsigned()) return mpz_class(std::to_string(entry.get<std::uint64_t>()));
  if (entry.is_string() && !entry.get_ref<const std::string&>().empty() && entry.get_ref<const std::string&>().find_first_not_of("0123456789") == std::string::npos) {
    return mpz_class(entry.get<std::string>());
  }
  throw parse_error(fmt::format("{}: /result/layers: {} is no number of states", name, entry.dump()));
}

/// The document of `growth --json`.
figures::growth_curve curve_of_document(const std::string& text, const std::string& name) {
  ordered_json document;
  try {
    document = ordered_json::parse(text);
  } catch (const ordered_json::exception& e) {
    throw parse_error(fmt::format("{}: {}", name, e.what()));
  }
  const auto at = [&](const char* path) -> const ordered_json& {
    const ordered_json::json_pointer pointer(path);
    if (!document.is_object() || !document.contains(pointer)) throw parse_error(fmt::format("{}: no {}: expected what `growth --json` writes", name, path));
    return document[pointer];
  };
  const auto& layers = at("/result/layers");
  if (!layers.is_array() || layers.empty()) throw parse_error(fmt::format("{}: /result/layers is no list of sphere sizes", name));
  figures::growth_curve out{at("/graph/spec").is_string() ? at("/graph/spec").get<std::string>() : name, {}, at("/result/status") == "exact"};
  for (const auto& entry : layers) out.layers.push_back(count_of(entry, name));
  return out;
}

/// Lines distance,states, as `growth --format csv` writes them: the whole growth, for what it does not say.
figures::growth_curve curve_of_rows(const std::string& text, const std::string& name) {
  constexpr long greatest = 100'000;
  figures::growth_curve out{std::filesystem::path(name).stem().string(), {}, true};
  for (const auto& row : conjecture::parse_fit_rows(text, name)) {
    if (row.n < 0 || row.n > greatest) throw parse_error(fmt::format("{}: distance {}: expected 0 to {}", name, row.n, greatest));
    if (!row.exact || row.value < 0) throw parse_error(fmt::format("{}: distance {}: expected an exact number of states", name, row.n));
    const auto at = static_cast<std::size_t>(row.n);
    if (at >= out.layers.size()) out.layers.resize(at + 1);
    out.layers[at] = row.value;
  }
  if (out.layers.empty()) throw parse_error(fmt::format("{}: no lines distance,states", name));
  return out;
}

void read_curves(const std::string& file, std::vector<figures::growth_curve>& curves) {
  const std::string name = file == "-" ? "stdin" : file;
  const std::string text = file == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()) : read_text(file);
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto line_end = text.find('\n', first == std::string::npos ? 0 : first);
  if (first != std::string::npos && text[first] == '{' && !file.ends_with(".jsonl")) {
    curves.push_back(curve_of_document(text, name));
  } else if (file != "-" && (file.ends_with(".jsonl") || text.substr(0, line_end).find('[') != std::string::npos)) {
    for (auto& row : read_growth_tables(file)) curves.push_back({row.graph ? row.key : row.spec, std::move(row.layers), !row.partial});
  } else {
    curves.push_back(curve_of_rows(text, name));
  }
}

search::growth_result compute_growth(const plot_growth_arguments& a, const graph_arguments& source, search::run_context& context) {
  const auto engine = search::make_growth_engine(a.run.engine);
  if (!engine) throw parse_error(fmt::format("unknown engine '{}'; there are auto, tower, bucket, oracle", a.run.engine));
  const auto options = a.run.options();
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = source.read(control);
  const interrupt_guard guard;
  context.stop = guard.token();
  progress_display display(a.plot.output.quiet, a.plot.output.verbose);
  context.observer = [&](const search::progress& p) { display.show(p); };
  auto result = engine->run(graph, options, context);
  context.observer = nullptr;
  return result;
}

plotted_growths growths_of(const plot_growth_arguments& a) {
  plotted_growths out;
  for (const auto& file : a.from) read_curves(file, out.curves);
  auto context = a.run.context();
  for (const auto& text : a.graphs) {
    for (const auto& spec : expand_ranges(text, figures::max_shape_curves)) {
      auto source = a.graph;
      source.graph = spec;
      const auto result = compute_growth(a, source, context);
      const bool whole = result.status == search::status::exact;
      out.curves.push_back(figures::make_curve(source.central ? fmt::format("{} around {}", spec, *source.central) : spec, result.layers, whole));
      out.by_limit = out.by_limit || result.status == search::status::lower_bound;
      if (result.status == search::status::interrupted) {
        out.by_interrupt = true;
        return out;
      }
    }
  }
  return out;
}

ordered_json growth_data(const plotted_growths& growths, bool shapes) {
  auto curves = ordered_json::array();
  for (const auto& curve : growths.curves) {
    ordered_json entry = {{"name", curve.name}, {"status", curve.complete ? "exact" : "lower_bound"}, {"layers", ordered_json::array()}};
    std::vector<double> counts;
    const auto& greatest = *std::max_element(curve.layers.begin(), curve.layers.end());
    for (const auto& n : curve.layers) {
      n <= mpz_class("9007199254740992") ? entry["layers"].push_back(n.get_ui()) : entry["layers"].push_back(n.get_str());
      counts.push_back(greatest > 0 ? mpq_class(n).get_d() / greatest.get_d() : 0);
    }
    const auto filled = std::count_if(counts.begin(), counts.end(), [](double n) { return n > 0; });
    if (shapes && curve.complete && filled >= 4) entry["shape"] = shape_json(conjecture::fit_shapes(counts));
    curves.push_back(std::move(entry));
  }
  return {{"curves", std::move(curves)}};
}

int draw_growth(const plot_growth_arguments& a, const std::string& command_line) {
  const bool data = a.plot.wants_data();
  const figures::growth_style style{a.logarithmic ? figures::axis_scale::logarithmic : figures::axis_scale::linear, parse_shapes(a.fits)};
  if (a.graphs.empty() && a.from.empty()) throw parse_error("plot growth: give a GRAPH, or --from FILE");
  auto growths = growths_of(a);
  if (growths.curves.empty()) throw parse_error("plot growth: the files have no growths");
  const bool family = a.shape || growths.curves.size() > 1;
  const int code = growths.by_interrupt ? interrupted : growths.by_limit ? limit_reached : answered;
  if (family) {  // a part of a growth has no shape
    if (std::ranges::none_of(growths.curves, &figures::growth_curve::complete)) throw resource_error("no growth is complete: raise --time or --memory, or leave --max-depth out");
    std::erase_if(growths.curves, [&](const figures::growth_curve& curve) {
      if (!curve.complete && !a.plot.output.quiet) print_error_line(fmt::format("cosetta: {}: left out, for its growth is not complete", curve.name));
      return !curve.complete;
    });
  }
  const figures::caption caption{a.plot.title, command_line, ""};
  const auto picture = [&] { return family ? figures::limit_shape_figure(growths.curves, caption, style) : figures::growth_figure(growths.curves.front(), caption, style); };
  a.plot.output.write(data ? plot_document(family ? "limit_shape" : "growth", growth_data(growths, !style.shapes.empty()), command_line) : picture());
  return code;
}

}  // namespace

void add_plot_growth(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("growth", "sphere sizes with fitted shapes; of several graphs their common limit shape");
  const auto a = std::make_shared<plot_growth_arguments>();
  verb->add_option("GRAPH", a->graphs, "as for `growth`; several, or a range lrx:{5..9} (in steps: {5..9..2}), for the limit shape");
  verb->add_option("--from", a->from, "also growths in this file: what `growth` writes as JSON or CSV, or a table of them; - is stdin");
  verb->add_option("--central", a->graph.central, "another central state: 000111 or 0,0,0,1,1,1");
  verb->add_flag("--directed", a->graph.directed, "keep the generators as they are");
  verb->add_flag("--inverse-closed", a->graph.inverse_closed, "add missing inverses");
  verb->add_option("--seed", a->graph.seed, "of random families")->check(check_natural)->capture_default_str();
  verb->add_flag("--log", a->logarithmic, "a logarithmic axis for the numbers of states");
  verb->add_option("--fits", a->fits, "which shapes are drawn: gaussian, gumbel, reflected_gumbel, skew_normal, or none")->capture_default_str();
  verb->add_flag("--shape", a->shape, "mean 0 and deviation 1 for a single graph too");
  add_run_arguments(*verb, a->run);
  add_plot_arguments(*verb, a->plot);
  verb->footer(
      "Exit codes: 0 complete; 3 a limit was reached: the picture has the layers so far, or leaves the graph out; 130 interrupted, likewise.\n\n"
      "Examples:\n"
      "  cosetta plot growth lrx:8 -o lrx8.svg && ls lrx8.svg\n"
      "  cosetta plot growth pancake:7 --log --fits gaussian,skew_normal\n"
      "  cosetta plot growth 'lrx:{5..8}'\n"
      "  cosetta growth heisenberg:3,modulo=11 --json | cosetta plot growth --from -\n"
      "  cosetta plot growth --from tables/lrx_cayley_growth.csv --json");
  verb->callback([a, &call] { call.action = [a, &call] { return draw_growth(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
