#include <groups/blocks.hpp>
#include <groups/centre.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/gap_text.hpp>
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
#include <tools/table.hpp>
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

/// One call of a verb: the group, the clock, and the answer as it grows. A verb says each thing in all forms, and the
/// chosen one is kept: text(), columns() and row() of the tables, result() of the JSON document. Text and rows leave as
/// they come. When the time limit or Ctrl-C ends the work, what is complete is the answer.
class group_call {
 public:
  group_call(const group_arguments& arguments, std::string command_line) : arguments_(arguments), command_line_(std::move(command_line)), format_(arguments.output.chosen()) {
    arguments.output.check_writable();
    if (format_ != output_format::text && format_ != output_format::json) table_.emplace(format_);
    source_.emplace(arguments, stop_.get_token(), [this](const groups::chain_progress& p) { show(p); });
    guard_.emplace();  // not before stdin is read: Ctrl-C ends that at once
    forward_.emplace(guard_->token(), [this] { stop_.request_stop(); });
  }

  const group_source& source() const { return *source_; }
  output_format format() const noexcept { return format_; }
  bool json() const noexcept { return format_ == output_format::json; }
  groups::point first_point() const { return arguments_.graph.first_point(); }

  void text(std::string_view text) {
    if (format_ == output_format::text) put(text);
  }
  /// The names of the columns; later calls change nothing.
  void columns(const std::vector<std::string>& names) {
    if (table_ && !headed_) put(table_->head(names, command_line_));
    headed_ = true;
  }
  void row(const std::vector<std::string>& cells) {
    if (table_) put(table_->row(cells));
  }
  ordered_json& result() noexcept { return result_; }
  /// Lets out what there is, before the next long step; a file is written whole, at the end.
  void flush() {
    if (!arguments_.output.file.empty() || waiting_.empty()) return;
    line_.clear();
    arguments_.output.write(waiting_);
    waiting_.clear();
  }

  /// The order, and with it the chain; what follows is not set-up any more.
  const mpz_class& ready() {
    const auto& order = source_->order();
    proven_ = source_->proof() == groups::certainty::proven;
    set_up();
    return order;
  }
  void set_up() { setup_seconds_ = seconds(); }
  void check() const { source_->control().check(); }

  /// Runs `body`, which returns the exit code, and writes the answer.
  template <class Body>
  int run(const Body& body) {
    int code = answered;
    bool stopped = false;
    try {
      code = body();
    } catch (const groups::stopped_error&) {
      stopped = true;
    }
    line_.clear();
    if (json()) {
      ordered_json result = {{"status", stopped ? "interrupted" : proven_ ? "exact" : "monte_carlo"}};
      if (result_.is_object()) result.update(result_);
      ordered_json run = {{"seconds", seconds()}};
      if (setup_seconds_) run["setup_seconds"] = *setup_seconds_;
      run.update({{"threads", 1}, {"version", version}, {"command", command_line_}});
      const ordered_json document = {{"schema", "cosetta.group/1"},
                                     {"graph", graph_json(source_->graph(), first_point(), false)},
                                     {"result", std::move(result)},
                                     {"run", std::move(run)}};
      waiting_ = document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    } else if (table_ && headed_) {
      waiting_ += table_->foot();
    }
    if (!waiting_.empty() || !arguments_.output.file.empty()) arguments_.output.write(waiting_);
    if (!stopped) return code;
    const bool by_hand = guard_->token().stop_requested();
    if (!arguments_.output.quiet) {
      print_error_line(by_hand ? "cosetta: interrupted: the answer holds what was complete" : "cosetta: the time limit was reached, the answer holds what was complete: raise --time");
    }
    return by_hand ? interrupted : limit_reached;
  }

 private:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

