#include <graphs/catalogue.hpp>
#include <groups/chain_options.hpp>
#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/report/markup.hpp>
#include <tools/version.hpp>

#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace {

using namespace cosetta;
using namespace cosetta::tools;

/// An unknown verb, or verb of a noun, gets the nearest; CLI11 would only say that it was not expected.
void check_verb(const CLI::App& app, int argc, char** argv, int at = 1, const std::string& path = "") {
  if (argc <= at || argv[at][0] == '-') return;
  std::vector<std::string> names;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(verb->get_name());
  if (names.empty()) return;
  if (std::find(names.begin(), names.end(), argv[at]) == names.end()) {
    throw parse_error(fmt::format("unknown verb '{}{}'; nearest: {}", path, argv[at], fmt::join(graphs::nearest_names(argv[at], names), ", ")));
  }
  check_verb(*app.get_subcommand(argv[at]), argc, argv, at + 1, path + argv[at] + " ");
}

/// The words for CLI11, which takes them from the back and would split "[1,0,2]" at the commas: a blank in front, that
/// the parsers of elements pass over, keeps it whole.
std::vector<std::string> reversed_words(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = argc - 1; i > 0; --i) words.push_back(argv[i][0] == '[' ? std::string(" ") + argv[i] : argv[i]);
  return words;
}

int report(const char* message, int code) {
  print_error_line(std::string("cosetta: ") + message);
  return code;
}

int run(int argc, char** argv) {
  invocation call;
  call.command_line = "cosetta";
  for (int i = 1; i < argc; ++i) call.command_line += " " + report::shell_word(argv[i]);

  CLI::App app("Cosetta: growth of Cayley and Schreier graphs, exactly", "cosetta");
  app.set_version_flag("--version", std::string("cosetta ") + version);
  app.require_subcommand(1);
  app.footer(
      "Every verb has its own --help.\n\n"
      "Examples:\n"
      "  cosetta growth lrx:8\n"
      "  cosetta graph info pancake:7\n"
      "  cosetta graph list\n"
      "  cosetta group order puzzle:megaminx\n"
      "  cosetta path lrx:8 \"[7,6,5,4,3,2,1,0]\"");
  add_growth_command(app, call);
  add_diameter_command(app, call);
  add_walks_command(app, call);
  add_dataset_command(app, call);
  add_graph_command(app, call);
  add_group_command(app, call);
  add_path_command(app, call);
  add_solve_command(app, call);
  add_conjecture_command(app, call);
  add_verify_command(app, call);
  add_backends_command(app, call);
  add_fit_command(app, call);
  add_plot_command(app, call);
  try {
    check_verb(app, argc, argv);
    app.parse(reversed_words(argc, argv));
    return call.action();
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) {  // help and version
      app.exit(e);
      return std::cout.flush() ? answered : report("cannot write to stdout", failed);
    }
    return report(fmt::format("{} (--help shows the options)", e.what()).c_str(), wrong_usage);
  } catch (const parse_error& e) {
    return report(e.what(), wrong_usage);
  } catch (const domain_error& e) {
    return report(e.what(), wrong_usage);
  } catch (const groups::stopped_error& e) {
    const bool timed_out = std::string_view(e.what()) != "stopped";
    return report(timed_out ? e.what() : "interrupted before there was an answer", timed_out ? limit_reached : interrupted);
  } catch (const resource_error& e) {
    return report(e.what(), limit_reached);
  } catch (const std::bad_alloc&) {
    return report("out of memory: lower --memory or take a smaller graph", limit_reached);
  } catch (const std::exception& e) {
    return report(e.what(), failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
#if defined(__GLIBC__)
  // Tables of some megabytes come and go while a plan is made: their pages are kept and used again instead of being given back
  // to the system and cleared anew each time.
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
  return run(argc, argv);
}
