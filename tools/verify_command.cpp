#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/growth_tables.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/verify_groups.hpp>
#include <tools/version.hpp>

#include <charconv>
#include <map>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

struct verify_arguments {
  std::string path;
  std::string only;
  std::string max_states = "4e7";
  std::string prefix_states = "1e6";
  run_arguments run;
  output_arguments output;
};

enum class verdict { agree, prefix, disagree, unknown, stopped };

std::string_view to_string(verdict v) {
  switch (v) {
    case verdict::agree:
      return "agree";
    case verdict::prefix:
      return "prefix";
    case verdict::disagree:
      return "DISAGREE";
    case verdict::unknown:
      return "unknown";
    case verdict::stopped:
      return "stopped";
  }
  return "?";
}

struct checked_row {
  growth_row row;
  search::growth_result result;
  verdict outcome = verdict::unknown;
  std::string remark;
};

/// The greatest depth whose ball has at most `most` states.
std::uint64_t depth_within(const std::vector<mpz_class>& layers, double most) {
  mpz_class ball = 0;
  std::uint64_t depth = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    ball += layers[i];
    if (ball > most) break;
    depth = i;
  }
  return depth;
}

/// Compares the layers that were computed with those published.
void compare(checked_row& c, bool whole) {
  const auto& ours = c.result.layers;
  const auto& theirs = c.row.layers;
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    if (theirs[i] != mpz_class(static_cast<unsigned long>(ours[i]))) {
      c.outcome = verdict::disagree;
      c.remark = fmt::format("at distance {}: published {}, computed {}", i, theirs[i].get_str(), ours[i]);
      return;
    }
  }
  if (whole && ours.size() != theirs.size()) {
    c.outcome = verdict::disagree;
    c.remark = fmt::format("published diameter {}, computed {}", theirs.size() - 1, ours.size() - 1);
    return;
  }
  if (c.result.status == search::status::exact && ours.size() < theirs.size()) {
    c.outcome = verdict::disagree;
    c.remark = fmt::format("the graph ends at distance {}, the table at {}", ours.size() - 1, theirs.size() - 1);
    return;
  }
  c.outcome = whole ? verdict::agree : verdict::prefix;
  if (!whole) c.remark = fmt::format("first {} of {} published layers", ours.size(), theirs.size());
}

/// "40000000" or "4e7".
double parse_count(const std::string& option, const std::string& text) {
  double value = -1;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value < 1e18)) {
    throw parse_error(fmt::format("{} '{}': expected a number such as 40000000 or 4e7", option, text));
  }
  return value;
}

checked_row check(const growth_row& row, const verify_arguments& a, const search::growth_engine& engine,
                  const search::run_context& context) {
  checked_row c{row, {}, verdict::unknown, ""};
  const double max_states = parse_count("--max-states", a.max_states);
  const double prefix_states = parse_count("--prefix-states", a.prefix_states);
  const bool whole = !row.partial && row.states() <= max_states;
  auto options = a.run.options();
  if (!whole) {
    const std::uint64_t depth =
        depth_within(row.layers, row.partial ? max_states : std::min(max_states, prefix_states));
    options.max_depth = std::min(options.max_depth.value_or(depth), depth);
  }
  try {
    const auto graph = row.make();
    static_cast<void>(engine.plan(graph, options, context));
    c.result = engine.run(graph, options, context);
  } catch (const resource_error& e) {
    c.outcome = verdict::stopped;
    c.remark = e.what();
    return c;
  } catch (const error& e) {
    c.remark = e.what();
    return c;
  }
  const bool finished = c.result.status == search::status::exact || c.result.limit == search::limit::depth;
  compare(c, whole && c.result.limit != search::limit::depth && finished);
  if (!finished && c.outcome != verdict::disagree) {
    c.outcome = verdict::stopped;
    c.remark = fmt::format("stopped ({}) after {} layers, which agree", search::to_string(c.result.limit),
                           c.result.layers.size());
  }
  return c;
}

std::string row_text(const checked_row& c) {
  return fmt::format("{:<8}  {}  {}  {} states, {} layers, {:.3f} s{}{}\n", to_string(c.outcome), c.row.table,
                     c.row.key, c.result.states(), c.result.layers.size(), c.result.seconds,
                     c.remark.empty() ? "" : "  ", c.remark);
}

