#include <groups/blocks.hpp>
#include <groups/centre.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/orbit.hpp>
#include <groups/series.hpp>
#include <groups/simplicity.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>
#include <groups/transitivity.hpp>
#include <groups/word_factorization.hpp>
#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/group_source.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <chrono>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using groups::permutation_group;
using nlohmann::ordered_json;

/// One call of a verb: the group, the clock, and how the answer leaves.
class group_call {
 public:
  group_call(const group_arguments& arguments, std::string command_line)
      : arguments_(arguments), command_line_(std::move(command_line)), json_(format_of(arguments.output)) {
    arguments.output.check_writable();
    source_.emplace(arguments, stop_.get_token(), [this](const groups::chain_progress& p) { show(p); });
    guard_.emplace();  // not before stdin is read: Ctrl-C ends that at once
    forward_.emplace(guard_->token(), [this] { stop_.request_stop(); });
  }

  const group_source& source() const { return *source_; }
  bool json() const noexcept { return json_; }
  groups::point first_point() const { return arguments_.graph.first_point(); }

  /// Writes a text, or the JSON document around `result`.
  int answer(const std::string& text, ordered_json result, int code = answered) {
    line_.clear();
    if (!json_) {
      arguments_.output.write(text);
      return code;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    const ordered_json document = {{"schema", "cosetta.group/1"},
                                   {"graph", graph_json(source_->graph(), first_point(), false)},
                                   {"result", std::move(result)},
                                   {"run", {{"seconds", seconds}, {"version", version}, {"command", command_line_}}}};
    arguments_.output.write(document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
    return code;
  }

  /// 130 after Ctrl-C, 3 after the time limit.
  int stopped_code() const { return guard_->token().stop_requested() ? interrupted : limit_reached; }
  bool expired() const {
    const auto& deadline = source_->control().deadline;
    return stop_.stop_requested() || (deadline && std::chrono::steady_clock::now() >= *deadline);
  }

 private:
  static bool format_of(const output_arguments& output) {
    const auto format = output.chosen();
    if (format != output_format::text && format != output_format::json) throw parse_error("the group verbs have the formats text and json");
    return format == output_format::json;
  }
  void show(const groups::chain_progress& p) {
    if (arguments_.output.quiet) return;
    line_.show(fmt::format("{}: {} levels, order {} 2^{:.0f}, {} elements sifted", p.proving ? "proving" : "stabilizer chain", p.levels,
                           p.proving ? "about" : "at least", p.log2_order, p.elements));
  }

  const group_arguments& arguments_;
  std::string command_line_;
  bool json_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::stop_source stop_;
  status_line line_;
  std::optional<group_source> source_;
  std::optional<interrupt_guard> guard_;
  std::optional<std::stop_callback<std::function<void()>>> forward_;
};

std::string_view proof_name(groups::certainty c) {
  return c == groups::certainty::proven ? "proven" : "monte_carlo";
}

/// Marks what was not proven, in text.
std::string marked(const std::string& text, groups::certainty c) {
  return c == groups::certainty::proven ? text : text + "  monte_carlo";
}

// --------------------------------------------------------------------------------------------------------------- info

/// Properties in the order in which they are shown; what the time limit cut off stays out.
class property_list {
 public:
  explicit property_list(const group_call& call) : call_(call) {}

  template <class F>
  void add(const char* key, const char* title, const F& compute) {
    if (stopped_) return;
    try {
      if (call_.expired()) throw groups::stopped_error("stopped");
      const auto [json, text] = compute();
      result_[key] = json;
      text_ += fmt::format("{:<22}{}\n", title, text);
    } catch (const groups::stopped_error&) {
      stopped_ = true;
    } catch (const resource_error& e) {
      result_[key] = nullptr;
      text_ += fmt::format("{:<22}not computed: {}\n", title, e.what());
    }
  }
  bool stopped() const noexcept { return stopped_; }
  std::string text() const { return stopped_ ? text_ + "stopped here by the limit\n" : text_; }
  ordered_json result() const {
    auto out = result_;
    out["status"] = stopped_ ? "interrupted" : "exact";
    return out;
  }

 private:
  const group_call& call_;
  bool stopped_ = false;
  std::string text_;
  ordered_json result_;
};

using property = std::pair<ordered_json, std::string>;

property yes_or_no(bool b) {
  return {b, b ? "yes" : "no"};
}
property number(const mpz_class& n) {
  return {n.get_str(), n.get_str()};
}

/// "3 orbits, of lengths 8 x 3, 24".
std::string lengths_text(std::vector<std::uint64_t> lengths) {
  std::sort(lengths.begin(), lengths.end());
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t same = i;
    while (same < lengths.size() && lengths[same] == lengths[i]) ++same;
    parts.push_back(same - i == 1 ? fmt::format("{}", lengths[i]) : fmt::format("{} x {}", same - i, lengths[i]));
    i = same;
  }
  if (parts.size() > 12) parts.resize(12), parts.push_back("...");
  return fmt::format("{}, of length{} {}", lengths.size(), lengths.size() == 1 ? "" : "s", fmt::join(parts, ", "));
}

std::vector<std::uint64_t> lengths_of(const std::vector<std::vector<groups::point>>& orbits) {
  std::vector<std::uint64_t> out;
  for (const auto& o : orbits) out.push_back(o.size());
  return out;
}

void add_action_properties(property_list& list, const permutation_group& g, bool on_vectors) {
  if (!on_vectors) {
    list.add("base_length", "base", [&]() -> property {
      const auto n = g.base().size();
      return {n, g.giant() ? fmt::format("{} points ({} on {} points, recognised)", n, g.giant()->alternating ? "Alt" : "Sym", g.giant()->points.size())
                           : fmt::format("{} points", n)};
    });
    list.add("orbit_lengths", "orbits", [&]() -> property {
      const auto lengths = lengths_of(orbits(g));
      return {lengths, lengths_text(lengths)};
    });
    list.add("transitivity", "transitivity", [&]() -> property {
      const auto k = transitivity(g);
      return {k, fmt::format("{}", k)};
    });
    list.add("is_primitive", "primitive", [&] { return yes_or_no(is_primitive(g)); });
    list.add("is_regular", "regular", [&] { return yes_or_no(is_regular(g)); });
  }
}

void add_structure_properties(property_list& list, const permutation_group& g) {
  list.add("is_abelian", "abelian", [&] { return yes_or_no(is_abelian(g)); });
  list.add("is_nilpotent", "nilpotent", [&]() -> property {
    const auto length = nilpotency_class(g);
    return {length.has_value(), length ? fmt::format("yes, of class {}", *length) : "no"};
  });
  list.add("is_solvable", "solvable", [&]() -> property {
    const auto length = derived_length(g);
    return {length.has_value(), length ? fmt::format("yes, of derived length {}", *length) : "no"};
  });
  list.add("is_simple", "simple", [&]() -> property {
    const auto simple = is_simple(g);
    if (!simple) return {nullptr, "not decided"};
    return yes_or_no(*simple);
  });
  list.add("center_order", "centre", [&]() -> property {
    const auto order = centre(g).order().get_str();
    return {order, "of order " + order};
  });
  list.add("derived_subgroup_order", "derived subgroup", [&]() -> property {
    const auto derived = derived_subgroup(g).order();
    return {derived.get_str(), fmt::format("of order {}{}", derived.get_str(), derived == g.order() ? " (perfect)" : "")};
  });
  list.add("abelian_invariants", "abelian invariants", [&]() -> property {
    std::vector<std::string> text;
    for (const auto& n : abelian_invariants(g)) text.push_back(n.get_str());
    return {text, text.empty() ? "none" : fmt::format("{}", fmt::join(text, " "))};
  });
}

int run_info(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  property_list list(call);
  list.add("order", "order", [&] { return number(source.order()); });
  list.add("proof", "proof of the order", [&]() -> property { return {proof_name(source.proof()), std::string(proof_name(source.proof()))}; });
  if (const auto* matrices = source.matrices()) {
    list.add("vector_orbit_lengths", "orbits on vectors", [&]() -> property {
      const auto lengths = matrices->vector_orbit_lengths();
      return {lengths, lengths_text(lengths)};
    });
  }
  std::optional<permutation_group> g;
  list.add("degree", source.matrices() == nullptr ? "degree" : "faithful on", [&]() -> property {
    g = source.as_permutations();
    return {g->degree(), fmt::format("{} {}", g->degree(), source.matrices() == nullptr ? "points" : "vectors")};
  });
  if (g) {
    add_action_properties(list, *g, source.matrices() != nullptr);
    add_structure_properties(list, *g);
  }
  const auto& graph = source.graph();
  const auto head = fmt::format("{}  group of {} generated by {}\n", graph.spec(),
                                source.matrices() == nullptr ? "permutations" : fmt::format("{} x {} matrices modulo {}", graph.degree(), graph.degree(), graph.modulus()),
                                generator_summary(graph));
  return call.answer(head + list.text(), list.result(), list.stopped() ? call.stopped_code() : int{answered});
}

// ------------------------------------------------------------------------------------------------- order, membership

int run_order(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  const auto order = call.source().order().get_str();
  const auto proof = call.source().proof();
  return call.answer(marked(order, proof) + "\n", {{"order", order}, {"proof", proof_name(proof)}});
}

int run_contains(const group_arguments& a, const std::vector<std::string>& texts, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  std::vector<group_source::element> elements;
  for (const auto& text : texts) elements.push_back(source.parse(text));
  bool all = true;
  std::string text;
  auto answers = ordered_json::array();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const bool member = source.contains(elements[i]);
    all &= member;
    answers.push_back(member);
    if (elements.size() > 1) text += fmt::format("{}  {}\n", member ? "yes" : "no", source.text(elements[i]));
  }
  ordered_json result = {{"contains", elements.size() == 1 ? answers[0] : answers}, {"order", source.order().get_str()}, {"proof", proof_name(source.proof())}};
  if (!all && source.proof() == groups::certainty::monte_carlo && !a.output.quiet) {
    print_error_line("cosetta: a Monte Carlo chain may miss members: \"no\" is probable, not proven");
  }
  return call.answer(text, std::move(result), all ? answered : answered_no);
}