  /// To stdout in pieces, ten times a second.
  void put(std::string_view text) {
    waiting_ += text;
    const auto now = std::chrono::steady_clock::now();
    if (waiting_.size() < (1U << 16) && now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    flush();
  }
  void show(const groups::chain_progress& p) {
    if (arguments_.output.quiet) return;
    line_.show(fmt::format("{}: {} levels, order {} 2^{:.0f}, {} elements sifted", p.proving ? "proving" : "stabilizer chain", p.levels,
                           p.proving ? "about" : "at least", p.log2_order, p.elements));
  }

  const group_arguments& arguments_;
  std::string command_line_;
  output_format format_;
  std::optional<table_format> table_;
  bool headed_ = false;
  bool proven_ = true;
  std::string waiting_;
  ordered_json result_ = ordered_json::object();
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = begin_ + std::chrono::milliseconds(100);
  std::optional<double> setup_seconds_;
  std::stop_source stop_;
  status_line line_;
  std::optional<group_source> source_;
  std::optional<interrupt_guard> guard_;
  std::optional<std::stop_callback<std::function<void()>>> forward_;
};

/// "1 point", "3 points".
template <class Number>
std::string counted(const Number& n, std::string_view what) {
  const auto text = fmt::format("{}", n);
  return fmt::format("{} {}{}", text, what, text == "1" ? "" : what.ends_with('s') ? "es" : "s");
}

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
  explicit property_list(group_call& call) : call_(call) { call.columns({"property", "value"}); }

  template <class F>
  void add(const char* key, const char* title, const F& compute) {
    try {
      call_.flush();
      call_.check();
      const auto [json, text] = compute();
      call_.text(fmt::format("{:<22}{}\n", title, text));
      call_.format() == output_format::csv ? call_.row({key, plain(json)}) : call_.row({title, text});
      call_.result()[key] = json;
    } catch (const groups::stopped_error&) {
      call_.text("stopped here by the limit\n");
      throw;
    } catch (const resource_error& e) {
      call_.text(fmt::format("{:<22}not computed: {}\n", title, e.what()));
      call_.format() == output_format::csv ? call_.row({key, ""}) : call_.row({title, fmt::format("not computed: {}", e.what())});
      call_.result()[key] = nullptr;
    }
  }

 private:
  /// A value as programs read it: lists apart by blanks, null as nothing.
  static std::string plain(const ordered_json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return value.is_null() ? "" : value.dump();
    std::string out;
    for (const auto& entry : value) out += (out.empty() ? "" : " ") + plain(entry);
    return out;
  }

  group_call& call_;
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
      return {n, g.giant() ? fmt::format("{} ({} on {} points, recognised)", counted(n, "point"), g.giant()->alternating ? "Alt" : "Sym", g.giant()->points.size())
                           : counted(n, "point")};
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
    return {derived.get_str(), fmt::format("of order {}{}", derived.get_str(), g.order() == 1 ? " (the group is trivial)" : derived == g.order() ? " (perfect)" : "")};
  });
  list.add("abelian_invariants", "abelian invariants", [&]() -> property {
    std::vector<std::string> text;
    for (const auto& n : abelian_invariants(g)) text.push_back(n.get_str());
    return {text, text.empty() ? "none" : fmt::format("{}", fmt::join(text, " "))};
  });
}

/// The generators as a statement of GAP.
int write_gap(const group_arguments& a) {
  a.output.check_writable();
  if (a.graph.central) throw parse_error("--central: a group does not depend on a central state; leave it out (growth and graph take it)");
  const auto graph = a.graph.read();
  a.output.write(fmt::format("G:={};\n", std::visit([](const auto& set) { return groups::to_gap(set); }, graph.generators())));
  return answered;
}

int run_info(const group_arguments& a, const std::string& command_line) {
  if (a.output.format == "gap" && !a.output.json) return write_gap(a);
  group_call call(a, command_line);
  const auto& source = call.source();
  return call.run([&] {
    const auto& graph = source.graph();
    call.text(fmt::format("{}  group of {} generated by {}\n", graph.spec(),
                          source.matrices() == nullptr ? "permutations" : fmt::format("{} x {} matrices modulo {}", graph.degree(), graph.degree(), graph.modulus()),
                          generator_summary(graph)));
    property_list list(call);
    list.add("order", "order", [&] { return number(call.ready()); });
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
      return {g->degree(), counted(g->degree(), source.matrices() == nullptr ? "point" : "vector")};
    });
    if (g) {
      add_action_properties(list, *g, source.matrices() != nullptr);
      add_structure_properties(list, *g);
    }
    return answered;
  });
}

// ------------------------------------------------------------------------------------------------- order, membership

int run_order(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  return call.run([&] {
    const auto order = call.ready().get_str();
    const auto proof = call.source().proof();
    call.text(marked(order, proof) + "\n");
    call.columns({"order", "proof"});
    call.row({order, std::string(proof_name(proof))});
    call.result() = {{"order", order}, {"proof", proof_name(proof)}};
    return answered;
  });
}

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

