// The verbs of the program. Each adds itself to the application; when it is parsed it sets `invocation::action`.
#pragma once

#include <tools/invocation.hpp>

namespace cosetta::tools {

void add_growth_command(CLI::App& app, invocation& call);
void add_diameter_command(CLI::App& app, invocation& call);
void add_walks_command(CLI::App& app, invocation& call);
void add_dataset_command(CLI::App& app, invocation& call);
void add_graph_command(CLI::App& app, invocation& call);
void add_group_command(CLI::App& app, invocation& call);
void add_path_command(CLI::App& app, invocation& call);
void add_solve_command(CLI::App& app, invocation& call);
void add_conjecture_command(CLI::App& app, invocation& call);
void add_verify_command(CLI::App& app, invocation& call);
void add_backends_command(CLI::App& app, invocation& call);
void add_fit_command(CLI::App& parent, invocation& call);
void add_plot_command(CLI::App& app, invocation& call);
void add_store_fit_command(CLI::App& conjecture, invocation& call);
void add_report_command(CLI::App& conjecture, invocation& call);
void add_search_command(CLI::App& conjecture, invocation& call);
void add_reproduce_command(CLI::App& conjecture, invocation& call);

}  // namespace cosetta::tools