int run_random(const group_arguments& a, std::uint64_t count, const std::string& command_line) {
  group_call call(a, command_line);
  std::mt19937_64 rng(a.graph.seed);
  if (call.source().proof() != groups::certainty::proven && !a.output.quiet) {
    print_error_line("cosetta: of a Monte Carlo chain: probably, not provably, uniform in the whole group");
  }
  std::string text;
  auto elements = ordered_json::array();
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % 1024 == 0) call.source().control().check();
    const auto g = call.source().random(rng);
    call.json() ? elements.push_back(call.source().json(g)) : void(text += call.source().text(g) + "\n");
  }
  return call.answer(text, {{"elements", std::move(elements)}, {"seed", a.graph.seed}, {"proof", proof_name(call.source().proof())}});
}

// ------------------------------------------------------------------------------------------------------------- factor

struct factor_arguments {
  group_arguments group;
  std::vector<std::string> elements;
  groups::word_budget budget;
  int effort = 1;
};

int run_factor(const factor_arguments& a, const std::string& command_line) {
  group_call call(a.group, command_line);
  const auto& source = call.source();
  const auto& names = source.graph().names();
  std::vector<group_source::element> elements;
  for (const auto& text : a.elements) elements.push_back(source.parse(text));
  auto budget = a.budget;
  budget.seed = a.group.graph.seed;
  std::optional<groups::word_solver> solver;  // not for elements outside the group
  std::string text;
  auto words = ordered_json::array();
  bool all = true;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (!source.contains(elements[i])) {
      all = false;
      words.push_back({{"word", nullptr}, {"length", nullptr}});
      if (!a.group.output.quiet) {
        print_error_line(fmt::format("cosetta: '{}' is {} an element of the group: it has no word", source.text(elements[i]),
                                     source.proof() == groups::certainty::proven ? "not" : "probably not (Monte Carlo)"));
      }
      continue;
    }
    if (!solver) solver.emplace(source.as_permutations(), budget, source.control());
    const auto word = solver->factor(source.action_of(elements[i]), groups::word_effort::level(a.effort), source.control());
    const auto written = groups::to_string(word, names);
    text += fmt::format("{}   {}\n", written, word.size());
    words.push_back({{"word", written}, {"length", word.size()}});
  }
  return call.answer(text, {{"words", std::move(words)}, {"proof", proof_name(source.proof())}}, all ? answered : answered_no);
}