// ------------------------------------------------------------------------------------------------------------- factor

struct factor_arguments {
  group_arguments group;
  std::vector<std::string> elements;
  groups::word_budget budget;
  int effort = 1;
  bool positive = false;
};

/// Words as users read them: an inverse that is a generator is called so; with `positive` the others are powers.
class word_writer {
 public:
  word_writer(const group_source& source, bool positive) : names_(source.graph().names()), positive_(positive) {
    std::visit([this](const auto& set) { inverses_ = set.inverse_indices(); }, source.graph().generators());
    if (!positive) return;
    const auto& generators = source.as_permutations().generators();
    for (const auto& g : generators) orders_.push_back(groups::order(g));
  }

  groups::word finished(const groups::word& w) const {
    groups::word out = w;
    for (auto& letter : out) {
      const auto i = static_cast<std::size_t>(std::abs(letter) - 1);
      if (letter < 0 && inverses_[i]) letter = static_cast<std::int32_t>(*inverses_[i] + 1);
    }
    return positive_ ? without_inverses(out) : out;
  }

  /// Throws domain_error when the text would be read back as another word: names may hold dots and marks of inverses.
  std::string text(const groups::word& w) const {
    const auto written = groups::to_string(w, names_);
    bool same = false;
    try {
      same = groups::parse_word(written, names_) == w;
    } catch (const parse_error&) {
      same = false;
    }
    if (!same) {
      throw domain_error(fmt::format("the word '{}' would be read back as another one, since names of generators ({}) hold dots or marks of inverses: rename them",
                                     written.substr(0, 60), fmt::join(std::span(names_).first(std::min<std::size_t>(names_.size(), 12)), " ")));
    }
    return written;
  }

 private:
  static constexpr std::size_t longest_ = std::size_t{1} << 24;

  /// Runs of a letter as powers below its order. Throws resource_error beyond `longest_` letters.
  groups::word without_inverses(const groups::word& w) const {
    std::vector<std::pair<std::int32_t, mpz_class>> runs;
    for (const auto letter : w) {
      const auto g = std::abs(letter);
      const auto& order = orders_[static_cast<std::size_t>(g - 1)];
      if (runs.empty() || runs.back().first != g) runs.emplace_back(g, 0);
      auto& exponent = runs.back().second;
      exponent += letter > 0 ? mpz_class(1) : mpz_class(order - 1);
      if (exponent >= order) exponent -= order;
      if (exponent == 0) runs.pop_back();
    }
    groups::word out;
    for (const auto& [letter, exponent] : runs) {
      if (exponent > longest_ - out.size()) {
        throw resource_error(fmt::format("--positive: the word would pass {} letters, since {}' is {}^{}; leave --positive out", longest_,
                                         names_[static_cast<std::size_t>(letter - 1)], names_[static_cast<std::size_t>(letter - 1)],
                                         mpz_class(orders_[static_cast<std::size_t>(letter - 1)] - 1).get_str()));
      }
      out.insert(out.end(), exponent.get_ui(), letter);
    }
    return out;
  }

  const std::vector<std::string>& names_;
  bool positive_;
  std::vector<std::optional<std::size_t>> inverses_;
  std::vector<mpz_class> orders_;
};

groups::word_solver make_solver(const group_source& source, groups::word_budget budget) {
  try {
    return groups::word_solver(source.as_permutations(), budget, source.control());
  } catch (const resource_error& e) {
    throw resource_error(fmt::format("{}; words have {} (half of --memory)", e.what(), format_bytes(static_cast<double>(budget.memory_bytes))));
  }
}

