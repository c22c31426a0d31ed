#include <groups/orbit.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_orbits(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  return call.run([&] {
    if (const auto* matrices = source.matrices()) {
      const auto lengths = matrices->vector_orbit_lengths();
      call.text(fmt::format("orbits on row vectors: {}\n", lengths_text(lengths)));
      call.columns({"length"});
      for (const auto length : lengths) call.row({fmt::format("{}", length)});
      call.result()["vector_orbit_lengths"] = lengths;
      return answered;
    }
    const auto& graph = source.graph();
    if (a.known_order) static_cast<void>(source.order());  // refused when wrong
    const auto all = groups::orbits(std::span(graph.permutations()->elements()), graph.degree());
    call.columns({"length", "points"});
    if (!call.json()) {
      for (const auto& o : all) {
        call.text(fmt::format("{}  {}\n", o.size(), points_text(o, call.first_point())));
        call.row({fmt::format("{}", o.size()), all_points(o, call.first_point())});
      }
      return answered;
    }
    call.result() = {{"orbits", shifted(all, call.first_point())}, {"orbit_lengths", lengths_of(all)}};
    return answered;
  });
}

}  // namespace

void add_group_orbits(CLI::App& noun, invocation& call) {
  add_plain(noun, call, "orbits", "orbits on points, or on row vectors",
            "Examples:\n  cosetta group orbits rubik_cube:2\n  cosetta group orbits heisenberg:3,modulo=3 --json", run_orbits);
}

}  // namespace cosetta::tools