// ------------------------------------------------------------------------------------------- orbits, blocks, classes

/// The first point of a list in text form.
std::string points_text(const std::vector<groups::point>& points, groups::point first_point) {
  constexpr std::size_t most = 64;
  std::vector<std::uint64_t> shown;
  for (std::size_t i = 0; i < std::min(points.size(), most); ++i) shown.push_back(std::uint64_t{points[i]} + first_point);
  return fmt::format("[{}{}]", fmt::join(shown, ","), points.size() > most ? fmt::format(",... {} in all", points.size()) : "");
}

std::vector<std::vector<std::uint64_t>> shifted(const std::vector<std::vector<groups::point>>& lists, groups::point first_point) {
  std::vector<std::vector<std::uint64_t>> out;
  for (const auto& list : lists) {
    auto& row = out.emplace_back();
    for (const auto p : list) row.push_back(std::uint64_t{p} + first_point);
  }
  return out;
}

int run_orbits(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  if (const auto* matrices = source.matrices()) {
    const auto lengths = matrices->vector_orbit_lengths();
    return call.answer(fmt::format("orbits on row vectors: {}\n", lengths_text(lengths)), {{"vector_orbit_lengths", lengths}});
  }
  const auto& graph = source.graph();
  if (a.known_order) static_cast<void>(source.order());  // refused when wrong
  const auto all = groups::orbits(std::span(graph.permutations()->elements()), graph.degree());
  std::string text;
  if (!call.json()) {
    for (const auto& o : all) text += fmt::format("{}  {}\n", o.size(), points_text(o, call.first_point()));
  }
  return call.answer(text, {{"orbits", shifted(all, call.first_point())}, {"orbit_lengths", lengths_of(all)}});
}