int run_factor(const factor_arguments& a, const std::string& command_line) {
  group_call call(a.group, command_line);
  const auto& source = call.source();
  std::vector<group_source::element> elements;
  for (const auto& text : a.elements) elements.push_back(source.parse(text));
  auto budget = a.budget;
  budget.seed = a.group.graph.seed;
  if (const auto half = a.group.half_of_memory()) budget.memory_bytes = *half;
  return call.run([&] {
    call.result()["words"] = ordered_json::array();
    call.columns({"element", "word", "length"});
    call.ready();
    call.result()["proof"] = proof_name(source.proof());
    auto& words = call.result()["words"];
    std::optional<groups::word_solver> solver;  // not for elements outside the group
    std::optional<word_writer> writer;
    bool all = true;
    for (const auto& element : elements) {
      call.flush();
      call.check();
      if (!source.contains(element)) {
        all = false;
        words.push_back({{"word", nullptr}, {"length", nullptr}});
        call.row({source.text(element), "", ""});
        if (!a.group.output.quiet) {
          print_error_line(fmt::format("cosetta: '{}' is {} an element of the group: it has no word", source.text(element),
                                       source.proof() == groups::certainty::proven ? "not" : "probably not (Monte Carlo)"));
        }
        continue;
      }
      if (!solver) {
        solver.emplace(make_solver(source, budget));
        writer.emplace(source, a.positive);
        call.set_up();
      }
      const auto word = writer->finished(solver->factor(source.action_of(element), groups::word_effort::level(a.effort), source.control()));
      const auto written = writer->text(word);
      call.text(fmt::format("{}   {}\n", written, word.size()));
      call.row({source.text(element), written, fmt::format("{}", word.size())});
      words.push_back({{"word", written}, {"length", word.size()}});
    }
    return all ? answered : answered_no;
  });
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

/// All of them, for tables.
std::string all_points(const std::vector<groups::point>& points, groups::point first_point) {
  return fmt::format("{}", fmt::join(shifted({points}, first_point)[0], " "));
}

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

// ------------------------------------------------------------------------------------------------------------- verbs

/// Adds a verb that needs nothing but the group.
template <class Run>
void add_plain(CLI::App& noun, invocation& call, const char* name, const char* meaning, const char* examples, const Run& run,
               const char* formats = "text, json, csv, latex, markdown") {
  auto* verb = noun.add_subcommand(name, meaning);
  const auto a = std::make_shared<group_arguments>();
  add_group_arguments(*verb, *a, formats);
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
      "In text one element is answered by the exit code alone; several get a line each.\n\n"
      "Examples:\n  cosetta group contains lx:8 \"(0 1 2)\" && echo yes\n  cosetta group contains lrx:5 @L.X --json\n"
      "  cosetta group contains heisenberg:3,modulo=5 \"[[1,2,3],[0,1,4],[0,0,1]]\" --json");
  verb->callback([=, &call] { call.action = [=, &call] { return run_contains(*a, *elements, call.command_line); }; });
}

void add_factor(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("factor", "write elements as words in the generators");
  const auto a = std::make_shared<factor_arguments>();
  add_group_arguments(*verb, a->group);
  verb->add_option("ELEMENT", a->elements, "[1,0,2], \"(0 1)(2 3)\", a word @L.R.X, or a matrix [[1,1],[0,1]]")->required();
  verb->add_flag("--positive", a->positive, "no inverses that are not generators: a' becomes a power of a, and words long");
  verb->add_option("--words", a->budget.words, "elements to sift for the tables")->check(check_natural)->capture_default_str();
  verb->add_option("--effort", a->effort, "0 quick, 1 default; each step takes about four times as long")->check(CLI::Range(0, 4))->capture_default_str();
  verb->footer(
      "The product of the letters, left to right, is the element (a.b is first a, then b); its length follows. Words are\n"
      "short, not shortest. Exit code 1: not an element of the group.\n"
      "An inverse that is a generator is written by its name. Others are written a', or -a or a_inv where a' is a generator\n"
      "of its own, and words read them so; a directed graph has no such steps: --positive writes a' as a power of a.\n\n"
      "Examples:\n  cosetta group factor lrx:8 \"[7,6,5,4,3,2,1,0]\"\n  cosetta group factor lrx:5 \"(0 1)(2 3)\" @L.L.X --json\n"
      "  cosetta group factor lx:5 \"(0 1)(2 3)\" --positive");
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
            "With --time what was not computed in time is left out, and the exit code is 3; so in all verbs of groups.\n\n"
            "Examples:\n  cosetta group info lrx:8\n  cosetta group info heisenberg:3,modulo=5 --json\n  cosetta group info \"fp:a,b|a^2,b^3,(a*b)^4\"\n"
            "  cosetta group info lrx:8 --format markdown\n  cosetta group info lx:5 --format gap",
            run_info, "text, json, csv, latex, markdown, gap (the generators as a statement of GAP)");
  add_plain(*noun, call, "order", "the number of elements",
            "Examples:\n  cosetta group order lrx:100\n  cosetta group order psl:3,4\n  cosetta group order rubik_cube:3,metric=QTM\n  cosetta group order lrx:8 --known-order 40320", run_order);
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
