#include <graphs/fp_graph.hpp>
#include <graphs/graph_builder.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

std::string shown(const std::string& spec) {
  constexpr std::size_t longest = 80;
  return spec.size() <= longest ? spec : spec.substr(0, longest) + "...";
}

}  // namespace

graph_definition make_fp_graph(const groups::presentation& p, groups::coset_options options) {
  std::string spec = "fp:" + groups::to_string(p);
  if (p.generators.empty()) throw domain_error(spec + ": no generators");
  options.max_cosets = std::min(options.max_cosets, graph_builder::max_points / p.generators.size());
  const auto table = [&] {
    try {
      return groups::enumerate_cosets(p, options);
    } catch (const resource_error& e) {
      if (options.stop.stop_requested()) throw groups::stopped_error("stopped");
      if (options.deadline && std::chrono::steady_clock::now() >= *options.deadline) {
        throw groups::stopped_error(fmt::format("{}: {}; on the command line, raise --time", shown(spec), e.what()));
      }
      throw resource_error(
          fmt::format("{}: {}; words that generate a subgroup are a third part of the text, as in "
                      "fp:a,b|a^2,b^3,(a*b)^7,[a,b]^4|a*b",
                      shown(spec), e.what()));
    }
  }();
  graph_builder builder(std::move(spec));
  const auto permutations = groups::generator_permutations(table);
  for (std::size_t i = 0; i < permutations.size(); ++i) builder.add(p.generators[i], permutations[i].inverse());
  builder.central.assign(table.index(), 0);
  builder.central[0] = 1;
  auto graph = std::move(builder).finish();
  known_facts facts;
  facts.vertices = mpz_class(static_cast<unsigned long>(table.index()));
  facts.trivial_stabilizer = p.subgroup.empty();
  graph.set_known(facts);
  return graph;
}

graph_definition read_fp(std::string_view text, const groups::group_control& control) {
  groups::coset_options options;
  options.stop = control.stop;
  options.deadline = control.deadline;
  options.max_cosets = max_fp_cosets;
  return make_fp_graph(groups::parse_presentation(text), options);
}

}  // namespace cosetta::graphs