int run_blocks(const group_arguments& a, bool minimal, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& source = call.source();
  if (source.matrices() != nullptr) throw domain_error("block systems need a permutation group; matrices act on vectors (group orbits)");
  const auto& graph = source.graph();
  if (a.known_order) static_cast<void>(source.order());  // refused when wrong
  const std::span<const groups::permutation> generators(graph.permutations()->elements());
  std::string text;
  auto list = ordered_json::array();
  for (const auto& orbit : groups::orbits(generators, graph.degree())) {
    if (orbit.size() == 1) continue;
    source.control().check();
    const auto restricted = groups::restrict_to(generators, orbit);
    const auto systems = minimal ? groups::minimal_block_systems(restricted) : groups::all_block_systems(restricted);
    text += fmt::format("orbit {}: {}\n", points_text(orbit, call.first_point()),
                        systems.empty() ? "primitive" : fmt::format("{} {}block system{}", systems.size(), minimal ? "minimal " : "", systems.size() == 1 ? "" : "s"));
    auto entries = ordered_json::array();
    for (const auto& system : systems) {
      auto blocks = system.blocks();
      for (auto& block : blocks) {
        for (auto& p : block) p = orbit[p];
      }
      text += fmt::format("  {} blocks of {}, the first {}\n", system.count, system.block_size(), points_text(blocks[0], call.first_point()));
      entries.push_back({{"blocks", shifted(blocks, call.first_point())}, {"block_size", system.block_size()}});
    }
    list.push_back({{"orbit", shifted({orbit}, call.first_point())[0]}, {"is_primitive", systems.empty()}, {"systems", std::move(entries)}});
  }
  return call.answer(text, {{"orbits", std::move(list)}});
}

