#include <groups/blocks.hpp>
#include <groups/orbit.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_blocks(const group_arguments& a, bool minimal, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  if (source.matrices() != nullptr) throw domain_error("block systems need a permutation group; matrices act on vectors (group orbits)");
  const auto& graph = source.graph();
  const std::span<const groups::permutation> generators(graph.permutations()->elements());
  return call.run([&] {
    call.result()["orbits"] = ordered_json::array();
    call.columns({"orbit_of", "orbit_length", "blocks", "block_size", "block"});
    if (a.known_order) static_cast<void>(source.order());  // refused when wrong
    bool moves = false;
    for (const auto& orbit : groups::orbits(generators, graph.degree())) {
      if (orbit.size() == 1) continue;
      moves = true;
      call.flush();
      call.check();
      const auto restricted = groups::restrict_to(generators, orbit);
      const auto systems = minimal ? groups::minimal_block_systems(restricted) : groups::all_block_systems(restricted);
      call.text(fmt::format("orbit {}: {}\n", points_text(orbit, call.first_point()),
                            systems.empty() ? "primitive" : counted(systems.size(), minimal ? "minimal block system" : "block system")));
      auto entries = ordered_json::array();
      for (const auto& system : systems) {
        auto blocks = system.blocks();
        for (auto& block : blocks) {
          for (auto& p : block) p = orbit[p];
        }
        call.text(fmt::format("  {} blocks of {}, the first {}\n", system.count, system.block_size(), points_text(blocks[0], call.first_point())));
        call.row({fmt::format("{}", std::uint64_t{orbit[0]} + call.first_point()), fmt::format("{}", orbit.size()), fmt::format("{}", system.count),
                  fmt::format("{}", system.block_size()), all_points(blocks[0], call.first_point())});
        if (call.json()) entries.push_back({{"blocks", shifted(blocks, call.first_point())}, {"block_size", system.block_size()}});
      }
      call.result()["orbits"].push_back(
          {{"orbit", shifted({orbit}, call.first_point())[0]}, {"is_primitive", systems.empty()}, {"systems", std::move(entries)}});
    }
    if (!moves) call.text("the group is trivial: it fixes all points, and there are no block systems\n");
    return answered;
  });
}

}  // namespace

void add_group_blocks(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("blocks", "block systems, orbit by orbit");
  const auto a = std::make_shared<group_arguments>();
  const auto minimal = std::make_shared<bool>(false);
  add_group_arguments(*verb, *a);
  verb->add_flag("--minimal", *minimal, "only those that no finer one refines");
  verb->footer("Examples:\n  cosetta group blocks rubik_cube:2\n  cosetta group blocks lrx:6\n  cosetta group blocks puzzle:dino --minimal --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_blocks(*a, *minimal, call.command_line); }; });
}

}  // namespace cosetta::tools
