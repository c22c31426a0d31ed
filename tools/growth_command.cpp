#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace cosetta::tools {

namespace {

struct growth_arguments {
  graph_arguments graph;
  run_arguments run;
  output_arguments output;
  std::optional<std::size_t> last_layer;
  std::string checkpoint;
  std::string resume;
  std::string symmetry = "on";
  std::string layout = "auto";
  std::string save_distances;
};

int exit_code_of(const search::growth_result& result) {
  switch (result.status) {
    case search::status::exact:
      return answered;
    case search::status::lower_bound:
      return limit_reached;
    case search::status::interrupted:
      return interrupted;
  }
  return failed;
}

int run_growth(const growth_arguments& a, const std::string& command_line) {
  constexpr std::size_t shown_unasked = 8;  // a last layer this small is part of the answer in JSON
  const auto format = a.output.chosen();
  const auto engine = search::make_growth_engine(a.run.engine);
  if (!engine) throw parse_error(fmt::format("unknown engine '{}'; there are auto, tower, bucket, oracle", a.run.engine));
  auto context = a.run.context();
  auto options = a.run.options();
  options.checkpoint = a.checkpoint.empty() ? a.resume : a.checkpoint;
  options.resume = a.resume;
  options.save_distances = a.save_distances;
  if (a.symmetry != "on" && a.symmetry != "off") throw parse_error(fmt::format("--symmetry {}: there are on, off", a.symmetry));
  options.symmetry = a.symmetry == "on";
  if (a.layout == "words") {
    options.layout = search::tower_layout::words;
  } else if (a.layout == "vectors") {
    options.layout = search::tower_layout::vectors;
  } else if (a.layout != "auto") {
    throw parse_error(fmt::format("--layout {}: there are auto, words, vectors", a.layout));
  }
  options.last_layer = a.last_layer.value_or(format == output_format::json ? shown_unasked : 0);
  options.last_layer_only_whole = !a.last_layer;

  a.output.check_writable();
  groups::group_control control;
  control.deadline = context.deadline;
  const auto graph = a.graph.read(control);
  const interrupt_guard guard;  // not before stdin is read: Ctrl-C ends that at once
  context.stop = guard.token();
  options.planned = [&](const search::growth_plan& plan) {
    if (a.output.verbose && !a.output.quiet) print_error_line(plan.text);
  };

  search::growth_result result;
  {
    progress_display display(a.output.quiet, a.output.verbose);
    context.observer = [&](const search::progress& p) { display.show(p); };
    result = engine->run(graph, options, context);
  }
  a.output.write(render(
      {graph, result, command_line, a.graph.first_point(), a.last_layer.has_value(), a.graph.central.has_value()},
      format));
  if (!a.save_distances.empty() && result.distances.empty() && !a.output.quiet) {
    print_error_line(fmt::format("--save-distances {}: not written, for the run is not complete", a.save_distances));
  }
  return exit_code_of(result);
}

}  // namespace

void add_growth_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("growth", "sphere sizes of a Cayley or Schreier graph");
  const auto a = std::make_shared<growth_arguments>();
  add_graph_arguments(*verb, a->graph);
  add_run_arguments(*verb, a->run);
  verb->add_option("--last-layer", a->last_layer, "also give up to this many states of the last sphere")
      ->check(check_natural);
  verb->add_option("--checkpoint", a->checkpoint, "write each complete layer to this folder");
  verb->add_option("--resume", a->resume, "go on from the checkpoint in this folder, and keep it up to date");
  verb->add_option("--save-distances", a->save_distances, "write the distances of all states to this file when the run is complete: of permutations, two-colour "
                   "patterns, matrices over Z/m, or up to 2^18 states of any kind");
  verb->add_option("--layout", a->layout, "what a coset tower moves at once: words (of 64 states), vectors (of 8 words, where the group allows it), or auto");
  verb->add_option("--symmetry", a->symmetry, "on: store one state of each orbit of symmetries, where there are any; off: the check")
      ->capture_default_str();
  add_output_arguments(*verb, a->output);
  verb->footer(
      "Exit codes: 0 complete; 3 a limit was reached, the layers so far are exact; 130 interrupted, likewise.\n\n"
      "Examples:\n"
      "  cosetta growth lrx:8\n"
      "  cosetta growth lrx:20 --central 00000000001111111111 --json\n"
      "  cosetta growth rubik_cube:2,metric=fixed_HTM --max-depth 6 --last-layer 2\n"
      "  cosetta growth heisenberg:3,modulo=11 --format csv\n"
      "  cosetta growth lrx:12 --max-depth 20 --checkpoint lrx12 && cosetta growth lrx:12 --max-depth 22 --resume "
      "lrx12\n"
      "  cosetta growth lrx:9 --save-distances lrx9.distances\n"
      "  echo '{\"generators\": [[1,2,0],[1,0,2]]}' | cosetta growth - --inverse-closed");
  verb->callback([a, &call] { call.action = [a, &call] { return run_growth(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
