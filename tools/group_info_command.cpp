#include <groups/centre.hpp>
#include <groups/gap_text.hpp>
#include <groups/orbit.hpp>
#include <groups/series.hpp>
#include <groups/simplicity.hpp>
#include <groups/structure.hpp>
#include <groups/subgroups.hpp>
#include <groups/transitivity.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

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

}  // namespace

void add_group_info(CLI::App& noun, invocation& call) {
  add_plain(noun, call, "info", "order and structure",
            "With --time what was not computed in time is left out, and the exit code is 3; so in all verbs of groups.\n\n"
            "Examples:\n  cosetta group info lrx:8\n  cosetta group info heisenberg:3,modulo=5 --json\n  cosetta group info \"fp:a,b|a^2,b^3,(a*b)^4\"\n"
            "  cosetta group info lrx:8 --format markdown\n  cosetta group info lx:5 --format gap",
            run_info, "text, json, csv, latex, markdown, gap (the generators as a statement of GAP)");
}

}  // namespace cosetta::tools
