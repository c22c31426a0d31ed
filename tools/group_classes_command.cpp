#include <groups/conjugacy_classes.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_classes(const group_arguments& a, std::size_t limit, const std::string& command_line) {
  group_call call(a, command_line);
  return call.run([&] {
    call.columns({"order", "size", "centralizer_order", "representative"});
    call.ready();
    const auto& g = call.source().as_permutations();
    if (g.proof() != groups::certainty::proven) throw domain_error("conjugacy classes are proven complete by the order: leave --monte-carlo out");
    const auto classes = groups::conjugacy_classes(g, limit);
    call.text(fmt::format("{}\n{:>8} {:>20} {:>20}  representative\n", counted(classes.size(), "class"), "order", "size", "centralizer"));
    auto list = ordered_json::array();
    for (const auto& c : classes) {
      const auto element = call.source().element_of(c.representative);
      if (call.json()) {
        list.push_back({{"representative", call.source().json(element)}, {"order", c.element_order.get_str()}, {"size", c.size.get_str()},
                        {"centralizer_order", c.centralizer_order.get_str()}});
        continue;
      }
      const auto cycles = call.source().matrices() == nullptr ? groups::to_cycles(c.representative, call.first_point()) : call.source().text(element);
      call.text(fmt::format("{:>8} {:>20} {:>20}  {}\n", c.element_order.get_str(), c.size.get_str(), c.centralizer_order.get_str(),
                            cycles.size() <= 120 ? cycles : cycles.substr(0, 120) + "..."));
      call.row({c.element_order.get_str(), c.size.get_str(), c.centralizer_order.get_str(), cycles});
    }
    call.result() = {{"nr_conjugacy_classes", classes.size()}, {"classes", std::move(list)}};
    return answered;
  });
}

}  // namespace

void add_group_classes(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("classes", "conjugacy classes, proven complete by the class equation");
  const auto a = std::make_shared<group_arguments>();
  const auto limit = std::make_shared<std::size_t>(groups::default_class_limit);
  add_group_arguments(*verb, *a);
  verb->add_option("--limit", *limit, "refuse more classes than this")->check(check_natural)->capture_default_str();
  verb->footer("Examples:\n  cosetta group classes lrx:5\n  cosetta group classes heisenberg:3,modulo=3\n  cosetta group classes lx:4 --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_classes(*a, *limit, call.command_line); }; });
}

}  // namespace cosetta::tools
