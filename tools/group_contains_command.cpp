#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_contains(const group_arguments& a, const std::vector<std::string>& texts, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  std::vector<group_source::element> elements;
  for (const auto& text : texts) elements.push_back(source.parse(text));
  return call.run([&] {
    call.result()["contains"] = ordered_json::array();
    bool all = true;
    call.columns({"element", "contains"});
    const auto order = call.ready().get_str();
    call.result()["order"] = order;
    call.result()["proof"] = proof_name(source.proof());
    for (const auto& element : elements) {
      call.check();
      const bool member = source.contains(element);
      all &= member;
      call.result()["contains"].push_back(member);
      const char* const word = member ? "yes" : "no";
      if (elements.size() > 1) call.text(fmt::format("{}  {}\n", word, source.text(element)));
      call.row({source.text(element), word});
    }
    if (!all && source.proof() == groups::certainty::monte_carlo && !a.output.quiet) {
      print_error_line("cosetta: a Monte Carlo chain may miss members: \"no\" is probable, not proven");
    }
    return all ? answered : answered_no;
  });
}

}  // namespace

void add_group_contains(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("contains", "is an element in the group? Exit code 0 yes, 1 no");
  const auto a = std::make_shared<group_arguments>();
  const auto elements = std::make_shared<std::vector<std::string>>();
  add_group_arguments(*verb, *a);
  verb->add_option("ELEMENT", *elements, "[1,0,2], \"(0 1)(2 3)\", a word @L.R.X, or a matrix [[1,1],[0,1]]")->required();
  verb->footer(
      "In text one element is answered by the exit code alone; several get a line each.\n\n"
      "Examples:\n  cosetta group contains lx:8 \"(0 1 2)\" && echo yes\n  cosetta group contains lrx:5 @L.X --json\n"
      "  cosetta group contains heisenberg:3,modulo=5 \"[[1,2,3],[0,1,4],[0,0,1]]\" --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_contains(*a, *elements, call.command_line); }; });
}

}  // namespace cosetta::tools