int run_classes(const group_arguments& a, std::size_t limit, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& g = call.source().as_permutations();
  if (g.proof() != groups::certainty::proven) throw domain_error("conjugacy classes are proven complete by the order: leave --monte-carlo out");
  const auto classes = groups::conjugacy_classes(g, limit);
  std::string text = fmt::format("{} classes\n{:>8} {:>20} {:>20}  representative\n", classes.size(), "order", "size", "centralizer");
  auto list = ordered_json::array();
  for (const auto& c : classes) {
    const auto element = call.source().element_of(c.representative);
    const auto cycles = call.source().matrices() == nullptr ? groups::to_cycles(c.representative, call.first_point()) : call.source().text(element);
    text += fmt::format("{:>8} {:>20} {:>20}  {}\n", c.element_order.get_str(), c.size.get_str(), c.centralizer_order.get_str(),
                        cycles.size() <= 120 ? cycles : cycles.substr(0, 120) + "...");
    list.push_back({{"representative", call.source().json(element)}, {"order", c.element_order.get_str()}, {"size", c.size.get_str()},
                    {"centralizer_order", c.centralizer_order.get_str()}});
  }
  return call.answer(text, {{"nr_conjugacy_classes", classes.size()}, {"classes", std::move(list)}});
}

int run_series(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  const auto& g = call.source().as_permutations();
  const auto orders = [](const std::vector<permutation_group>& series) {
    std::vector<std::string> out;
    for (const auto& term : series) out.push_back(term.order().get_str());
    return out;
  };
  const auto derived = orders(groups::derived_series(g));
  const auto central = orders(groups::lower_central_series(g));
  const auto text = fmt::format("derived series        {}\nlower central series  {}\nabelian invariants    {}\n", fmt::join(derived, " > "), fmt::join(central, " > "), [&] {
    std::string out;
    for (const auto& n : groups::abelian_invariants(g)) out += (out.empty() ? "" : " ") + n.get_str();
    return out.empty() ? std::string("none: the group is perfect") : out;
  }());
  const auto mark = g.proof() == groups::certainty::proven ? "" : "monte_carlo: the orders above are lower bounds, probably exact\n";
  return call.answer(text + mark, {{"derived_series_orders", derived}, {"lower_central_series_orders", central}, {"is_solvable", derived.back() == "1"},
                            {"is_nilpotent", central.back() == "1"}, {"proof", proof_name(g.proof())}});
}

// ------------------------------------------------------------------------------------------------------------- verbs

/// Adds a verb that needs nothing but the group.
template <class Run>
void add_plain(CLI::App& noun, invocation& call, const char* name, const char* meaning, const char* examples, const Run& run) {
  auto* verb = noun.add_subcommand(name, meaning);
  const auto a = std::make_shared<group_arguments>();
  add_group_arguments(*verb, *a);
  verb->footer(examples);
  verb->callback([=, &call] { call.action = [=, &call] { return run(*a, call.command_line); }; });
}

void add_contains(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("contains", "is an element in the group? Exit code 0 yes, 1 no");
  const auto a = std::make_shared<group_arguments>();
  const auto elements = std::make_shared<std::vector<std::string>>();
  add_group_arguments(*verb, *a);
  verb->add_option("ELEMENT", *elements, "[1,0,2], \"(0 1)(2 3)\", a word @L.R.X, or a matrix [[1,1],[0,1]]")->required();
  verb->footer(
      "One element is answered by the exit code alone; several get a line each.\n\n"
      "Examples:\n  cosetta group contains lx:8 \"(0 1 2)\" && echo yes\n  cosetta group contains lrx:5 @L.X --json\n"
      "  cosetta group contains heisenberg:3,modulo=5 \"[[1,2,3],[0,1,4],[0,0,1]]\"");
  verb->callback([=, &call] { call.action = [=, &call] { return run_contains(*a, *elements, call.command_line); }; });
}

