#include <tools/commands.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

void add_group_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("group", "the group that a graph's generators generate: order, membership, words, structure");
  noun->require_subcommand(1);
  noun->footer(
      "GRAPH gives the generators; matrices act on row vectors. Orders are proven unless --monte-carlo is asked for.\n\n"
      "Examples:\n  cosetta group info lrx:8\n  cosetta group order puzzle:megaminx\n  cosetta group contains lx:8 \"(0 1 2)\" && echo yes");
  add_group_info(*noun, call);
  add_group_order(*noun, call);
  add_group_contains(*noun, call);
  add_group_factor(*noun, call);
  add_group_random(*noun, call);
  add_group_orbits(*noun, call);
  add_group_blocks(*noun, call);
  add_group_classes(*noun, call);
  add_group_series(*noun, call);
}

}  // namespace cosetta::tools
