#include <groups/series.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_series(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  return call.run([&] {
    call.columns({"series", "orders"});
    const bool trivial = call.ready() == 1;
    const auto& g = call.source().as_permutations();
    const auto add = [&](const char* key, const char* title, const std::vector<permutation_group>& series) {
      std::vector<std::string> orders;
      for (const auto& term : series) orders.push_back(term.order().get_str());
      call.text(fmt::format("{:<22}{}\n", title, fmt::join(orders, " > ")));
      call.row({title, fmt::format("{}", fmt::join(orders, " "))});
      call.result()[key] = orders;
      call.flush();
      return orders.back() == "1";
    };
    const bool solvable = add("derived_series_orders", "derived series", groups::derived_series(g));
    const bool nilpotent = add("lower_central_series_orders", "lower central series", groups::lower_central_series(g));
    std::vector<std::string> invariants;
    for (const auto& n : groups::abelian_invariants(g)) invariants.push_back(n.get_str());
    call.text(fmt::format("{:<22}{}\n", "abelian invariants",
                          !invariants.empty() ? fmt::format("{}", fmt::join(invariants, " "))
                          : trivial           ? "none: the group is trivial"
                                              : "none: the group is perfect"));
    call.row({"abelian invariants", fmt::format("{}", fmt::join(invariants, " "))});
    if (g.proof() != groups::certainty::proven) call.text("monte_carlo: the orders above are lower bounds, probably exact\n");
    call.result().update({{"abelian_invariants", invariants}, {"is_solvable", solvable}, {"is_nilpotent", nilpotent}, {"proof", proof_name(g.proof())}});
    return answered;
  });
}

}  // namespace

void add_group_series(CLI::App& noun, invocation& call) {
  add_plain(noun, call, "series", "derived and lower central series, abelian invariants",
            "Examples:\n  cosetta group series lrx:4\n  cosetta group series heisenberg:3,modulo=5 --json", run_series);
}

}  // namespace cosetta::tools