nlohmann::ordered_json row_json(const checked_row& c) {
  return {{"table", c.row.table},
          {"key", c.row.key},
          {"graph", c.row.spec},
          {"outcome", std::string(to_string(c.outcome))},
          {"states", std::to_string(c.result.states())},
          {"layers", c.result.layers.size()},
          {"seconds", c.result.seconds},
          {"remark", c.remark}};
}

std::string summary(const std::map<verdict, std::size_t>& counts) {
  std::string out;
  for (const auto& [outcome, n] : counts) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", n, to_string(outcome));
  return out;
}

int run_verify(const verify_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format == output_format::latex || format == output_format::markdown)
    throw parse_error("verify has the formats text, csv and json");
  const auto engine = search::make_growth_engine(a.run.engine);
  if (!engine) throw parse_error(fmt::format("unknown engine '{}'; there are auto, tower, bucket, oracle", a.run.engine));
  auto context = a.run.context();
  const interrupt_guard guard;
  context.stop = guard.token();
  std::string text = format == output_format::csv ? "outcome,table,key,states,layers,seconds,remark\n" : "";
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  std::map<verdict, std::size_t> counts;
  const bool stream = format == output_format::text && a.output.file.empty();
  for (const auto& row : read_growth_tables(a.path)) {
    if (!a.only.empty() && (row.table + " " + row.key).find(a.only) == std::string::npos) continue;
    if (context.stop.stop_requested() || context.expired()) break;
    const auto c = check(row, a, *engine, context);
    ++counts[c.outcome];
    if (format == output_format::csv) {
      text += fmt::format("{},{},\"{}\",{},{},{:.3f},\"{}\"\n", to_string(c.outcome), row.table, row.key,
                          c.result.states(), c.result.layers.size(), c.result.seconds, c.remark);
    } else if (format == output_format::json) {
      rows.push_back(row_json(c));
    } else if (stream) {
      a.output.write(row_text(c));
    } else {
      text += row_text(c);
    }
  }
  if (counts.empty())
    throw domain_error(
        fmt::format("{}: no row was compared{}", a.path, a.only.empty() ? "" : " (--only matches none)"));
  if (format == output_format::json) {
    text = nlohmann::ordered_json{{"schema", "cosetta.verify/1"},
                                  {"rows", rows},
                                  {"summary", summary(counts)},
                                  {"run", {{"version", version}, {"command", command_line}}}}
               .dump() +
           "\n";
  } else if (format == output_format::text) {
    text += summary(counts) + "\n";
  }
  a.output.write(text);
  if (counts.contains(verdict::disagree)) return answered_no;
  if (!counts.contains(verdict::agree) && !counts.contains(verdict::prefix) && !counts.contains(verdict::stopped))
    return wrong_usage;
  if (context.stop.stop_requested()) return interrupted;
  return counts.contains(verdict::stopped) || context.expired() ? limit_reached : answered;
}

}  // namespace

void add_verify_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("verify", "recompute published tables and compare");
  noun->require_subcommand(1);
  noun->footer("Examples:\n  cosetta verify growth --help\n  cosetta verify groups --help");
  auto* verb = noun->add_subcommand("growth", "growth tables: *_growth.csv as CayleyPy publishes them, growth.jsonl");
  const auto a = std::make_shared<verify_arguments>();
  verb->add_option("PATH", a->path, "a folder of tables, or one table")->required();
  verb->add_option("--only", a->only, "only rows whose table and key hold this text");
  verb->add_option("--max-states", a->max_states, "recompute whole rows up to this many states")->capture_default_str();
  verb->add_option("--prefix-states", a->prefix_states,
                   "of larger rows compare the first layers, up to this many states")
      ->capture_default_str();
  add_run_arguments(*verb, a->run);
  add_output_arguments(*verb, a->output, "text, json, csv");
  verb->footer(
      "Outcomes: agree (all layers), prefix (the layers that were computed agree), DISAGREE, unknown (no such graph in "
      "the\n"
      "catalogue), stopped (a limit). Exit codes: 0 nothing disagrees, 1 something does, 2 nothing could be "
      "compared.\n\n"
      "Examples:\n"
      "  cosetta verify growth tables --max-states 1e5\n"
      "  cosetta verify growth tables/lrx_cayley_growth.csv --only 'growth 7' --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_verify(*a, call.command_line); }; });
  add_verify_groups(*noun, call);
}

}  // namespace cosetta::tools