void add_factor(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("factor", "write elements as words in the generators");
  const auto a = std::make_shared<factor_arguments>();
  add_group_arguments(*verb, a->group);
  verb->add_option("ELEMENT", a->elements, "[1,0,2], \"(0 1)(2 3)\", a word @L.R.X, or a matrix [[1,1],[0,1]]")->required();
  verb->add_option("--words", a->budget.words, "elements to sift for the tables")->check(check_natural)->capture_default_str();
  verb->add_option("--effort", a->effort, "0 quick, 1 default; each step takes about four times as long")->check(CLI::Range(0, 4))->capture_default_str();
  verb->footer(
      "The product of the letters, left to right, is the element (a.b is first a, then b); its length follows. Words are\n"
      "short, not shortest. Exit code 1: not an element of the group.\n\n"
      "Examples:\n  cosetta group factor lrx:8 \"[7,6,5,4,3,2,1,0]\"\n  cosetta group factor lrx:5 \"(0 1)(2 3)\" @L.L.X --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_factor(*a, call.command_line); }; });
}

void add_random(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("random", "uniformly random elements");
  const auto a = std::make_shared<group_arguments>();
  const auto count = std::make_shared<std::uint64_t>(1);
  add_group_arguments(*verb, *a);
  verb->add_option("--count", *count, "how many")->check(check_natural)->capture_default_str();
  verb->footer("Examples:\n  cosetta group random lrx:8\n  cosetta group random puzzle:dino --count 3 --seed 7\n  cosetta group random heisenberg:3,modulo=5 --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_random(*a, *count, call.command_line); }; });
}

void add_blocks(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("blocks", "block systems, orbit by orbit");
  const auto a = std::make_shared<group_arguments>();
  const auto minimal = std::make_shared<bool>(false);
  add_group_arguments(*verb, *a);
  verb->add_flag("--minimal", *minimal, "only those that no finer one refines");
  verb->footer("Examples:\n  cosetta group blocks rubik_cube:2\n  cosetta group blocks lrx:6\n  cosetta group blocks puzzle:dino --minimal --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_blocks(*a, *minimal, call.command_line); }; });
}

void add_classes(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("classes", "conjugacy classes, proven complete by the class equation");
  const auto a = std::make_shared<group_arguments>();
  const auto limit = std::make_shared<std::size_t>(groups::default_class_limit);
  add_group_arguments(*verb, *a);
  verb->add_option("--limit", *limit, "refuse more classes than this")->check(check_natural)->capture_default_str();
  verb->footer("Examples:\n  cosetta group classes lrx:5\n  cosetta group classes heisenberg:3,modulo=3\n  cosetta group classes lx:4 --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_classes(*a, *limit, call.command_line); }; });
}

}  // namespace

void add_group_command(CLI::App& app, invocation& call) {
  auto* noun = app.add_subcommand("group", "the group that a graph's generators generate: order, membership, words, structure");
  noun->require_subcommand(1);
  noun->footer(
      "GRAPH gives the generators; matrices act on row vectors. Orders are proven unless --monte-carlo is asked for.\n\n"
      "Examples:\n  cosetta group info lrx:8\n  cosetta group order puzzle:megaminx\n  cosetta group contains lx:8 \"(0 1 2)\" && echo yes");
  add_plain(*noun, call, "info", "order and structure",
            "With --time what was not computed in time is left out, and the exit code is 3.\n\n"
            "Examples:\n  cosetta group info lrx:8\n  cosetta group info heisenberg:3,modulo=5 --json\n  cosetta group info \"fp:a,b|a^2,b^3,(a*b)^4\"",
            run_info);
  add_plain(*noun, call, "order", "the number of elements",
            "Examples:\n  cosetta group order lrx:100\n  cosetta group order rubik_cube:3,metric=QTM\n  cosetta group order lrx:8 --known-order 40320", run_order);
  add_contains(*noun, call);
  add_factor(*noun, call);
  add_random(*noun, call);
  add_plain(*noun, call, "orbits", "orbits on points, or on row vectors",
            "Examples:\n  cosetta group orbits rubik_cube:2\n  cosetta group orbits heisenberg:3,modulo=3 --json", run_orbits);
  add_blocks(*noun, call);
  add_classes(*noun, call);
  add_plain(*noun, call, "series", "derived and lower central series, abelian invariants",
            "Examples:\n  cosetta group series lrx:4\n  cosetta group series heisenberg:3,modulo=5 --json", run_series);
}

}  // namespace cosetta::tools
