#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_random(const group_arguments& a, std::uint64_t count, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  std::mt19937_64 rng(a.graph.seed);
  return call.run([&] {
    call.result() = {{"elements", ordered_json::array()}, {"seed", a.graph.seed}};
    call.columns({"element"});
    call.ready();
    call.result()["proof"] = proof_name(source.proof());
    if (source.proof() != groups::certainty::proven && !a.output.quiet) {
      print_error_line("cosetta: of a Monte Carlo chain: probably, not provably, uniform in the whole group");
    }
    auto& elements = call.result()["elements"];
    for (std::uint64_t i = 0; i < count; ++i) {
      call.check();
      const auto g = source.random(rng);
      if (call.json()) {
        elements.push_back(source.json(g));
        continue;
      }
      const auto text = source.text(g);
      call.text(text + "\n");
      call.row({text});
    }
    return answered;
  });
}

}  // namespace

void add_group_random(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("random", "uniformly random elements");
  const auto a = std::make_shared<group_arguments>();
  const auto count = std::make_shared<std::uint64_t>(1);
  add_group_arguments(*verb, *a);
  verb->add_option("--count", *count, "how many")->check(check_natural)->capture_default_str();
  verb->footer("Examples:\n  cosetta group random lrx:8\n  cosetta group random puzzle:dino --count 3 --seed 7\n  cosetta group random heisenberg:3,modulo=5 --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_random(*a, *count, call.command_line); }; });
}

}  // namespace cosetta::tools
